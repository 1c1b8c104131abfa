"""People who need no appointment (RD-01): a ticket of the day, then the way of all others.

Each function is one transaction.  Locks: applications, then centres, then tickets.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from applications.enums import ApplicationState
from applications.models import Application
from applications.operations import record_counter_step
from applications.permissions import locked_for_staff
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.formats import lazy_date

from ..enums import WALK_IN_LIVE
from ..models import Centre, WalkIn
from ..refusals import (
    AlreadyHere,
    AppointmentNeeded,
    NotAtThisCentre,
    NotReadyToHandIn,
    NotToday,
)
from ..workflow import WALK_IN_WORKFLOW
from .booking import is_walk_in

_APPLICATION_STEP = {"serve": "file", "not_accept": "not_accept"}


@transaction.atomic
def admit_walk_in(*, application_id: uuid.UUID, centre: Centre, actor: User) -> WalkIn:
    """Give the next ticket of the day to the holder of an application without appointment.

    Numbers begin with 1 each day and leave no gap.  Raises NotAtThisCentre, AppointmentNeeded
    for everybody whom RD-01 does not exempt, NotReadyToHandIn for a file that is no longer or
    not yet to be handed in, or AlreadyHere.
    """
    application = locked_for_staff(actor, application_id)
    if application.mission_id != centre.mission_id:
        raise NotAtThisCentre
    if not is_walk_in(application):
        raise AppointmentNeeded
    here = application.walk_ins.filter(state__in=WALK_IN_LIVE).first()
    if here is not None:
        raise AlreadyHere(params={"number": here.number, "day": lazy_date(here.day)})
    if application.state != ApplicationState.SUBMITTED:
        raise NotReadyToHandIn(params={"state": application.get_state_display()})
    ticket = _ticket(application, centre)
    audit.record(actor=actor, action="walkin.arrive", subject=ticket, mission=application.mission)
    return ticket


def _ticket(application: Application, centre: Centre) -> WalkIn:
    """Number under a lock on the centre: whoever rolls back leaves no gap."""
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    now = timezone.now()
    today = civil_date(now)
    last = WalkIn.objects.filter(centre=centre, day=today).aggregate(last=Max("number"))["last"]
    return WalkIn.objects.create(
        application=application, centre=centre, day=today, number=(last or 0) + 1, arrived_at=now
    )


@transaction.atomic
def call_walk_in(*, walk_in: WalkIn, actor: User, counter: int | None = None) -> WalkIn:
    """Call somebody who waits with a ticket to a counter."""
    walk_in = _locked(walk_in)
    details = {"counter": counter} if counter else {}
    WALK_IN_WORKFLOW.move(walk_in, "call", actor=actor, details=details)
    return _note(walk_in, called_at=timezone.now(), counter=counter)


@transaction.atomic
def close_walk_in(*, walk_in: WalkIn, step: str, actor: User, reason: str = "") -> WalkIn:
    """Record what came of it: serve, miss (left again) or not_accept; the application follows."""
    walk_in = _locked(walk_in)
    WALK_IN_WORKFLOW.move(walk_in, step, actor=actor, reason=reason)
    if step in _APPLICATION_STEP:
        record_counter_step(
            application=walk_in.application,
            step=_APPLICATION_STEP[step],
            actor=actor,
            reason=reason,
        )
    return _note(walk_in, closed_at=timezone.now())


@transaction.atomic
def back_walk_in(*, walk_in: WalkIn, actor: User) -> WalkIn:
    """Let somebody wait on who was called, or put down as gone, by mistake.

    The same day only: raises NotToday later.
    """
    walk_in = _locked(walk_in)
    if walk_in.day != civil_date(timezone.now()):
        raise NotToday(params={"day": lazy_date(walk_in.day)})
    step = "undo_call" if walk_in.is_live else "undo_miss"
    WALK_IN_WORKFLOW.move(walk_in, step, actor=actor)
    return _note(walk_in, called_at=None, closed_at=None, counter=None)


def _locked(walk_in: WalkIn) -> WalkIn:
    Application.objects.select_for_update().get(pk=walk_in.application_id)
    return (
        WalkIn.objects.select_for_update(of=("self",))
        .select_related("application__mission", "application__owner", "centre")
        .get(pk=walk_in.pk)
    )


def _note(walk_in: WalkIn, **values: Any) -> WalkIn:
    for name, value in values.items():
        setattr(walk_in, name, value)
    walk_in.save(update_fields=list(values))
    return walk_in
