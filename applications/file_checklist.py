"""Which papers a file needs, which are there, and whether they serve on the day (DO-01 to DO-11).

For the applicant's pages and for agents alike: plain values in the reader's language, and the
verdict they rest on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.display import ShownFinding
from portal.rules.findings import Verdict
from portal.rules.parameters import Law
from portal.wording import shown_all

from .enums import DocumentState
from .models import Application, Document, DocumentFile, HostingCertificate, PaperRequest
from .paper_facts import checklist_verdict
from .paper_freshness import Age, PapersOnDay, papers_on, spoiled_between
from .rules.checklist_table import CHECKLIST, Requirement
from .verdicts import HOSTING_LAW
from .wording.papers import ADVICE, PAPER_FINDINGS, paper_name, why
from .wording.words import HEADINGS

Text = str | Promise
# Paid or shown at the counter: there is nothing to upload.
NOT_UPLOADED = frozenset(("fee", "cash_or_card"))
# The lines say these themselves, or they speak of what nobody asked yet.
_SAID_BY_LINES = frozenset(
    ("ENTRY_CONDITION_MISSING", "PROOF_OPEN", "PASSPORT_NOT_ADMISSIBLE", "BRING_ORIGINALS")
)


class PaperState(StrEnum):
    """Where one paper stands, as a person reads it."""

    MISSING = "missing"
    PROVIDED = "provided"
    CHECKED = "checked"
    NOT_ACCEPTABLE = "not_acceptable"


_COLOURS = {
    PaperState.MISSING: "neutral",
    PaperState.PROVIDED: "done",
    PaperState.CHECKED: "done",
    PaperState.NOT_ACCEPTABLE: "problem",
}
_LABELS = {
    PaperState.MISSING: _("Missing"),
    PaperState.PROVIDED: _("Provided"),
    PaperState.CHECKED: _("Checked by an agent"),
    PaperState.NOT_ACCEPTABLE: _("Not acceptable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One paper: its state, what an agent said, and whether it serves on the day.

    `age` is fresh, stale, unknown (a rule asks for a date nobody told), ended or no_rule;
    `findings` say why.  `document` is None while nothing was provided.
    """

    kind: str
    name: str
    state: PaperState
    age: Age
    reason: str = ""
    findings: tuple[ShownFinding, ...] = ()
    advice: Text = ""
    document: Document | None = None
    files: tuple[DocumentFile, ...] = ()

    @property
    def is_at_hand(self) -> bool:
        """Whether it is provided or checked."""
        return self.state in (PaperState.PROVIDED, PaperState.CHECKED)

    @property
    def is_touched(self) -> bool:
        """Whether there is something to say of it: a state, or a file that was refused."""
        return self.state is not PaperState.MISSING or bool(self.files)

    @property
    def serves(self) -> bool:
        """Whether it is at hand, and no rule says that it does not serve on the day."""
        return self.is_at_hand and self.age is not Age.STALE

    @property
    def tag(self) -> tuple[str, str]:
        """Return the colour and the words of its state."""
        if self.is_being_checked:
            return "progress", str(_("Being looked at"))
        if self.is_at_hand and self.age is Age.STALE:
            return "attention", str(_("Does not serve on that day"))
        if self.state is PaperState.PROVIDED and not self.files:
            return "progress", str(_("You bring it"))
        return _COLOURS[self.state], str(_LABELS[self.state])

    @property
    def can_upload(self) -> bool:
        """Whether there is something to upload; the fee is paid at the counter."""
        return self.kind not in NOT_UPLOADED

    @property
    def is_being_checked(self) -> bool:
        """Whether a file of it is still looked into."""
        return any(part.file.is_being_checked for part in self.files)

    @property
    def refused_files(self) -> list[DocumentFile]:
        """Files that were refused after they came in."""
        return [part for part in self.files if part.file.refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """One proof: any one of `papers` gives it.  `need` is needed, optional or not_needed."""

    id: str
    heading: str
    need: str
    why: Text
    papers: tuple[PaperLine, ...]
    rule_id: str
    citation: str
    whole_stay: bool = False
    is_entry_condition: bool = False

    @property
    def is_there(self) -> bool:
        """Whether one of its papers serves."""
        return any(paper.serves for paper in self.papers)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.need == "needed" and not self.is_there

    @property
    def is_paid(self) -> bool:
        """Whether it is the fee, which no paper stands for."""
        return all(paper.kind == "fee" for paper in self.papers)

    @property
    def tag(self) -> tuple[str, str]:
        """Return the colour and the words of its state."""
        if self.is_paid:
            return "neutral", str(_("At the counter"))
        if self.is_there:
            return "done", str(_("There"))
        if self.need != "needed":
            return "neutral", str(_("If you want"))
        return "neutral", str(_("Missing"))

    @property
    def at_hand(self) -> list[PaperLine]:
        """The papers that somebody touched: provided, checked or refused."""
        return [paper for paper in self.papers if paper.is_touched]

    @property
    def possible(self) -> list[PaperLine]:
        """The papers that could be given and were not."""
        return [paper for paper in self.papers if not paper.is_touched]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading of the checklist; `state` is covered, open or not_asked."""

    heading: str
    title: Text
    lines: tuple[ProofLine, ...]
    not_needed: tuple[ProofLine, ...] = ()

    @property
    def all_lines(self) -> tuple[ProofLine, ...]:
        """Return its proofs, those that are not needed last."""
        return (*self.lines, *self.not_needed)

    @property
    def tag(self) -> tuple[str, str]:
        """Return the colour and the words of its state."""
        if self.state == "covered":
            return "done", str(_("Complete"))
        if self.state == "not_asked":
            return "neutral", str(_("Nothing needed"))
        return "attention", str(_("Still open"))

    @property
    def state(self) -> str:
        """Whether its needed proofs are there."""
        needed = [line for line in self.lines if line.need == "needed" and not line.is_paid]
        if not needed:
            return "not_asked"
        return "open" if any(line.is_open for line in needed) else "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChecklist:
    """Everything about the papers of one application, for `day`.

    `day_is_fixed`: whether `day` is that of a booked appointment, or only today.  `verdict` is
    None, and there are no sections, until the purpose is known.  `others` are papers that no
    proof asks for any more; `request` is what an agent asks for, if anything.
    """

    application: Application
    day: date
    day_is_fixed: bool
    sections: tuple[Section, ...] = ()
    others: tuple[PaperLine, ...] = ()
    findings: tuple[ShownFinding, ...] = ()
    verdict: Verdict | None = None
    request: PaperRequest | None = None
    requested: tuple[PaperLine, ...] = ()
    papers: dict[str, PaperLine] = field(default_factory=dict)
    certificate: HostingCertificate | None = None
    law: Law
    lines: _Lines

    def proofs_of(self, kind: str) -> list[ProofLine]:
        """Return the proofs that a paper gives, the needed ones first."""
        lines = [line for section in self.sections for line in section.all_lines]
        found = [line for line in lines if any(paper.kind == kind for paper in line.papers)]
        return sorted(found, key=lambda line: line.need != "needed")

    @property
    def judges_certificates(self) -> bool:
        """Whether the rules on hosting certificates are those of this state (HO-01 to HO-09)."""
        return self.application.mission.state == HOSTING_LAW

    @property
    def needed(self) -> list[ProofLine]:
        """Return the needed proofs that papers stand for."""
        lines = (line for section in self.sections for line in section.lines)
        return [line for line in lines if line.need == "needed" and not line.is_paid]

    @property
    def needed_count(self) -> int:
        """Return how many proofs are needed; the fee is none."""
        return len(self.needed)

    @property
    def there_count(self) -> int:
        """Return how many of them are there."""
        return sum(line.is_there for line in self.needed)

    @property
    def is_complete(self) -> bool:
        """Whether every needed proof is there; the fee is paid at the counter."""
        return bool(self.sections) and self.there_count == self.needed_count

    @property
    def bad_papers(self) -> list[PaperLine]:
        """Papers at hand that do not serve, or were refused."""
        return [
            paper
            for paper in self.papers.values()
            if paper.state is PaperState.NOT_ACCEPTABLE or (paper.is_at_hand and not paper.serves)
        ]


def file_checklist(application: Application, *, today: date) -> FileChecklist:
    """Return the checklist of `application` for the day of its appointment, else for `today`.

    Four queries, whatever the number of papers; `application.mission` should be at hand.
    """
    day = application.appointment_day or today
    on_day = papers_on(application, day)
    lines = _Lines(on_day, _parts(application))
    request = application.paper_requests.filter(closed_at__isnull=True).first()
    asked_for = request.kinds if request else ()
    bare = FileChecklist(
        application=application,
        day=day,
        day_is_fixed=application.appointment_day is not None,
        request=request,
        requested=tuple(lines.of(kind) for kind in asked_for if kind in CHECKLIST.proves),
        papers=lines.seen,
        certificate=on_day.certificate,
        law=on_day.law,
        lines=lines,
    )
    judged = _judged(bare, on_day, lines) if application.purpose in CHECKLIST.stays else bare
    others = tuple(lines.of(kind) for kind in on_day.documents if kind not in lines.seen)
    return replace(judged, others=others)


def _judged(bare: FileChecklist, papers: PapersOnDay, lines: _Lines) -> FileChecklist:
    verdict = checklist_verdict(papers)
    told = (finding for finding in verdict.findings if _is_told_apart(finding.code))
    return replace(
        bare,
        sections=tuple(_sections(verdict, bare.application.purpose, lines)),
        findings=tuple(shown_all(told, PAPER_FINDINGS)),
        verdict=verdict,
    )


def not_fresh_on(application: Application, *, day: date, today: date) -> list[PaperLine]:
    """Return the papers at hand that serve today, or on the booked day, and not on `day`.

    For the page on which an appointment is confirmed (HO-03); two queries.
    """
    papers = papers_on(application, day)
    spoiled = spoiled_between(papers, application.appointment_day or today)
    lines = _Lines(papers, {})
    return [lines.of(kind) for kind in spoiled]


def paper_line(checklist: FileChecklist, kind: str) -> PaperLine:
    """Return the line of any paper, also of one that no proof of this file asks for."""
    return checklist.lines.of(kind)


def _is_told_apart(code: str) -> bool:
    return code not in _SAID_BY_LINES and not code.startswith("INSURANCE_")


def _parts(application: Application) -> dict[int, list[DocumentFile]]:
    rows = DocumentFile.objects.filter(
        document__application=application, replaced_at__isnull=True
    ).select_related("file")
    found: dict[int, list[DocumentFile]] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.document_id, []).append(row)
    return found


class _Lines:
    """Makes each paper's line once, though several proofs may name it."""

    def __init__(self, papers: PapersOnDay, parts: dict[int, list[DocumentFile]]) -> None:
        self.papers, self.parts = papers, parts
        self.seen: dict[str, PaperLine] = {}

    def of(self, kind: str) -> PaperLine:
        """Return the line of a paper."""
        if kind not in self.seen:
            self.seen[kind] = self._line(kind)
        return self.seen[kind]

    def _line(self, kind: str) -> PaperLine:
        row = self.papers.documents.get(kind)
        freshness = self.papers.of(kind)
        return PaperLine(
            kind=kind,
            name=paper_name(kind, self.papers.application.mission.state),
            state=_state(row),
            age=freshness.age,
            reason=row.reason if row else "",
            findings=tuple(shown_all(freshness.findings, PAPER_FINDINGS)),
            advice=ADVICE.get(kind, ""),
            document=row,
            files=tuple(self.parts.get(row.pk, ())) if row else (),
        )


def _state(row: Document | None) -> PaperState:
    if row is None or row.state == DocumentState.EXPECTED:
        return PaperState.MISSING
    return PaperState(row.state)


def _sections(verdict: Verdict, purpose: str, lines: _Lines) -> Iterable[Section]:
    for heading in CHECKLIST.headings:
        found = [
            _proof(line, purpose, lines)
            for line in verdict.results["lines"]
            if line["heading"] == heading
        ]
        asked = tuple(line for line in found if line.need != "not_needed")
        spared = tuple(line for line in found if line.need == "not_needed")
        if found:
            yield Section(heading=heading, title=HEADINGS[heading], lines=asked, not_needed=spared)


def _proof(line: dict[str, object], purpose: str, lines: _Lines) -> ProofLine:
    asked = _requirement(line, purpose)
    return ProofLine(
        id=asked.id,
        heading=asked.heading,
        need=str(line["need"]),
        why=why(asked.heading, str(line["why"])),
        papers=tuple(lines.of(kind) for kind in asked.any_of),
        rule_id=asked.row.rule,
        citation=asked.row.citation,
        whole_stay=asked.whole_stay,
        is_entry_condition=asked.is_entry_condition,
    )


def _requirement(line: dict[str, object], purpose: str) -> Requirement:
    return next(
        one
        for one in CHECKLIST.requirements
        if one.purpose == purpose and one.id == line["id"] and one.row.rule == line["rule_id"]
    )
