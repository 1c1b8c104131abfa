"""The passport tool: PA-01 to PA-13."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.passport import PassportForm
from applications.rules.passport import passport_verdict
from applications.wording import outcomes
from applications.wording.passport import PASSPORT
from portal.display import Row
from portal.formats import long_date
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from .tool import Step, Tool


class PassportTool(Tool):
    """Judge a passport as if it were handed in on the day the person names."""

    form_class = PassportForm
    title = _("Is my passport good enough?")
    lead = _(
        "Check before you book: the counter does not take a file whose passport misses a rule."
    )
    outcomes = outcomes.PASSPORT
    wording = PASSPORT
    steps = (
        Step("applications:start", _("Start my application"), unless=("inadmissible",)),
        Step("guidance:papers", _("Which papers do I need?")),
    )
    field_names = {"departure_dates": "departure_date", "entry_dates": "arrival_date"}

    def ruleset(self, form: PassportForm) -> Ruleset:
        """Return the reading that the chosen post applies to passports."""
        ruleset: Ruleset = form.cleaned_data["mission"].ruleset_for("PA")
        return ruleset

    def judge(self, form: PassportForm, ruleset: Ruleset) -> Verdict:
        """Ask the passport rules."""
        return passport_verdict(form.facts(), ruleset)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show until when the passport must be valid."""
        threshold = verdict.results["threshold"]
        if threshold:
            yield Row(gettext("The passport must be valid at least until"), long_date(threshold))
