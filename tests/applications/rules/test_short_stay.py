"""Short stay: ST-01 to ST-12, by boundaries and against a count on day sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from applications.rules.short_stay import (
    Basis,
    ShortStayFacts,
    Stay,
    VisaLimitFacts,
    check_control,
    check_plan,
    check_reentry,
    check_trip,
    counted_days,
    short_stay_verdict,
    visa_limit_verdict,
)
from portal.dates import DateRange
from portal.rules.findings import Severity, Verdict
from portal.rules.parameters import Law

D = date.fromisoformat
Check = Callable[[ShortStayFacts, Law], Verdict]


def stays(*texts: str) -> tuple[Stay, ...]:
    """Read stays from words: "2026-01-01..2026-01-05 HR long_stay_visa"; no end means open."""
    return tuple(_stay(text) for text in texts)


def _stay(text: str) -> Stay:
    days, *words = text.split()
    entry, _, end = days.partition("..")
    basis = next((Basis(word) for word in words if len(word) > 2), Basis.SHORT_STAY)
    state = next((word for word in words if len(word) == 2), "")
    return Stay(D(entry), D(end) if end else None, basis, state)


def ask(check: Check, listed: Iterable[Stay], day: str, **more: Any) -> Verdict:
    return short_stay_verdict(check, ShortStayFacts(stays=tuple(listed), day=D(day), **more))


def control(listed: Iterable[Stay], day: str) -> dict[str, Any]:
    return dict(ask(check_control, listed, day).results)


SWITCH = "2013-04-22..2013-07-19"  # 89 days
KOM1 = ("2013-10-27..2013-11-06", "2013-12-28..2014-01-09")
KOM2 = "2013-08-14..2013-08-30"
SWISS5 = ("2014-02-21..2014-04-20", "2014-05-01..2014-06-09")


# --- control ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "day", "expected"),
    [
        pytest.param((), "2013-10-18", {"window_start": D("2013-04-22")}, id="ST-01 S01"),
        pytest.param(
            ("2013-10-18..2013-10-19",), "2013-10-19", {"window_start": D("2013-04-23")}, id="S03"
        ),
        pytest.param(
            ("2013-10-18..2013-10-18",), "2013-10-18", {"days_used": 1}, id="ST-02 S02 same day"
        ),
        pytest.param(
            (SWITCH, "2013-10-18..2013-10-18"),
            "2013-10-18",
            {"days_used": 90, "within_limit": True, "may_stay_until": D("2014-01-15")},
            id="ST-03 S04 89 earlier days",
        ),
        pytest.param(
            ("2013-04-22..2013-07-20", "2013-10-18..2013-10-18"),
            "2013-10-18",
            {
                "days_used": 91,
                "within_limit": False,
                "excess": 1,
                "overstay_days": 1,
                "first_overstay_day": D("2013-10-18"),
                "may_stay_until": None,
            },
            id="ST-03 S05 90 earlier days",
        ),
        pytest.param(
            ("2013-04-22..2013-07-20", "2013-10-18..2013-10-19"),
            "2013-10-19",
            {"days_used": 91, "excess": 1, "overstay_days": 2},
            id="ST-03 S06 the window has moved by a day",
        ),
        pytest.param(
            ("2013-04-21..2013-07-19", "2013-10-18..2013-10-18"),
            "2013-10-18",
            {"days_used": 90, "within_limit": True},
            id="ST-01 S07 the day before the window is out",
        ),
        pytest.param(
            ("2013-01-01..2013-10-18",),
            "2013-10-18",
            {"days_used": 180, "overstay_days": 1, "first_overstay_day": D("2013-10-18")},
            id="ST-04 days before the switch are not judged",
        ),
        pytest.param(
            (*KOM1, "2014-03-06..2014-03-15"),
            "2014-03-15",
            {"days_used": 34, "may_stay_until": D("2014-05-21")},
            id="ST-06 S08 KOM 1.1",
        ),
        pytest.param(
            (*KOM1, "2014-03-06..2014-05-21"),
            "2014-05-21",
            {"days_used": 90, "remaining": 0, "may_stay_until": D("2014-05-21")},
            id="ST-06 S10 exactly 90",
        ),
        pytest.param(
            (*KOM1, "2014-03-06..2014-05-22"),
            "2014-05-22",
            {"days_used": 91, "excess": 1, "may_stay_until": None},
            id="ST-06 one day more",
        ),
        pytest.param(
            (KOM2, "2013-12-15..2014-06-22"),
            "2014-06-22",
            {
                "days_used": 180,
                "balance": -90,
                "remaining": 0,
                "excess": 90,
                "overstay_days": 100,
                "first_overstay_day": D("2014-03-15"),
            },
            id="ST-07 S15 KOM 2.4",
        ),
        pytest.param(
            (KOM2, "2013-10-15..2014-06-10"),
            "2014-06-10",
            {"excess": 90, "overstay_days": 166, "first_overstay_day": D("2013-12-27")},
            id="ST-07 S20 Overstay 1",
        ),
        pytest.param(
            SWISS5, "2014-06-09", {"excess": 9, "overstay_days": 9}, id="ST-07 S25 Swiss 5"
        ),
        pytest.param(
            SWISS5,
            "2014-12-31",
            {
                "days_used": 0,
                "within_limit": True,
                "overstay_days": 9,
                "first_overstay_day": D("2014-06-01"),
            },
            id="ST-07 S21 an old overstay stays visible",
        ),
        pytest.param(
            ("2026-01-01..2026-04-10",),
            "2026-04-10",
            {"days_used": 100, "excess": 10, "overstay_days": 10},
            id="ST-07 S38 counted in full",
        ),
        pytest.param(
            ("2026-03-20..2026-04-05",),
            "2026-04-05",
            {"days_used": 17},
            id="ST-02 S49 the change of the clocks",
        ),
        pytest.param(
            ("2026-05-01..2026-05-10", "2026-05-10..2026-05-15"),
            "2026-05-20",
            {"days_used": 15, "may_stay_until": None},
            id="ST-02 S34 out and in on one day",
        ),
        pytest.param(
            ("2026-01-10..",),
            "2026-02-08",
            {"days_used": 30, "may_stay_until": D("2026-04-09")},
            id="ST-10 S40 open",
        ),
        pytest.param(
            ("2026-03-01..",), "2026-02-08", {"days_used": 0}, id="ST-10 open, not begun yet"
        ),
        pytest.param(
            ("2026-01-05..2026-01-20", "2026-03-01..2026-03-10"),
            "2026-01-10",
            {"days_used": 6, "may_stay_until": D("2026-04-04")},
            id="ST-06 in the middle of a stay",
        ),
        pytest.param(
            ("2025-09-01..2025-11-29 long_stay_visa", "2025-12-01..2025-12-10"),
            "2025-12-10",
            {"days_used": 10},
            id="ST-12 S41 D visa",
        ),
        pytest.param(
            ("2025-12-01..2025-12-10 residence_permit",),
            "2025-12-10",
            {"days_used": 0, "may_stay_until": None},
            id="ST-12 residence permit",
        ),
        pytest.param(
            ("2022-12-01..2023-01-15 HR",), "2023-01-15", {"days_used": 15}, id="ST-12 S42 Croatia"
        ),
        pytest.param(
            ("2024-03-20..2024-04-10 BG",), "2024-04-10", {"days_used": 11}, id="ST-12 S43 Bulgaria"
        ),
        pytest.param(
            ("2024-03-30..2024-03-31 RO",), "2024-03-31", {"days_used": 1}, id="ST-12 Romania"
        ),
        pytest.param(
            ("2026-02-01..2026-02-20 IE",), "2026-02-20", {"days_used": 0}, id="ST-12 S44 Ireland"
        ),
        pytest.param(
            ("2026-02-01..2026-02-20 CY",), "2026-02-20", {"days_used": 0}, id="ST-12 Cyprus"
        ),
        pytest.param(("2026-02-01..2026-02-20 GB",), "2026-02-20", {"days_used": 0}, id="ST-12 UK"),
        pytest.param(
            ("2026-02-01..2026-02-20 LI",), "2026-02-20", {"days_used": 20}, id="ST-12 LI"
        ),
    ],
)
def test_control(listed: tuple[str, ...], day: str, expected: dict[str, Any]) -> None:
    results = control(stays(*listed), day)
    assert {key: results[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("listed", "code", "stay"),
    [
        pytest.param(("2026-03-19..2026-03-01",), "EXIT_BEFORE_ENTRY", 1, id="ST-10 S51"),
        pytest.param(
            ("2026-01-01..", "2026-02-01..2026-02-05"), "OPEN_STAY_NOT_LAST", 1, id="ST-10 S52"
        ),
        pytest.param(
            ("2026-02-01..2026-02-05", "2026-01-01.."),
            "OPEN_STAY_NOT_LAST",
            2,
            id="ST-10 unordered",
        ),
        pytest.param(
            ("2026-01-01..", "2026-03-01.."), "OPEN_STAY_NOT_LAST", 1, id="ST-10 two open ones"
        ),
        pytest.param(("2026-01-01..9999-12-31",), "DATE_OUT_OF_RANGE", 1, id="year 9999"),
        pytest.param(("0001-01-01..2026-01-01",), "DATE_OUT_OF_RANGE", 1, id="year 1"),
        pytest.param(
            ("2026-01-01..2026-01-02", "2026-01-03..2026-01-04 ZZ"),
            "UNKNOWN_STATE",
            2,
            id="ST-12 a state that does not exist",
        ),
    ],
)
@pytest.mark.parametrize("check", [check_control, check_plan, check_reentry])
def test_unsound_stays_are_named(
    check: Check, listed: tuple[str, ...], code: str, stay: int
) -> None:
    verdict = ask(check, stays(*listed), "2026-04-01")
    assert (verdict.outcome, verdict.results["error"]) == ("invalid_input", code)
    assert verdict.findings[0].params["stay"] == stay
    assert verdict.findings[0].params["fields"]


def test_an_open_stay_may_be_listed_first_and_beside_a_residence_permit() -> None:
    listed = stays("2026-03-01..", "2026-01-01..2026-01-02", "2026-03-05.. residence_permit")
    assert control(listed, "2026-03-10")["days_used"] == 12


def test_the_day_asked_about_must_be_in_the_calendar() -> None:
    verdict = ask(check_control, (), "9999-12-31")
    assert verdict.results["error"] == "DATE_OUT_OF_RANGE"


@pytest.mark.parametrize("check", [check_control, check_plan, check_reentry])
def test_before_the_switch_nothing_is_calculated(check: Check) -> None:
    verdict = ask(check, stays("2013-05-01..2013-05-10"), "2013-10-17")  # ST-04 S50
    assert verdict.outcome == "unsupported"
    assert verdict.results == {"supported": False, "reason": "LEGACY_METHOD"}
    assert ask(check, (), "2013-10-18").results["supported"] is True


@pytest.mark.parametrize(
    ("listed", "warned"),
    [
        pytest.param(("2026-01-01..2026-01-20", "2026-01-15..2026-01-25"), True, id="S53"),
        pytest.param(("2026-01-15..2026-01-25", "2026-01-01..2026-01-20"), True, id="unordered"),
        pytest.param(("2026-01-01..2026-01-20", "2026-01-05..2026-01-06"), True, id="one in one"),
        pytest.param(("2026-01-01..2026-01-10", "2026-01-10..2026-01-12"), False, id="S34"),
        pytest.param(("2026-01-10..2026-01-10", "2026-01-10..2026-01-10"), False, id="S33"),
        pytest.param(("2026-01-01..2026-01-20", "2026-01-15.."), True, id="with an open one"),
    ],
)
def test_stays_that_share_days_count_once_and_are_warned_about(
    listed: tuple[str, ...], warned: bool
) -> None:
    verdict = ask(check_control, stays(*listed), "2026-02-01")
    assert verdict.codes(Severity.WARNING) == (["OVERLAP"] if warned else [])


def test_an_overstay_is_a_finding_and_an_old_one_a_warning() -> None:
    now = ask(check_control, stays(*SWISS5), "2014-06-09")
    assert now.outcome == "over_limit"
    assert now.codes(Severity.BLOCKING) == ["OVER_LIMIT"]
    later = ask(check_control, stays(*SWISS5), "2014-12-31")
    assert later.outcome == "lawful"
    assert later.codes(Severity.WARNING) == ["PAST_OVERSTAY"]


def test_the_rows_of_the_states_are_kept_with_the_verdict() -> None:
    verdict = ask(check_control, stays("2022-12-01..2023-01-15 HR"), "2023-01-15")
    assert "HR" in {row.applies_to for row in verdict.used}
    ireland = ask(check_control, stays("2026-02-01..2026-02-20 IE"), "2026-02-20")
    assert [f.params["state"] for f in ireland.findings] == ["IE"]


def test_the_picture_shows_merged_and_clipped_days() -> None:
    listed = stays("2022-12-30..2023-01-02 HR", "2023-01-02..2023-01-05", "2023-02-01..")
    assert counted_days(listed, D("2023-02-03")) == [
        DateRange(D("2023-01-01"), D("2023-01-05")),
        DateRange(D("2023-02-01"), D("2023-02-03")),
    ]


# --- plan, re-entry, trip ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "day", "expected"),
    [
        pytest.param(
            (*KOM1, "2014-03-06..2014-05-21"),
            "2014-08-01",
            {"entry_allowed": True, "max_stay_days": 13, "last_day": D("2014-08-13")},
            id="ST-05 S11 KOM 1.4",
        ),
        pytest.param(
            (KOM2, "2013-12-15..2014-02-25"),
            "2014-02-26",
            {"max_stay_days": 17, "last_day": D("2014-03-14")},
            id="ST-05 S13 KOM 2.2",
        ),
        pytest.param(
            SWISS5,
            "2014-08-30",
            {"max_stay_days": 50, "last_day": D("2014-10-18")},
            id="ST-07 S26 an overstay does not block planning",
        ),
        pytest.param(
            ("2025-12-20..2026-01-18",),
            "2026-06-10",
            {"days_used": 30, "balance": 60, "max_stay_days": 90, "last_day": D("2026-09-07")},
            id="ST-05 S35 30 used, 90 possible",
        ),
        pytest.param(
            ("2026-01-01..2026-03-31",),
            "2026-06-29",
            {
                "entry_allowed": False,
                "max_stay_days": 0,
                "last_day": None,
                "earliest_entry": D("2026-06-30"),
            },
            id="ST-08 the day before",
        ),
        pytest.param(
            ("2026-01-01..2026-01-30",),
            "2026-01-30",
            {"days_used": 29, "max_stay_days": 61, "last_day": D("2026-03-31")},
            id="entry on the day of the last exit",
        ),
        pytest.param((), "2026-01-01", {"max_stay_days": 90, "days_used": 0}, id="never been"),
    ],
)
def test_plan(listed: tuple[str, ...], day: str, expected: dict[str, Any]) -> None:
    results = ask(check_plan, stays(*listed), day).results
    assert {key: results[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("listed", "day", "wanted", "expected"),
    [
        pytest.param(
            ("2026-01-01..2026-03-31",),
            "2026-04-01",
            None,
            ("2026-06-30", 90, None),
            id="ST-08 S32 90 in, 90 out",
        ),
        pytest.param(
            SWISS5, "2014-06-10", 90, ("2014-08-29", 50, "2014-09-08"), id="ST-08 S27 a jump"
        ),
        pytest.param(
            SWISS5, "2014-06-10", 50, ("2014-08-29", 50, "2014-08-29"), id="ST-08 50 at once"
        ),
        pytest.param(
            SWISS5, "2014-06-10", 51, ("2014-08-29", 50, "2014-09-08"), id="ST-08 51 after it"
        ),
        pytest.param((), "2026-04-01", 90, ("2026-04-01", 90, "2026-04-01"), id="ST-08 free"),
    ],
)
def test_reentry(
    listed: tuple[str, ...], day: str, wanted: int | None, expected: tuple[str, int, str | None]
) -> None:
    results = ask(check_reentry, stays(*listed), day, wanted_days=wanted).results
    earliest, room, for_wanted = expected
    assert results["earliest_entry"] == D(earliest)
    assert results["max_stay_days"] == room
    assert results["earliest_for_wanted"] == (for_wanted and D(for_wanted))


def test_more_than_the_law_gives_is_never_found_and_less_than_a_day_is_no_wish() -> None:
    long = ask(check_reentry, (), "2026-04-01", wanted_days=91)
    assert (long.outcome, long.codes()) == ("found", ["WANTED_DAYS_OVER_LIMIT"])
    assert long.results["earliest_for_wanted"] is None
    none = ask(check_reentry, (), "2026-04-01", wanted_days=0)
    assert none.results["error"] == "WANTED_DAYS_BELOW_ONE"


BOOKED = ("2026-05-21..2026-07-19", "2026-09-20..2026-10-04")


@pytest.mark.parametrize(
    ("until", "violation", "peak"),
    [
        pytest.param("2026-08-15", None, 90, id="ST-09 S47 fits"),
        pytest.param("2026-08-16", "2026-10-04", 91, id="ST-09 S48 breaks the later booking"),
        pytest.param("2026-08-31", "2026-08-31", 106, id="ST-09 S37 breaks in the trip"),
    ],
)
def test_trip(until: str, violation: str | None, peak: int) -> None:
    verdict = ask(check_trip, stays(*BOOKED), "2026-08-01", until=D(until))
    assert verdict.results["first_violation"] == (violation and D(violation))
    assert verdict.results["compliant"] is (violation is None)
    assert verdict.results["peak_used"] == peak
    blamed = [finding.params["in_trip"] for finding in verdict.findings]
    assert blamed == ([] if violation is None else [D(violation) <= D(until)])


def test_an_old_overstay_does_not_spoil_a_trip() -> None:
    verdict = ask(check_trip, stays(*SWISS5), "2014-09-08", until=D("2014-12-06"))
    assert verdict.outcome == "compliant"


@pytest.mark.parametrize(
    ("listed", "until", "code"),
    [
        pytest.param((), None, "TRIP_END_MISSING", id="no end"),
        pytest.param((), "2026-07-31", "EXIT_BEFORE_ENTRY", id="ends before it starts"),
        pytest.param(("2026-07-01..",), "2026-08-05", "OPEN_STAY_NOT_LAST", id="not left yet"),
    ],
)
def test_a_trip_must_be_sound(listed: tuple[str, ...], until: str | None, code: str) -> None:
    verdict = ask(check_trip, stays(*listed), "2026-08-01", until=until and D(until))
    assert (verdict.outcome, verdict.results["error"]) == ("invalid_input", code)


# --- the visa's own limits --------------------------------------------------------------------


def limit(entry: str, *listed: str, **changes: Any) -> Verdict:
    known: dict[str, Any] = {
        "visa_from": D("2026-01-01"),
        "visa_until": D("2026-02-15"),
        "days_left_on_sticker": 30,
    }
    return visa_limit_verdict(
        VisaLimitFacts(stays=stays(*listed), entry=D(entry), **(known | changes))
    )


LONG = {"visa_until": D("2026-12-31"), "days_left_on_sticker": 90}


@pytest.mark.parametrize(
    ("verdict", "until", "binding"),
    [
        pytest.param(limit("2026-01-20"), "2026-02-15", "visa_end", id="ST-11 L01"),
        pytest.param(limit("2026-01-05"), "2026-02-03", "visa_days", id="ST-11 L02"),
        pytest.param(
            limit("2026-01-05", "2025-10-01..2025-12-19", **LONG),
            "2026-01-14",
            "90_180",
            id="ST-11 L03",
        ),
        pytest.param(limit("2026-02-16"), None, "entry_not_possible", id="ST-11 L04 after"),
        pytest.param(limit("2026-02-15"), "2026-02-15", "visa_end", id="ST-11 last day"),
        pytest.param(limit("2025-12-31"), None, "entry_not_possible", id="ST-11 before"),
        pytest.param(
            limit("2026-01-05", days_left_on_sticker=0), None, "entry_not_possible", id="no days"
        ),
        pytest.param(
            limit("2026-01-05", "2025-09-21..2025-12-20", **LONG),
            None,
            "entry_not_possible",
            id="ST-11 over 90 already",
        ),
        pytest.param(limit("2026-01-05", **LONG), "2026-04-04", "90_180", id="ST-11 equal days"),
        pytest.param(
            limit("2026-01-05", visa_until=D("2026-12-31"), days_left_on_sticker=10**9),
            "2026-04-04",
            "90_180",
            id="ST-11 an absurd sticker",
        ),
        pytest.param(
            limit("2026-01-05", visa_until=None, days_left_on_sticker=None, visa_from=None),
            "2026-04-04",
            "90_180",
            id="ST-11 limits unknown",
        ),
    ],
)
def test_the_earliest_limit_binds(verdict: Verdict, until: str | None, binding: str) -> None:
    assert verdict.results["may_stay_until"] == (until and D(until))
    assert verdict.results["binding"] == binding


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days_left_on_sticker": -1}, "DAYS_ON_STICKER_BELOW_ZERO"),
        ({"visa_until": D("2025-12-31")}, "VISA_ENDS_BEFORE_IT_STARTS"),
        ({"visa_until": D("9999-12-31")}, "DATE_OUT_OF_RANGE"),
    ],
)
def test_a_visa_must_be_sound(changes: dict[str, Any], code: str) -> None:
    verdict = limit("2026-01-05", **changes)
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", [code])


# --- against a count on day sets --------------------------------------------------------------

START = D("2015-01-01")
CALENDAR = 1500  # days from START that the naive count looks at
patiently = settings(deadline=None, max_examples=80)


class DaySets:
    """The rule as written in ST-01, one mark per day, sharing nothing with the program."""

    def __init__(self, listed: Iterable[Stay] = ()) -> None:
        self.marks = [0] * CALENDAR
        for stay in listed:
            first, last = (stay.entry - START).days, (stay.exit - START).days
            for day in range(first, last + 1):
                self.marks[day] = 1

    def used(self, day: date) -> int:
        number = (day - START).days
        return sum(self.marks[max(0, number - 179) : number + 1])

    def days(self, since: date) -> list[date]:
        numbers = range((since - START).days, CALENDAR)
        return [START + timedelta(days=n) for n in numbers if self.marks[n]]

    def unlawful(self, since: date, until: date) -> list[date]:
        return [day for day in self.days(since) if day <= until and self.used(day) > 90]

    def last_lawful(self, entry: date) -> date | None:
        """Stay from `entry` on, day by day, until a day is unlawful."""
        other = DaySets()
        number = (entry - START).days
        other.marks[:number] = self.marks[:number]
        day, last = entry, None
        while True:
            other.marks[(day - START).days] = 1
            if other.used(day) > 90:
                return last
            last, day = day, day + timedelta(days=1)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Stay, ...]:
    found = []
    for _ in range(draw(st.integers(0, 7))):
        entry = START + timedelta(days=draw(st.integers(0, 500)))
        found.append(Stay(entry, entry + timedelta(days=draw(st.integers(0, 120)))))
    return tuple(found)


later = st.integers(0, 650).map(lambda n: START + timedelta(days=n))


@patiently
@given(journeys(), later)
def test_control_agrees_with_day_sets(listed: tuple[Stay, ...], day: date) -> None:
    sets = DaySets(listed)
    results = control(listed, day.isoformat())
    unlawful = sets.unlawful(START, day)
    assert results["days_used"] == sets.used(day)
    assert results["overstay_days"] == len(unlawful)
    assert results["first_overstay_day"] == (unlawful[0] if unlawful else None)
    present = day in sets.days(day) and sets.used(day) <= 90
    assert results["may_stay_until"] == (sets.last_lawful(day) if present else None)


@patiently
@given(journeys(), later)
def test_plan_agrees_with_day_sets(listed: tuple[Stay, ...], day: date) -> None:
    results = ask(check_plan, listed, day.isoformat()).results
    assert results["last_day"] == DaySets(listed).last_lawful(day)


@patiently
@given(journeys(), later, st.integers(1, 90))
def test_reentry_agrees_with_day_sets(listed: tuple[Stay, ...], day: date, wanted: int) -> None:
    sets = DaySets(listed)
    results = ask(check_reentry, listed, day.isoformat(), wanted_days=wanted).results

    def first(length: int) -> date:
        entry = day
        while True:
            last = sets.last_lawful(entry)
            if last is not None and (last - entry).days + 1 >= length:
                return entry
            entry += timedelta(days=1)

    assert results["earliest_entry"] == first(1)
    assert results["earliest_for_wanted"] == first(wanted)


@patiently
@given(journeys(), later, st.integers(0, 100))
def test_trip_agrees_with_day_sets(listed: tuple[Stay, ...], day: date, length: int) -> None:
    until = day + timedelta(days=length)
    sets = DaySets((*listed, Stay(day, until)))
    results = ask(check_trip, listed, day.isoformat(), until=until).results
    unlawful = sets.unlawful(day, D("2030-01-01"))
    assert results["first_violation"] == (unlawful[0] if unlawful else None)
    assert results["peak_used"] == max(sets.used(d) for d in sets.days(day))


@patiently
@given(journeys(), later, st.integers(1, 30))
def test_a_later_entry_never_gives_less_once_outside(
    listed: tuple[Stay, ...], day: date, wait: int
) -> None:
    assume(all(stay.exit < day for stay in listed))
    now = ask(check_plan, listed, day.isoformat()).results["max_stay_days"]
    then = (day + timedelta(days=wait)).isoformat()
    assert ask(check_plan, listed, then).results["max_stay_days"] >= now


@patiently
@given(journeys(), later)
def test_the_order_of_the_stays_does_not_matter(listed: tuple[Stay, ...], day: date) -> None:
    assert control(listed, day.isoformat()) == control(listed[::-1], day.isoformat())
