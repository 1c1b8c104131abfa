"""The trail about a person's rows, as the person may read it: staff by role, never by name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q

from portal.accounts.models import User
from portal.audit.models import Access, Entry

from .sections import subjects_of


def trail_of(user: User) -> list[dict[str, Any]]:
    """Return who did or read what of the person's rows; staff by role, never by name."""
    rows = [*_traces(Entry, user), *_traces(Access, user)]
    roles = _roles({row.actor_id for row in rows if row.actor_id})
    lines = [
        {
            "at": row.at,
            "by": _who(row, user, roles),
            "what": row.action if isinstance(row, Entry) else f"read: {row.what}",
            "record": f"{row.subject_type} {row.subject_id}",
            "reason": getattr(row, "reason", ""),
        }
        for row in rows
    ]
    return sorted(lines, key=lambda line: line["at"])


def _traces(model: Any, user: User) -> list[Any]:
    # What staff did is about other people, whose rows are not theirs to take along.
    about = Q(pk=None) if user.is_staff else Q(actor=user)
    for subject_type, keys in subjects_of(user):
        about |= Q(subject_type=subject_type, subject_id__in=keys)
    return list(model.objects.filter(about))


def _roles(actors: set[int]) -> dict[int, str]:
    """Return the roles of staff, in one query."""
    found: dict[int, list[str]] = {}
    groups = Group.objects.filter(user__in=actors, user__is_staff=True)
    for actor, role in groups.order_by("name").values_list("user", "name"):
        found.setdefault(actor, []).append(role)
    return {actor: ", ".join(roles) for actor, roles in found.items()}


def _who(row: Any, user: User, roles: dict[int, str]) -> str:
    if row.actor_id == user.pk:
        return "you"
    return "system" if row.actor_id is None else roles.get(row.actor_id, "staff")
