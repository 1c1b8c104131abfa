"""When a household can come, as it says so in a draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.formats import weekday_date
from portal.forms.layout import PageForm

from ..models import Draw, OpeningHours
from ..rules.draw_inputs import DayPart, Preferences

_FEW_DAYS = 31  # with more, weekdays alone are asked
_A_WEEK = 7


class WishesForm(PageForm, forms.Form):
    """Days, weekdays and half of the day; nothing ticked means that all are good."""

    submit_label = _("Put my request into the draw")

    part = forms.ChoiceField(
        label=_("Which half of the day is good?"),
        choices=[
            (DayPart.ANY.value, _("Morning or afternoon")),
            (DayPart.MORNING.value, _("Only the morning")),
            (DayPart.AFTERNOON.value, _("Only the afternoon")),
        ],
        widget=forms.RadioSelect,
        initial=DayPart.ANY.value,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Which weekdays are good?"),
        help_text=_("Tick none if all are good."),
        choices=OpeningHours.Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.MultipleChoiceField(
        label=_("Which days are good?"),
        help_text=_("Tick none if all are good."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, draw: Draw, open_days: list[Any], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        weekdays = {day.weekday() for day in open_days}
        self.fields["weekdays"].choices = [
            one for one in OpeningHours.Weekday.choices if one[0] in weekdays
        ]
        self.fields["days"].choices = [(day.isoformat(), weekday_date(day)) for day in open_days]
        if len(open_days) > _FEW_DAYS or draw.days.upper - draw.days.lower <= timedelta(days=1):
            del self.fields["days"]
        # In one week each day has a name of its own.
        if len(weekdays) < 2 or (len(open_days) <= _A_WEEK and "days" in self.fields):
            del self.fields["weekdays"]

    def preferences(self) -> Preferences:
        """Return the wishes as the rules read them."""
        given = self.cleaned_data
        return Preferences.from_json(
            {
                "days": given.get("days") or None,
                "weekdays": given.get("weekdays") or None,
                "part": given["part"],
            }
        )


class ChangedWishesForm(WishesForm):
    """The wishes of a request that is in the draw already."""

    submit_label = _("Save my wishes")


def typed_before(wish: Preferences) -> dict[str, Any]:
    """Return the wishes of a request as the form shows them."""
    return {
        "part": wish.part.value,
        "weekdays": sorted(wish.weekdays or ()),
        "days": sorted(day.isoformat() for day in wish.days or ()),
    }
