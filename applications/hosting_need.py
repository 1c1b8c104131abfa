"""Does this application need a hosting certificate at all? Only then it is asked for (HO-05)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from .intake import intake
from .models import Application
from .rules.checklist import ChecklistFacts, Line, judge_line
from .rules.checklist_table import CHECKLIST

PAPER = "hosting_certificate"


class HostingNeed(StrEnum):
    """What the list of papers says about a hosting certificate, the weightiest first."""

    NEEDED = "needed"
    ONE_OF_SEVERAL = "one_of_several"  # another paper proves the same
    OPTIONAL = "optional"
    NOT_ASKED = "not_asked"


def hosting_need(application: Application, day: date) -> HostingNeed:
    """Tell what a file handed in on `day` needs; what was not answered asks for nothing yet."""
    if application.purpose not in CHECKLIST.stays:
        return HostingNeed.NOT_ASKED
    lines = [line for line in _lines(application, day) if PAPER in line.requirement.any_of]
    found = {_need(line) for line in lines}
    return next((need for need in HostingNeed if need in found), HostingNeed.NOT_ASKED)


def _lines(application: Application, day: date) -> list[Line]:
    facts = _facts(application)
    ruleset = application.mission.ruleset_for("DO")
    asked = CHECKLIST.asked(facts.purpose, facts.category, day, ruleset)
    return [judge_line(requirement, facts, ()) for requirement in asked]


def _facts(application: Application) -> ChecklistFacts:
    answers = intake(application)
    return ChecklistFacts(
        purpose=application.purpose,
        category=answers.category or "other",
        destination=application.mission.state,
        own_means=answers.own_means,
        visits_relatives=bool(answers.visits_relatives),
    )


def _need(line: Line) -> HostingNeed:
    if line.need == "needed":
        alone = line.requirement.any_of == (PAPER,)
        return HostingNeed.NEEDED if alone else HostingNeed.ONE_OF_SEVERAL
    return HostingNeed.OPTIONAL if line.need == "optional" else HostingNeed.NOT_ASKED
