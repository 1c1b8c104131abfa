"""What can be done against a refusal, by when, and to whom: RC-03 to RC-06.

The reference date is the day of notification: it decides which remedy exists.  Nothing is ever
computed without it (RC-06), and the paper that the person received prevails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.dates import add_months, end_of_deadline, public_holidays
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, LawError, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .law import LAW


class Refusal(StrEnum):
    """What was refused, and by whose authority."""

    FR_VISA = "fr_visa_refusal"
    DE_VISA = "de_visa_refusal"
    DE_ENTRY = "de_refusal_of_entry"

    @property
    def rule(self) -> str:
        """The rule that names the remedy."""
        return {Refusal.FR_VISA: "RC-05", Refusal.DE_VISA: "RC-04", Refusal.DE_ENTRY: "RC-03"}[self]

    @property
    def state(self) -> str:
        """The state whose midnight ends the deadline (CV-02)."""
        return "FR" if self is Refusal.FR_VISA else "DE"


class RefusedVisa(StrEnum):
    """The length of the visa refused: in France the remedy depends on it."""

    SHORT_STAY = "short_stay"
    LONG_STAY = "long_stay"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFacts:
    """What was refused and when the person was told; `today` tells whether it is too late."""

    refusal: Refusal
    notified: date | None
    visa: RefusedVisa | None = None
    today: date | None = None


def appeal_verdict(
    facts: AppealFacts, ruleset: Ruleset = Ruleset.SEED, *, reference: date | None = None
) -> Verdict:
    """Name body and deadline by the law of the day of notification.

    Without that day, `reference` or the day of the question names the law of the explanation.
    """
    day = facts.notified or reference or facts.today
    if day is None:
        raise ValueError("an appeal without a day of notification needs a reference date")
    return check_appeal(facts, LAW.on(day, ruleset))


def check_appeal(facts: AppealFacts, law: Law) -> Verdict:
    """Name the body, the nominal last day, and the last day that counts there.

    Outcomes: open, passed, no_date, invalid_input.  Results: ``body``, ``nominal_deadline``
    (the period counted from the notification), ``last_day`` (moved to a working day where the
    law does so), ``ends_at`` (the first moment after it, UTC), ``period``, ``unit``,
    ``address``, ``court``.

    Rule: RC-03, RC-04, RC-05, RC-06
    Source: 001; CESEDA D. 312-3, D. 312-4; Auswärtiges Amt
    Boundaries: France, short stay, 1 Dec 2025: sous-directeur des visas, 31 Dec; long stay, 31
    Jan 2026: CRRV, 2 Mar, for 30 days are not a month; notified 31 Dec 2022: CRRV, two months,
    28 Feb 2023; Germany, 30 Jun 2025: remonstration, 30 Jul; 1 Jul 2025: Verwaltungsgericht
    Berlin, 1 Aug; refusal of entry, 31 Jan: Federal Police, 28 Feb.
    """
    problem = _problem(facts, law)
    if problem is not None:
        return problem
    if facts.notified is None:
        raise AssertionError("_problem answers for a missing notification")
    body, period = _row(facts, law, "body"), _row(facts, law, "period")
    nominal = _count(facts.notified, period)
    last_day = _moved(nominal, facts, law)
    passed = facts.today is not None and facts.today > last_day
    results: dict[str, Any] = {
        "body": body.value,
        "nominal_deadline": nominal,
        "last_day": last_day,
        "ends_at": end_of_deadline(last_day, facts.refusal.state),
        "period": period.value,
        "unit": period.unit,
        "address": _optional(facts, law, "address"),
        "court": _optional(facts, law, "court"),
    }
    findings = [
        _deadline_finding(facts, body, period, nominal, last_day, passed),
        *_notes(facts, law, period, nominal, last_day),
    ]
    return _verdict("passed" if passed else "open", findings, results, law)


def _deadline_finding(
    facts: AppealFacts,
    body: ParameterRow,
    period: ParameterRow,
    nominal: date,
    last_day: date,
    passed: bool,
) -> Finding:
    code, severity = ("APPEAL_UNTIL", Severity.ADVICE)
    if passed:
        code, severity = ("DEADLINE_PASSED", Severity.BLOCKING)
    return Finding.by(
        period,
        code,
        severity,
        body=body.value,
        notified=facts.notified,
        nominal_deadline=nominal,
        last_day=last_day,
        period=period.value,
        unit=period.unit,
    )


def _notes(
    facts: AppealFacts, law: Law, period: ParameterRow, nominal: date, last_day: date
) -> Iterator[Finding]:
    """Say what else a person must know before writing (RC-03 to RC-06)."""
    yield Finding.by(law.need("RC-06", "paper_prevails"), "PAPER_PREVAILS", Severity.ADVICE)
    if last_day != nominal:
        row = law.need(facts.refusal.rule, "moves_to_working_day", facts.refusal.value)
        yield Finding.by(
            row,
            "MOVED_TO_WORKING_DAY",
            Severity.ADVICE,
            nominal_deadline=nominal,
            last_day=last_day,
        )
    if facts.refusal is Refusal.DE_ENTRY:
        yield Finding.by(period, "TO_FEDERAL_POLICE_NOT_EMBASSY", Severity.ADVICE)
    if facts.refusal is Refusal.FR_VISA and period.unit == "days":
        yield Finding.by(period, "SEND_EARLIER", Severity.ADVICE, last_day=last_day)
    again = law.stated("RC-04", "new_application", facts.refusal.value)
    if again is not None:
        yield Finding.by(again, "NEW_APPLICATION_ANY_TIME", Severity.ADVICE)
    silence = law.stated("RC-05", "silence_is_rejection", facts.refusal.value)
    if silence is not None:
        yield Finding.by(
            silence,
            "SILENCE_IS_REJECTION",
            Severity.ADVICE,
            months=silence.value,
            court=_optional(facts, law, "court"),
        )


# --- beside a decision ------------------------------------------------------------------------


class Decided(StrEnum):
    """What was decided against a person."""

    REFUSED = "refused"
    ANNULLED = "annulled"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedFacts:
    """A decision on a visa by a post of `state`; `notified` is None until it was handed over."""

    outcome: Decided
    state: str
    visa: RefusedVisa
    decided: date
    notified: date | None = None
    today: date | None = None


_REFUSAL_OF = {"FR": Refusal.FR_VISA, "DE": Refusal.DE_VISA}


def decision_remedies(facts: DecidedFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Name body and deadline against a decision, as far as the law in this house names them.

    Outcomes: those of `check_appeal`, and on_the_paper: of a visa that was annulled or revoked,
    and of a state without rows, the sources name no body, so only the paper is pointed at.

    Rule: RC-04, RC-05, RC-06
    Source: 001; CESEDA D. 312-3, D. 312-4; Auswärtiges Amt
    Boundaries: refused by France, short stay, notified 1 Dec 2025: sous-directeur des visas, 31
    Dec; not notified yet: no deadline; a visa annulled or revoked: the paper names the remedy.
    """
    refusal = _REFUSAL_OF.get(facts.state)
    if facts.outcome is Decided.REFUSED and refusal is not None:
        appeal = AppealFacts(
            refusal=refusal, notified=facts.notified, visa=facts.visa, today=facts.today
        )
        return appeal_verdict(appeal, ruleset, reference=facts.decided)
    law = LAW.on(facts.notified or facts.decided, ruleset)
    row = law.need("RC-06", "paper_prevails")
    finding = Finding.by(row, "REMEDY_ON_THE_PAPER", Severity.ADVICE)
    return _verdict("on_the_paper", [finding], {}, law)


# --- counting ---------------------------------------------------------------------------------


def _count(notified: date, period: ParameterRow) -> date:
    """The day of notification is not counted: months by day number, days one by one (CV-03)."""
    if period.unit == "days":
        return notified + timedelta(days=period.value)
    return add_months(notified, period.value)


def _moved(nominal: date, facts: AppealFacts, law: Law) -> date:
    """Move a last day on a Saturday, Sunday or holiday in Germany to the next working day.

    Rule: RC-03
    Source: BGB § 193
    Boundaries: Sat 28 Feb 2026: Mon 2 Mar; Fri 1 Aug 2025: stays; Thu 1 Jan 2026: Fri 2 Jan.
    """
    row = law.row(facts.refusal.rule, "moves_to_working_day", facts.refusal.value)
    return nominal if row is None else next_working_day(nominal, row.value)


def next_working_day(day: date, country: str) -> date:
    """Return `day`, or the next day that is no Saturday, Sunday or nationwide public holiday.

    Holidays of a single federal state are left out: a person told an earlier day loses nothing
    (RC-03).
    """
    while day.isoweekday() > 5 or day in public_holidays(day.year, country):
        day += timedelta(days=1)
    return day


# --- rows and input ---------------------------------------------------------------------------


def _row(facts: AppealFacts, law: Law, name: str) -> ParameterRow:
    row = _find(facts, law, name)
    if row is None:
        raise LawError(f"{facts.refusal.rule} {name}: nothing holds on {law.reference_date}")
    return row


def _find(facts: AppealFacts, law: Law, name: str) -> ParameterRow | None:
    """Find a remedy's row: of the visa's length first, then of the refusal as such."""
    cases = [f"{facts.refusal.value}/{facts.visa.value}"] if facts.visa else []
    for case in (*cases, facts.refusal.value):
        row = law.stated(facts.refusal.rule, name, case)
        if row is not None:
            return row
    return None


def _optional(facts: AppealFacts, law: Law, name: str) -> Any:
    row = law.stated(facts.refusal.rule, name, facts.refusal.value)
    return row and row.value


def _problem(facts: AppealFacts, law: Law) -> Verdict | None:
    """Refuse to compute without a sound date of notification.

    Rule: RC-06
    Source: 001 (details in the decision you received)
    Boundaries: no date: no computation; a date in the future: an error; a deadline that has
    passed: says so.
    """
    if facts.notified is None:
        return _refused(law, "no_date", "NOTIFICATION_DATE_MISSING", ("notified",))
    if implausible_dates(facts):
        fields = tuple(implausible_dates(facts))
        return _refused(law, "invalid_input", "DATE_OUT_OF_RANGE", fields)
    if facts.today is not None and facts.notified > facts.today:
        return _refused(law, "invalid_input", "NOTIFIED_IN_FUTURE", ("notified",))
    if _find(facts, law, "body") is None:
        return _refused(law, "invalid_input", "VISA_CLASS_MISSING", ("visa",))
    return None


def _refused(law: Law, outcome: str, code: str, fields: tuple[str, ...]) -> Verdict:
    row = law.need("RC-06", "paper_prevails")
    finding = Finding.by(row, code, Severity.BLOCKING, fields=fields)
    return _verdict(outcome, [finding], {"error": code}, law)


def _verdict(outcome: str, findings: list[Finding], results: dict[str, Any], law: Law) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=law.used,
    )
