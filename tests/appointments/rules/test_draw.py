"""The draw: fair, provable, and deaf to the order of arrival (RD-08)."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.rules.draw import (
    Announcement,
    DayPart,
    DrawError,
    DrawResult,
    DrawRule,
    DrawSlot,
    Offer,
    Preferences,
    PublicValue,
    Request,
    Seats,
    Traveller,
    check_public_value,
    closing_digest,
    draw,
    next_from_waiting,
    next_missed,
    verify_draw,
)
from appointments.rules.law import LAW
from appointments.rules.lots import commitment

SECRET = bytes(range(32))
CLOSING = datetime(2026, 1, 2, 12, tzinfo=UTC)
RULE = DrawRule(tickets_per_missed_draw=1, most_tickets=4, afternoon_starts=time(12))
SUNDAY = date(2026, 1, 4)
ANNOUNCED = Announcement(
    draw_id="draw-1",
    centre="oran",
    service="visa",
    first_day=SUNDAY,
    last_day=SUNDAY + timedelta(days=4),
    commitment=commitment(SECRET),
    source="National lottery, 3 January 2026",
    announced_at=CLOSING - timedelta(days=7),
    closes_at=CLOSING,
    rule=RULE,
)
VALUE = PublicValue(
    ANNOUNCED.source, ANNOUNCED.announced_at, "4 8 15 16 23 42", CLOSING + timedelta(days=1)
)


def request(name: str, size: int = 1, missed: int = 0, **preferences: Any) -> Request:
    people = tuple(Traveller(f"{name}.{one}", missed) for one in range(size))
    return Request(name, people, Preferences(**preferences))


def slots(days: int = 1, per_day: int = 4, seats: int = 2) -> list[DrawSlot]:
    """From 11:00 in Algiers, half an hour each."""
    return [
        DrawSlot(
            f"{day}-{number}",
            datetime(2026, 1, 4 + day, 10, tzinfo=UTC) + timedelta(minutes=30 * number),
            30,
            seats,
        )
        for day in range(days)
        for number in range(per_day)
    ]


def drawn(
    requests: list[Request],
    where: list[DrawSlot] | None = None,
    announcement: Announcement = ANNOUNCED,
) -> DrawResult:
    where = slots() if where is None else where
    closed_with = closing_digest(announcement, requests, where)
    return draw(
        announcement, requests, where, closed_with=closed_with, public_value=VALUE, secret=SECRET
    )


preferences_ = st.builds(
    Preferences,
    days=st.none() | st.frozensets(st.sampled_from([SUNDAY, SUNDAY + timedelta(days=1)])),
    weekdays=st.none() | st.frozensets(st.sampled_from([6, 0])),
    part=st.sampled_from(DayPart),
)
requests_ = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 5), preferences_), max_size=16
).map(
    lambda drafts: [
        replace(request(f"r{index}", size, missed), preferences=preferences)
        for index, (size, missed, preferences) in enumerate(drafts)
    ]
)


def test_the_rule_comes_from_the_table() -> None:
    assert DrawRule.by(LAW.on(SUNDAY)) == RULE


# --- what always holds ------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(requests=requests_, shuffle=st.randoms())
def test_every_draw_keeps_the_promises(requests: list[Request], shuffle: random.Random) -> None:
    where = slots(days=2)
    result = drawn(requests, where)
    transcript = result.transcript()
    shuffled, other_way = list(requests), list(where)
    shuffle.shuffle(shuffled)
    shuffle.shuffle(other_way)
    assert drawn(shuffled, other_way).transcript() == transcript
    assert verify_draw(json.loads(json.dumps(transcript))) == []
    assert sorted([*result.seating, *result.waiting]) == sorted(one.reference for one in requests)
    _nobody_is_misplaced(result)


def _nobody_is_misplaced(result: DrawResult) -> None:
    by_reference = {one.reference: one for one in result.requests}
    by_key = {slot.key: slot for slot in result.slots}
    taken: Counter[str] = Counter()
    for reference, parts in result.seating.items():
        wish = by_reference[reference].preferences
        starts = [by_key[part.slot].starts_at for part in parts]
        assert starts == [starts[0] + timedelta(minutes=30 * at) for at in range(len(starts))]
        for part, start in zip(parts, starts, strict=True):
            taken[part.slot] += part.seats
            half = DayPart.MORNING if start.hour < 11 else DayPart.AFTERNOON
            assert wish.allow(start.date(), half)
        assert sum(part.seats for part in parts) == by_reference[reference].size
    assert all(taken[slot.key] <= slot.seats for slot in result.slots)


def test_the_waiting_list_stands_in_drawn_order() -> None:
    result = drawn([request(f"r{index}") for index in range(20)])
    places = [result.order.index(reference) for reference in result.waiting]
    assert len(places) == 12
    assert places == sorted(places)
    assert set(result.order[:8]) == set(result.seating)


def test_another_value_another_draw_another_secret_another_order() -> None:
    requests = [request(f"r{index}") for index in range(20)]
    first = drawn(requests).order
    assert drawn(requests, announcement=replace(ANNOUNCED, draw_id="draw-2")).order != first
    value = replace(VALUE, value="4 8 15 16 23 43")
    closed_with = closing_digest(ANNOUNCED, requests, slots())
    other = draw(
        ANNOUNCED, requests, slots(), closed_with=closed_with, public_value=value, secret=SECRET
    )
    assert other.order != first
    secret = bytes(32)
    announcement = replace(ANNOUNCED, commitment=commitment(secret))
    closed_with = closing_digest(announcement, requests, slots())
    other = draw(
        announcement, requests, slots(), closed_with=closed_with, public_value=VALUE, secret=secret
    )
    assert other.order != first


# --- the same chance for everybody --------------------------------------------------------------


def served(requests: list[Request], where: list[DrawSlot], draws: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for number in range(draws):
        found.update(set(drawn(requests, where, replace(ANNOUNCED, draw_id=str(number))).seating))
    return found


def test_members_of_a_family_have_the_chance_of_somebody_alone() -> None:
    """RD-08: 24 alone, two couples and three families of four ask for 16 seats, 600 times."""
    alone = [request(f"a{index}") for index in range(24)]
    couples = [request(f"c{index}", 2) for index in range(2)]
    families = [request(f"f{index}", 4) for index in range(3)]
    where = slots(per_day=2, seats=8)  # 11:00 and 11:30: one half day
    found, fair = served(alone + couples + families, where, 600), 16 / 40
    for group in (alone, couples, families):
        chance = sum(found[one.reference] for one in group) / len(group) / 600
        assert abs(chance - fair) < 0.04, (group[0].size, chance)


def test_missed_draws_give_a_published_advantage_to_each_person() -> None:
    lucky = [request(f"l{index}") for index in range(15)]
    unlucky = [request(f"u{index}", missed=1) for index in range(15)]
    found = served(lucky + unlucky, slots(per_day=1, seats=1), 600)
    # Two tickets beside one: two of three first places.
    share = sum(found[one.reference] for one in unlucky) / 600
    assert 0.61 < share < 0.73


@pytest.mark.parametrize(
    ("missed", "tickets"),
    [
        pytest.param((0,), 1, id="RD-08 first time"),
        pytest.param((1,), 2, id="RD-08 one missed draw"),
        pytest.param((3,), 4, id="up to the most"),
        pytest.param((9,), 4, id="never more than the most"),
        pytest.param((1, 1, 1, 0), 1, id="the average, rounded down"),
        pytest.param((1, 1, 1, 1), 2, id="all of a family missed one"),
        pytest.param((4, 0, 0, 0), 2, id="taking in one unlucky person shares what that one has"),
    ],
)
def test_tickets_count_per_person(missed: tuple[int, ...], tickets: int) -> None:
    people = tuple(Traveller(str(index), count) for index, count in enumerate(missed))
    assert RULE.tickets(Request("r", people)) == tickets


def test_one_person_in_two_requests_voids_both() -> None:
    twice = Request("r1", (Traveller("x"),)), Request("r2", (Traveller("x"), Traveller("y")))
    result = drawn([*twice, request("r3")])
    assert result.void == ("r1", "r2")
    assert (result.order, set(result.seating)) == (("r3",), {"r3"})
    assert verify_draw(result.transcript()) == []


def test_one_person_twice_in_a_request_voids_it() -> None:
    assert drawn([Request("r1", (Traveller("x"), Traveller("x")))]).void == ("r1",)


def test_other_requests_change_nothing_in_the_order_of_two() -> None:
    """Nobody can change who of two comes first by adding requests of their own."""
    few = [request("a"), request("b"), request("c", 3)]
    many = few + [request(f"x{index}", 1 + index % 4) for index in range(30)]
    names = {one.reference for one in few}
    assert [one for one in drawn(many).order if one in names] == list(drawn(few).order)


def test_missed_draws_are_counted_on() -> None:
    result = drawn([request("a", 2, missed=1), request("b", 9, missed=1)])
    assert next_missed(result) == {
        **{f"a.{one}": 0 for one in range(2)},
        **{f"b.{one}": 2 for one in range(9)},
    }


# --- the public value ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        pytest.param(VALUE, [], id="RD-08 it came to be a day after closing"),
        pytest.param(replace(VALUE, value_at=CLOSING), [], id="in the second of closing"),
        pytest.param(
            replace(VALUE, value_at=CLOSING - timedelta(seconds=1)),
            ["known_before_closing"],
            id="one second before",
        ),
        pytest.param(replace(VALUE, source="Other"), ["other_source"], id="not the one announced"),
        pytest.param(replace(VALUE, announced_at=CLOSING), ["other_source"], id="named otherwise"),
        pytest.param(replace(VALUE, value=" "), ["empty_value"], id="nothing"),
    ],
)
def test_nobody_may_have_known_the_value(value: PublicValue, codes: list[str]) -> None:
    assert [fault.code for fault in check_public_value(ANNOUNCED, value)] == codes


def test_a_source_named_after_closing_is_refused() -> None:
    late = replace(ANNOUNCED, announced_at=CLOSING)
    faults = check_public_value(late, replace(VALUE, announced_at=CLOSING))
    assert [fault.code for fault in faults] == ["named_too_late"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": bytes(32)}, "other_secret"),
        ({"closed_with": "0" * 64}, "other_inputs"),
        ({"public_value": replace(VALUE, value_at=CLOSING - timedelta(1))}, "known_before_closing"),
    ],
)
def test_a_broken_promise_stops_the_draw(changed: dict[str, Any], code: str) -> None:
    requests = [request("a")]
    closed_with = closing_digest(ANNOUNCED, requests, slots())
    given_ = {"closed_with": closed_with, "public_value": VALUE, "secret": SECRET, **changed}
    with pytest.raises(DrawError) as refused:
        draw(ANNOUNCED, requests, slots(), **given_)
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("requests", "where"),
    [
        pytest.param([request("a"), request("a")], slots(), id="a reference twice"),
        pytest.param([], slots() + slots(), id="a slot twice"),
        pytest.param([], slots(days=6), id="a slot outside the period"),
    ],
)
def test_contradictory_inputs_are_refused(requests: list[Request], where: list[DrawSlot]) -> None:
    with pytest.raises(ValueError):
        drawn(requests, where)


@pytest.mark.parametrize("people", [(), (Traveller("x", -1),)])
def test_a_request_has_people(people: tuple[Traveller, ...]) -> None:
    with pytest.raises(ValueError):
        Request("r", people)


# --- proof --------------------------------------------------------------------------------------


SAMPLE = drawn(
    [
        request("a", 3, part=DayPart.MORNING),
        request("b", 1, missed=2, days=frozenset({SUNDAY})),
        request("c", 4, weekdays=frozenset({6, 0})),
        request("d", 2),
        request("e", 1),
        Request("f", (Traveller("same"),)),
        Request("g", (Traveller("same"),)),
    ]
).transcript()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field of a transcript, leaves and branches."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


def holder(transcript: dict[str, Any], path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        transcript = transcript[step]
    return transcript


def other(value: Any) -> Any:
    """Something else of the same kind, as near as possible."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value:
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    if isinstance(value, list):
        return value[::-1] if value[::-1] != value else [*value, None]
    return {"more": 1} if isinstance(value, dict) else "x"


@pytest.mark.parametrize("path", list(places(SAMPLE)), ids=lambda path: ".".join(map(str, path)))
def test_every_changed_field_is_found(path: tuple[Any, ...]) -> None:
    changed = deepcopy(SAMPLE)
    inside = holder(changed, path)
    inside[path[-1]] = other(inside[path[-1]])
    assert verify_draw(changed)
    cut = deepcopy(SAMPLE)
    del holder(cut, path)[path[-1]]
    assert verify_draw(cut)


@pytest.mark.parametrize(
    "path", [(), *(p for p in places(SAMPLE) if isinstance(holder(SAMPLE, (*p, 0)), dict))]
)
def test_every_added_field_is_found(path: tuple[Any, ...]) -> None:
    changed = deepcopy(SAMPLE)
    holder(changed, (*path, "x"))["extra"] = 1
    found = [(fault.code, fault.path) for fault in verify_draw(changed)]
    assert ("unknown", ".".join(map(str, (*path, "extra")))) in found


def test_faults_are_named() -> None:
    changed = deepcopy(SAMPLE)
    changed["results"][0]["seats"][0]["slot"] = "0-3"
    changed["waiting"] = []
    changed["seed"] = "00" * 32
    codes = {(fault.code, fault.path.split(".")[0]) for fault in verify_draw(changed)}
    assert ("different", "results") in codes
    assert ("different", "seed") in codes
    changed = deepcopy(SAMPLE)
    changed["requests"][0]["travellers"][0]["missed"] = 7
    assert "other_inputs" in {fault.code for fault in verify_draw(changed)}
    changed = deepcopy(SAMPLE)
    changed["secret"] = "00" * 32
    assert "other_secret" in {fault.code for fault in verify_draw(changed)}


def test_a_whole_other_draw_is_not_the_published_one() -> None:
    """Who changes everything consistently is caught by what was written down before."""
    published = {
        "commitment": SAMPLE["announcement"]["commitment"],
        "closing_digest": SAMPLE["closing_digest"],
    }
    assert verify_draw(SAMPLE, published) == []
    forged = drawn([request("friend")]).transcript()
    assert verify_draw(forged) == []
    assert [fault.path for fault in verify_draw(forged, published)] == ["closing_digest"]


@pytest.mark.parametrize("junk", [{}, {"version": 1}, {**SAMPLE, "requests": 3}, [], None, "x"])
def test_junk_is_unreadable_and_never_an_exception(junk: Any) -> None:
    assert [fault.code for fault in verify_draw(junk)] == ["unreadable"]


def test_a_transcript_holds_no_more_than_it_says() -> None:
    assert set(SAMPLE["requests"][0]) == {"reference", "travellers", "preferences"}
    assert set(SAMPLE["requests"][0]["travellers"][0]) == {"key", "missed"}


# --- moving up ----------------------------------------------------------------------------------


def test_the_next_who_fits_moves_up() -> None:
    freed = [replace(slots()[0], seats=2)]
    waiting = [request("a", 3), request("b", 2, part=DayPart.AFTERNOON), request("c"), request("d")]
    noon = RULE.afternoon_starts
    first = next_from_waiting(waiting, freed, afternoon_starts=noon)
    assert first == Offer("c", (Seats("0-0", 1),))
    second = next_from_waiting(waiting, freed, {"c"}, afternoon_starts=noon)
    assert second == Offer("d", (Seats("0-0", 1),))
    assert next_from_waiting(waiting, freed, {"c", "d"}, afternoon_starts=noon) is None


def test_a_household_keeps_its_place_until_enough_is_freed() -> None:
    waiting = [request("a", 3), request("b")]
    freed = slots()[:2]
    moved = next_from_waiting(waiting, freed, afternoon_starts=RULE.afternoon_starts)
    assert moved == Offer("a", (Seats("0-0", 2), Seats("0-1", 1)))
