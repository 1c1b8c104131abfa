"""The steps of an application, in their order, and what is agreed to at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.layout import PageForm

from ..intake import is_asked
from ..models import Application
from .intake.circumstances import (
    ContactForm,
    EarlierForm,
    InsuranceForm,
    OccupationForm,
    StayForm,
    VisasForm,
)
from .intake.journey import PurposeForm, RouteForm, StartForm, TripForm, VisaForm
from .intake.person import GuardianForm, PassportForm, TravellerForm
from .intake.step import StepForm

__all__ = [
    "STEPS",
    "StartForm",
    "Step",
    "StepForm",
    "SubmitForm",
    "VisaForm",
    "asked_steps",
    "step_after",
]


class AgreeForm(PageForm, forms.Form):
    """What a person agrees to (AP-07, DP-01, DP-02); `texts` are the versions that were shown."""

    submit_label = _("Confirm")

    texts = forms.CharField(widget=forms.HiddenInput, required=False)
    commitments = forms.BooleanField(
        label=_(
            "I will leave before my visa expires. I know that a visa is only one condition of "
            "entry, that the conditions are checked again on arrival, that a refused entry gives "
            "no right to compensation, and that false answers harm my application."
        ),
        error_messages={"required": _("Tick this to confirm that you have read it.")},
    )
    data_protection = forms.BooleanField(
        label=_("I have read how my data are used, for how long, and who may read them."),
        error_messages={"required": _("Tick this to confirm that you have read it.")},
    )

    def __init__(self, *args: Any, texts: Mapping[str, str], **kwargs: Any) -> None:
        self.shown_texts = " ".join(f"{name}={version}" for name, version in texts.items())
        kwargs["initial"] = {"texts": self.shown_texts} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    @property
    def texts_changed(self) -> bool:
        """Whether another version was shown than holds now; then nothing was agreed to."""
        return self.is_bound and self.data.get("texts", "") != self.shown_texts


class SubmitForm(AgreeForm):
    """What is confirmed on submitting; a passport at risk asks for one tick more (CV-06)."""

    submit_label = _("Submit the application")

    passport_risk = forms.BooleanField(
        label=_(
            "I have read that the counter may not accept this passport, and want to go on with it."
        ),
        error_messages={
            "required": _("Tick this to go on, or change the answers about the passport.")
        },
    )

    def __init__(self, *args: Any, passport_at_risk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not passport_at_risk:
            del self.fields["passport_risk"]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the application."""

    slug: str
    title: Any
    form: type[StepForm]

    @property
    def fields(self) -> list[str]:
        """The answers that this step fills in."""
        return [name for name in self.form.base_fields if name != "version"]

    def is_asked(self, application: Application) -> bool:
        """Whether any of its questions matters for the answers so far."""
        return any(is_asked(name, application) for name in self.fields)


STEPS = (
    Step("visa", _("Place and kind of visa"), VisaForm),
    Step("purpose", _("Reason of the journey"), PurposeForm),
    Step("trip", _("Dates of the journey"), TripForm),
    Step("route", _("Countries of the journey"), RouteForm),
    Step("traveller", _("Traveller"), TravellerForm),
    Step("passport", _("Passport"), PassportForm),
    Step("guardian", _("Guardian of the child"), GuardianForm),
    Step("occupation", _("Occupation"), OccupationForm),
    Step("stay", _("Stay and means"), StayForm),
    Step("earlier", _("Earlier visas and entries"), EarlierForm),
    Step("visas", _("Visas of the last three years"), VisasForm),
    Step("insurance", _("Travel insurance"), InsuranceForm),
    Step("contact", _("How to reach you"), ContactForm),
)


def asked_steps(application: Application) -> list[Step]:
    """Return the steps that matter for the answers so far, in their order."""
    return [step for step in STEPS if step.is_asked(application)]


def step_after(slug: str, application: Application) -> Step | None:
    """Return the step that follows `slug`, or None after the last one."""
    slugs = [step.slug for step in STEPS]
    later = STEPS[slugs.index(slug) + 1 :]
    return next((step for step in later if step.is_asked(application)), None)
