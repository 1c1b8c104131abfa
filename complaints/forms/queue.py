"""The filters of the queue, and the name under which they are kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..enums import CaseState, Category, Channel
from ..queue import ENDED, EVERY, ME, NOBODY, OPEN
from ..queue_offers import Offers
from ..wording import LANGUAGES

AGES = (5, 10, 20, 40, 60)  # working days
# What somebody looks for is about a person, so it is never kept in a view.
NOT_KEPT = ("q", "name")


def _longer_than(days: int) -> str:
    words = ngettext("more than %(days)s working day", "more than %(days)s working days", days)
    return words % {"days": days}


_age_label = lazy(_longer_than, str)


class QueueForm(forms.Form):
    """What the queue shows; a value that is not offered counts as none."""

    q = forms.CharField(
        label=_("Words, reference or number in the register"), required=False, max_length=200
    )
    name = forms.CharField(label=_("Name, or what sounds like it"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (OPEN, _("All that are open")),
            (EVERY, _("All")),
            (ENDED, _("All that ended")),
            *CaseState.choices,
        ],
    )
    who = forms.ChoiceField(label=_("Handled by"), required=False)
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), *Category.choices]
    )
    channel = forms.ChoiceField(
        label=_("Came in"), required=False, choices=[("", _("All")), *Channel.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("All")), *((code, LANGUAGES[code]) for code in ("fr", "de"))],
    )
    age = forms.TypedChoiceField(
        label=_("Waits"),
        required=False,
        coerce=int,
        choices=[("", _("however long")), *((days, _age_label(days)) for days in AGES)],
    )
    mission = forms.ChoiceField(label=_("Mission"), required=False)
    newest = forms.BooleanField(label=_("The newest first"), required=False)

    def __init__(self, data: Any, offers: Offers) -> None:
        given = {key: data.get(key, "") for key in self.base_fields}
        searches = given["q"].strip() or given["name"].strip()
        given["state"] = given["state"] or (EVERY if searches else OPEN)
        super().__init__(given)
        who: Any = self.fields["who"]
        who.choices = [
            ("", _("Everybody")),
            (ME, _("me")),
            (NOBODY, _("nobody yet")),
            *offers.colleagues,
        ]
        mission: Any = self.fields["mission"]
        mission.choices = [("", _("All")), *offers.missions]

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; what is not offered, or too long, is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def to_keep(self) -> dict[str, str]:
        """Return what a saved view holds: no words and no names."""
        return {
            name: str(self.data[name])
            for name in self.chosen()
            if name not in NOT_KEPT and self.data[name]
        }


class ViewNameForm(forms.Form):
    """What a view is called."""

    view_name = forms.CharField(
        label=_("Name of the view"),
        max_length=60,
        error_messages={"required": _("Write a name.")},
    )
