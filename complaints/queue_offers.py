"""What the filters of the queue offer a person: missions, colleagues, saved views."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import Cast

from portal.accounts.access import visible_to
from portal.accounts.models import User
from portal.missions.models import Mission, in_language

from .models import Desk, SavedView
from .permissions import remember_desk


@dataclass(frozen=True, slots=True)
class Offers:
    """Missions by code, colleagues by number, saved views as (number, name, filters)."""

    missions: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]
    views: list[tuple[int, str, dict[str, str]]]


def offers_for(user: Any) -> Offers:
    """Return what `user` is offered; one query, which brings their desk along."""
    desks = User.objects.filter(is_staff=True, is_active=True, desk__isnull=False)
    rows = _named("mission", visible_to(Mission.objects.all(), user, path="pk"), "code", "names")
    rows = rows.union(
        _named("colleague", visible_to(desks, user, path="missions"), "pk", "email"),
        _named("view", SavedView.objects.filter(user=user.pk), "pk", "name", "filters"),
        _named("desk", Desk.objects.filter(user=user.pk), "pk", "categories", "counter"),
    )
    found: dict[str, list[Any]] = {"mission": [], "colleague": [], "view": [], "desk": []}
    for kind, key, name, filters in rows:
        found[kind].append((name, key, filters))
    remember_desk(user, _desk(user, found["desk"]))
    return Offers(
        missions=sorted(
            (key, in_language(json.loads(name))) for name, key, _none in found["mission"]
        ),
        colleagues=[(key, name) for name, key, _none in sorted(found["colleague"])],
        views=[
            (int(key), name, json.loads(filters)) for name, key, filters in sorted(found["view"])
        ],
    )


def _desk(user: Any, found: list[tuple[str, str, str]]) -> Desk | None:
    for categories, key, counter in found:
        names = [one for one in categories.strip("{}").split(",") if one]  # as PostgreSQL says it
        return Desk(pk=int(key), user_id=user.pk, categories=names, counter=counter)
    return None


def _named(kind: str, rows: Any, key: str, name: str, filters: str = "") -> Any:
    """Return rows of four texts, so that three tables can be read in one statement."""
    kept = Cast(filters, TextField()) if filters else Value("", output_field=TextField())
    return rows.order_by().values_list(
        Value(kind, output_field=TextField()),
        Cast(key, TextField()),
        Cast(name, TextField()),
        kept,
    )
