"""Draws: announced, opened, closed, given their public value, called off (RD-08).

From its announcement a draw holds all untaken seats of its days.  The seed is made on announcing
and rests encrypted; its commitment is public at once, the digest of all that is drawn at closing.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q, QuerySet, Sum

from portal import constraints
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import ALGIERS, civil_date
from portal.formats import moment as in_words
from portal.outbox import operations as outbox
from portal.workflow import TransitionRefused

from ..capacity import open_slots
from ..draw_facts import announcement_of, drawn_slots, requests_of, slot_key
from ..draw_notifications import DrawCancelled
from ..draw_seats import coming_back, let_go, take_in, take_in_added
from ..enums import DRAW_IN_FORCE, DRAW_TAKES_REQUESTS, DrawState, RequestState
from ..models import Centre, Draw, Slot
from ..refusals import (
    DaysDrawnAlready,
    DrawTimesWrong,
    KnownBeforeClosing,
    NothingToDraw,
    ValueFromTheFuture,
)
from ..rules.draw import closing_digest
from ..rules.draw_inputs import DrawRule, DrawSlot
from ..rules.law import LAW
from ..rules.lots import SEED_BYTES, commitment
from ..rules.transcripts import instant, second_of
from ..workflow import DRAW_WORKFLOW

_REFUSALS = {
    "one_draw_per_centre_service_and_day": DaysDrawnAlready,
    "no_plan_and_draw_on_one_day": DaysDrawnAlready,
}


@dataclass(frozen=True, slots=True)
class DrawWish:
    """What a centre wants to announce; the last day is included."""

    centre: Centre
    service: str
    first_day: date
    last_day: date
    opens_at: datetime
    closes_at: datetime
    source: str
    acceptance_hours: int = 48

    @property
    def days(self) -> DateRange:
        """The days as the database keeps them."""
        return DateRange(self.first_day, self.last_day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class DrawPreview:
    """What announcing would do: seats to draw for, seats booked, seats free now that would close.

    `slots_missing` says that the days have no slots yet; announcing opens those of the hours.
    """

    seats: int
    taken: int
    free_now: int
    slots_missing: bool


def preview(wish: DrawWish) -> DrawPreview:
    """Count the seats of the slots that are there; changes nothing."""
    slots = _slots(wish.centre, wish.service, wish.days)
    sums = slots.aggregate(
        # Not called as the columns: `free` would take such a name for the sum.
        all_seats=Sum("capacity"),
        booked=Sum("taken"),
        free=Sum(F("released") - F("taken")),
    )
    coming = sum(coming_back(slots).values())
    taken = sums["booked"] or 0
    seats = (sums["all_seats"] or 0) - taken - coming
    return DrawPreview(seats, taken, sums["free"] or 0, sums["all_seats"] is None)


@transaction.atomic
def announce(*, wish: DrawWish, actor: Any) -> Draw:
    """Publish a draw and close the untaken seats of its days.

    Raises DrawTimesWrong, NothingToDraw or DaysDrawnAlready; then nothing has changed.

    Rule: RD-08
    """
    now = second_of(database_now())
    opens_at = max(second_of(wish.opens_at), now)
    _check_times(wish, opens_at, now)
    seed = secrets.token_bytes(SEED_BYTES)
    draw = Draw(
        centre=wish.centre,
        service=wish.service,
        days=wish.days,
        announced_at=now,
        opens_at=opens_at,
        closes_at=second_of(wish.closes_at),
        acceptance_hours=wish.acceptance_hours,
        source=" ".join(wish.source.split()),
        rule=DrawRule.by(LAW.on(civil_date(now))).as_json(),
        seed=seed.hex(),
        commitment=commitment(seed),
    )
    with constraints.explained(_REFUSALS):
        draw.save(force_insert=True)
    open_slots(
        centre=wish.centre,
        first_day=wish.first_day,
        last_day=wish.last_day,
        service=wish.service,
    )
    _close_seats(draw)
    record(draw, "announce", actor, commitment=draw.commitment, source=draw.source)
    return draw


def _check_times(wish: DrawWish, opens_at: datetime, now: datetime) -> None:
    """Leave time between closing and the first day for the value, the draw and accepting."""
    first_slot = datetime.combine(wish.first_day, time(), ALGIERS)
    latest = first_slot - timedelta(hours=wish.acceptance_hours + wish.centre.notice_hours)
    in_order = now <= opens_at < second_of(wish.closes_at) <= latest
    if not in_order or wish.last_day < wish.first_day:
        hours = wish.acceptance_hours + wish.centre.notice_hours
        raise DrawTimesWrong(params={"hours": hours})


def _close_seats(draw: Draw) -> None:
    slots = list(slots_of(draw).order_by("pk").select_for_update())
    slots_of(draw).update(released=F("taken"))
    coming = coming_back(slots)
    if not any(slot.capacity - slot.taken - coming.get(slot.pk, 0) > 0 for slot in slots):
        raise NothingToDraw


def slots_of(draw: Draw) -> QuerySet[Slot]:
    """Return the slots of the days and service of a draw."""
    return _slots(draw.centre, draw.service, draw.days)


def _slots(centre: Centre, service: str, days: DateRange) -> QuerySet[Slot]:
    return centre.slots.filter(
        service=service,
        starts_at__gte=datetime.combine(days.lower, time(), ALGIERS),
        starts_at__lt=datetime.combine(days.upper, time(), ALGIERS),
    )


def locked(draw_id: uuid.UUID) -> Draw:
    """Lock a draw, against all who ask, answer or free seats under it; without the transcript."""
    rows = Draw.objects.select_for_update(of=("self",)).select_related("centre__mission")
    return rows.defer("transcript").get(pk=draw_id)


def record(draw: Draw, step: str, actor: Any, **details: Any) -> None:
    """Write a step into the trail: never the seed before its time, never who asked."""
    audit.record(
        actor=actor,
        action=f"draw.{step}",
        subject=draw,
        mission=draw.centre.mission,
        details={"days": str(draw.days), "service": str(draw.service), **details},
    )


# --- by the clock -----------------------------------------------------------------------------


@transaction.atomic
def begin_or_close(*, draw_id: uuid.UUID) -> Draw:
    """Open or close a draw when its moment has come; safe to run again.

    Whoever asks checks the clock of the database under the same lock, so that nobody asks after
    closing, however late this runs.
    """
    draw = locked(draw_id)
    now = database_now()
    if draw.state == DrawState.ANNOUNCED and draw.opens_at <= now < draw.closes_at:
        DRAW_WORKFLOW.move(draw, "begin", actor=None)
    if draw.state in DRAW_TAKES_REQUESTS and draw.closes_at <= now:
        _close(draw, second_of(now))
    return draw


def _close(draw: Draw, now: datetime) -> None:
    """Fix seats, requests and missed draws, and publish their digest."""
    _fix_missed(draw)
    slots = take_in(slots_of(draw).order_by("pk").select_for_update())
    slots.sort(key=lambda slot: slot.starts_at)
    draw.seats = [
        DrawSlot(slot_key(slot), slot.starts_at, slot.minutes, slot.held).as_json()
        for slot in slots
    ]
    draw.closed_at = now
    draw.closing_digest = closing_digest(
        announcement_of(draw), list(requests_of(draw)), drawn_slots(draw)
    )
    draw.save(update_fields=["seats", "closed_at", "closing_digest"])
    details = {"closing_digest": draw.closing_digest}
    DRAW_WORKFLOW.move(draw, "close", actor=None, details=details)


def _fix_missed(draw: Draw) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FIX_MISSED, [draw.pk])


_FIX_MISSED = """
    UPDATE appointments_drawtraveller t SET missed = m.missed
    FROM appointments_misseddraw m WHERE m.key = t.carry_key AND t.draw_id = %s
"""


def unfinished() -> list[Draw]:
    """Return the draws that time or a worker has to move on, without their transcripts."""
    rows = Draw.objects.filter(Q(state__in=DRAW_IN_FORCE) | Q(drawn_at__isnull=False, faults=None))
    return list(rows.only("state", "value_at", "drawn_at").order_by("announced_at"))


# --- by staff ---------------------------------------------------------------------------------


@transaction.atomic
def enter_value(*, draw_id: uuid.UUID, value: str, value_at: datetime, actor: Any) -> Draw:
    """Enter the public value of a closed draw, once; it is drawn within a minute.

    Raises KnownBeforeClosing for a value older than the digest of closing, ValueFromTheFuture,
    or TransitionRefused unless the draw waits for its value.
    """
    draw = locked(draw_id)
    if draw.state != DrawState.CLOSED or draw.value_at is not None or draw.closed_at is None:
        raise TransitionRefused(params={"state": draw.get_state_display()})
    value_at = second_of(value_at)
    if value_at < draw.closed_at:
        raise KnownBeforeClosing(params={"closed": in_words(draw.closed_at)})
    if value_at > database_now():
        raise ValueFromTheFuture
    draw.value, draw.value_at = " ".join(value.split()), value_at
    draw.save(update_fields=["value", "value_at"])
    record(draw, "enter_value", actor, value=draw.value, value_at=instant(value_at))
    return draw


@transaction.atomic
def cancel(*, draw_id: uuid.UUID, actor: Any, reason: str) -> Draw:
    """Call a draw off before it is drawn: its seats go to everybody, and who asked is told.

    A draw whose public value is known is not called off any more: who did it could have looked
    at the outcome.  Raises TransitionRefused.
    """
    draw = locked(draw_id)
    if draw.value_at is not None:
        raise TransitionRefused(params={"state": draw.get_state_display()})
    was_closed = draw.state == DrawState.CLOSED
    DRAW_WORKFLOW.move(draw, "cancel", actor=actor, reason=reason)
    slots = list(slots_of(draw).order_by("pk").select_for_update())
    if was_closed:
        take_in_added(slots)
    else:
        take_in(slots)
    let_go(slots, {slot.pk: slot.held for slot in slots}, second_of(database_now()))
    live = draw.requests.filter(state=RequestState.REQUESTED)
    for request in live.select_related("owner", "draw__centre").exclude(owner=None):
        outbox.enqueue(DrawCancelled.because(request, reason))
    live.update(state=RequestState.VOID)
    return draw
