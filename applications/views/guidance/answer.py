"""When will I get an answer? (AP)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.answer import AnswerForm
from applications.rules.filing import decision_verdict
from applications.wording import outcomes
from applications.wording.filing import DECISION
from portal.display import Row
from portal.formats import long_date
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from .tool import Step, Tool, today


class AnswerTool(Tool):
    """Tell when an answer may be expected, and where the file stands today."""

    form_class = AnswerForm
    title = _("When will I get an answer?")
    lead = _(
        "The time runs from the day on which the counter accepts your file. There is no need to "
        "ask before it is over."
    )
    outcomes = outcomes.DECISION
    wording = DECISION
    steps = (Step("applications:list", _("My applications")),)
    field_names = {"today": "accepted_on"}

    def ruleset(self, form: AnswerForm) -> Ruleset:
        """Return the reading of the chosen post, the sources' own without one."""
        mission = form.cleaned_data["mission"]
        return mission.ruleset_for("AP") if mission else Ruleset.SEED

    def judge(self, form: AnswerForm, ruleset: Ruleset) -> Verdict:
        """Ask as of today in Algiers."""
        return decision_verdict(replace(form.facts(), today=today()), ruleset)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show the days named by the rules."""
        labels = {
            "target": gettext("An answer as a rule by"),
            "extended_max": gettext("With more checks, at the latest by"),
            "indicative_from": gettext("By experience, not before"),
            "indicative_to": gettext("By experience, usually by"),
        }
        for name, label in labels.items():
            day = verdict.results.get(name)
            if day:
                yield Row(label, long_date(day))
