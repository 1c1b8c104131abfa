"""Write the trail, and forget what is old enough to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from .forgetting import forget
from .models import Access, Entry

SYSTEM = "system"
WHOLE_LIST = "list"  # in place of a record's id


def record(
    *,
    actor: Any,
    action: str,
    subject: models.Model,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    mission: Any = None,
) -> Entry:
    """Write down who did what; `actor` is a user, or None for the system.

    `mission` defaults to the subject's own `mission_id`, if it has one.
    """
    entry = unsaved(
        actor=actor,
        action=action,
        subject=subject,
        reason=reason,
        details=details,
        mission=mission,
    )
    entry.save(force_insert=True)
    return entry


def unsaved(
    *,
    actor: Any,
    action: str,
    subject: models.Model,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    mission: Any = None,
) -> Entry:
    """Return the line of `record`, for an operation that writes everything in one statement."""
    return Entry(
        **_trace(actor, subject, mission),
        action=action,
        reason=reason,
        details=dict(details or {}),
    )


def record_all(
    *, actor: Any, action: str, subjects: Iterable[models.Model], reason: str = ""
) -> int:
    """Write down one action on many subjects in a single query; returns how many."""
    rows = [
        Entry(**_trace(actor, subject, None), action=action, reason=reason) for subject in subjects
    ]
    return len(Entry.objects.bulk_create(rows, batch_size=1000))


def record_list(
    *,
    actor: Any,
    model: type[models.Model],
    what: str,
    rows: Sequence[models.Model],
    details: Mapping[str, Any],
    mission_id: int | None = None,
) -> Access:
    """Write down who read a page of a list, in one row; `details` hold no words of a search."""
    return Access.objects.create(
        actor_id=None if actor is None else actor.pk,
        actor_label=label_of(actor),
        subject_type=model._meta.label_lower,
        subject_id=WHOLE_LIST,
        mission_id=mission_id,
        what=what,
        details={**details, "rows": len(rows), "ids": [str(row.pk) for row in rows]},
    )


def record_read(*, actor: Any, subject: models.Model, what: str, mission: Any = None) -> Access:
    """Write down who read what of a subject."""
    return Access.objects.create(**_trace(actor, subject, mission), what=what)


@transaction.atomic
def forget_before(*, moment: datetime) -> int:
    """Delete what happened before `moment` (DP-04)."""
    return sum(
        forget(model, model.objects.filter(at__lt=moment).values_list("pk", flat=True))
        for model in (Entry, Access)
    )


def forget_rows(model: type[Entry] | type[Access], rows: Iterable[Entry | Access]) -> int:
    """Delete some lines of one of the two tables, for a purge in batches (DP-04)."""
    return forget(model, [row.pk for row in rows])


def label_of(actor: Any) -> str:
    """Return what the trail calls an actor: staff by address, applicants by number alone."""
    if actor is None or actor.pk is None:
        return SYSTEM
    return str(actor.email) if actor.is_staff else f"applicant {actor.pk}"


def _trace(actor: Any, subject: models.Model, mission: Any) -> dict[str, Any]:
    return {
        "actor_id": None if actor is None else actor.pk,
        "actor_label": label_of(actor),
        "subject_type": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "mission_id": mission.pk if mission else getattr(subject, "mission_id", None),
    }
