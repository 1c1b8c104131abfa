"""Is my hosting certificate still fresh? The German undertaking (HO)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.guidance.hosting import HostingForm
from applications.rules.hosting_certificate import hosting_verdict
from applications.wording import outcomes
from applications.wording.hosting_certificate import HOSTING_CERTIFICATE
from portal.display import Row
from portal.formats import weekday_date
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from .tool import Step, Tool


class HostingTool(Tool):
    """Judge the undertaking on the day it is handed in."""

    form_class = HostingForm
    template_name = "guidance/hosting.html"
    title = _("Is my hosting certificate still fresh?")
    lead = _(
        "This is about the undertaking to pay the costs of a stay in Germany "
        "(Verpflichtungserklärung), which your host signs there."
    )
    outcomes = outcomes.HOSTING_CERTIFICATE
    wording = HOSTING_CERTIFICATE
    steps = (
        Step("guidance:papers", _("Which papers do I need?")),
        Step("applications:start", _("Start my application")),
    )
    field_names = {"stay": "stay_first", "cover": "cover_first"}

    def ruleset(self, form: HostingForm) -> Ruleset:
        """Return the reading of the chosen post, the sources' own without one."""
        mission = form.cleaned_data["mission"]
        return mission.ruleset_for("HO") if mission else Ruleset.SEED

    def judge(self, form: HostingForm, ruleset: Ruleset) -> Verdict:
        """Ask the rules; what was left out of a long stay is an error of input."""
        verdict = hosting_verdict(form.facts(), ruleset)
        missing = [f for f in verdict.findings if f.code == "COVER_NOT_STATED"]
        if not missing:
            return verdict
        return Verdict("invalid_input", tuple(missing), verdict.reference_date, ruleset)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show the last day on which the paper can be handed in."""
        last = verdict.results.get("last_deposit_date")
        if last:
            yield Row(gettext("Last day to hand it in"), weekday_date(last))
