"""Which door is mine? Asked before anybody types a complaint (CP-03, CP-04, RC-01 to RC-06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from applications.views.guidance.tool import Answer, Step, Tool, today
from applications.wording.outcomes import Headline
from applications.wording.remedies import APPEAL
from applications.wording.words import appeal_body
from portal.display import Row
from portal.formats import long_date, moment, weekday_date
from portal.missions.models import Mission
from portal.rules.comparison import Comparison
from portal.rules.findings import Verdict
from portal.rules.parameters import Ruleset

from ..forms.start import DecisionForm, EntryForm, WaitingForm
from ..rules.doors import Door, door_verdict
from ..wording import DOORS

# On these pages a person is asked for the day, unlike beside a decision of this house.
WORDING = DOORS | {"NOTIFICATION_DATE_MISSING": APPEAL["NOTIFICATION_DATE_MISSING"]}

COMPLAIN = Step("complaints:complain", _("Complain about how you were treated"))
APPLY_AGAIN = Step("applications:start", _("Start a new application"))
APPEAL_HERE = Step("complaints:appeal", _("Hand in your signed appeal here"))

FORMS = {
    "signed": _("In writing and signed by hand, as a file, by post or by fax"),
    "informal": _("In writing, without a form"),
    "action": _("An action at the court"),
}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Offer the four doors, each in the words of the person."""
    return render(request, "complaints/start.html")


class DoorTool(Tool):
    """Show a door: to whom, where, in what form, by when, and by which rule."""

    template_name = "complaints/door.html"
    wording = WORDING
    lead = _("Say what happened, and you see who decides, by when, and how to reach them.")
    outcomes = {
        "open": Headline("info", _("You can still do something about it")),
        "passed": Headline("danger", _("The time to appeal is over")),
        "on_the_paper": Headline("info", _("The paper you received names the way")),
        "go_on": Headline("info", _("Here you find where it stands")),
    }
    steps: ClassVar[tuple[Step, ...]] = (APPLY_AGAIN, COMPLAIN)

    def judge(self, form: Any, ruleset: Ruleset) -> Verdict:
        """Ask as of today in Algiers."""
        return door_verdict(replace(form.facts(), today=today()), ruleset)

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Show body, address, form and days."""
        return door_rows(verdict)

    def told(self, form: Any, comparison: Comparison) -> Answer:
        """Put the page of this house first, where it leads on here."""
        answer = super().told(form, comparison)
        if comparison.applied.results.get("door") is Door.EMBASSY:
            answer.steps = (APPEAL_HERE, *answer.steps)
        return answer


class DecisionTool(DoorTool):
    """Against a refusal, an annulment or a revocation."""

    form_class = DecisionForm
    title = _("I disagree with a refusal, an annulment or a revocation")

    def ruleset(self, form: Any) -> Ruleset:
        """Return the reading that the mission applies to appeals."""
        mission: Mission = form.cleaned_data["mission"]
        return mission.ruleset_for("RC")


class EntryTool(DoorTool):
    """Against a refusal at the border: not the embassy, but the police there (RC-03)."""

    form_class = EntryForm
    title = _("I was refused entry at the border")

    def ruleset(self, form: Any) -> Ruleset:
        """Return the reading that a post of the country applies to appeals."""
        state = form.cleaned_data["state"]
        mission = Mission.objects.filter(is_active=True, state=state).first()
        return mission.ruleset_for("RC") if mission else Ruleset.SEED


class WaitingTool(DoorTool):
    """Where is my answer? To the status, and what silence may mean (RC-02, RC-05)."""

    form_class = WaitingForm
    template_name = "complaints/waiting.html"
    title = _("Where is my answer?")
    lead = _("An application, a complaint and an appeal each have a page that says where it is.")
    steps = (
        Step("complaints:status", _("Where is my complaint or my appeal?")),
        Step("applications:list", _("Where is my application?")),
        Step("guidance:answer", _("When will I get an answer?")),
    )


def door_rows(verdict: Verdict) -> Iterator[Row]:
    """Return what a verdict of `rules.doors` names, in the active language."""
    found = verdict.results
    if "last_day" not in found:
        return
    yield Row(gettext("To whom"), str(appeal_body(found["body"])))
    if found.get("address"):
        yield Row(gettext("Address"), str(found["address"]), ltr=True)
    if found.get("form"):
        yield Row(gettext("How"), str(FORMS[str(found["form"])]))
    if found["nominal_deadline"] != found["last_day"]:
        yield Row(gettext("The term ends on"), long_date(found["nominal_deadline"]))
    yield Row(gettext("Last day on which it must have arrived"), weekday_date(found["last_day"]))
    yield Row(gettext("It ends there at midnight; in Algiers"), moment(found["ends_at"]))
    if found.get("court"):
        yield Row(gettext("Then, the court"), str(found["court"]))
