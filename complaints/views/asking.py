"""What is asked before a complaint goes on: its language (CP-02), and whether it is one (CP-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from applications.enums import DecisionOutcome
from applications.models import Decision
from applications.rules.remedies import RefusedVisa
from portal.display import ShownFinding
from portal.missions.models import Mission
from portal.refusals import Refused
from portal.rules.findings import Verdict
from portal.wording import shown_all

from ..forms.complaint import PAGES, AppealLikeForm, judged, page_named
from ..reading import accepted_languages
from ..rules.doors import Door, DoorFacts, Matter, door_verdict
from ..wording import LANGUAGE, TRIAGE, language_name
from .complain import Visit, page_language
from .start import WORDING, DoorTool, door_rows

AS_IT_IS = "as_it_is"
MATTERS = {
    DecisionOutcome.REFUSED.value: Matter.REFUSAL,
    DecisionOutcome.ANNULLED.value: Matter.ANNULMENT,
    DecisionOutcome.REVOKED.value: Matter.REVOCATION,
}


class AskingPage(View):
    """A page between the text and its writer; without a text there is nothing to ask."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the text, or lead to the page where it is written."""
        self.visit = Visit(request)
        page = page_named("text")
        assert page is not None
        setting = self.visit.setting(page)
        text = setting and judged(page, self.visit.unsent.step("text"), setting)
        if setting is None or setting.mission is None or not text:
            return redirect("complaints:complain")
        self.mission: Mission = setting.mission
        self.declared = str(text.cleaned_data["written_in"])
        self.application = text.cleaned_data.get("application")
        return super().dispatch(request, *args, **kwargs)

    def go_on(self) -> HttpResponse:
        """Ask the next thing that is not clear, or go on to the last page."""
        language = self.visit.verdict_on_language(self.mission, self.declared)
        if language.outcome not in ("accepted", "agent_decides"):
            return redirect("complaints:complain_language")
        appeal = self.visit.verdict_on_appeal()
        if appeal.outcome != "complaint" and not self.visit.unsent.is_meant_as_complaint:
            return redirect("complaints:complain_appeal")
        return redirect("complaints:complain_step", PAGES[-1].slug)

    def kept(self) -> bool:
        """Store what was answered; tell the person if that is not possible now."""
        try:
            self.visit.keep()
        except Refused as refusal:
            messages.error(self.visit.request, f"{refusal.message} {refusal.remedy}")
            return False
        return True


# --- language ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in one of the four languages."""

    code: str
    is_rtl: bool
    title: str
    findings: list[ShownFinding]
    rewrite: str
    as_it_is: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A language that the person may confirm, said in each of the four: code and words."""

    code: str
    said: list[tuple[str, str]]


@method_decorator(never_cache, name="dispatch")
class LanguagePage(AskingPage):
    """Say in four languages why the text is not clear, and let its writer decide (CP-02)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the reasons and the choices, or go on if there is nothing to ask."""
        verdict = self.visit.verdict_on_language(self.mission, self.declared)
        if verdict.outcome in ("accepted", "agent_decides"):
            return self.go_on()
        first = page_language()
        codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != first)
        accepted = accepted_languages(self.mission, self.visit.day)
        context = {
            "told": [_told(verdict, code) for code in codes],
            "choices": [Choice(code, _said(code, codes)) for code in accepted],
            "as_it_is": AS_IT_IS,
            "text": self.visit.unsent.text,
            "draft_token": self.visit.draft_token,
        }
        return render(request, "complaints/language.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the answer; what was not on offer is asked again."""
        said = request.POST.get("said", "")
        if said == AS_IT_IS:
            self.visit.unsent.say_language("")
        elif said in accepted_languages(self.mission, self.visit.day):
            self.visit.unsent.say_language(said)
        else:
            messages.error(request, _("Choose one of the answers."))
            return redirect("complaints:complain_language")
        return self.go_on() if self.kept() else redirect("complaints:complain_language")


def _told(verdict: Verdict, code: str) -> Told:
    with override(code):
        return Told(
            code=code,
            is_rtl=bool(get_language_info(code)["bidi"]),
            title=_("In which language did you write?"),
            findings=shown_all(verdict.findings, LANGUAGE),
            rewrite=_("Write it again"),
            as_it_is=_("Send it as it is: a person decides"),
        )


def _said(language: str, codes: list[str]) -> list[tuple[str, str]]:
    found = []
    for code in codes:
        with override(code):
            text = _("It is in this language: %(language)s") % {"language": language_name(language)}
            found.append((code, text))
    return found


# --- appeal -----------------------------------------------------------------------------------


@method_decorator(never_cache, name="dispatch")
class AppealPage(AskingPage):
    """Stop a text that reads like an appeal, name the deadline, and let its writer choose."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show why it stopped, or go on if it does not read like an appeal."""
        triage = self.visit.verdict_on_appeal()
        if triage.outcome == "complaint":
            return self.go_on()
        unsent = self.visit.unsent
        if not unsent.notified:
            self._look_up()
        initial = {"against": unsent.against or "refusal", "notified": self._notified()}
        return self._show(AppealLikeForm(initial=initial), triage, self._door(unsent.against))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the day, then do what was chosen."""
        triage = self.visit.verdict_on_appeal()
        form = AppealLikeForm(request.POST)
        choice = request.POST.get("choice", "")
        if not form.is_valid() and choice != "complaint":
            return self._show(form, triage, None)
        if form.is_valid():
            notified = form.cleaned_data["notified"]
            self.visit.unsent.notified = notified.isoformat() if notified else ""
            self.visit.unsent.against = form.matter().value
        if choice == "complaint":
            return self._as_complaint()
        if choice == "both" and triage.outcome == "both":
            return self._split(triage)
        if choice == "appeal":
            return self._as_appeal(form, triage)
        self.kept()
        return self._show(form, triage, self._door(self.visit.unsent.against))

    # --- the choices --------------------------------------------------------------------------

    def _as_complaint(self) -> HttpResponse:
        self.visit.unsent.mean("complaint")
        return self.go_on() if self.kept() else redirect("complaints:complain_appeal")

    def _as_appeal(self, form: AppealLikeForm, triage: Verdict) -> HttpResponse:
        """Keep the text for the page of appeals, if appeals against this are taken here."""
        unsent = self.visit.unsent
        door = self._door(unsent.against)
        if door is None or door.outcome in ("no_date", "invalid_input"):
            return self._show(form, triage, door)
        unsent.appeal_text = unsent.text
        if not self.kept() or door.results.get("door") is not Door.EMBASSY:
            return self._show(form, triage, door, text=unsent.text)
        return redirect("complaints:appeal")

    def _split(self, triage: Verdict) -> HttpResponse:
        """Set the sentences of the appeal apart; the others are looked at and sent (CP-04)."""
        unsent = self.visit.unsent
        unsent.appeal_text = "\n".join(triage.results["appeal_parts"])
        unsent.replace_text("\n".join(triage.results["complaint_parts"]))
        if self.kept():
            messages.info(
                self.request,
                _(
                    "The sentences about the decision are kept for the appeal. The others stand "
                    "here: look at them, and go on."
                ),
            )
        return redirect("complaints:complain_step", "text")

    # --- the page -----------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Take kind and day of the decision from the file that the person named, if it has one."""
        if self.application is None:
            return
        decisions = Decision.objects.filter(
            application=self.application, outcome__in=MATTERS, notified_on__isnull=False
        )
        decision = decisions.order_by("-recorded_at").first()
        if decision is not None and decision.notified_on is not None:
            self.visit.unsent.against = MATTERS[decision.outcome].value
            self.visit.unsent.notified = decision.notified_on.isoformat()

    def _notified(self) -> date | None:
        found = self.visit.unsent.notified
        return date.fromisoformat(found) if found else None

    def _door(self, against: str) -> Verdict | None:
        """Show where an appeal would go; None before the person said anything."""
        if not against or not self.visit.unsent.notified:
            return None
        facts = DoorFacts(
            matter=AppealLikeForm.matter_of(against),
            state=self.mission.state,
            visa=RefusedVisa.SHORT_STAY,
            notified=self._notified(),
            today=self.visit.day,
        )
        return door_verdict(facts, self.mission.ruleset_for("RC"))

    def _show(
        self, form: AppealLikeForm, triage: Verdict, door: Verdict | None, text: str = ""
    ) -> HttpResponse:
        if door is not None and door.outcome in ("no_date", "invalid_input"):
            for item in shown_all(door.findings, WORDING):
                form.add_error("notified", f"{item.sentence} {item.remedy}".strip())
            door = None
        asked = self.request.POST.get("choice") in ("appeal", "deadline")
        if door is None and asked and form.is_valid():
            missing = WORDING["NOTIFICATION_DATE_MISSING"]
            form.add_error("notified", f"{missing.sentence} {missing.remedy}")
        context = {
            "form": form,
            "findings": shown_all(triage.findings, TRIAGE),
            "is_both": triage.outcome == "both",
            "appeal_parts": triage.results["appeal_parts"],
            "complaint_parts": triage.results["complaint_parts"],
            "headline": DoorTool.outcomes[door.outcome] if door else None,
            "rows": list(door_rows(door)) if door else [],
            "door_findings": shown_all(door.findings, WORDING) if door else [],
            "takes_appeals": bool(door and door.results.get("door") is Door.EMBASSY),
            "elsewhere": text,
            "draft_token": self.visit.draft_token,
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "complaints/reads_like_appeal.html", context, status=status)
