"""How many days do I have left? Stays, typed in rows or pasted as lines (ST-01 to ST-13)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.rules.memberships import CODES, MEMBERSHIPS
from applications.rules.short_stay import Basis, Stay
from portal.countries import country_name
from portal.forms.address import Pairs
from portal.forms.digits import western_digits
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm

from .fields import NumberField, TextDateField
from .rows import RowForm, RowsForm

METHOD_SINCE = date(2013, 10, 18)
MOST_LINES = 1000
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_LETTERS = {Basis.SHORT_STAY: "S", Basis.LONG_STAY_VISA: "D", Basis.RESIDENCE_PERMIT: "P"}
_BASES = {letter: basis for basis, letter in _LETTERS.items()}
# Never in the area, but often taken for it (ST-12).
_NEVER = ("IE", "GB")


def countries_that_matter() -> list[tuple[str, Any]]:
    """Return the countries whose days do not always count: joined late, or never did."""
    late = {
        row.applies_to
        for row in MEMBERSHIPS
        if row.name == "schengen" and row.effective.first > METHOD_SINCE
    }
    codes = sorted({*late, *_NEVER, "CY"}, key=country_name)
    return [("", _("Any other Schengen state")), *((code, country_name(code)) for code in codes)]


class StayForm(RowForm):
    """One stay: two days, and what they rest on."""

    entry = TextDateField(label=_("Entry"))
    exit = TextDateField(label=_("Exit"), required=False)
    state = forms.ChoiceField(label=_("Country"), choices=countries_that_matter, required=False)
    basis = forms.ChoiceField(
        label=_("Based on"),
        choices=[
            ("", _("Short stay")),
            (Basis.LONG_STAY_VISA.value, _("Long-stay visa (D)")),
            (Basis.RESIDENCE_PERMIT.value, _("Residence permit")),
        ],
        required=False,
    )

    def stay(self) -> Stay:
        """Return the row as a fact."""
        given = self.cleaned_data
        basis = Basis(given["basis"] or Basis.SHORT_STAY)
        return Stay(given["entry"], given["exit"], basis, given["state"])


class DaysForm(PageForm, RowsForm):
    """The day asked about, the stays, and what the person has in mind."""

    row_class = StayForm
    row_name = "stay"
    row_title = _("Stay")
    rows_at_first = 3
    most_rows = 60
    submit_label = _("Count the days")

    day = CivilDateField(
        label=_("On which day shall we count?"),
        help_text=_("Today, or the day on which you want to enter."),
    )
    lines = forms.CharField(
        label=_("Or paste many stays, one per line"),
        help_text=_(
            "For example: 12/03/2025 20/03/2025. Leave out the second day of a stay that "
            "has not ended."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
        required=False,
        max_length=100_000,
    )
    trip_first = CivilDateField(label=_("Do you plan a journey? Its first day"), required=False)
    trip_last = CivilDateField(label=_("Its last day"), required=False)
    wanted_days = NumberField(
        label=_("How many days would you like to stay?"),
        help_text=_("We look for the first day on which so many days are possible."),
        required=False,
        min_value=1,
        max_value=1000,
    )

    def clean_lines(self) -> list[Stay]:
        """Read the pasted lines; an error names its line."""
        lines = western_digits(self.cleaned_data["lines"]).splitlines()
        if len(lines) > MOST_LINES:
            message = gettext("At most %(most)s lines can be read.") % {"most": MOST_LINES}
            raise forms.ValidationError(message)
        return [_read(number, line) for number, line in enumerate(lines, 1) if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Ask for both days of a journey, or none."""
        given = super().clean() or {}
        first, last = given.get("trip_first"), given.get("trip_last")
        for name, day in (("trip_first", first), ("trip_last", last)):
            if name not in self.errors and day is None and (first or last):
                self.add_error(name, _("Enter both days of the journey, or none."))
        if first and last and last < first:
            self.add_error("trip_last", _("The journey ends before it begins."))
        return given

    def stays(self) -> tuple[Stay, ...]:
        """Return all stays, those of the rows first."""
        rows = [row.stay() for _number, row in self.given_rows if isinstance(row, StayForm)]
        return (*rows, *self.cleaned_data["lines"])

    def refuse_stay(self, number: int, field: str, message: str) -> None:
        """Put an error beside stay `number` (from 1), in its row or above the lines."""
        rows = self.given_rows
        if number <= len(rows):
            row = rows[number - 1][1]
            row.add_error(field if field in row.fields else None, message)
            return
        line = number - len(rows)
        text = gettext("Stay number %(number)s: %(message)s")
        self.add_error("lines", text % {"number": line, "message": message})

    def facts(self) -> Pairs:
        """Return what a shared address carries."""
        given = self.cleaned_data
        days = [(name, given[name]) for name in ("day", "trip_first", "trip_last")]
        pairs = [(name, day.isoformat()) for name, day in days if day]
        if given["wanted_days"]:
            pairs.append(("wanted_days", str(given["wanted_days"])))
        return [*pairs, ("stays", "~".join(_short(stay) for stay in self.stays()))]


def _short(stay: Stay) -> str:
    end = stay.exit.isoformat() if stay.exit else ""
    return "_".join((stay.entry.isoformat(), end, _LETTERS[stay.basis], stay.state)).rstrip("_")


def rows_from_address(text: str) -> list[dict[str, str]]:
    """Return the rows that an address carries, as they would have been typed."""
    rows = []
    for part in text.split("~")[:MOST_LINES]:
        entry, end, letter, state = (part.split("_") + [""] * 4)[:4]
        basis = _BASES.get(letter, Basis.SHORT_STAY)
        rows.append(
            {
                "entry": entry,
                "exit": end,
                "basis": "" if basis is Basis.SHORT_STAY else basis.value,
                "state": state,
            }
        )
    return rows


def line_of(row: dict[str, str]) -> str:
    """Return a row as a line that can be pasted: the days, the letter of the basis, the country."""
    letter = _LETTERS[Basis(row["basis"])] if row["basis"] else ""
    return " ".join(filter(None, (row["entry"], row["exit"], letter, row["state"])))


def _read(number: int, line: str) -> Stay:
    field = TextDateField()
    texts = _DATE.findall(line)
    rest = _DATE.sub(" ", line).replace("–", " ").replace("-", " ").upper()
    words = re.findall(r"[^\W\d_]+|\d+", rest)
    if not 1 <= len(texts) <= 2 or len(words) > 2:
        text = gettext("Line %(number)s cannot be read. Write one or two dates per line.")
        raise forms.ValidationError(text % {"number": number})
    basis = next((_BASES[word] for word in words if word in _BASES), Basis.SHORT_STAY)
    states = [word for word in words if word not in _BASES]
    state = states[0] if states else ""
    if len(states) > 1 or (state and CODES.normal(state) is None):
        text = gettext("Line %(number)s: no country has the code “%(code)s”.")
        raise forms.ValidationError(text % {"number": number, "code": states[-1][:20]})
    days = []
    for text in texts:
        try:
            days.append(field.clean(text))
        except forms.ValidationError as error:
            said = gettext("Line %(number)s: %(message)s")
            message = said % {"number": number, "message": error.messages[0]}
            raise forms.ValidationError(message) from error
    return Stay(days[0], days[1] if len(days) > 1 else None, basis, state)
