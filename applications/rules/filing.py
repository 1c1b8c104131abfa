"""When to hand in a file, and when an answer may be expected: AP-02 to AP-06.

The reference date is the filing date, which is the day the file is accepted at the counter and
not the day a form is sent (AP-05).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.dates import add_months
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .facts import VisaClass
from .law import LAW


class WindowStatus(StrEnum):
    """Where a filing date lies before a journey (AP-02)."""

    TOO_EARLY = "too_early"
    ON_TIME = "on_time"
    LATE = "late_needs_urgency"
    AFTER_TRAVEL = "after_travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """The first day of the journey and the day on which the file would be handed in."""

    travel_start: date
    filing_date: date
    seafarer: bool = False
    urgency_justified: bool = False


def window_verdict(facts: WindowFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Place a filing date by the law that holds on it."""
    return check_filing_window(facts, LAW.on(facts.filing_date, ruleset))


def check_filing_window(facts: WindowFacts, law: Law) -> Verdict:
    """File at most six months (seafarers nine) and at least 15 days before the journey.

    Outcomes: too_early, on_time, late_needs_urgency, after_travel, invalid_input.  Results:
    ``earliest``, ``latest_normal`` (None where no such day was law), ``status``.  The seed only
    says “well in advance”, so both rulesets answer with the dated days.

    Rule: AP-02
    Source: Visa Code art. 9(1)
    Boundaries: journey on 31 Aug: 28 Feb is on time, 27 Feb too early; 15 days before: on
    time; 14 days before: late, not refused; the day after the journey began: after_travel.
    """
    outside = implausible_dates(facts)
    months = _earliest_row(facts, law)
    if outside:
        return _invalid(months, law, outside)
    days = law.stated("AP-02", "latest_before_travel")
    earliest = add_months(facts.travel_start, -months.value)
    latest = facts.travel_start - timedelta(days=days.value) if days else None
    status = _window_status(facts, earliest, latest)
    findings = _window_findings(facts, status, months, days, earliest, latest)
    return Verdict(
        outcome=status.value,
        findings=findings,
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={"earliest": earliest, "latest_normal": latest, "status": status},
        used=law.used,
    )


def _earliest_row(facts: WindowFacts, law: Law) -> ParameterRow:
    seafarer = facts.seafarer and law.stated("AP-02", "earliest_before_travel", "seafarer")
    row = seafarer or law.stated("AP-02", "earliest_before_travel")
    if row is None:
        raise LookupError("AP-02 earliest_before_travel has a gap in its dates")
    return row


def _window_status(facts: WindowFacts, earliest: date, latest: date | None) -> WindowStatus:
    if facts.filing_date > facts.travel_start:
        return WindowStatus.AFTER_TRAVEL
    if facts.filing_date < earliest:
        return WindowStatus.TOO_EARLY
    if latest is not None and facts.filing_date > latest:
        return WindowStatus.LATE
    return WindowStatus.ON_TIME


def _window_findings(
    facts: WindowFacts,
    status: WindowStatus,
    months: ParameterRow,
    days: ParameterRow | None,
    earliest: date,
    latest: date | None,
) -> tuple[Finding, ...]:
    dates = {"filing": facts.filing_date, "travel": facts.travel_start}
    if status is WindowStatus.TOO_EARLY:
        return (
            Finding.by(
                months,
                "FILED_TOO_EARLY",
                Severity.BLOCKING,
                earliest=earliest,
                months=months.value,
                **dates,
            ),
        )
    if status is WindowStatus.AFTER_TRAVEL:
        return (Finding.by(months, "FILED_AFTER_TRAVEL", Severity.BLOCKING, **dates),)
    if status is WindowStatus.LATE and days is not None:
        severity = Severity.REVIEW if facts.urgency_justified else Severity.WARNING
        return (
            Finding.by(
                days,
                "FILED_LATE_NEEDS_URGENCY",
                severity,
                latest=latest,
                days=days.value,
                **dates,
            ),
        )
    return ()


# --- the decision -----------------------------------------------------------------------------


class ClockStatus(StrEnum):
    """Where a file stands on a given day (AP-06); nothing here promises an outcome."""

    IN_TIME = "in_time"
    EXTENDED_OR_LATE = "extended_or_late"
    MAXIMUM_PASSED = "legal_maximum_passed"
    USUAL = "usual"
    LONGER_THAN_USUAL = "longer_than_usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """A file, the day it was accepted (None: not accepted), and perhaps the day of the question."""

    visa_class: VisaClass
    accepted_on: date | None
    today: date | None = None
    urgency_justified: bool = False
    stopped_days: int = 0  # days on which the clock stood still; see `clock_stops_for_papers`


def decision_verdict(
    facts: DecisionFacts, ruleset: Ruleset = Ruleset.SEED, *, reference: date | None = None
) -> Verdict:
    """Tell when an answer may be expected by the law of the day on which the file was accepted.

    Without such a day, `reference` or the day of the question names the law.
    """
    day = facts.accepted_on or reference or facts.today
    if day is None:
        raise ValueError("a file without a day of acceptance needs a reference date")
    return check_decision(facts, LAW.on(day, ruleset))


def check_decision(facts: DecisionFacts, law: Law) -> Verdict:
    """A short stay is decided in 15 days, 45 at most; a long stay usually takes 3 to 6 months.

    Outcomes: short_stay, long_stay, no_clock (the file was not accepted), invalid_input.
    Results: ``target`` and ``extended_max``, or ``indicative_from`` and ``indicative_to``; and
    ``status`` where the day of the question is known.

    Rule: AP-03, AP-04, AP-05, AP-06
    Source: 001; Visa Code art. 23
    Boundaries: accepted 25 Dec: answer by 9 Jan, for weekends run on; 45 counts from filing
    and not on top of 15; day 15 is in time, day 16 extended or late, day 46 past the legal
    maximum; accepted 30 Nov for a long stay: 28 Feb to 30 May; online on 1 Nov and handed in
    on 27 Nov: the clock starts on 27 Nov; not accepted: no clock.
    """
    start = law.need("AP-05", "clock_starts")
    if facts.accepted_on is None:
        finding = Finding.by(start, "NO_CLOCK_BEFORE_ACCEPTANCE", Severity.ADVICE)
        return _decision("no_clock", [finding], {"status": None}, law)
    outside = implausible_dates(facts)
    if outside:
        return _invalid(start, law, outside)
    if facts.today is not None and facts.today < facts.accepted_on:
        return _invalid(start, law, ["today", "accepted_on"], "TODAY_BEFORE_ACCEPTANCE")
    if facts.visa_class.is_short:
        return _short_decision(facts, facts.accepted_on, law)
    return _long_decision(facts, facts.accepted_on, law)


def clock_stops_for_papers(asked_on: date, ruleset: Ruleset = Ruleset.SEED) -> bool:
    """Tell whether the clock stands still while papers are asked for that were asked on that day.

    Rule: AP-05
    Source: 001; Visa Code art. 23
    Boundaries: no source names a stop, so it runs on; a request keeps what held when it was made.
    """
    return bool(LAW.on(asked_on, ruleset).value("AP-05", "stops_for_papers"))


def _short_decision(facts: DecisionFacts, accepted: date, law: Law) -> Verdict:
    within, at_most = law.need("AP-03", "decision_within"), law.need("AP-03", "decision_at_most")
    target = accepted + timedelta(days=within.value + facts.stopped_days)
    maximum = accepted + timedelta(days=at_most.value + facts.stopped_days)
    status = _short_status(facts.today, target, maximum)
    findings = [
        Finding.by(within, "DECISION_WITHIN", Severity.ADVICE, target=target, days=within.value),
        Finding.by(at_most, "DECISION_AT_MOST", Severity.ADVICE, until=maximum, days=at_most.value),
    ]
    if status is ClockStatus.EXTENDED_OR_LATE:
        findings.append(Finding.by(at_most, "EXTENDED_OR_LATE", Severity.ADVICE, until=maximum))
    if status is ClockStatus.MAXIMUM_PASSED:
        findings.append(Finding.by(at_most, "LEGAL_MAXIMUM_PASSED", Severity.WARNING, on=maximum))
    urgent = law.row("AP-03", "urgent_without_delay")
    if urgent is not None and facts.urgency_justified:
        findings.append(Finding.by(urgent, "DECISION_WITHOUT_DELAY", Severity.ADVICE))
    results = {"target": target, "extended_max": maximum, "status": status}
    return _decision("short_stay", findings, results, law)


def _short_status(today: date | None, target: date, maximum: date) -> ClockStatus | None:
    if today is None:
        return None
    if today <= target:
        return ClockStatus.IN_TIME
    return ClockStatus.EXTENDED_OR_LATE if today <= maximum else ClockStatus.MAXIMUM_PASSED


def _long_decision(facts: DecisionFacts, accepted: date, law: Law) -> Verdict:
    first, last = law.need("AP-04", "usually_from"), law.need("AP-04", "usually_until")
    results: dict[str, Any] = {
        "indicative_from": add_months(accepted, first.value),
        "indicative_to": add_months(accepted, last.value),
        "status": None,
    }
    findings = [
        Finding.by(
            first,
            "DECISION_USUALLY_BETWEEN",
            Severity.ADVICE,
            first=results["indicative_from"],
            last=results["indicative_to"],
            from_months=first.value,
            to_months=last.value,
        )
    ]
    if facts.today is not None:
        late = facts.today > results["indicative_to"]
        results["status"] = ClockStatus.LONGER_THAN_USUAL if late else ClockStatus.USUAL
        if late:
            findings.append(Finding.by(last, "LONGER_THAN_USUAL", Severity.ADVICE))
    return _decision("long_stay", findings, results, law)


def _decision(outcome: str, findings: list[Finding], results: dict[str, Any], law: Law) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=law.used,
    )


def _invalid(
    row: ParameterRow, law: Law, fields: list[str], code: str = "DATE_OUT_OF_RANGE"
) -> Verdict:
    finding = Finding.by(row, code, Severity.BLOCKING, fields=tuple(fields))
    return Verdict("invalid_input", (finding,), law.reference_date, law.ruleset, used=law.used)
