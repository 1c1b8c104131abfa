"""Which door protects the right of a person who is unhappy: CP-03, RC-01, RC-03 to RC-06.

Bodies and deadlines are those of applications/rules/remedies.py; here it is said which door of
the house leads there, and in what form.  The reference date is the day of notification, or the
day of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from applications.rules.remedies import (
    AppealFacts,
    Decided,
    DecidedFacts,
    Refusal,
    RefusedVisa,
    appeal_verdict,
    decision_remedies,
)
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset

from .law import LAW


class Matter(StrEnum):
    """What happened, in the words of the person."""

    COMPLAINT = "complaint"
    REFUSAL = "refusal"
    ANNULMENT = "annulment"
    REVOCATION = "revocation"
    ENTRY_REFUSED = "entry_refused"
    WAITING = "waiting"  # where is my answer?


class Door(StrEnum):
    """Where a person goes on."""

    COMPLAINT_FORM = "complaint_form"
    OTHER_CHANNEL = "other_channel"
    STATUS = "status"
    EMBASSY = "embassy"  # the register of appeals
    BODY = "body"  # an authority or a court elsewhere
    PAPER = "paper"  # only the paper names the way


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorFacts:
    """What happened, at a post of `state` (FR, DE), and when the person was told of it."""

    matter: Matter
    state: str
    today: date
    visa: RefusedVisa | None = None
    notified: date | None = None


def door_verdict(facts: DoorFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Show the door.

    Outcomes: go_on (a form or page of the house), other_channel, on_the_paper, and those of
    remedies: open, passed, no_date, invalid_input.  Results: ``door``, ``form`` (signed,
    informal, action; None where no source names one) and, where a remedy is known, all of
    `applications.rules.remedies.check_appeal`.

    Rule: RC-01, RC-03, RC-04, RC-05, RC-06, CP-03
    Source: 001; CESEDA D. 312-3, D. 312-4; Auswärtiges Amt
    Boundaries: Germany, notified 30 Jun 2025: the embassy, signed; 1 Jul 2025: the court, and
    never the embassy; refused entry: the Federal Police, informally; no date: no deadline; a date
    in the future: an error; passed: said so, with a new application; annulled: the paper.
    """
    law = LAW.on(facts.notified or facts.today, ruleset)
    if facts.matter is Matter.COMPLAINT:
        return _complaint(facts, law)
    if facts.matter is Matter.WAITING:
        return _waiting(facts, law)
    remedy = _remedy(facts, ruleset)
    if remedy.outcome == "on_the_paper" and facts.notified and facts.notified > facts.today:
        row = law.need("RC-06", "arrival_in_doubt")
        finding = Finding.by(row, "NOTIFIED_IN_FUTURE", Severity.BLOCKING, fields=("notified",))
        return _answer("invalid_input", (finding,), {"door": None, "form": None}, law)
    if "body" not in remedy.results:
        door = Door.PAPER if remedy.outcome == "on_the_paper" else None
        return _joined(remedy, (), {"door": door, "form": None}, law)
    body = str(remedy.results["body"])
    form = law.stated("RC-01", "form", body)
    embassy = law.row("RC-01", "channels", body) is not None
    return _joined(
        remedy,
        tuple(_form_findings(facts, remedy, law)),
        {"door": Door.EMBASSY if embassy else Door.BODY, "form": form and form.value},
        law,
    )


def _complaint(facts: DoorFacts, law: Law) -> Verdict:
    if facts.visa is RefusedVisa.LONG_STAY:
        row = law.need("CP-03", "for_visas")
        finding = Finding.by(row, "LONG_STAY_ELSEWHERE", Severity.BLOCKING)
        return _answer("other_channel", (finding,), {"door": Door.OTHER_CHANNEL}, law)
    row = law.need("CP-04", "contests_no_decision")
    finding = Finding.by(row, "COMPLAINT_CHANGES_NO_DECISION", Severity.ADVICE)
    return _answer("go_on", (finding,), {"door": Door.COMPLAINT_FORM}, law)


def _waiting(facts: DoorFacts, law: Law) -> Verdict:
    """Lead to the status; of an appeal nobody hears more than “received” (RC-02)."""
    order = law.need("RC-02", "answer_by")
    findings = [Finding.by(order, "IN_ORDER_OF_ARRIVAL", Severity.ADVICE)]
    silence = law.row("RC-05", "silence_on_application", jurisdiction=facts.state)
    if silence is not None:
        findings.append(
            Finding.by(silence, "SILENCE_MAY_BE_REFUSAL", Severity.ADVICE, months=silence.value)
        )
    return _answer("go_on", tuple(findings), {"door": Door.STATUS}, law)


_DECIDED = {
    Matter.REFUSAL: Decided.REFUSED,
    Matter.ANNULMENT: Decided.ANNULLED,
    Matter.REVOCATION: Decided.REVOKED,
}
_REFUSAL_OF = {"FR": Refusal.FR_VISA, "DE": Refusal.DE_VISA}


def _remedy(facts: DoorFacts, ruleset: Ruleset) -> Verdict:
    """Ask the law of remedies; of a refused entry the sources know Germany's alone (RC-03)."""
    refusal = _REFUSAL_OF.get(facts.state) if facts.matter is Matter.REFUSAL else None
    if facts.matter is Matter.ENTRY_REFUSED and facts.state == "DE":
        refusal = Refusal.DE_ENTRY
    if refusal is not None:
        appeal = AppealFacts(
            refusal=refusal, notified=facts.notified, visa=facts.visa, today=facts.today
        )
        return appeal_verdict(appeal, ruleset, reference=facts.today)
    return decision_remedies(
        DecidedFacts(
            outcome=_DECIDED.get(facts.matter, Decided.REFUSED),
            state="" if facts.matter is Matter.ENTRY_REFUSED else facts.state,
            visa=facts.visa or RefusedVisa.SHORT_STAY,
            decided=facts.today,
            notified=facts.notified,
            today=facts.today,
        ),
        ruleset,
    )


def _form_findings(facts: DoorFacts, remedy: Verdict, law: Law) -> Iterator[Finding]:
    """Say in what form it is written, and to whom not (RC-01, RC-03, RC-04)."""
    if remedy.outcome == "passed":
        return
    form = law.stated("RC-01", "form", str(remedy.results["body"]))
    if form is None:
        row = law.need("RC-06", "arrival_in_doubt")
        yield Finding.by(row, "FORM_ON_THE_PAPER", Severity.ADVICE)
        return
    code = {
        "signed": "WRITTEN_AND_SIGNED",
        "informal": "INFORMAL_IN_WRITING",
        "action": "ACTION_NOT_EMBASSY",
    }[str(form.value)]
    yield Finding.by(form, code, Severity.ADVICE)


def _joined(
    remedy: Verdict, findings: tuple[Finding, ...], results: Mapping[str, Any], law: Law
) -> Verdict:
    return replace(
        remedy,
        findings=(*remedy.findings, *findings),
        results={**remedy.results, **results},
        used=(*remedy.used, *law.used),
    )


def _answer(
    outcome: str, findings: tuple[Finding, ...], results: Mapping[str, Any], law: Law
) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=findings,
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=law.used,
    )
