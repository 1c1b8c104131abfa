"""Who must come by appointment, and how many one person may hold: RD-01 and RD-09.

The reference date is the filing date: the day on which the person means to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset

from .law import LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """Who means to hand in a file, and when.

    `category` is the purpose or kind of file (``tourism``, ``retiree_card`` …);
    `formerly_exempt` tells that the category could come without an appointment before the duty
    was made general.  The age changes nothing, and is kept to say so.
    """

    filing_date: date
    category: str
    formerly_exempt: bool = False
    applicant_age: int | None = None
    authority: str = "FR"


def duty_verdict(facts: DutyFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Tell who needs an appointment by the law that holds on the filing date."""
    return check_duty(facts, LAW.on(facts.filing_date, ruleset))


def check_duty(facts: DutyFacts, law: Law) -> Verdict:
    """Everyone comes by appointment since 1 Nov 2025; only retiree cards still walk in.

    Outcomes: by_appointment, walk_in.  Results: ``required``, ``basis``, ``price`` (of the
    booking, always 0).

    Rule: RD-01
    Source: 000; 001 (one appointment per person, whatever the age)
    Boundaries: 31 Oct 2025 in a category exempt before: no appointment; 1 Nov 2025:
    appointment; a retiree card: none, before and after; a newborn: an appointment of its own.
    """
    state = facts.authority
    walk_in = law.row("RD-01", "walk_in", facts.category, state)
    duty = law.need("RD-01", "duty", jurisdiction=state)
    old_exemption = law.row("RD-01", "exempt_categories_walk_in", jurisdiction=state)
    row = walk_in or duty
    required = not (walk_in or (facts.formerly_exempt and old_exemption))
    code = "APPOINTMENT_REQUIRED" if required else "WALK_IN"
    findings = [Finding.by(row, code, Severity.ADVICE, category=facts.category)]
    findings += _own_appointment(facts, required, law)
    return Verdict(
        outcome="by_appointment" if required else "walk_in",
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "required": required,
            "basis": row.value,
            "price": law.value("RD-01", "booking_price", jurisdiction=state),
        },
        used=law.used,
    )


def _own_appointment(facts: DutyFacts, required: bool, law: Law) -> Iterator[Finding]:
    if required and facts.applicant_age is not None:
        row = law.need("RD-01", "per_person")
        yield Finding.by(row, "ONE_APPOINTMENT_PER_PERSON", Severity.ADVICE, count=row.value)


@dataclass(frozen=True, slots=True)
class HeldAppointment:
    """An appointment that one passport already has; `active` until cancelled, missed or past."""

    reference: str
    state: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingFacts:
    """What one passport holds when it asks for an appointment with `state` on `day`."""

    day: date
    state: str
    held: tuple[HeldAppointment, ...] = ()


def check_holding(facts: HoldingFacts, law: Law) -> Verdict:
    """One passport holds one active appointment per state.

    Outcomes: allowed, refused.  Results: ``existing`` (reference of the one in the way, or
    None).

    Rule: RD-09
    Source: 001 (one application and one appointment per person)
    Boundaries: a second active one for the same passport and state: refused, with a link to
    the first; after a cancellation or a no-show: allowed; files for France and Germany at
    once: allowed, with a warning about the competent state.
    """
    row = law.need("RD-09", "active_per_passport_and_state")
    active = [held for held in facts.held if held.active]
    here = [held for held in active if held.state == facts.state]
    elsewhere = [held for held in active if held.state != facts.state]
    refused = len(here) >= row.value
    findings = [
        Finding.by(
            row,
            "ACTIVE_APPOINTMENT_EXISTS",
            Severity.BLOCKING,
            reference=held.reference,
            state=held.state,
        )
        for held in (here if refused else ())
    ] + [
        Finding.by(
            row,
            "ACTIVE_APPOINTMENT_OTHER_STATE",
            Severity.WARNING,
            reference=held.reference,
            state=held.state,
        )
        for held in elsewhere
    ]
    return Verdict(
        outcome="refused" if refused else "allowed",
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={"existing": here[0].reference if refused else None},
        used=law.used,
    )
