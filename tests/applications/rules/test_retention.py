"""Retention: DP-03 and DP-04."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.law import LAW
from applications.rules.retention import (
    Kept,
    StartEvent,
    VisRetentionFacts,
    is_due_for_purge,
    kept_since,
    last_day_kept,
    vis_retention_verdict,
)

D = date.fromisoformat
LAW_TODAY = LAW.on(D("2026-01-01"))


@pytest.mark.parametrize(
    ("event", "start", "until"),
    [
        pytest.param("visa_expiry", "2026-03-31", "2031-03-31", id="DP-03 R01"),
        pytest.param("refusal_decision", "2024-02-29", "2029-02-28", id="DP-03 R02"),
        pytest.param("withdrawn", "2025-11-01", "2030-11-01", id="DP-03 from the file's creation"),
    ],
)
def test_the_visa_information_system_keeps_five_years(event: str, start: str, until: str) -> None:
    verdict = vis_retention_verdict(
        VisRetentionFacts(start_event=StartEvent(event), start=D(start))
    )
    assert verdict.results["delete_on_or_before"] == D(until)


def test_a_withdrawn_file_counts_from_its_creation() -> None:
    assert StartEvent("withdrawn") is StartEvent("closed") is StartEvent.FILE_CREATION
    with pytest.raises(ValueError, match="lost"):
        StartEvent("lost")


def test_a_start_outside_the_calendar_is_named() -> None:
    facts = VisRetentionFacts(start_event=StartEvent.REFUSAL, start=D("9999-12-31"))
    verdict = vis_retention_verdict(facts)
    assert (verdict.outcome, verdict.codes()) == ("invalid_input", ["DATE_OUT_OF_RANGE"])


@pytest.mark.parametrize(
    ("kind", "since", "today", "due"),
    [
        pytest.param(Kept.IDLE_DRAFT, "2026-01-01", "2026-01-31", False, id="DP-04 draft, day 30"),
        pytest.param(Kept.IDLE_DRAFT, "2026-01-01", "2026-02-01", True, id="DP-04 draft, day 31"),
        pytest.param(Kept.APPOINTMENT, "2026-01-01", "2026-04-01", False, id="DP-04 day 90"),
        pytest.param(Kept.APPOINTMENT, "2026-01-01", "2026-04-02", True, id="DP-04 day 91"),
        pytest.param(Kept.CLOSED_COMPLAINT, "2025-05-05", "2026-05-05", False, id="DP-04 one year"),
        pytest.param(Kept.CLOSED_COMPLAINT, "2025-05-05", "2026-05-06", True, id="DP-04 and a day"),
        pytest.param(Kept.CLOSED_COMPLAINT, "2024-02-29", "2025-02-28", False, id="DP-04 29 Feb"),
        pytest.param(Kept.CLOSED_COMPLAINT, "2024-02-29", "2025-03-01", True, id="DP-04 1 Mar"),
        pytest.param(Kept.ABUSE_HASH, "2026-01-01", "2026-01-31", False, id="DP-04 hash, day 30"),
        pytest.param(Kept.ABUSE_HASH, "2026-01-01", "2026-02-01", True, id="DP-04 hash, day 31"),
    ],
)
def test_the_portal_keeps_less(kind: Kept, since: str, today: str, due: bool) -> None:
    assert is_due_for_purge(kind, D(since), D(today), LAW_TODAY) is due
    assert (last_day_kept(kind, D(since), LAW_TODAY) < D(today)) is due


@given(
    st.sampled_from(Kept),
    st.dates(D("2023-01-01"), D("2029-01-01")),
    st.integers(0, 800),
)
def test_one_day_parts_what_is_kept_from_what_is_purged(kind: Kept, today: date, ago: int) -> None:
    since = date.fromordinal(today.toordinal() - ago)
    purged = is_due_for_purge(kind, since, today, LAW_TODAY)
    assert (since < kept_since(kind, today, LAW_TODAY)) is purged
