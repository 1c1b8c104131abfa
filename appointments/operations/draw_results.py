"""The draw takes place: lots are drawn, and all results written in one transaction (RD-08).

Nothing that is drawn can change after closing, and lots depend on nothing else, so a worker that
dies in the middle leaves nothing behind and the next one draws the same.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from portal.database_clock import database_now
from portal.outbox import operations as outbox
from portal.outbox.models import Message

from ..draw_facts import announcement_of, drawn_slots, public_value_of, requests_of, slot_key
from ..draw_notifications import DrawSeatsOffered, DrawWaiting
from ..enums import DrawState, RequestState
from ..models import Draw, DrawRequest, Slot
from ..refusals import NotDrawnYet
from ..rules.draw import DrawResult, verify_draw
from ..rules.draw import draw as draw_lots
from ..rules.transcripts import second_of
from ..workflow import DRAW_WORKFLOW
from .draw import locked, slots_of

_AT_ONCE = 2000  # rows written in one statement
_ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


@transaction.atomic
def run(*, draw_id: uuid.UUID) -> bool:
    """Draw the lots of a closed draw whose public value is known; False if there is nothing to do.

    Safe to run again, and at the same time: one worker draws.  Raises DrawError if what is drawn
    is not what was announced and closed.
    """
    draw = Draw.objects.select_related("centre__mission").get(pk=draw_id)
    if not _is_due(draw) or not _alone(draw):
        return False
    result = draw_lots(
        announcement_of(draw),
        list(requests_of(draw)),
        drawn_slots(draw),
        closed_with=draw.closing_digest,
        public_value=public_value_of(draw),
        secret=bytes.fromhex(draw.seed),
    )
    draw = locked(draw_id)
    if not _is_due(draw):
        return False
    _write(draw, result, second_of(database_now()))
    return True


def check(*, draw_id: uuid.UUID) -> None:
    """Draw again from the published transcript and keep what differs, which should be nothing.

    Raises NotDrawnYet before the draw.
    """
    draw = Draw.objects.get(pk=draw_id)
    if draw.transcript is None:
        raise NotDrawnYet
    published = {"commitment": draw.commitment, "closing_digest": draw.closing_digest}
    faults = [asdict(fault) for fault in verify_draw(draw.transcript, published)]
    Draw.objects.filter(pk=draw_id).update(faults=faults)


def transcript(draw: Draw) -> dict[str, Any]:
    """Return the published transcript; raises NotDrawnYet before the draw."""
    if draw.transcript is None:
        raise NotDrawnYet
    return dict(draw.transcript)


def _is_due(draw: Draw) -> bool:
    return draw.state == DrawState.CLOSED and draw.value_at is not None


def _alone(draw: Draw) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"draw {draw.pk}"])
        return bool(cursor.fetchone()[0])


# --- writing ----------------------------------------------------------------------------------


def _write(draw: Draw, result: DrawResult, now: datetime) -> None:
    slots = {slot_key(slot): slot for slot in slots_of(draw)}
    offers = (_offer(draw, reference, result, slots, now) for reference in result.seating)
    _update(draw, RequestState.OFFERED, offers)
    waiting = (
        {"reference": reference, "position": position}
        for position, reference in enumerate(result.waiting, start=1)
    )
    _update(draw, RequestState.WAITING, waiting)
    _update(draw, RequestState.VOID, ({"reference": one} for one in result.void))
    _count_missed(draw)
    _tell(draw, {slot.pk: slot for slot in slots.values()})
    draw.transcript, draw.drawn_at = result.transcript(), now
    draw.save(update_fields=["transcript", "drawn_at"])
    details = {"seated": len(result.seating), "waiting": len(result.waiting)}
    DRAW_WORKFLOW.move(draw, "draw", actor=None, details=details)


def _offer(
    draw: Draw, reference: str, result: DrawResult, slots: dict[str, Slot], now: datetime
) -> dict[str, Any]:
    parts = [(slots[part.slot], part.seats) for part in result.seating[reference]]
    return {
        "reference": reference,
        "offered": [{"slot": slot.pk, "seats": seats} for slot, seats in parts],
        "expires": offer_ends(draw, parts[0][0], now).isoformat(),
    }


def offer_ends(draw: Draw, first: Slot, now: datetime) -> datetime:
    """Return until when seats are kept: the announced hours, but not beyond their time."""
    return min(now + timedelta(hours=draw.acceptance_hours), first.starts_at)


def _update(draw: Draw, state: RequestState, results: Iterable[dict[str, Any]]) -> None:
    """Write results into the requests that nobody withdrew meanwhile."""
    with connection.cursor() as cursor:
        for some in chunks(results):
            cursor.execute(_WRITE_RESULTS, [state.value, json.dumps(some), draw.pk])


_WRITE_RESULTS = """
    UPDATE appointments_drawrequest r
    SET state = %s, updated_at = now(), waiting_position = u.position,
        offered = coalesce(u.offered, '[]'), offer_expires_at = u.expires
    FROM jsonb_to_recordset(%s::jsonb)
      AS u(reference text, position integer, offered jsonb, expires timestamptz)
    WHERE r.draw_id = %s AND r.reference = u.reference AND r.state = 'requested'
"""


def _count_missed(draw: Draw) -> None:
    """Do what `rules.draw.next_missed` says: seats begin anew at nothing, waiting adds one.

    Added to what is there now, since another draw may have ended in between.  Whoever withdrew
    after closing neither gains nor loses.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_MISSED, [draw.pk])
        cursor.execute(_COUNT_MISSED, [draw.pk])


_FORGET_MISSED = """
    DELETE FROM appointments_misseddraw m
    USING appointments_drawtraveller t JOIN appointments_drawrequest r ON r.id = t.request_id
    WHERE t.draw_id = %s AND r.state = 'offered' AND m.key = t.carry_key
"""
_COUNT_MISSED = """
    INSERT INTO appointments_misseddraw AS m (key, missed, changed_at)
    SELECT t.carry_key, 1, now()
    FROM appointments_drawtraveller t JOIN appointments_drawrequest r ON r.id = t.request_id
    WHERE t.draw_id = %s AND r.state = 'waiting' AND t.carry_key IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET missed = m.missed + 1, changed_at = now()
"""


def _tell(draw: Draw, slots: dict[int, Slot]) -> None:
    """Write the messages of a whole draw; the sweep of the outbox sends them."""
    told = (RequestState.OFFERED, RequestState.WAITING)
    rows = draw.requests.filter(state__in=told).exclude(owner=None).select_related("owner")
    for some in chunks(rows.order_by("pk").iterator(_AT_ONCE)):
        messages = [outbox.unsaved(_news(draw, request, slots)) for request in some]
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def _news(draw: Draw, request: DrawRequest, slots: dict[int, Slot]) -> Any:
    request.draw = draw
    if request.state == RequestState.OFFERED:
        return DrawSeatsOffered.offering(request, slots)
    return DrawWaiting.about(request, position=request.waiting_position)


def chunks(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Cut `rows` into lists that fit into one statement."""
    ahead = iter(rows)
    while some := list(islice(ahead, _AT_ONCE)):
        yield some
