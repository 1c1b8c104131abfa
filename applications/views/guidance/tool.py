"""What all public tools share: one form, one answer, no account, and nothing kept.

What is typed is sent in the body of the request, judged, and forgotten.  Only a person who asks
for it gets an address that carries the facts (ST-13, DP-04).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from applications.wording.outcomes import Headline
from portal.dates import civil_date
from portal.display import Row, ShownFinding
from portal.forms.address import Pairs, address_of, facts_of, typed_from
from portal.rules.comparison import Comparison, compare
from portal.rules.findings import FactError, Verdict
from portal.rules.parameters import ALWAYS, ParameterRow, Ruleset
from portal.wording import Table, Wording, shown_all

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next: the name of an address, and what the link says.

    `unless` names the outcomes after which it would lead nowhere.
    """

    url_name: str
    label: Text
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the other reading of the law answers on the same day."""

    applied: Text
    other: Text
    headline: Headline | None
    rows: tuple[Row, ...]
    findings: list[ShownFinding]
    law: list[ParameterRow]


@dataclass(slots=True)
class Answer:
    """Everything an answer page shows."""

    headline: Headline
    reference_date: date
    findings: list[ShownFinding]
    rows: tuple[Row, ...] = ()
    reading: Reading | None = None
    law: tuple[ParameterRow, ...] = ()
    steps: tuple[Step, ...] = ()
    beside: dict[str, Any] = field(default_factory=dict)


READINGS: dict[Ruleset, Text] = {
    Ruleset.SEED: _("the rules as the consulates published them"),
    Ruleset.CURRENT: _("the law with its later changes"),
}

FACT_ERRORS: Table = {
    "REQUIRED": Wording(_("This answer is needed.")),
    "UNKNOWN_STATE": Wording(_("No country or territory has this name.")),
    "IMPLAUSIBLE_DATE": Wording(_("This date is too far away.")),
    "INVALID_DATE": Wording(_("This is not a date.")),
    "UNKNOWN_CHOICE": Wording(_("This is not one of the possible answers.")),
    "BEFORE_ENTRY": Wording(_("You cannot leave before you arrive.")),
    "AFTER_ENTRY": Wording(_("The date of birth lies after the day of entry.")),
    "BEFORE_START": Wording(_("It ends before it starts.")),
    "BEFORE_FILING": Wording(_("This day lies before the application.")),
    "DOES_NOT_FIT_PURPOSE": Wording(_("This visa does not fit the purpose of the journey.")),
    "NOT_SCHENGEN": Wording(_("This country does not belong to the Schengen area.")),
    "NOT_A_NUMBER": Wording(_("This is not a number.")),
    "NOT_POSITIVE": Wording(_("A stay has at least one day.")),
}


def today() -> date:
    """Return the day it is in Algiers (CV-02)."""
    return civil_date(timezone.now())


@method_decorator(never_cache, name="dispatch")
class Tool(View):
    """A public tool; each subclass says its form, its words, and how to judge."""

    form_class: ClassVar[type[forms.Form]]
    template_name = "guidance/tool.html"
    title: ClassVar[Text]
    lead: ClassVar[Text]
    outcomes: ClassVar[Mapping[str, Headline]]
    wording: ClassVar[Table]
    steps: ClassVar[tuple[Step, ...]] = ()
    field_names: ClassVar[Mapping[str, str]] = {}  # of facts, where the form names them otherwise

    # --- what a tool says of itself ---------------------------------------------------------

    def ruleset(self, form: Any) -> Ruleset:
        """Return the reading that applies; the mission's, where the form asks for one."""
        return Ruleset.SEED

    def judge(self, form: Any, ruleset: Ruleset) -> Verdict:
        """Put the question to the rules; may raise FactError."""
        raise NotImplementedError

    def figures(self, verdict: Verdict) -> Iterable[Row]:
        """Return the named values of a verdict that people want to see."""
        return ()

    def beside(self, form: Any, verdict: Verdict) -> dict[str, Any]:
        """Return what only this tool's page shows beside the answer."""
        return {}

    # --- the request ------------------------------------------------------------------------

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form, or the answer to the facts of a shared address."""
        typed = self.typed_in_address(request.GET)
        return self.page(request, self.new_form() if typed is None else self.bound_form(typed))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer what was typed, on the same page."""
        return self.page(request, self.bound_form(request.POST))

    def page(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Judge a form that holds, and show it with its answer or its errors."""
        answer = self.answer(form) if form.is_bound and form.is_valid() else None
        context = {
            "tool": self,
            "form": form,
            "answer": answer,
            "shared_address": self.shared_address(request, form) if answer else "",
            "is_shared": request.method == "GET" and answer is not None,
        }
        return render(request, self.template_name, context)

    def new_form(self) -> Any:
        """Return the form before anything was typed."""
        return self.form_class()

    def bound_form(self, typed: QueryDict) -> Any:
        """Return the form with what was typed."""
        return self.form_class(typed)

    # --- sharing ----------------------------------------------------------------------------

    def typed_in_address(self, address: QueryDict) -> QueryDict | None:
        """Return the facts of a shared address as if typed, None if it carries none."""
        return typed_from(address, self.form_class.base_fields)

    def facts(self, form: Any) -> Pairs:
        """Return the facts that a shared address carries."""
        return facts_of(form)

    def shared_address(self, request: HttpRequest, form: Any) -> str:
        """Return the address that answers the same again, "" if it would be too long."""
        return address_of(request.path, self.facts(form))

    # --- the answer -------------------------------------------------------------------------

    def answer(self, form: Any) -> Answer | None:
        """Return the answer, or None after putting the reason why not beside its field."""
        ruleset = self.ruleset(form)
        try:
            comparison = compare(lambda reading: self.judge(form, reading), ruleset)
        except FactError as error:
            self.refuse(form, error.field, FACT_ERRORS[error.code].sentence)
            return None
        if comparison.applied.outcome not in self.outcomes:
            self.refuse_invalid(form, comparison.applied)
            return None
        return self.told(form, comparison)

    def told(self, form: Any, comparison: Comparison) -> Answer:
        """Put an answer into the reader's words."""
        verdict = comparison.applied
        return Answer(
            headline=self.outcomes[verdict.outcome],
            reference_date=verdict.reference_date,
            findings=shown_all(verdict.findings, self.wording),
            rows=tuple(self.figures(verdict)),
            reading=self.reading(comparison) if comparison.differs else None,
            law=verdict.used,
            steps=tuple(step for step in self.steps if verdict.outcome not in step.unless),
            beside=self.beside(form, verdict),
        )

    def reading(self, comparison: Comparison) -> Reading:
        """Say what the other reading answers, with its days and articles."""
        applied, other = comparison.applied, comparison.other
        known = set(self.figures(applied))
        return Reading(
            applied=READINGS[applied.ruleset],
            other=READINGS[other.ruleset],
            headline=self.outcomes.get(other.outcome),
            rows=tuple(row for row in self.figures(other) if row not in known),
            findings=shown_all(comparison.only_other, self.wording),
            law=list(comparison.rows),
        )

    # --- facts that cannot be judged ----------------------------------------------------------

    def refuse_invalid(self, form: Any, verdict: Verdict) -> None:
        """Put every finding about the input beside the field it names."""
        for finding in verdict.findings:
            item = shown_all([finding], self.wording)[0]
            fields = finding.params.get("fields") or ("",)
            self.refuse(form, str(fields[0]), " ".join(filter(None, (item.sentence, item.remedy))))

    def refuse(self, form: Any, fact: str, message: Text) -> None:
        """Put `message` beside the field of `fact`, or above the form if it has none."""
        name = self.field_names.get(fact, fact)
        form.add_error(name if name in form.fields else None, message)


def since(row: ParameterRow) -> date | None:
    """Return the first day a row holds, None where it always held."""
    return None if row.effective.first == ALWAYS else row.effective.first
