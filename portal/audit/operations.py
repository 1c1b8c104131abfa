"""Write the trail, and forget what is old enough to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models, transaction

from .models import Access, Entry

SYSTEM = "system"


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


def record_read(*, actor: Any, subject: models.Model, what: str, mission: Any = None) -> Access:
    """Write down who read what of a subject."""
    return Access.objects.create(**_trace(actor, subject, mission), what=what)


@transaction.atomic
def forget_before(*, moment: datetime) -> int:
    """Delete what happened before `moment`; the only way a row leaves the trail (DP-04)."""
    with pgtrigger.ignore("audit.Entry:append_only", "audit.Access:append_only"):
        entries, _ = Entry.objects.filter(at__lt=moment).delete()
        accesses, _ = Access.objects.filter(at__lt=moment).delete()
    return entries + accesses


@transaction.atomic
def forget_rows(model: type[Entry] | type[Access], rows: Iterable[Entry | Access]) -> int:
    """Delete some lines of one of the two tables, for a purge in batches (DP-04)."""
    with pgtrigger.ignore(f"{model._meta.label}:append_only"):
        return int(model.objects.filter(pk__in=[row.pk for row in rows]).delete()[0])


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
