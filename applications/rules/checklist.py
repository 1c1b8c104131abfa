"""Which papers does this application need, and what is still open? DO-01 to DO-11, AP-01.

Per heading the answer is covered, open or not asked; per proof it is needed, optional or not
needed, with the reason.  Sources: 001; Visa Code art. 14.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.dates import DateRange
from portal.rules.findings import FactError, Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow

from .checklist_table import CHECKLIST, CONDITIONAL, NOT_ASKED, OPTIONAL, Requirement
from .facts import VisaClass
from .hosting_certificate import OwnMeans
from .insurance import InsuranceFacts, insurance_findings

GERMANY = "DE"


class Outcome(StrEnum):
    """What can be said of the file."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_ADMISSIBLE = "not_admissible"


class Channel(StrEnum):
    """How a paper reaches the authority."""

    APPOINTMENT = "appointment"
    UPLOAD = "upload"
    POST = "post"
    EMAIL = "email"


class Translation(StrEnum):
    """Who translated a paper; ``none`` if nobody did or nobody needed to."""

    NONE = "none"
    UNSWORN = "unsworn"
    SWORN = "sworn"


class EarlierVisaUse(StrEnum):
    """What became of an earlier visa of the state that is asked now (DO-10)."""

    FIRST_APPLICATION = "first_application"
    USED = "used"
    NEVER_USED = "never_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper ticked or uploaded.  `covers_whole_stay` matters to the means of long stays."""

    kind: str
    original: bool = True
    translation: Translation = Translation.NONE
    covers_whole_stay: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistFacts:
    """What the checklist is given.

    `stay` is the planned stay, of several visits the first one.  `own_means` None: not said, so
    the papers tell.  `persons`: how many people the one form is for.  `for_appeal`: the papers
    belong to an appeal, whose copies may be mailed.
    """

    purpose: str
    category: str = "other"
    channel: Channel = Channel.APPOINTMENT
    papers: tuple[Paper, ...] = ()
    visa_class: VisaClass | None = None
    destination: str = GERMANY
    stay: DateRange | None = None
    insurance: InsuranceFacts | None = None
    own_means: OwnMeans | None = None
    visits_relatives: bool = False
    insurance_asked: bool = False
    earlier_visa: EarlierVisaUse = EarlierVisaUse.FIRST_APPLICATION
    passport_admissible: bool = True
    persons: int = 1
    child_in_parents_passport: bool = False
    for_appeal: bool = False

    @property
    def is_short(self) -> bool:
        """Whether the purpose is one of a short stay."""
        return CHECKLIST.stays[self.purpose] == "short"

    def conditions(self) -> frozenset[str]:
        """Return the conditions of ``checklist.toml`` that hold."""
        means = self.own_means or self._means_shown()
        germany = self.destination == GERMANY
        holds = {
            "own_means": means is not OwnMeans.NONE,
            "no_own_means": means is not OwnMeans.PROVEN,
            "visits_relatives": self.visits_relatives,
            "insurance_asked": self.insurance_asked,
            "earlier_visa_used": germany and self.earlier_visa is EarlierVisaUse.USED,
            "earlier_visa_unused": germany and self.earlier_visa is EarlierVisaUse.NEVER_USED,
        }
        return frozenset(name for name, value in holds.items() if value)

    def _means_shown(self) -> OwnMeans:
        """Read from the papers what was not said: who shows an undertaking alone has none."""
        kinds = {paper.kind for paper in self.papers}
        alone = "hosting_certificate" in kinds and not kinds & CHECKLIST.own_means(self.purpose)
        return OwnMeans.NONE if alone else OwnMeans.PROVEN

    def check(self) -> None:
        """Raise FactError, naming the field, for facts that no rule can judge."""
        if self.purpose not in CHECKLIST.stays:
            raise FactError("purpose", "UNKNOWN_CHOICE", f"no purpose {self.purpose!r}")
        if self.category not in CHECKLIST.categories:
            raise FactError("category", "UNKNOWN_CHOICE", f"no category {self.category!r}")
        if self.visa_class is not None and self.visa_class.is_short is not self.is_short:
            raise FactError("visa_class", "DOES_NOT_FIT_PURPOSE", "short or long stay?")
        if self.persons < 1:
            raise FactError("persons", "NOT_POSITIVE", "an application is for somebody")
        for index, paper in enumerate(self.papers):
            if paper.kind not in CHECKLIST.proves:
                field = f"papers.{index}.kind"
                raise FactError(field, "UNKNOWN_CHOICE", f"no paper {paper.kind!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the checklist: a proof, what is asked of it and what was found."""

    requirement: Requirement
    need: str  # needed, optional, not_needed
    why: str
    papers: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is still to be brought."""
        return self.need == "needed" and not self.papers

    def as_result(self) -> dict[str, Any]:
        """Return plain values for pages, print and storage."""
        return {
            "id": self.requirement.id,
            "heading": self.requirement.heading,
            "any_of": list(self.requirement.any_of),
            "need": self.need,
            "why": self.why,
            "state": "open" if self.is_open else ("provided" if self.papers else self.need),
            "papers": list(self.papers),
            "rule_id": self.requirement.row.rule,
            "citation": self.requirement.row.citation,
        }


def check_checklist(facts: ChecklistFacts, law: Law) -> Verdict:
    """Answer what is covered and what is open, under the law of the day of filing.

    Results: ``headings`` (heading → covered, open or not_asked) and ``lines``.  Raises FactError,
    naming the field.
    """
    facts.check()
    refused = tuple(_papers_refused(facts))
    insurance = tuple(_insurance(facts, law))
    counted = _counted(facts, bad_insurance=bool(insurance))
    asked = CHECKLIST.asked(facts.purpose, facts.category, law.reference_date, law.ruleset)
    lines = tuple(judge_line(requirement, facts, counted) for requirement in asked)
    findings = (
        *one_person_one_file(facts),
        *refused,
        *insurance,
        *(finding for line in lines for finding in _open_line(line)),
        *_passport(facts),
        *translations(facts),
        *never_a_tie(facts, lines),
        *_advice(facts),
    )
    return Verdict(
        outcome=_outcome(lines, findings),
        findings=findings,
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "headings": {h: heading_state(h, lines) for h in CHECKLIST.headings},
            "lines": [line.as_result() for line in lines],
        },
        used=_used(law, lines),
    )


def judge_line(requirement: Requirement, facts: ChecklistFacts, counted: tuple[Paper, ...]) -> Line:
    """A proof is given by any one of the papers its row names, and by nothing else.

    Rule: DO-11
    Source: 001; Visa Code art. 14
    Boundaries: business without company invitation → open; family visit with hotel, no host
        paper → covered; long study without means for the whole stay → open
    """
    need, why = _need(requirement, facts)
    papers = tuple(
        paper.kind
        for paper in counted
        if paper.kind in requirement.any_of
        and (paper.covers_whole_stay or not requirement.whole_stay)
    )
    return Line(requirement=requirement, need=need, why=why, papers=papers)


def heading_state(heading: str, lines: tuple[Line, ...]) -> str:
    """Each of the four proofs is a heading of its own that needs an accepted paper.

    Rule: DO-02
    Source: 001; Visa Code art. 14(1)
    Boundaries: purpose only → incomplete; purpose, lodging and means, no ties → incomplete; all
        four → complete
    """
    needed = [li for li in lines if li.requirement.heading == heading and li.need == "needed"]
    if not needed:
        return "not_asked"
    return "open" if any(line.is_open for line in needed) else "covered"


def one_person_one_file(facts: ChecklistFacts) -> Iterator[Finding]:
    """Every person, whatever the age, has an application and an appointment of their own.

    Rule: AP-01
    Source: 001
    Boundaries: newborn → own file (AP5); two adults on one form → refused; child listed in a
        parent's passport → own file
    """
    if facts.persons > 1:
        params = {"persons": facts.persons}
        code = "ONE_APPLICATION_PER_PERSON"
        yield Finding(code, Severity.BLOCKING, "AP-01", "001", params)
    if facts.child_in_parents_passport:
        yield Finding("CHILD_NEEDS_OWN_FILE", Severity.ADVICE, "AP-01", "001")


def paper_refused(paper: Paper, facts: ChecklistFacts) -> Finding | None:
    """Originals are shown in person and never sent by post; copies may be mailed for an appeal.

    Rule: DO-05
    Source: 001
    Boundaries: appointment → original required; post or mail → originals refused; copies by
        mail for an appeal → allowed
    """
    code = _why_refused(paper, facts)
    if code is None:
        return None
    params = {"paper": paper.kind, "channel": facts.channel}
    return Finding(code, Severity.BLOCKING, "DO-05", "001", params)


def _why_refused(paper: Paper, facts: ChecklistFacts) -> str | None:
    if facts.channel is Channel.UPLOAD:
        return None
    if facts.channel is Channel.APPOINTMENT:
        return None if paper.original else "ORIGINAL_REQUIRED"
    if paper.original:
        return "ORIGINAL_NEVER_BY_POST"
    return None if facts.for_appeal else "FILE_IN_PERSON"


def translations(facts: ChecklistFacts) -> Iterator[Finding]:
    """Translations help and need no legalisation; the passport is never translated.

    Rule: DO-06
    Source: 001
    Boundaries: sworn, not legalised → ok; unsworn → ok with advice; passport → not needed
    """
    for paper in facts.papers:
        params = {"paper": paper.kind}
        if paper.translation is Translation.NONE:
            continue
        if paper.kind == "passport":
            code = "TRANSLATION_NOT_NEEDED"
            yield Finding(code, Severity.ADVICE, "DO-06", "001", params)
        elif paper.translation is Translation.UNSWORN:
            code = "SWORN_TRANSLATION_HELPS"
            yield Finding(code, Severity.ADVICE, "DO-06", "001", params)


def never_a_tie(facts: ChecklistFacts, lines: tuple[Line, ...]) -> Iterator[Finding]:
    """Family, work and means tie one to a place; tickets, bookings and invitations do not.

    Rule: DO-03
    Source: 001
    Boundaries: invitation only → open; job and family → covered; ticket only → open; invitation
        for means → open (DO-04)
    """
    shown = [
        kind for kind in CHECKLIST.not_ties if any(paper.kind == kind for paper in facts.papers)
    ]
    if shown and heading_state("ties", lines) == "open":
        params = {"papers": shown}
        yield Finding("NOT_A_TIE", Severity.WARNING, "DO-03", "001", params)


def check_border(carried: frozenset[str], law: Law) -> Verdict:
    """At the border the papers are asked for again; a visa is no right to enter.

    Outcome: ``may_be_refused_entry`` or ``still_checked``.  Results: ``missing``.

    Rule: DO-08
    Source: 001
    Boundaries: visa and missing papers → may be refused entry; complete → still checked; no
        compensation for a refusal
    """
    missing = [paper for paper in CHECKLIST.border if paper not in carried]
    code, severity = (
        ("BORDER_PAPERS_MISSING", Severity.WARNING)
        if missing
        else ("BORDER_STILL_CHECKS", Severity.ADVICE)
    )
    return Verdict(
        outcome="may_be_refused_entry" if missing else "still_checked",
        findings=(
            Finding(code, severity, "DO-08", "001", {"missing": missing}),
            Finding("NO_COMPENSATION", Severity.ADVICE, "DO-08", "001"),
        ),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={"missing": missing},
        used=law.used,
    )


# --- parts ----------------------------------------------------------------------------------


def _need(requirement: Requirement, facts: ChecklistFacts) -> tuple[str, str]:
    if requirement.need == NOT_ASKED:
        return "not_needed", "not_asked_for_this_purpose"
    if requirement.need == OPTIONAL:
        return "optional", "optional"
    if requirement.need != CONDITIONAL:
        return "needed", "required"
    if requirement.when in facts.conditions():
        return "needed", requirement.when
    # HO-05: an undertaking may always be added to own means.
    optional = requirement.when == "no_own_means"
    return ("optional" if optional else "not_needed"), f"not_{requirement.when}"


def _papers_refused(facts: ChecklistFacts) -> Iterator[Finding]:
    for paper in facts.papers:
        finding = paper_refused(paper, facts)
        if finding is not None:
            yield finding


def _counted(facts: ChecklistFacts, *, bad_insurance: bool) -> tuple[Paper, ...]:
    return tuple(
        paper
        for paper in facts.papers
        if paper_refused(paper, facts) is None and not (bad_insurance and paper.kind == "insurance")
    )


def _insurance(facts: ChecklistFacts, law: Law) -> Iterator[Finding]:
    has_paper = any(paper.kind == "insurance" for paper in facts.papers)
    if facts.insurance is not None and has_paper:
        yield from insurance_findings(facts.insurance, facts.stay, law)


def _open_line(line: Line) -> Iterator[Finding]:
    if not line.is_open:
        return
    asked = line.requirement
    code = "ENTRY_CONDITION_MISSING" if asked.is_entry_condition else "PROOF_OPEN"
    params = {
        "requirement": asked.id,
        "heading": asked.heading,
        "any_of": list(asked.any_of),
        "why": line.why,
        "whole_stay": asked.whole_stay,
    }
    yield Finding.by(asked.row, code, Severity.BLOCKING, **params)


def _passport(facts: ChecklistFacts) -> Iterator[Finding]:
    if not facts.passport_admissible:
        cited = "004 §4; 001"
        yield Finding("PASSPORT_NOT_ADMISSIBLE", Severity.BLOCKING, "DO-01", cited)


def _advice(facts: ChecklistFacts) -> Iterator[Finding]:
    if facts.channel is Channel.UPLOAD:
        yield Finding("BRING_ORIGINALS", Severity.ADVICE, "DO-05", "001")
    if facts.destination == GERMANY and facts.is_short:
        yield Finding("KEEP_PROOF_OF_STAY", Severity.ADVICE, "DO-10", "001")


_NOT_ADMISSIBLE = frozenset(
    ("ENTRY_CONDITION_MISSING", "ONE_APPLICATION_PER_PERSON", "PASSPORT_NOT_ADMISSIBLE")
)


def _outcome(lines: tuple[Line, ...], findings: tuple[Finding, ...]) -> Outcome:
    """Missing form, passport or photo: not admissible; another paper: incomplete (DO-01)."""
    if any(finding.code in _NOT_ADMISSIBLE for finding in findings):
        return Outcome.NOT_ADMISSIBLE
    return Outcome.INCOMPLETE if any(line.is_open for line in lines) else Outcome.COMPLETE


def _used(law: Law, lines: tuple[Line, ...]) -> tuple[ParameterRow, ...]:
    return (*law.used, *(line.requirement.row for line in lines))
