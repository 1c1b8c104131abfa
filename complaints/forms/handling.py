"""What handlers fill in beside a case: short forms, each for one operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User

from ..colleagues import counters_known, people_of_the_mission, who_may_handle
from ..enums import SUBJECTS
from ..models import Case

TEXT_LIMIT = 4000
REASON = {"required": _("Write the reason.")}


class CaseForm(forms.Form):
    """A form on the page of a case; `about` is that case, `user` who looks at it."""

    submit_label: Any = _("Record")

    def __init__(self, *args: Any, about: Case, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about, self.user = about, user

    def given(self) -> dict[str, Any]:
        """Return what was typed, by name of the operation's argument."""
        return self.cleaned_data


class ReasonForm(CaseForm):
    """Why something is done, in a sentence or two."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=REASON,
    )


class SkipForm(ReasonForm):
    """Why the case that came next is let be."""

    submit_label = _("Skip")


class PutBackForm(ReasonForm):
    """Why the case goes back into the line."""

    submit_label = _("Put back")


class WithdrawForm(ReasonForm):
    """How the person asked for the end of the case."""

    submit_label = _("Record the withdrawal")


class HandOverForm(ReasonForm):
    """Which colleague takes the case."""

    submit_label = _("Hand over")
    field_order = ["to", "reason"]
    to = forms.TypedChoiceField(
        label=_("Colleague"),
        coerce=int,
        error_messages={"required": _("Choose somebody.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["to"]
        field.choices = _choices(
            one for one in who_may_handle(self.about) if one.pk != self.about.assigned_to_id
        )

    def given(self) -> dict[str, Any]:
        """Return the colleague and the reason."""
        to = User.objects.get(pk=self.cleaned_data["to"])
        return {"to": to, "reason": self.cleaned_data["reason"]}


class AssignForm(HandOverForm):
    """Who takes the case by a supervisor's word."""

    submit_label = _("Assign")


class CategoryForm(ReasonForm):
    """Where a misfiled complaint belongs."""

    submit_label = _("Change")
    field_order = ["category", "reason"]
    category = forms.ChoiceField(
        label=_("Category"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a category.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["category"]
        field.choices = [(one, one.label) for one in SUBJECTS if one != self.about.category]


class NoteForm(CaseForm):
    """A note for colleagues."""

    submit_label = _("Write the note")
    text = forms.CharField(
        label=_("Note"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note.")},
    )


class ConcernedForm(CaseForm):
    """Whom the complaint is about, or which counter: they do not see it."""

    submit_label = _("Hide it from them")
    user_id = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int)
    counter = forms.ChoiceField(label=_("Counter"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["user_id"]
        people.choices = _choices(people_of_the_mission(self.about))
        counter: Any = self.fields["counter"]
        counter.choices = [("", "---------"), *((one, one) for one in counters_known(self.about))]
        if self.about.is_appeal:
            del self.fields["counter"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = super().clean() or {}
        if not (self.errors or given.get("user_id") or given.get("counter")):
            raise forms.ValidationError(_("Choose a person or a counter."))
        return given

    def given(self) -> dict[str, Any]:
        """Return the person, if one was chosen, and the counter."""
        user = User.objects.filter(pk=self.cleaned_data["user_id"] or 0).first()
        return {"user": user, "counter": self.cleaned_data.get("counter", "")}


class NotConcernedForm(ReasonForm):
    """Who was marked by mistake."""

    submit_label = _("Show it to this person again")
    field_order = ["user_id", "reason"]
    user_id = forms.TypedChoiceField(
        label=_("Person"), coerce=int, error_messages={"required": _("Choose somebody.")}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["user_id"]
        field.choices = _choices(one.user for one in self.about.concerned.all())

    def given(self) -> dict[str, Any]:
        """Return the person and the reason."""
        user = User.objects.get(pk=self.cleaned_data["user_id"])
        return {"user": user, "reason": self.cleaned_data["reason"]}


def _choices(people: Any) -> list[tuple[Any, str]]:
    return [("", "---------"), *((one.pk, one.email) for one in people)]
