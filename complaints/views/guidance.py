"""By when must I appeal, and to whom? A public tool (RC)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.rules.remedies import appeal_verdict
from applications.views.guidance.tool import Step, Tool, today
from applications.wording.outcomes import Headline
from applications.wording.remedies import APPEAL
from applications.wording.words import appeal_body
from complaints.forms.guidance import DeadlineForm
from portal.display import Row
from portal.formats import long_date, moment, weekday_date
from portal.missions.models import Mission
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset


class DeadlineTool(Tool):
    """Name the authority and the last day; never without the day of notification (RC-06)."""

    form_class = DeadlineForm
    title = _("By when must I appeal, and to whom?")
    lead = _(
        "The way to appeal depends on the country, on the visa and on the day you were told of "
        "the refusal."
    )
    outcomes = {
        "open": Headline("info", _("You can appeal")),
        "passed": Headline("danger", _("The time to appeal is over")),
    }
    wording = APPEAL
    steps = (
        Step("applications:start", _("Start a new application")),
        Step("help:index", _("Help")),
    )

    def ruleset(self, form: DeadlineForm) -> Ruleset:
        """Return the reading that a post of the country applies to appeals."""
        state = form.facts().refusal.state
        mission = Mission.objects.filter(is_active=True, state=state).first()
        return mission.ruleset_for("RC") if mission else Ruleset.SEED

    def judge(self, form: DeadlineForm, ruleset: Ruleset) -> Verdict:
        """Ask as of today in Algiers."""
        now = today()
        return appeal_verdict(replace(form.facts(), today=now), ruleset, reference=now)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show authority, address and days."""
        found = verdict.results
        if "last_day" not in found:
            return
        yield Row(gettext("To whom"), str(appeal_body(found["body"])))
        if found["address"]:
            yield Row(gettext("Address"), str(found["address"]), ltr=True)
        if found["nominal_deadline"] != found["last_day"]:
            yield Row(gettext("The term ends on"), long_date(found["nominal_deadline"]))
        yield Row(
            gettext("Last day on which it must have arrived"), weekday_date(found["last_day"])
        )
        yield Row(gettext("It ends there at midnight; in Algiers"), moment(found["ends_at"]))
        if found["court"]:
            yield Row(gettext("Then, the court"), str(found["court"]))
