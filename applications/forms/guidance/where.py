"""Where do I apply? The itinerary, row by row (CO-01 to CO-09)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import Purpose
from applications.rules.main_destination import ItineraryFacts, Leg
from portal.forms.address import Pairs
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import NumberField, TextDateField, country_or_none
from .rows import RowForm, RowsForm

_SHORT_PURPOSES = [Purpose.TOURISM, Purpose.FAMILY_VISIT, Purpose.BUSINESS, Purpose.EVENT]
_SHORT_PURPOSES += [Purpose.MEDICAL, Purpose.STUDY_SHORT]


def countries() -> list[tuple[str, Any]]:
    """Return the countries, those most travelled to from here on top."""
    return country_or_none("FR")


class LegForm(RowForm):
    """Days in one country."""

    state = forms.ChoiceField(label=_("Country"), choices=countries)
    days = NumberField(label=_("Days"), required=False, min_value=1, max_value=1000)
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[("", _("Not said")), *((p.value, p.label) for p in _SHORT_PURPOSES)],
        required=False,
    )
    trip = TextDateField(label=_("Journey begins on"), required=False)
    transit = forms.BooleanField(label=_("I only pass through"), required=False)

    def leg(self) -> Leg:
        """Return the row as a fact."""
        given = self.cleaned_data
        return Leg(
            state=given["state"],
            days=given["days"],
            purpose=given["purpose"],
            transit=given["transit"],
            trip=given["trip"],
        )


class WhereForm(PageForm, RowsForm):
    """The itinerary, and what decides where lengths do not."""

    row_class = LegForm
    row_name = "leg"
    row_title = _("Country")
    rows_at_first = 2
    most_rows = 20
    submit_label = _("Find the responsible state")

    on = CivilDateField(
        label=_("When does the first journey begin?"),
        help_text=_("Which states belong to the area depends on the day."),
    )
    first_entry = forms.ChoiceField(
        label=_("In which country do you first enter the Schengen area?"),
        choices=countries,
        required=False,
    )
    main_purpose_state = forms.ChoiceField(
        label=_("In which country does the main purpose of your journey lie?"),
        help_text=_("Leave it open if no purpose is the main one."),
        choices=countries,
        required=False,
    )
    post = forms.ChoiceField(
        label=_("In whose consulate did you want to apply?"),
        help_text=_("If you have chosen one already."),
        choices=countries,
        required=False,
    )

    def facts(self) -> ItineraryFacts:
        """Return what was typed as facts; without a row the rules refuse it."""
        given = self.cleaned_data
        rows = (row for _number, row in self.given_rows)
        return ItineraryFacts(
            legs=tuple(row.leg() for row in rows if isinstance(row, LegForm)),
            first_entry=given["first_entry"] or None,
            main_purpose_state=given["main_purpose_state"] or None,
            on=given["on"],
            post=given["post"] or None,
        )

    def pairs(self) -> Pairs:
        """Return what a shared address carries."""
        given = self.cleaned_data
        found = [("on", given["on"].isoformat())]
        names = ("first_entry", "main_purpose_state", "post")
        found += [(name, given[name]) for name in names if given[name]]
        return [*found, ("legs", "~".join(_short(leg) for leg in self.facts().legs))]


def _short(leg: Leg) -> str:
    trip = leg.trip.isoformat() if leg.trip else ""
    parts = (leg.state, str(leg.days or ""), leg.purpose, "t" if leg.transit else "", trip)
    return ".".join(parts).rstrip(".")


def rows_from_address(text: str) -> list[dict[str, str]]:
    """Return the rows that an address carries, as they would have been typed."""
    rows = []
    for part in text.split("~")[: WhereForm.most_rows]:
        state, days, purpose, transit, trip = (part.split(".") + [""] * 5)[:5]
        row = {"state": state, "days": days, "purpose": purpose, "trip": trip}
        rows.append(row | ({"transit": "on"} if transit else {}))
    return rows
