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
