"""Draws: announced, asked, closed, drawn and settled with real rows (RD-08)."""

from datetime import timedelta

import pytest
from django.db.models import F

from appointments import capacity
from appointments.enums import DrawState, RequestState
from appointments.models import Draw, DrawRequest, MissedDraw, Slot
from appointments.rules.draw import verify_draw
from portal.outbox.models import Message
from tests.appointments.draws import (
    ANNOUNCED,
    DRAWN,
    accepted,
    advanced,
    announced,
    asked,
    drawn,
)

pytestmark = pytest.mark.django_db


def seats_agree():
    broken = Slot.objects.exclude(
        taken__gte=0, taken__lte=F("released"), released__lte=F("capacity") - F("held")
    )
    return not broken.exists()


def states(row):
    return sorted(row.requests.values_list("state", flat=True))


def test_a_draw_holds_all_free_seats_of_its_days():
    row = announced()
    assert not capacity.free_slots(row.centre, "short_stay", ANNOUNCED).exists()
    assert len(row.commitment) == 64
    assert row.seed not in str(row.commitment)


def test_lots_seat_whom_they_can_and_the_transcript_proves_it():
    row = announced(seats=1)
    for people in (1, 2, 1, 2):
        asked(row, people)
    row = drawn(row)
    assert row.faults == []
    assert verify_draw(row.transcript) == []
    seated = sum(part["seats"] for one in row.requests.all() for part in one.offered)
    assert seated == 4
    assert set(states(row)) == {RequestState.OFFERED, RequestState.WAITING}
    assert seats_agree()
    assert Message.objects.filter(kind="draw_request_received").count() == 4
    assert Message.objects.filter(kind__in=["draw_seats_offered", "draw_waiting"]).count() == 4


def test_accepting_books_and_the_draw_settles():
    row = announced(seats=2)
    request = asked(row, 3)
    row = drawn(row)
    appointments = accepted(request)
    assert len(appointments) == 3
    # Those in one slot come in any order.
    assert {one.pk for one in accepted(request)} == {one.pk for one in appointments}
    request.refresh_from_db()
    assert request.state == RequestState.ACCEPTED
    assert seats_agree()
    row = advanced(row)
    assert row.state == DrawState.SETTLED
    assert not Slot.objects.filter(held__gt=0).exists()
    assert seats_agree()
    assert MissedDraw.objects.count() == 0
    assert DrawRequest.objects.get().offered
    assert Draw.objects.get().settled_at


def test_seats_added_after_closing_go_to_who_waits():
    row = announced(seats=1)
    waiting = [asked(row, 1) for _one in range(5)]
    row = drawn(row)
    slot = row.centre.slots.order_by("starts_at").first()
    Slot.objects.filter(pk=slot.pk).update(capacity=3)
    row = advanced(row)
    offered = [one for one in row.requests.all() if one.state == RequestState.OFFERED]
    assert len(offered) == len(waiting)
    slot.refresh_from_db()
    assert (slot.capacity, slot.held) == (3, 3)
    advanced(row, DRAWN + timedelta(days=2))
    slot.refresh_from_db()
    coming = sum(one.seats for one in slot.freed_seats.all())
    assert (slot.released + coming, slot.held) == (3, 0)
    assert seats_agree()
