"""Which slots opening hours give (RD-02)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from appointments.rules.availability import Opening, slots_on
from portal.dates import ALGIERS

SUNDAY = date(2025, 12, 7)


def opening(**changes) -> Opening:
    given = {
        "service": "visa",
        "weekday": SUNDAY.weekday(),
        "opens": time(9),
        "closes": time(17),
        "counters": 2,
        "minutes": 30,
        "first_day": date(2025, 11, 1),
        "end_day": None,
    }
    return Opening(**given | changes)


def starts(day: date, *openings: Opening) -> list[str]:
    found = slots_on(day, openings)
    return [f"{slot.starts_at.astimezone(ALGIERS):%H:%M}" for slot in found]


def test_rd_02_sunday_at_nine_can_be_booked_and_five_o_clock_cannot():
    assert starts(SUNDAY, opening())[0] == "09:00"
    assert starts(SUNDAY, opening())[-1] == "16:30"


def test_rd_02_no_slot_ends_after_closing():
    assert starts(SUNDAY, opening(minutes=45))[-1] == "15:45"


@pytest.mark.parametrize("offset", range(1, 7))
def test_rd_02_other_days_have_hours_of_their_own(offset):
    assert starts(SUNDAY + timedelta(days=offset), opening()) == []


@pytest.mark.parametrize(
    ("first", "end", "found"),
    [
        pytest.param(SUNDAY, None, True, id="first-day"),
        pytest.param(SUNDAY + timedelta(days=1), None, False, id="day-before-the-first"),
        pytest.param(date(2025, 1, 1), SUNDAY + timedelta(days=1), True, id="last-day"),
        pytest.param(date(2025, 1, 1), SUNDAY, False, id="end-day"),
    ],
)
def test_rd_02_hours_hold_from_a_day_to_a_day(first, end, found):
    assert bool(starts(SUNDAY, opening(first_day=first, end_day=end))) is found


def test_rd_02_seats_are_the_counters():
    assert {slot.capacity for slot in slots_on(SUNDAY, [opening()])} == {2}
