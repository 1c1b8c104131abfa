"""How many days are left: 90 days in any 180, ST-01 to ST-13.

The reference date is the day asked about: the control day, the entry, or the first day of the
trip.  Nothing is stored (ST-13): facts go in, a verdict comes out.  Sources: 001; Schengen
Borders Code art. 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.dates import DateRange
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset
from portal.rules.plausible import EARLIEST, LATEST, implausible_dates

from .law import LAW
from .memberships import CODES, Memberships, schengen_periods
from .presence import Presence, Span, share_days


class Basis(StrEnum):
    """On what a stay rests; only short stays are counted (ST-12)."""

    SHORT_STAY = "short_stay"
    LONG_STAY_VISA = "long_stay_visa"
    RESIDENCE_PERMIT = "residence_permit"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay, past or booked; `exit` None means not left yet.  `state` may stay unknown."""

    entry: date
    exit: date | None
    basis: Basis = Basis.SHORT_STAY
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortStayFacts:
    """The stays and the day asked about.

    `day` is the control day, the entry, or the first day of the trip; `until` the last day of
    a trip; `wanted_days` how long somebody wants to stay on return.
    """

    stays: tuple[Stay, ...]
    day: date
    until: date | None = None
    wanted_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisaLimitFacts:
    """An entry on a visa: its first and last day, and the days its sticker still gives."""

    stays: tuple[Stay, ...]
    entry: date
    visa_from: date | None = None
    visa_until: date | None = None
    days_left_on_sticker: int | None = None


def short_stay_verdict(
    check: Callable[[ShortStayFacts, Law], Verdict],
    facts: ShortStayFacts,
    ruleset: Ruleset = Ruleset.SEED,
) -> Verdict:
    """Put one of the four questions by the law that holds on the day asked about."""
    return check(facts, LAW.on(facts.day, ruleset))


def visa_limit_verdict(facts: VisaLimitFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Tell the last day on a visa by the law that holds on the day of entry."""
    return check_visa_limit(facts, LAW.on(facts.entry, ruleset))


# --- the four questions -----------------------------------------------------------------------


def check_control(facts: ShortStayFacts, law: Law) -> Verdict:
    """Count the days in the 180 that end with the control day; at most 90 are lawful.

    Outcomes: lawful, over_limit, unsupported, invalid_input.  Results: ``window_start``,
    ``days_used``, ``balance`` (90 minus used, may be negative), ``remaining`` (never negative),
    ``within_limit``, ``excess`` on the day, ``overstay_days`` and ``first_overstay_day`` (days
    judged one by one, old ones stay visible), ``may_stay_until`` (None for somebody outside,
    or already over).

    Rule: ST-01, ST-03, ST-05, ST-06, ST-07
    Source: 001; Schengen Borders Code art. 6(1)-(2)
    Boundaries: on 18 Oct 2013 the window is 22 Apr to 18 Oct; 89 earlier days and the day of
    entry are lawful, 90 earlier days are not; exactly 90 is lawful and today is the last day;
    a stay of 100 days is counted in full: 10 over.
    """
    judged = _judge(facts.stays, facts.day, law)
    if isinstance(judged, Verdict):
        return judged
    results = _control_results(judged, facts.day)
    findings = [*judged.findings, *_overstay_findings(judged, results)]
    outcome = "lawful" if results["within_limit"] else "over_limit"
    return _verdict(outcome, findings, results, law, judged.rows)


def check_plan(facts: ShortStayFacts, law: Law) -> Verdict:
    """Say how long one may stay without a break when entering on a day.

    Outcomes: possible, not_possible, unsupported, invalid_input.  Results: ``window_start``,
    ``days_used`` before the entry, ``balance``, ``remaining``, ``entry_allowed``,
    ``max_stay_days``, ``last_day``, ``earliest_entry``.

    Rule: ST-05
    Source: 001; Schengen Borders Code art. 6(1)
    Boundaries: 30 days used and 90 possible, for they roll off; balance 24 but 41 more days;
    an old overstay does not block planning.
    """
    judged = _judge(facts.stays, facts.day, law)
    if isinstance(judged, Verdict):
        return judged
    results = _plan_results(judged, facts.day)
    findings = list(judged.findings)
    if not results["entry_allowed"]:
        findings.append(
            Finding.by(
                judged.max_days,
                "ENTRY_NOT_POSSIBLE_YET",
                Severity.BLOCKING,
                entry=facts.day,
                earliest_entry=results["earliest_entry"],
                days_used=results["days_used"],
                limit=judged.limit,
            )
        )
    outcome = "possible" if results["entry_allowed"] else "not_possible"
    return _verdict(outcome, findings, results, law, judged.rows)


def check_reentry(facts: ShortStayFacts, law: Law) -> Verdict:
    """Find the first day on which one may come back, and the first for the wanted length.

    Outcomes: found, unsupported, invalid_input.  Results: ``earliest_entry``,
    ``max_stay_days`` from that day, ``earliest_for_wanted`` (None if nothing was wanted, or
    more than the law gives).

    Rule: ST-08
    Source: 001; Schengen Borders Code art. 6(1)
    Boundaries: 90 days in, 90 days out: left on 31 Mar, back on 30 Jun; 50 days possible from
    29 Aug, 90 from 8 Sep: two different questions.
    """
    judged = _judge(facts.stays, facts.day, law)
    if isinstance(judged, Verdict):
        return judged
    wanted = facts.wanted_days
    if wanted is not None and wanted < 1:
        return _invalid(law, "WANTED_DAYS_BELOW_ONE", fields=("wanted_days",))
    earliest = judged.earliest(facts.day, 1)
    too_long = wanted is not None and wanted > judged.limit
    results = {
        "supported": True,
        "earliest_entry": earliest,
        "max_stay_days": judged.room(earliest),
        "earliest_for_wanted": (
            None if wanted is None or too_long else judged.earliest(facts.day, wanted)
        ),
    }
    findings = list(judged.findings)
    if too_long:
        findings.append(
            Finding.by(
                judged.max_days,
                "WANTED_DAYS_OVER_LIMIT",
                Severity.WARNING,
                wanted=wanted,
                limit=judged.limit,
            )
        )
    return _verdict("found", findings, results, law, judged.rows)


def check_trip(facts: ShortStayFacts, law: Law) -> Verdict:
    """Test every day of a proposed trip, and every day of the stays booked after it.

    Outcomes: compliant, violation, unsupported, invalid_input.  Results: ``compliant``,
    ``first_violation``, ``peak_used``.

    Rule: ST-09
    Source: 001; Schengen Borders Code art. 6(1)
    Boundaries: 15 days between two bookings, 90 in all: compliant, peak 90; one day more: the
    violation appears in the later booking, not in the trip.
    """
    problem = _trip_problem(facts)
    if problem is not None:
        return _invalid(law, problem[0], **problem[1])
    trip = Stay(facts.day, facts.until)
    judged = _judge((*facts.stays, trip), facts.day, law)
    if isinstance(judged, Verdict):
        return judged
    results = _trip_results(judged, facts.day)
    findings = list(judged.findings)
    if not results["compliant"]:
        findings.append(
            Finding.by(
                law.need("ST-09", "later_stays"),
                "TRIP_OVER_LIMIT",
                Severity.BLOCKING,
                first_violation=results["first_violation"],
                in_trip=results["first_violation"] <= facts.until,
                peak_used=results["peak_used"],
                limit=judged.limit,
            )
        )
    outcome = "compliant" if results["compliant"] else "violation"
    return _verdict(outcome, findings, results, law, judged.rows)


def check_visa_limit(facts: VisaLimitFacts, law: Law) -> Verdict:
    """Leave by the earliest of three days: 90/180, the visa's end, the days on its sticker.

    Outcomes: limited, entry_not_possible, unsupported, invalid_input.  Results:
    ``may_stay_until``, ``binding`` (90_180, visa_end, visa_days or entry_not_possible),
    ``limits`` (the last day by each of them).

    Rule: ST-11
    Source: 001 (leave before the visa expires); official calculator, reminder
    Boundaries: the visa's end binds; the days on the sticker bind; 90/180 binds; entry on the
    visa's last day: one day; entry the day after: none.
    """
    problem = _visa_problem(facts)
    if problem is not None:
        return _invalid(law, problem[0], fields=problem[1])
    judged = _judge(facts.stays, facts.entry, law)
    if isinstance(judged, Verdict):
        return judged
    limits = _last_days(facts, judged)
    row = law.need("ST-11", "limits_of_the_visa")
    order = [name for name in row.value if name in limits]
    binding = min(order, key=lambda name: limits[name])
    early = facts.visa_from is not None and facts.entry < facts.visa_from
    possible = not early and limits[binding] >= facts.entry.toordinal()
    results = {
        "supported": True,
        "may_stay_until": date.fromordinal(limits[binding]) if possible else None,
        "binding": binding if possible else "entry_not_possible",
        "limits": {name: date.fromordinal(limits[name]) for name in order},
    }
    why = "visa_from" if early else binding
    finding = (
        Finding.by(row, _BINDING_CODES[binding], Severity.ADVICE, until=results["may_stay_until"])
        if possible
        else Finding.by(row, "ENTRY_NOT_POSSIBLE", Severity.BLOCKING, entry=facts.entry, why=why)
    )
    outcome = "limited" if possible else "entry_not_possible"
    return _verdict(outcome, [*judged.findings, finding], results, law, judged.rows)


_BINDING_CODES = {
    "90_180": "BOUND_BY_90_180",
    "visa_end": "BOUND_BY_VISA_END",
    "visa_days": "BOUND_BY_VISA_DAYS",
}


# --- what is counted --------------------------------------------------------------------------


def counted_spans(stays: Iterable[Stay], through: date) -> Iterator[Span]:
    """Yield the spans of days that count towards the 90, as ordinals.

    Rule: ST-02, ST-10, ST-12
    Source: Schengen Borders Code art. 6(2); accession dates in memberships.toml
    Boundaries: entry and exit days count, a same-day visit is 1; an open stay counts through
    the day asked about; days under a D visa or residence permit do not count; Croatia from
    1 Jan 2023, Bulgaria and Romania from 31 Mar 2024; Ireland, Cyprus and the United Kingdom
    never.
    """
    for first, last, state in _listed(stays, through):
        if state:
            yield from _days_in_area(first, last, state)
        else:
            yield first, last


def _listed(stays: Iterable[Stay], through: date) -> Iterator[tuple[int, int, str]]:
    """Yield the days that a traveller lists, wherever they were spent.

    An open stay that begins after the day asked about has no days yet.
    """
    open_end, counted = through.toordinal(), Basis.SHORT_STAY
    for stay in stays:
        if stay.basis is counted:
            first = stay.entry.toordinal()
            last = open_end if stay.exit is None else stay.exit.toordinal()
            if first <= last:
                yield first, last, stay.state


def _days_in_area(first: int, last: int, state: str) -> Iterator[Span]:
    for period in schengen_periods(state):
        start = max(first, period.first.toordinal())
        end = last if period.last is None else min(last, period.last.toordinal())
        if start <= end:
            yield start, end


def counted_days(stays: Iterable[Stay], through: date) -> list[DateRange]:
    """Return the merged ranges of counted days: what a picture of the window shows."""
    presence = Presence(counted_spans(stays, through))
    return [
        DateRange(date.fromordinal(first), date.fromordinal(last))
        for first, last in presence.spans()
    ]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Sound stays, counted, with the law's two numbers and what was noticed on the way."""

    presence: Presence
    max_days: ParameterRow
    window: int
    findings: tuple[Finding, ...]
    rows: tuple[ParameterRow, ...]  # accession rows of the states named

    @property
    def limit(self) -> int:
        return int(self.max_days.value)

    @property
    def since(self) -> int:
        """The first day that the method judges (ST-04)."""
        return self.max_days.effective.first.toordinal()

    def used(self, day: int) -> int:
        return self.presence.used(day, self.window)

    def room(self, entry: date) -> int:
        return self.presence.room(entry.toordinal(), self.limit, self.window)

    def earliest(self, day: date, wanted: int) -> date:
        return date.fromordinal(
            self.presence.earliest_entry(day.toordinal(), wanted, self.limit, self.window)
        )

    def window_start(self, day: date) -> date:
        return date.fromordinal(day.toordinal() - self.window + 1)


def _judge(stays: tuple[Stay, ...], day: date, law: Law) -> _Judged | Verdict:
    """Check and count the stays; a Verdict if they cannot be judged.

    Rule: ST-04, ST-10
    Source: 001 (new method since 18 Oct 2013)
    Boundaries: a day before 18 Oct 2013: not supported; 18 Oct 2013: supported; exit before
    entry: error; an open stay followed by another: error; two stays that share days: a
    warning, and the days count once.
    """
    problem = _stay_problem(stays, day)
    if problem is not None:
        return _invalid(law, problem[0], **problem[1])
    max_days = law.row("ST-01", "max_days")
    if max_days is None or day < max_days.effective.first:
        return _unsupported(law, day)
    findings = []
    listed = sorted((first, last) for first, last, _ in _listed(stays, day))
    if share_days(listed):
        row = law.need("ST-02", "entry_and_exit_days")
        findings.append(Finding.by(row, "OVERLAP", Severity.WARNING))
    states = {stay.state for stay in stays if stay.state}
    rows = _state_rows(states, day, law, findings)
    counted = counted_spans(stays, day) if states else listed
    return _Judged(Presence(counted), max_days, law.value("ST-01", "window"), tuple(findings), rows)


def _state_rows(
    states: set[str], day: date, law: Law, findings: list[Finding]
) -> tuple[ParameterRow, ...]:
    if not states:
        return ()
    memberships = Memberships(day, law.ruleset)
    row = law.need("ST-12", "counted_basis")
    for state in sorted(states):
        if not memberships.is_schengen(CODES.normal(state) or state):
            findings.append(Finding.by(row, "STATE_NOT_COUNTED", Severity.ADVICE, state=state))
    return memberships.used


# --- results ----------------------------------------------------------------------------------


def _control_results(judged: _Judged, day: date) -> dict[str, Any]:
    ordinal = day.toordinal()
    used = judged.used(ordinal)
    over = judged.presence.overstays(judged.since, ordinal, judged.limit, judged.window)
    lawful = used <= judged.limit
    until = None
    if lawful and ordinal in judged.presence:
        until = date.fromordinal(ordinal + judged.room(day) - 1)
    return {
        "supported": True,
        "window_start": judged.window_start(day),
        "days_used": used,
        "balance": judged.limit - used,
        "remaining": max(0, judged.limit - used),
        "within_limit": lawful,
        "excess": max(0, used - judged.limit),
        "overstay_days": sum(last - first + 1 for first, last in over),
        "first_overstay_day": date.fromordinal(over[0][0]) if over else None,
        "may_stay_until": until,
    }


def _overstay_findings(judged: _Judged, results: dict[str, Any]) -> Iterator[Finding]:
    """Name an overstay of today, or one of the past that remains visible (ST-07)."""
    params = {
        "days_used": results["days_used"],
        "limit": judged.limit,
        "excess": results["excess"],
        "overstay_days": results["overstay_days"],
        "first_overstay_day": results["first_overstay_day"],
    }
    if not results["within_limit"]:
        yield Finding.by(judged.max_days, "OVER_LIMIT", Severity.BLOCKING, **params)
    elif results["overstay_days"]:
        yield Finding.by(judged.max_days, "PAST_OVERSTAY", Severity.WARNING, **params)


def _plan_results(judged: _Judged, entry: date) -> dict[str, Any]:
    ordinal = entry.toordinal()
    used = judged.presence.within(ordinal - judged.window + 1, ordinal - 1)
    room = judged.room(entry)
    return {
        "supported": True,
        "window_start": judged.window_start(entry),
        "days_used": used,
        "balance": judged.limit - used,
        "remaining": max(0, judged.limit - used),
        "entry_allowed": room >= 1,
        "max_stay_days": room,
        "last_day": date.fromordinal(ordinal + room - 1) if room else None,
        "earliest_entry": entry if room else judged.earliest(entry, 1),
    }


def _trip_results(judged: _Judged, start: date) -> dict[str, Any]:
    first_day = start.toordinal()
    last_day = max(judged.presence.lasts)
    over = judged.presence.overstays(first_day, last_day, judged.limit, judged.window)
    ends = (last for last in judged.presence.lasts if last >= first_day)
    return {
        "supported": True,
        "compliant": not over,
        "first_violation": date.fromordinal(over[0][0]) if over else None,
        "peak_used": max(judged.used(end) for end in ends),
    }


def _last_days(facts: VisaLimitFacts, judged: _Judged) -> dict[str, int]:
    """Return the last lawful day by each limit that is known; the day before entry means none."""
    entry = facts.entry.toordinal()
    limits = {"90_180": entry + judged.room(facts.entry) - 1}
    if facts.visa_until is not None:
        limits["visa_end"] = facts.visa_until.toordinal()
    if facts.days_left_on_sticker is not None:
        limits["visa_days"] = min(entry + facts.days_left_on_sticker - 1, LATEST.toordinal())
    return limits


# --- input ------------------------------------------------------------------------------------

_Problem = tuple[str, dict[str, Any]]


def _stay_problem(stays: tuple[Stay, ...], day: date) -> _Problem | None:
    """Return the first error of the stays: its code, the field, and the number of the stay."""
    if not EARLIEST <= day <= LATEST:
        return "DATE_OUT_OF_RANGE", {"fields": ("day",), "stay": None}
    for number, stay in enumerate(stays, 1):
        end = stay.entry if stay.exit is None else stay.exit
        if end < stay.entry:
            return "EXIT_BEFORE_ENTRY", {"fields": ("exit",), "stay": number}
        if stay.entry < EARLIEST or end > LATEST:
            return "DATE_OUT_OF_RANGE", {"fields": ("entry", "exit"), "stay": number}
        if stay.state and CODES.normal(stay.state) is None:
            return "UNKNOWN_STATE", {"fields": ("state",), "stay": number}
    return _open_stay_problem(stays)


def _open_stay_problem(stays: tuple[Stay, ...]) -> _Problem | None:
    """An open stay with another one after it lacks its exit date (ST-10)."""
    still_open = [
        number
        for number, stay in enumerate(stays, 1)
        if stay.exit is None and stay.basis is Basis.SHORT_STAY
    ]
    if not still_open:
        return None
    entry = stays[still_open[0] - 1].entry
    later = any(stay.entry > entry for stay in stays if stay.basis is Basis.SHORT_STAY)
    if later or len(still_open) > 1:
        return "OPEN_STAY_NOT_LAST", {"fields": ("exit",), "stay": still_open[0]}
    return None


def _trip_problem(facts: ShortStayFacts) -> _Problem | None:
    if facts.until is None:
        return "TRIP_END_MISSING", {"fields": ("until",)}
    if facts.until < facts.day:
        return "EXIT_BEFORE_ENTRY", {"fields": ("until",), "stay": None}
    return None


def _visa_problem(facts: VisaLimitFacts) -> tuple[str, tuple[str, ...]] | None:
    outside = implausible_dates(facts)
    if outside:
        return "DATE_OUT_OF_RANGE", tuple(outside)
    if facts.visa_from and facts.visa_until and facts.visa_until < facts.visa_from:
        return "VISA_ENDS_BEFORE_IT_STARTS", ("visa_from", "visa_until")
    if facts.days_left_on_sticker is not None and facts.days_left_on_sticker < 0:
        return "DAYS_ON_STICKER_BELOW_ZERO", ("days_left_on_sticker",)
    return None


def _invalid(law: Law, code: str, **params: Any) -> Verdict:
    finding = Finding.by(
        law.need("ST-02", "entry_and_exit_days"), code, Severity.BLOCKING, **params
    )
    return _verdict("invalid_input", [finding], {"supported": True, "error": code}, law)


def _unsupported(law: Law, day: date) -> Verdict:
    row = law.need("ST-04", "method")
    finding = Finding.by(row, "LEGACY_METHOD", Severity.BLOCKING, day=day)
    return _verdict("unsupported", [finding], {"supported": False, "reason": finding.code}, law)


def _verdict(
    outcome: str,
    findings: Iterable[Finding],
    results: dict[str, Any],
    law: Law,
    rows: tuple[ParameterRow, ...] = (),
) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=(*law.used, *rows),
    )
