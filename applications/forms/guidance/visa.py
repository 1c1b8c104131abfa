"""Do I need a visa? One question at a time (EX-01 to EX-17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.questions import Kind, Question
from applications.wording.words import COUNTRY, TRAVEL_PAPERS, WITHOUT_STATE, Text, word
from portal.formats import long_date
from portal.forms.fields import CivilDateField

from .fields import YES_NO, country_or_none

MOST = 3  # nationalities, airports
STATELESS = (("XXA", WITHOUT_STATE["XXA"]),)

TRIPS: dict[str, Text] = {
    "france": _("European France"),
    "schengen_state": _("Another Schengen state"),
    "overseas": _("A French overseas territory"),
    "transit": _("I only change planes"),
}
PASSPORTS: dict[str, Text] = {
    "ordinary": _("Ordinary passport"),
    "diplomatic": _("Diplomatic passport"),
    "service": _("Service passport"),
    "none": _("I have no passport that I could show"),
}

# question id, or its part after the paper: (question, hint)
TEXTS: dict[str, tuple[Text, Text]] = {
    "nationalities": (
        _("Which nationality do you hold?"),
        _("If you hold several, name all of them: it can change the answer."),
    ),
    "trip": (_("Where do you travel?"), ""),
    "destination_state": (_("Which country do you travel to?"), ""),
    "territory": (_("Which territory do you travel to?"), ""),
    "airports": (
        _("In which countries do you change planes?"),
        _("In the order in which you land there."),
    ),
    "entry": (
        _("On which day do you arrive?"),
        _("If you do not know it yet, enter the day you hope for."),
    ),
    "leaves_zone": (
        _("Do you leave the international zone of an airport?"),
        _(
            "For example to change to another airport, to sleep in a hotel outside, or to fly on "
            "inside the Schengen area."
        ),
    ),
    "passport_type": (_("Which passport do you travel with?"), ""),
    "passport_expiry": (_("Until when is the passport valid?"), ""),
    "papers": (
        _("Which of these papers do you hold?"),
        _("Tick all of them, also if they have expired. Leave it empty if you hold none."),
    ),
    "birth_date": (_("When were you born?"), _("Minors need other papers than adults.")),
    "lives_in_france": (_("Do you live in France?"), ""),
    "exit": (
        _("On which day do you leave again?"),
        _("Leave it empty if you do not know yet."),
    ),
    "proofs": (
        _("Can you prove the purpose, the conditions and the means of your stay?"),
        _("For example an invitation, a booking and bank statements."),
    ),
    "valid_until": (_("Until when is this paper valid?"), _("The last day printed on it.")),
    "valid_from": (_("From when is this visa valid?"), _("Leave it empty if nothing is printed.")),
    "issuer": (_("Which country issued this paper?"), ""),
    "lost": (_("Was this card lost or stolen?"), ""),
    "issued_in_mayotte": (_("Was this document issued in Mayotte?"), ""),
    "territory_remark": (
        _("What does the sticker say after “valid for”?"),
        _(
            "For example ETATS SCHENGEN, FRANCE, or ETATS SCHENGEN (-FR). Leave it empty if you "
            "cannot read it."
        ),
    ),
    "multiple": (_("Is it a visa for several entries?"), _("The sticker says MULT.")),
    "already_used": (_("Have you already used this visa in the country that issued it?"), ""),
}


def text_of(question: Question) -> tuple[Any, Any]:
    """Return the question and its hint in words."""
    key = question.id.partition(".")[2] or question.id
    return TEXTS["territory_remark" if question.kind is Kind.TEXT else key]


def choices_of(question: Question) -> list[tuple[str, Text]]:
    """Return the possible answers of a question with choices, in words."""
    words = {"trip": TRIPS, "passport_type": PASSPORTS, "papers": TRAVEL_PAPERS}
    says = word(words[question.id]) if question.id in words else COUNTRY
    return [(str(choice), says(choice)) for choice in question.choices]


def say(question: Question, value: Any) -> str:
    """Return an answer in the reader's words."""
    if value in ("", None) or value == []:
        return ""
    if question.kind is Kind.DATE:
        return long_date(date.fromisoformat(value))
    words: Mapping[str, Text] = dict(choices_of(question) or YES_NO)
    values = value if isinstance(value, list | tuple) else [value]
    if question.kind in (Kind.COUNTRY, Kind.COUNTRIES):
        return ", ".join(str(COUNTRY(code)) for code in values)
    return ", ".join(str(words.get(item, item)) for item in values)


class QuestionForm(forms.Form):
    """One question as a form of one field, or of a few selects for a list of countries."""

    def __init__(self, question: Question, *args: Any, told: Any = None, **kwargs: Any) -> None:
        self.question = question
        super().__init__(*args, **kwargs)
        label, hint = text_of(question)
        if question.kind is Kind.COUNTRIES:
            self._ask_countries(label, hint, told)
        else:
            field = _field(question)
            field.label, field.help_text, field.initial = label, hint, told
            field.required = not question.optional
            self.fields["answer"] = field

    def _ask_countries(self, label: Any, hint: Any, told: Any) -> None:
        people = self.question.id == "nationalities"
        countries = [*country_or_none("DZ" if people else "FR"), *(STATELESS if people else ())]
        others = _("Another one")
        for number in range(MOST):
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=label if number == 0 else others,
                help_text=hint if number == 0 else "",
                choices=countries,
                required=number == 0,
                initial=told[number] if told and number < len(told) else "",
            )

    @property
    def first_field(self) -> str:
        """The name of the field that an error belongs to."""
        return next(iter(self.fields))

    def answer(self) -> Any:
        """Return the cleaned answer as the plain value that the questions take."""
        given = self.cleaned_data
        if self.question.kind is Kind.COUNTRIES:
            return list(dict.fromkeys(given[name] for name in self.fields if given[name]))
        value = given["answer"]
        return value.isoformat() if isinstance(value, date) else value or ""


def _field(question: Question) -> forms.Field:
    kind = question.kind
    if kind is Kind.DATE:
        return CivilDateField(first_year=1900, last_year=2200, birth=question.id == "birth_date")
    if kind is Kind.COUNTRY:
        return forms.ChoiceField(choices=country_or_none("FR"))
    if kind is Kind.TEXT:
        return forms.CharField(max_length=100)
    if kind is Kind.MULTI:
        return forms.MultipleChoiceField(
            choices=choices_of(question), widget=forms.CheckboxSelectMultiple
        )
    choices = YES_NO if kind is Kind.YESNO else choices_of(question)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
