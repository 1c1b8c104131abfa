"""What agents fill in beside a file: short forms, each for one operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import CivilDateField

from ..enums import DecisionOutcome, PassportDefect
from ..models import Application
from ..models.document import paper_choices
from ..operations.messages import TEXT_LIMIT


class DeskForm(forms.Form):
    """A form on the page of a file; `about` is that file."""

    submit_label: Any = _("Record")

    def __init__(self, *args: Any, about: Application, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about = about

    def given(self) -> dict[str, Any]:
        """Return what was typed, by name of the operation's argument."""
        return self.cleaned_data


class MessageForm(DeskForm):
    """A message to the applicant."""

    submit_label = _("Send")
    text = forms.CharField(
        label=_("Your message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicant gets an e-mail that a message waits, without its text."),
        error_messages={"required": _("Write what you want to say.")},
    )


class ReadForm(DeskForm):
    """Nothing to fill in: what was written needs no answer."""

    submit_label = _("Nothing to answer")


class AskForm(DeskForm):
    """Papers to ask the applicant for."""

    submit_label = _("Ask for these papers")
    kinds = forms.MultipleChoiceField(
        label=_("Papers"),
        choices=paper_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("What exactly is missing"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads this in the file."),
    )
    due_on = CivilDateField(
        label=_("To be there by"),
        help_text=_(
            "After this day the application is decided with the papers that are there; the "
            "applicant is told so."
        ),
    )


class TakeBackForm(DeskForm):
    """Why the examination goes on without the papers."""

    submit_label = _("Go on without these papers")
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


class ProposeForm(DeskForm):
    """Why the margin of validity should be waived (PA-09)."""

    submit_label = _("Propose the derogation")
    reason = forms.CharField(
        label=_("What makes the journey urgent, and how it was shown"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what makes the journey urgent.")},
    )


class SettleForm(DeskForm):
    """The word of the second agent (PA-09)."""

    submit_label = _("Settle the derogation")
    granted = forms.TypedChoiceField(
        label=_("As the second agent"),
        choices=[("yes", _("I confirm the derogation")), ("no", _("I refuse the derogation"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of both.")},
    )


class PassportSeenForm(DeskForm):
    """The passport as it lies on the desk; filled with the applicant's answers to compare."""

    submit_label = _("Record what I see")
    issued_on = CivilDateField(label=_("Issued on"), not_future=True)
    expires_on = CivilDateField(label=_("Valid until"))
    blank_pages = forms.IntegerField(label=_("Blank pages"), min_value=0, max_value=100)
    defects = forms.MultipleChoiceField(
        label=_("Condition"),
        choices=PassportDefect.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, about: Application, **options: Any) -> None:
        options["initial"] = {
            "issued_on": about.passport_issued_on,
            "expires_on": about.passport_expires_on,
            "blank_pages": about.blank_pages,
            "defects": about.passport_defects,
        }
        super().__init__(*args, about=about, **options)


class DecisionForm(DeskForm):
    """What the authority decided, as its paper says."""

    submit_label = _("Record the decision")
    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was decided.")},
    )
    decided_on = CivilDateField(label=_("Decided on"), not_future=True)
    notified_on = CivilDateField(
        label=_("Handed over on (leave empty if not yet)"),
        required=False,
        not_future=True,
        help_text=_("The time to appeal runs from this day. Without it, no last day is shown."),
    )
    visa_from = CivilDateField(label=_("Visa valid from (if granted)"), required=False)
    visa_until = CivilDateField(label=_("Visa valid until (if granted)"), required=False)
    reason = forms.CharField(
        label=_("Reason (unless granted)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As the paper says; the applicant reads it."),
    )

    outcomes: tuple[DecisionOutcome, ...] = (DecisionOutcome.GRANTED, DecisionOutcome.REFUSED)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(one.value, one.label) for one in self.outcomes]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class EndVisaForm(DecisionForm):
    """A visa that was granted ends early."""

    submit_label = _("Record the end of the visa")
    outcomes = (DecisionOutcome.ANNULLED, DecisionOutcome.REVOKED)
    visa_from = None  # type: ignore[assignment]
    visa_until = None  # type: ignore[assignment]


class NotifiedForm(DeskForm):
    """The day on which the applicant was told."""

    submit_label = _("Record this day")
    decision_id = forms.IntegerField(widget=forms.HiddenInput)
    notified_on = CivilDateField(label=_("Handed over on"), not_future=True)


class PaperForm(DeskForm):
    """What an agent found of one paper."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=40)
    # Where on the page the paper stands: one paper may serve several proofs.
    place = forms.SlugField(widget=forms.HiddenInput, max_length=120, required=False)
    acceptable = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label=_("What is wrong with it"),
        required=False,
        max_length=300,
        help_text=_("The applicant reads this reason beside the paper."),
    )
