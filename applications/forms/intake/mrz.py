"""The two lines at the bottom of a passport's photo page, as an aid to fill in fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.countries import country_of_passport
from portal.dates import civil_date

from ...rules.mrz import Mended, PassportData, Problem, read_passport
from ...wording.mrz import PROBLEMS

NAME = "mrz"


class MrzForm(forms.Form):
    """The lines, typed or pasted; `read` and `mended` after `is_valid`."""

    mrz = forms.CharField(
        label=_("Both lines, as printed"),
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "dir": "ltr",
                "class": "mrz-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "wrap": "off",
            }
        ),
        max_length=1000,
        error_messages={"required": _("Type the two lines first.")},
    )
    read: PassportData
    mended: tuple[Mended, ...] = ()

    def clean_mrz(self) -> str:
        """Read the lines; every problem names its line and its signs."""
        text = str(self.cleaned_data[NAME])
        reading = read_passport(text, civil_date(timezone.now()))
        self.mended = reading.mended
        if reading.data is None:
            raise ValidationError([_said(problem) for problem in reading.problems[:6]])
        self.read = reading.data
        return text

    def notes(self) -> list[str]:
        """Tell what was taken for something else, so that it is compared first."""
        return [
            gettext("Line %(line)s, sign %(position)s: “%(typed)s” was read as “%(read)s”.")
            % {"line": m.line, "position": m.position, "typed": m.typed, "read": m.read}
            for m in self.mended
        ]


def _said(problem: Problem) -> ValidationError:
    params = {
        "line": problem.line,
        "first": problem.position,
        "last": problem.until,
        "found": problem.found,
        "wanted": problem.expected if problem.code == "LENGTH" else "",
    }
    return ValidationError(str(PROBLEMS[problem.code]), code=problem.code, params=params)


def filled(data: PassportData, names: Iterable[str]) -> dict[str, Any]:
    """Return what the lines say for the fields `names`, as `initial` shows it."""
    known: Mapping[str, Any] = {
        "family_name": data.family_name,
        "given_names": data.given_names,
        "birth_date": _parts(data.birth_date),
        "nationality": country_of_passport(data.nationality),
        "passport_number": data.passport_number,
        "passport_expires_on": _parts(data.expires_on),
    }
    return {name: known[name] for name in names if known.get(name)}


def _parts(day: Any) -> list[str]:
    return [str(day.day), str(day.month), f"{day.year:04d}"]
