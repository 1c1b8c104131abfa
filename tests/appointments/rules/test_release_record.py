"""The proof of a release: honest records are clean, and every change is found (AT-07)."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from appointments.rules.lots import commitment
from appointments.rules.release import SlotSeats, return_moment, schedule
from appointments.rules.release_record import (
    Opened,
    ReleaseRecord,
    Returned,
    Withdrawn,
    plan_digest,
    verify_release,
)

from .test_draw import holder, other, places
from .test_release import OTHER_SEED, PLAN, SEED, at

SEATS = (SlotSeats("a", (1, 2, 3)), SlotSeats("b", (1, 2, 3, 4, 5, 6)))
LATE = timedelta(seconds=40)
FREED = at(8)
BACK = return_moment(PLAN, SEED, "event-1", FREED)


def record(**changed: Any) -> ReleaseRecord:
    opened = tuple(Opened(one.seats, one.opens_at + LATE) for one in schedule(PLAN, SEATS, SEED))
    returned = (Returned("event-1", SlotSeats("a", (2,)), FREED, BACK + LATE),)
    return replace(ReleaseRecord(PLAN, SEATS, SEED, opened, returned), **changed)


def codes(one: ReleaseRecord) -> list[str]:
    return [fault.code for fault in verify_release(one.transcript())]


def test_an_honest_record_is_clean() -> None:
    transcript = record().transcript()
    assert verify_release(json.loads(json.dumps(transcript))) == []


def test_it_is_held_to_what_was_published() -> None:
    published = {
        "commitment": commitment(SEED),
        "plan_digest": plan_digest(PLAN, SEATS, commitment(SEED)),
    }
    assert verify_release(record().transcript(), published) == []
    opened = tuple(Opened(one.seats, one.opens_at) for one in schedule(PLAN, SEATS, OTHER_SEED))
    back = return_moment(PLAN, OTHER_SEED, "event-1", FREED)
    returned = (replace(record().returned[0], opened_at=back),)
    forged = record(seed=OTHER_SEED, opened=opened, returned=returned).transcript()
    assert verify_release(forged) == []
    faults = verify_release(forged, published)
    assert [(fault.code, fault.path) for fault in faults] == [
        ("not_as_published", "commitment"),
        ("not_as_published", "plan_digest"),
    ]


@pytest.mark.parametrize(
    ("late", "code"),
    [
        pytest.param(timedelta(0), [], id="AT-07 in its second"),
        pytest.param(timedelta(seconds=-1), ["too_early"], id="AT-07 a second early"),
        pytest.param(timedelta(seconds=120), [], id="AT-07 as late as allowed"),
        pytest.param(timedelta(seconds=121), ["too_late"], id="AT-07 a second later than that"),
    ],
)
def test_seats_open_when_drawn_or_a_beat_later(late: timedelta, code: list[str]) -> None:
    opened = record().opened
    first = replace(opened[0], opened_at=opened[0].opened_at - LATE + late)
    found = codes(record(opened=(first, *opened[1:])))
    assert found == code * len(first.seats.numbers)
    returned = (replace(record().returned[0], opened_at=BACK + late),)
    assert codes(record(returned=returned)) == code


def test_a_seat_that_never_opened_is_named() -> None:
    missing = record().opened[0]
    faults = verify_release(record(opened=record().opened[1:]).transcript())
    assert [(fault.code, fault.path) for fault in faults] == [
        ("not_opened", f"{missing.seats.slot} seat {number}") for number in missing.seats.numbers
    ]
    withdrawn = (Withdrawn(missing.seats, "The centre is closed that day."),)
    assert codes(record(opened=record().opened[1:], withdrawn=withdrawn)) == []


def test_a_freed_seat_that_never_came_back_is_named() -> None:
    kept = (replace(record().returned[0], opened_at=None),)
    assert codes(record(returned=kept)) == ["not_opened"]
    withdrawn = (Withdrawn(kept[0].seats, "The centre is closed that day."),)
    assert codes(record(returned=kept, withdrawn=withdrawn)) == []


def test_seats_nobody_planned_are_named() -> None:
    opened = record().opened
    extra = Opened(SlotSeats("c", (1,)), at(9))
    assert codes(record(opened=(*opened, extra))) == ["not_in_plan"]
    twice = replace(opened[0], seats=SlotSeats(opened[0].seats.slot, opened[0].seats.numbers[:1]))
    assert codes(record(opened=(*opened, twice))) == ["opened_twice"]


SAMPLE = record().transcript()
# What the centre says it did. A lie inside the tolerance, or about which seat was freed, can only
# be contradicted by other registers.
SAID = {("slot",), ("numbers",), ("numbers", 0)}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in places(SAMPLE)
        if path[-1] != "opened_at" and not (path[:1] == ("returned",) and path[2:] in SAID)
    ],
    ids=lambda path: ".".join(map(str, path)),
)
def test_every_changed_field_is_found(path: tuple[Any, ...]) -> None:
    changed = deepcopy(SAMPLE)
    inside = holder(changed, path)
    inside[path[-1]] = other(inside[path[-1]])
    assert verify_release(changed)


def test_a_missing_or_added_field_is_found() -> None:
    for name in SAMPLE:
        assert verify_release({key: value for key, value in SAMPLE.items() if key != name})
    faults = verify_release({**SAMPLE, "extra": 1})
    assert [(fault.code, fault.path) for fault in faults] == [("unknown", "extra")]


@pytest.mark.parametrize("junk", [{}, [], None, "x", {**SAMPLE, "seed": "zz"}])
def test_junk_is_unreadable_and_never_an_exception(junk: Any) -> None:
    assert [fault.code for fault in verify_release(junk)] == ["unreadable"]
