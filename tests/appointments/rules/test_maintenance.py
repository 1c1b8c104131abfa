"""Maintenance windows of the form portal: RD-04, RD-05, RD-06."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from appointments.rules.law import LAW
from appointments.rules.maintenance import (
    Action,
    Effect,
    Window,
    effect_on_appointment,
    is_suspended,
    maintenance_verdict,
    published_windows,
    weekly,
    window_at,
)

LAW_2025 = LAW.on(date(2025, 12, 1))
WINDOWS = published_windows(LAW_2025)
M = datetime.fromisoformat


@pytest.mark.parametrize(
    ("instant", "window"),
    [
        pytest.param("2025-12-03T15:29:59+01:00", None, id="RD-04 M01"),
        pytest.param("2025-12-03T15:30:00+01:00", 1, id="RD-04 M02 the start belongs to it"),
        pytest.param("2025-12-03T19:29:59+01:00", 1, id="RD-04 M03"),
        pytest.param("2025-12-03T19:30:00+01:00", None, id="RD-04 M04 the end does not"),
        pytest.param("2025-12-03T14:30:00+00:00", 1, id="RD-04 M05 given in UTC"),
        pytest.param("2025-12-09T05:59:59+01:00", None, id="RD-04 M06"),
        pytest.param("2025-12-09T06:00:00+01:00", 2, id="RD-04 M07"),
        pytest.param("2025-12-09T08:59:59+01:00", 2, id="RD-04 M08"),
        pytest.param("2025-12-09T09:00:00+01:00", None, id="RD-04 M09"),
        pytest.param("2025-12-04T16:00:00+01:00", None, id="RD-04 M10 another day"),
    ],
)
def test_a_window_is_half_open(instant: str, window: int | None) -> None:
    verdict = maintenance_verdict(M(instant))
    assert verdict.results["window"] == window
    assert verdict.results["suspended"] is (window is not None)
    assert bool(verdict.findings) is (window is not None)


def test_the_german_form_portal_was_not_down() -> None:
    assert published_windows(LAW_2025, "DE") == ()


@pytest.mark.parametrize(
    ("action", "instant", "suspended"),
    [
        pytest.param(
            Action.SUBMIT_FORM, "2025-12-03T15:29:59+01:00", False, id="RD-05 just before"
        ),
        pytest.param(
            Action.SUBMIT_FORM, "2025-12-03T15:30:00+01:00", True, id="RD-05 from then on"
        ),
        pytest.param(Action.CREATE_FORM, "2025-12-03T16:00:00+01:00", True, id="RD-05 new form"),
        pytest.param(Action.PREPARE_FILE, "2025-12-03T16:00:00+01:00", True, id="RD-05 preparing"),
        pytest.param(Action.CHECK_FILE, "2025-12-03T16:00:00+01:00", True, id="RD-05 checking"),
        pytest.param(Action.USE_CALCULATOR, "2025-12-03T16:00:00+01:00", False, id="RD-05 tools"),
        pytest.param(Action.READ_HELP, "2025-12-03T16:00:00+01:00", False, id="RD-05 help"),
        pytest.param(Action.SEE_APPOINTMENT, "2025-12-03T16:00:00+01:00", False, id="RD-05 view"),
        pytest.param(Action.COMPLAIN, "2025-12-03T16:00:00+01:00", False, id="RD-05 complaints"),
    ],
)
def test_writes_wait_and_reading_goes_on(action: Action, instant: str, suspended: bool) -> None:
    assert is_suspended(action, M(instant), WINDOWS, LAW_2025) is suspended


@pytest.mark.parametrize(
    ("start", "minutes", "effect"),
    [
        pytest.param("2025-12-03T15:15+01:00", 30, Effect.OVERLAPS, id="RD-06 15:15 runs into it"),
        pytest.param("2025-12-03T15:15+01:00", 15, Effect.NONE, id="RD-06 ends as it starts"),
        pytest.param("2025-12-03T15:30+01:00", 30, Effect.AFFECTED, id="RD-06 15:30"),
        pytest.param("2025-12-03T19:15+01:00", 30, Effect.AFFECTED, id="RD-06 19:15"),
        pytest.param("2025-12-03T19:30+01:00", 30, Effect.NONE, id="RD-06 19:30"),
        pytest.param("2025-12-09T09:00+01:00", 30, Effect.NONE, id="RD-06 9 Dec 09:00"),
        pytest.param("2025-12-09T05:00+01:00", 600, Effect.OVERLAPS, id="RD-06 around it"),
    ],
)
def test_appointments_inside_are_moved(start: str, minutes: int, effect: Effect) -> None:
    begin = M(start)
    assert effect_on_appointment(begin, begin + timedelta(minutes=minutes), WINDOWS) is effect


def test_moments_need_a_zone() -> None:
    naive = datetime(2025, 12, 3, 16, 0)
    with pytest.raises(ValueError, match="zone"):
        window_at(naive, WINDOWS)
    with pytest.raises(ValueError, match="aware"):
        Window(naive, naive + timedelta(hours=1))


def test_a_window_ends_after_it_starts() -> None:
    start = M("2025-12-03T15:30+01:00")
    with pytest.raises(ValueError, match="ends before"):
        Window(start, start)


def test_a_weekly_window_keeps_its_hours_over_the_change_of_year() -> None:
    start, end = M("2025-12-30T23:30:00+01:00"), M("2025-12-31T02:30:00+01:00")
    found = weekly(start, end, date(2026, 1, 13))
    assert [one for one, _end in found] == [
        M("2025-12-30T23:30:00+01:00"),
        M("2026-01-06T23:30:00+01:00"),
        M("2026-01-13T23:30:00+01:00"),
    ]
    assert {last - first for first, last in found} == {timedelta(hours=3)}
