"""The one line above every answer: how the outcome of a rule module is said, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of an answer; `kind` is success, warning, danger or info."""

    kind: str
    title: str | Promise


PASSPORT = {
    "admissible": Headline("success", _("Your passport meets the rules")),
    "review": Headline("warning", _("The consulate must look at your passport first")),
    "inadmissible": Headline("danger", _("Your passport does not meet the rules")),
}

VISA_REQUIREMENT = {
    "EXEMPT": Headline("success", _("You need no visa for this journey")),
    "VISA_REQUIRED": Headline("warning", _("You need a visa")),
    "USE_FRENCH_DOCUMENT": Headline("info", _("You need a French passport or identity card")),
    "NOT_READY": Headline("danger", _("Something is missing before you can travel")),
    "REFER": Headline("info", _("The sources do not answer this: ask the consulate")),
    "REVIEW": Headline("warning", _("The consulate must look at this")),
}

MAIN_DESTINATION = {
    "sole": Headline("success", _("One state is responsible")),
    "longest": Headline("success", _("The state of the longest stay is responsible")),
    "purpose": Headline("success", _("The state of the main purpose is responsible")),
    "equal_main_destinations": Headline("success", _("You may choose between several states")),
    "first_entry": Headline("success", _("The state you enter first is responsible")),
    "transit_single": Headline("success", _("The state you pass through is responsible")),
    "transit_first": Headline("success", _("The state you enter first is responsible")),
    "none": Headline("danger", _("No Schengen state is responsible for this journey")),
}

STAY_NOW = {
    "lawful": Headline("success", _("You are within the 90 days")),
    "over_limit": Headline("danger", _("You have stayed too long")),
    "unsupported": Headline("info", _("This day cannot be judged")),
}
STAY_TRIP = {
    "compliant": Headline("success", _("The planned journey fits into the 90 days")),
    "violation": Headline("danger", _("The planned journey does not fit into the 90 days")),
    "unsupported": STAY_NOW["unsupported"],
}

HOSTING_CERTIFICATE = {
    "accepted": Headline("success", _("The undertaking can be handed in on this day")),
    "rejected": Headline("danger", _("The undertaking cannot be handed in like this")),
}

DECISION = {
    "short_stay": Headline("info", _("When to expect an answer")),
    "long_stay": Headline("info", _("When to expect an answer")),
    "no_clock": Headline("warning", _("The time has not begun to run")),
}

CHECKLIST = {
    "complete": Headline("success", _("Nothing is missing")),
    "incomplete": Headline("info", _("Your list of papers")),
    "not_admissible": Headline("info", _("Your list of papers")),
}
