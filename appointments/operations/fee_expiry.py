"""Fees that were not paid: a reminder before the end, then the place is released (RD-03, AT-02).

Each release is a transaction of its own, so that one that fails keeps nobody else's place.  The
fee's row decides against a payment of the same moment: whoever locks it first wins, and the other
finds it settled.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from applications.models import Application
from portal.database_clock import database_now
from portal.outbox.operations import enqueue

from ..enums import HoldState
from ..fee_holds import fee_rule
from ..fee_notifications import FeeDue
from ..models import FeeHold
from ..rules.fee import is_in_time
from .ending import cancel_unpaid, lock_appointment

BATCH = 500  # in one run; the next one follows in half a minute


def release_unpaid() -> int:
    """Release the places whose fee is due and unpaid; returns how many.  Safe to run again."""
    due = FeeHold.objects.filter(state=HoldState.OPEN, due_at__lte=database_now())
    keys = list(due.order_by("due_at").values_list("appointment_id", flat=True)[:BATCH])
    return sum(_release(key) for key in keys)


@transaction.atomic
def _release(appointment_id: uuid.UUID) -> bool:
    if not _is_ours(appointment_id):
        return False
    appointment = lock_appointment(appointment_id)
    hold = FeeHold.objects.select_for_update().get(appointment=appointment)
    now = database_now()
    if hold.state != HoldState.OPEN or is_in_time(hold.due_at, now):
        return False
    if appointment.is_booked and appointment.slot.starts_at > now:
        cancel_unpaid(appointment=appointment)
        return True
    # Somebody who came is asked at the counter, and nobody is sent away by a clock.
    hold.state = HoldState.ENDED
    hold.save(update_fields=["state", "updated_at"])
    return False


def _is_ours(appointment_id: uuid.UUID) -> bool:
    """Lock the application; what another worker or its owner is at work on waits for the next run.

    Locks in the order of the house: application, appointment, fee, slot.
    """
    rows = Application.objects.filter(appointments=appointment_id)
    return rows.select_for_update(skip_locked=True, of=("self",)).first() is not None


@transaction.atomic
def remind() -> int:
    """Remind everybody whose fee is due within a day; returns how many.  Safe to run again."""
    now = database_now()
    soon = list(
        FeeHold.objects.filter(state=HoldState.OPEN, reminded_at=None, due_at__gt=now)
        .select_related(
            "appointment__slot__centre",
            "appointment__application__mission",
            "appointment__application__owner",
        )
        .order_by("due_at")
        .select_for_update(of=("self",), skip_locked=True)[:BATCH]
    )
    told = [
        one for one in soon if one.due_at - fee_rule(one.appointment, now).reminded_before <= now
    ]
    for hold in told:
        enqueue(FeeDue.of(hold, again=True))
    FeeHold.objects.filter(pk__in=[one.pk for one in told]).update(reminded_at=now)
    return len(told)
