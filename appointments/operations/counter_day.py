"""The day at the counter: who has come, who is called, and what was clicked by mistake.

Each function is one transaction; locks are taken in the order of `ending`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from applications.operations import expect_on
from applications.workflow import APPLICATION_WORKFLOW
from portal import constraints
from portal.accounts.models import User
from portal.dates import civil_date
from portal.formats import lazy_date
from portal.refusals import Refused
from portal.workflow import TransitionRefused

from ..enums import AppointmentState
from ..models import Appointment, WalkIn
from ..refusals import AlreadyBooked, NotToday, TravellerAlreadyBooked
from ..workflow import APPOINTMENT_WORKFLOW
from .ending import close, lock_appointment
from .walk_ins import close_walk_in

_BACK = {
    AppointmentState.ARRIVED: ("undo_arrive", {"arrived_at": None}),
    AppointmentState.CALLED: ("undo_call", {"called_at": None, "counter": None}),
    AppointmentState.NO_SHOW: ("undo_miss", {"arrived_at": None, "called_at": None,
                                             "closed_at": None, "counter": None}),
}  # fmt: skip


@transaction.atomic
def arrive(*, appointment: Appointment, actor: User) -> Appointment:
    """Note that the traveller is here; the waiting time runs from now.

    Raises NotToday for an appointment of another day, or TransitionRefused.
    """
    appointment = _of_today(appointment)
    APPOINTMENT_WORKFLOW.move(appointment, "arrive", actor=actor)
    _note(appointment, arrived_at=timezone.now())
    return appointment


@transaction.atomic
def call(*, appointment: Appointment, actor: User, counter: int | None = None) -> Appointment:
    """Call a traveller who is here to a counter; of two agents one gets TransitionRefused."""
    appointment = _of_today(appointment)
    details = {"counter": counter} if counter else {}
    APPOINTMENT_WORKFLOW.move(appointment, "call", actor=actor, details=details)
    _note(appointment, called_at=timezone.now(), counter=counter)
    return appointment


@transaction.atomic
def back(*, appointment: Appointment, actor: User) -> Appointment:
    """Take one step back that was a mis-click, or let somebody in who came after all.

    From called to waiting, from arrived to expected, and from missed to expected, which books
    the application again.  Only on the day itself: raises NotToday, TransitionRefused, or
    AlreadyBooked if another time was booked meanwhile.
    """
    appointment = _of_today(appointment)
    if appointment.state not in _BACK:
        raise TransitionRefused(params={"state": appointment.get_state_display()})
    step, forgotten = _BACK[AppointmentState(appointment.state)]
    if step == "undo_miss":
        APPLICATION_WORKFLOW.move(appointment.application, "book", actor=actor)
        expect_on(application=appointment.application, day=civil_date(appointment.slot.starts_at))
    with constraints.explained(
        {
            "one_live_appointment_per_application": AlreadyBooked,
            "one_live_appointment_per_traveller_and_state": TravellerAlreadyBooked,
        }
    ):
        APPOINTMENT_WORKFLOW.move(appointment, step, actor=actor)
    _note(appointment, **forgotten)
    return appointment


def miss_all(
    *,
    appointments: Iterable[Appointment],
    walk_ins: Iterable[WalkIn] = (),
    actor: User,
) -> tuple[int, list[Refused]]:
    """Note of several people that they did not come, or left; each is a transaction of its own.

    Returns of how many it was noted, and why it was not of the others.
    """
    refused: list[Refused] = []
    steps: list[Callable[[], object]] = [
        *(partial(close, appointment=one, step="miss", actor=actor) for one in appointments),
        *(partial(close_walk_in, walk_in=one, step="miss", actor=actor) for one in walk_ins),
    ]
    for step in steps:
        try:
            step()
        except Refused as refusal:
            refused.append(refusal)
    return len(steps) - len(refused), refused


def _of_today(appointment: Appointment) -> Appointment:
    locked = lock_appointment(appointment.pk)
    day = civil_date(locked.slot.starts_at)
    if day != civil_date(timezone.now()):
        raise NotToday(params={"day": lazy_date(day)})
    return locked


def _note(appointment: Appointment, **values: object) -> None:
    for name, value in values.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=list(values))
