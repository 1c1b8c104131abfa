"""One household moves to other seats because it asked to (RD-07): what every such move shares.

Inside the caller's transaction.  Locks in the order of the house: applications, appointments,
(offers,) what holds the days, slots by id; the slots come last, since everybody wants them.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from applications.models import Application
from applications.operations import expect_on
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.outbox.models import Message
from portal.outbox.operations import enqueue
from portal.outbox.workflow import ENDED

from ..choice_notifications import AppointmentTimeChanged
from ..enums import MoveKind
from ..freed_seats import give_back, hold_days_of
from ..models import Appointment, AppointmentMove, MovePlan, Slot

Pairs = Sequence[tuple[Appointment, Slot]]
Take = Callable[[Mapping[int, int]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why people move: by their own choice, or back to the old time, after which plan."""

    kind: MoveKind
    plan: MovePlan | None
    actor: User
    at: datetime


def lock_household(appointment_ids: Iterable[uuid.UUID]) -> list[Appointment]:
    """Lock applications, then appointments; returns the latter with all that pages need."""
    ids = list(appointment_ids)
    files = Appointment.objects.filter(pk__in=ids).values("application")
    list(Application.objects.filter(pk__in=files).order_by("pk").select_for_update())
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(
        "slot__centre", "application__mission", "application__owner"
    )
    return list(rows.filter(pk__in=ids).order_by("pk"))


def move_people(*, pairs: Pairs, cause: Cause, take: Take) -> list[AppointmentMove]:
    """Move locked appointments to their slots; `take` takes so many seats of each slot or raises.

    Whoever sits there already stays, without a line.  The seats left come back by AT-07, the old
    message that was not sent yet is not sent any more, and each is told once.
    """
    leaving = [(one, one.slot, slot) for one, slot in pairs if one.slot_id != slot.pk]
    moves = [_write(one, old, new, cause) for one, old, new in leaving]
    left = Counter(old.pk for _one, old, _new in leaving)
    taken = Counter(new.pk for _one, _old, new in leaving)
    _swap({old.pk: old for _one, old, _new in leaving}, left, taken, take)
    return moves


def _write(appointment: Appointment, old: Slot, new: Slot, cause: Cause) -> AppointmentMove:
    appointment.slot = new
    appointment.version += 1
    appointment.updated_at = cause.at
    appointment.save(update_fields=["slot", "version", "updated_at"])
    move = AppointmentMove.objects.create(
        appointment=appointment,
        plan=cause.plan,
        kind=cause.kind,
        old_slot=old,
        new_slot=new,
        minutes=(new.starts_at - old.starts_at).total_seconds() // 60,
        version=appointment.version,
        moved_at=cause.at,
    )
    expect_on(application=appointment.application, day=civil_date(new.starts_at))
    audit.record(
        actor=cause.actor,
        action=f"appointment.{cause.kind}",
        subject=appointment,
        reason="RD-07",
        mission=appointment.application.mission,
        details={"from": old.pk, "to": new.pk, "plan": str(cause.plan.pk) if cause.plan else ""},
    )
    _silence(appointment, cause.at)
    enqueue(AppointmentTimeChanged.after(appointment, move))
    return move


def _silence(appointment: Appointment, at: datetime) -> None:
    """Let nothing leave any more that tells of a time that does not hold."""
    older = Q(subject=f"appointment:{appointment.pk}", version__lt=appointment.version)
    Message.objects.filter(older).exclude(state__in=ENDED).update(useful_until=at)


def _swap(
    old: Mapping[int, Slot], left: Mapping[int, int], taken: Mapping[int, int], take: Take
) -> None:
    leaving = [old[pk] for pk in sorted(old)]
    hold_days_of(leaving)
    list(
        Slot.objects.filter(pk__in={*left, *taken})
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    take(taken)
    for slot in leaving:
        give_back(slot, seats=left[slot.pk])
