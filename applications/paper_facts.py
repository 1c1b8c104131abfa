"""From the papers of a file to the facts of the checklist, and its verdict (DO-01 to DO-11)."""

from __future__ import annotations

from collections.abc import Iterator

from portal.dates import add_years
from portal.rules.findings import Verdict

from .paper_freshness import Age, PapersOnDay
from .rules.checklist import (
    Channel,
    ChecklistFacts,
    EarlierVisaUse,
    Paper,
    Translation,
    check_checklist,
)
from .rules.checklist_table import CHECKLIST
from .rules.facts import VisaClass

MINOR = 18  # years; only chooses the list of papers, as the form does


def checklist_verdict(papers: PapersOnDay) -> Verdict:
    """Judge the papers by the list of their day; the purpose must be known."""
    return check_checklist(checklist_facts(papers), papers.law)


def checklist_facts(papers: PapersOnDay) -> ChecklistFacts:
    """Return what the checklist is given: papers at hand that no rule spoils on the day.

    A bad passport or insurance is counted as shown: what is wrong with it is said by its rule.
    """
    application, answers = papers.application, papers.answers
    return ChecklistFacts(
        purpose=application.purpose,
        category=_category(papers),
        channel=Channel.UPLOAD,
        papers=tuple(_counted(papers)),
        visa_class=VisaClass(application.visa_class),
        destination=application.mission.state,
        stay=papers.stay,
        insurance=papers.insurance,
        own_means=answers.own_means,
        visits_relatives=bool(answers.visits_relatives),
        earlier_visa=answers.earlier_visa or EarlierVisaUse.FIRST_APPLICATION,
        passport_admissible=papers.of("passport").age is not Age.STALE,
        child_in_parents_passport=bool(answers.child_in_parents_passport),
    )


_JUDGED_BY_THEIR_RULE = ("passport", "insurance")


def _counted(papers: PapersOnDay) -> Iterator[Paper]:
    for kind, row in papers.documents.items():
        spoiled = papers.of(kind).age is Age.STALE and kind not in _JUDGED_BY_THEIR_RULE
        if kind in CHECKLIST.proves and row.is_at_hand and not spoiled:
            yield Paper(kind=kind, translation=Translation(row.translation))


def _category(papers: PapersOnDay) -> str:
    if papers.answers.category in CHECKLIST.categories:
        return papers.answers.category
    born = papers.application.birth_date
    return "minor" if born and papers.day < add_years(born, MINOR) else "other"
