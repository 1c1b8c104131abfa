"""Which papers do I need? A checklist to print (DO)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.papers import PapersForm
from applications.rules.biometrics import BiometricsFacts, check_biometrics
from applications.rules.checklist import ChecklistFacts, check_checklist
from applications.rules.checklist_table import CHECKLIST
from applications.rules.facts import VisaClass
from applications.rules.fee import FeeFacts, check_fee
from applications.rules.law import LAW
from applications.wording import outcomes
from applications.wording.checklist import CHECKLIST as WORDING
from applications.wording.filing import BIOMETRICS, FEE
from applications.wording.words import HEADINGS, PAPERS, Text
from portal.display import Row
from portal.rules.comparison import Comparison
from portal.rules.findings import Verdict
from portal.rules.parameters import Law, Ruleset

from .tool import Reading, Step, Tool

# The list itself says what is open: these would only repeat it line by line.
_IN_THE_LIST = frozenset(("ENTRY_CONDITION_MISSING", "PROOF_OPEN"))


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of the list: what is asked, any one of which papers gives it, and its source."""

    papers: tuple[Text, ...]
    is_optional: bool
    is_condition: bool
    whole_stay: bool
    rule_id: str
    citation: str


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the list."""

    title: Text
    proofs: tuple[Proof, ...]


class PapersTool(Tool):
    """List what a file needs, heading by heading."""

    form_class = PapersForm
    template_name = "guidance/papers.html"
    title = _("Which papers do I need?")
    lead = _("Your answers make a checklist that you can print and bring to the appointment.")
    outcomes = outcomes.CHECKLIST
    wording = WORDING | FEE | BIOMETRICS
    steps = (
        Step("applications:start", _("Start my application")),
        Step("guidance:passport", _("Is my passport good enough?")),
        Step("guidance:hosting", _("Is my hosting certificate still fresh?")),
    )
    field_names = {"application_date": "filing_date"}

    def ruleset(self, form: PapersForm) -> Ruleset:
        """Return the reading that the chosen post applies to papers."""
        ruleset: Ruleset = form.cleaned_data["mission"].ruleset_for("DO")
        return ruleset

    def judge(self, form: PapersForm, ruleset: Ruleset) -> Verdict:
        """Ask the list of the day of filing, its fee and the fingerprints."""
        law = LAW.on(form.cleaned_data["filing_date"], ruleset)
        facts = form.facts()
        verdict = check_checklist(facts, law)
        beside = [_fee(form, facts, law), _fingerprints(form, law)]
        kept = tuple(f for f in verdict.findings if f.code not in _IN_THE_LIST)
        findings = (*kept, *(finding for other in beside for finding in other.findings))
        invalid = next((v for v in beside if v.outcome == "invalid_input"), None)
        if invalid:
            return invalid
        return replace(verdict, findings=findings, used=(*verdict.used, *law.used))

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Count the lines; the list stands below."""
        lines = verdict.results.get("lines", ())
        needed = [line for line in lines if line["need"] == "needed"]
        yield Row(gettext("Proofs needed"), str(len(needed)))

    def reading(self, comparison: Comparison) -> Reading:
        """Name the proofs that only the other reading asks for."""
        known = [(line["id"], line["any_of"]) for line in comparison.applied.results["lines"]]
        added = (
            Row(str(HEADINGS[line["heading"]]), gettext(", ").join(map(str, _papers(line))))
            for line in comparison.other.results["lines"]
            if line["need"] == "needed" and (line["id"], line["any_of"]) not in known
        )
        return replace(super().reading(comparison), rows=tuple(added))

    def beside(self, form: PapersForm, verdict: Verdict) -> dict[str, Any]:
        """Put the list into words."""
        return {"sections": list(sections(verdict)), "mission": form.cleaned_data["mission"]}


def sections(verdict: Verdict) -> Iterator[Section]:
    """Yield the headings that ask for something, in their order."""
    lines = [line for line in verdict.results["lines"] if line["need"] != "not_needed"]
    for heading in CHECKLIST.headings:
        found = tuple(_proof(line) for line in lines if line["heading"] == heading)
        if found:
            yield Section(HEADINGS[heading], found)


def _fee(form: PapersForm, facts: ChecklistFacts, law: Law) -> Verdict:
    given = form.cleaned_data
    visa = VisaClass.SHORT_STAY if facts.is_short else VisaClass.LONG_STAY
    asked = FeeFacts(
        filing_date=given["filing_date"], birth_date=given["birth_date"], visa_class=visa
    )
    return check_fee(asked, law)


def _fingerprints(form: PapersForm, law: Law) -> Verdict:
    given = form.cleaned_data
    asked = BiometricsFacts(application_date=given["filing_date"], birth_date=given["birth_date"])
    return check_biometrics(asked, law)


def _papers(line: dict[str, Any]) -> tuple[Text, ...]:
    return tuple(PAPERS[paper] for paper in line["any_of"])


def _proof(line: dict[str, Any]) -> Proof:
    asked = [r for r in CHECKLIST.requirements if r.id == line["id"]]
    same = next((r for r in asked if list(r.any_of) == line["any_of"]), asked[0])
    return Proof(
        papers=_papers(line),
        is_optional=line["need"] == "optional",
        is_condition=same.is_entry_condition,
        whole_stay=same.whole_stay,
        rule_id=line["rule_id"],
        citation=line["citation"],
    )
