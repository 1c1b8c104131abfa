"""Do I need a visa? Only the questions that still matter, each answer changeable (EX)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import cache_control

from applications.forms.guidance.visa import QuestionForm, say, text_of
from applications.rules.law import LAW
from applications.rules.questions import (
    QUESTIONS,
    Kind,
    Question,
    answers_that_matter,
    facts_from_answers,
    next_question,
    problem,
)
from applications.rules.visa_requirement import check_visa_requirement
from applications.wording import outcomes
from applications.wording.visa_requirement import VISA_REQUIREMENT
from applications.wording.words import TRAVEL_PAPERS, VISA_TYPES, Text
from portal.display import Row
from portal.forms.address import Pairs, address_of
from portal.missions.models import Mission
from portal.rules.findings import FactError, Verdict
from portal.rules.parameters import Ruleset

from .tool import FACT_ERRORS, Step, Tool

Told = dict[str, Any]
_NO_VISA = ("EXEMPT", "USE_FRENCH_DOCUMENT", "NOT_READY", "REFER", "REVIEW")
_LISTS = (Kind.COUNTRIES, Kind.MULTI)
_UNREADABLE = _("This cannot be read. Copy what the sticker says, or leave it empty.")
_AFTER_END = _("It starts after it ends.")


@dataclass(frozen=True, slots=True)
class TellAgain:
    """One answer of the summary, and the question it belongs to."""

    question: str
    label: Text
    paper: Text
    value: str


# Pages stay in the browser's own history, so that its Back works after a form was sent;
# no other cache may keep them.
@method_decorator(cache_control(private=True, no_cache=True, max_age=0), name="dispatch")
class VisaTool(Tool):
    """A walk through questions; what was told travels in the form and is judged anew each time."""

    template_name = "guidance/visa.html"
    title = _("Do I need a visa?")
    lead = _("A few questions about you, your journey and the papers you hold.")
    outcomes = outcomes.VISA_REQUIREMENT
    wording = VISA_REQUIREMENT
    steps = (
        Step("guidance:where", _("Where do I apply?"), unless=_NO_VISA),
        Step("guidance:passport", _("Is my passport good enough?"), unless=_NO_VISA),
        Step("guidance:papers", _("Which papers do I need?"), unless=_NO_VISA),
        Step("applications:start", _("Start my application"), unless=_NO_VISA),
        Step("guidance:days", _("How many days do I have left?"), unless=("VISA_REQUIRED",)),
        Step("help:index", _("Help")),
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Leave out the header of the other tools that forbids the browser's own history."""
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask the first question, or answer the facts of a shared address."""
        return self.go_on(request, _told(request.GET.items()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take one answer and ask the next question, or go back to one that was answered."""
        told = _told(pair.partition("=")[::2] for pair in request.POST.getlist("told"))
        change = QUESTIONS.get(request.POST.get("change", ""))
        if change is not None:
            return self.ask(request, told, QuestionForm(change, told=told.get(change.id)))
        question = QUESTIONS.get(request.POST.get("question", ""))
        if question is None:
            return self.go_on(request, told)
        form = QuestionForm(question, request.POST)
        if not form.is_valid():
            return self.ask(request, told, form)
        told[question.id] = form.answer()
        return self.go_on(request, told)

    def go_on(self, request: HttpRequest, told: Told) -> HttpResponse:
        """Ask what is still open under either reading of the law, else answer."""
        for reading in self.readings(told):
            question = next_question(told, reading)
            if question is not None:
                return self.ask(request, told, _form_for(question, told))
        return self.conclude(request, told)

    def ask(self, request: HttpRequest, told: Told, form: QuestionForm) -> HttpResponse:
        """Show one question below nothing but itself, and the answers so far after it."""
        summary = self.summary(told)
        position = [item.question for item in summary]
        asked = form.question.id
        before = position[: position.index(asked)] if asked in position else position
        context = {
            "tool": self,
            "form": form,
            "told": _pairs(told),
            "summary": [item for item in summary if item.question != asked],
            "back": before[-1] if before else "",
            "paper": TRAVEL_PAPERS.get(form.question.paper, ""),
        }
        return render(request, self.template_name, context)

    def conclude(self, request: HttpRequest, told: Told) -> HttpResponse:
        """Show the answer with everything that led to it."""
        matters = self.mattering(told)
        context = {
            "tool": self,
            "answer": self.answer(matters),
            "told": _pairs(told),
            "summary": self.summary(told),
            "shared_address": address_of(request.path, _pairs(matters)),
            "is_shared": request.method == "GET",
        }
        return render(request, self.template_name, context)

    # --- judging ------------------------------------------------------------------------------

    def readings(self, told: Told) -> list[Ruleset]:
        """Return the reading that applies, and the other one."""
        applied = self.ruleset(told)
        return [applied, *(reading for reading in Ruleset if reading is not applied)]

    def ruleset(self, form: Told) -> Ruleset:
        """Return the reading of the country of destination, as its first post here applies it."""
        state = form.get("destination_state") if form.get("trip") == "schengen_state" else "FR"
        mission = Mission.objects.filter(is_active=True, state=str(state)[:2]).first()
        return mission.ruleset_for("EX") if mission else Ruleset.SEED

    def judge(self, form: Told, ruleset: Ruleset) -> Verdict:
        """Ask the rules of the day of entry."""
        facts = facts_from_answers(form, ruleset)
        return check_visa_requirement(facts, LAW.on(facts.entry, ruleset))

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Name the visa to ask for."""
        visa = verdict.results.get("visa_type")
        if visa:
            yield Row(gettext("The visa to ask for"), str(VISA_TYPES[str(visa)]))

    # --- what was told --------------------------------------------------------------------------

    def mattering(self, told: Told) -> Told:
        """Return the answers that matter under either reading, in the order they were asked."""
        matters: Told = {}
        for reading in self.readings(told):
            matters |= {
                name: value
                for name, value in answers_that_matter(told, reading).items()
                if problem(name, told) is None
            }
        return matters

    def summary(self, told: Told) -> list[TellAgain]:
        """Return the answers so far in words."""
        return [
            TellAgain(
                question=name,
                label=text_of(QUESTIONS[name])[0],
                paper=TRAVEL_PAPERS.get(QUESTIONS[name].paper, ""),
                value=say(QUESTIONS[name], value),
            )
            for name, value in self.mattering(told).items()
        ]


def _form_for(question: Question, told: Told) -> QuestionForm:
    """Return the open question; with the reason, if its answer cannot stay."""
    if question.id not in told:
        return QuestionForm(question)
    error = problem(question.id, told)
    form = QuestionForm(question, _as_typed(question, told[question.id]))
    if form.is_valid() and error is not None:
        form.add_error(form.first_field, _reason(error))
    return form


def _reason(error: FactError) -> Any:
    if error.code in FACT_ERRORS:
        return FACT_ERRORS[error.code].sentence
    return _AFTER_END if error.code == "AFTER_END" else _UNREADABLE


def _as_typed(question: Question, value: Any) -> QueryDict:
    """Return an answer as the form would have sent it."""
    typed = QueryDict(mutable=True)
    if question.kind is Kind.DATE:
        parts = str(value).split("-")
        day = parts[::-1] if len(parts) == 3 else [str(value), "", ""]
        typed.update({f"answer_{p}": v for p, v in zip(("day", "month", "year"), day, strict=True)})
    elif question.kind is Kind.COUNTRIES:
        typed.update({f"answer_{number}": item for number, item in enumerate(value)})
    elif isinstance(value, list):
        typed.setlist("answer", value)
    else:
        typed["answer"] = str(value)
    return typed


def _told(pairs: Iterable[Any]) -> Told:
    """Read question ids and values; what no question asked is passed over."""
    told: Told = {}
    for name, value in pairs:
        question = QUESTIONS.get(name)
        if question is not None:
            told[name] = [v for v in value.split(",") if v] if question.kind in _LISTS else value
    return told


def _pairs(told: Told) -> Pairs:
    return [
        (name, ",".join(value) if isinstance(value, list) else str(value))
        for name, value in told.items()
    ]
