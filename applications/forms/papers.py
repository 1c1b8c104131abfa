"""One paper: a file, and what the paper says of itself where a rule asks for it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.digits import western_digits
from portal.forms.fields import CivilDateField
from portal.forms.layout import PageForm
from portal.rules.parameters import Law
from portal.uploads.fields import UploadField

from ..enums import Translation
from ..file_checklist import PaperLine
from ..operations import PaperSays
from ..refusals import DatesBackwards
from ..rules.paper_dates import asks_issue_date

LARGEST_AMOUNT = 10_000_000  # euros; more is a typing error
INSURANCE = "insurance"
# Papers that nobody translates: printed in several languages, or made here.
_NEVER_TRANSLATED = frozenset(
    ("passport", "photo", "form", "fee", INSURANCE, "booking", "cash_or_card", "return_ticket")
)
# Papers that often end on a day of their own; no rule speaks of it.
_MAY_END = frozenset(
    ("work_contract", "scholarship", "rental_or_residence_hall", "enrolment", "school_certificate")
)


class EurosField(forms.IntegerField):
    """A whole amount as people write it: 30000, 30 000, 30.000 €, in any digits."""

    default_error_messages = {
        "invalid": _("Write the amount in digits, such as 30000."),
        "min_value": _("Write the amount in digits, such as 30000."),
        "max_value": _("This amount is too large. Write it in euros, such as 30000."),
    }

    def __init__(self, **options: Any) -> None:
        """Take the options of Django's own field."""
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(min_value=0, max_value=LARGEST_AMOUNT, **options)

    def to_python(self, value: Any) -> int | None:
        """Read the digits; raises ValidationError for anything else."""
        if isinstance(value, str):
            value = western_digits(value)
            value = re.sub(r"[\s.,'’]|€|EUR|euros?", "", value, flags=re.IGNORECASE)
        return super().to_python(value)


class PaperForm(PageForm, forms.Form):
    """A file to add, and the days of the paper; at least one of them.

    `version` travels with the form, so that a second window notices what the first one sent.
    """

    submit_label = _("Send")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    file = UploadField(label=_("Scan or photo of the paper"), required=False)
    issued_on = CivilDateField(
        label=_("Until which day do the statements go?"),
        help_text=_("The last day on them, for example 31 10 2026."),
        required=False,
        not_future=True,
        first_year=2000,
    )
    valid_from = CivilDateField(
        label=_("From which day does the insurance cover you?"), required=False, first_year=2000
    )
    valid_until = CivilDateField(label=_("Until which day?"), required=False, first_year=2000)
    amount = EurosField(label=_("How much does it cover, in euros?"), required=False)
    translation = forms.ChoiceField(
        label=_("Is it translated?"),
        help_text=_(
            "A translation helps. One by a sworn translator is more credible, and none needs to "
            "be legalised."
        ),
        choices=Translation.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, line: PaperLine, law: Law, **options: Any) -> None:
        """Ask only what matters for this paper, filled with what was told before."""
        self.line = line
        row = line.document
        stored = {name: getattr(row, name) for name in _SAYS} if row else {}
        stored["translation"] = stored.get("translation") or Translation.NONE
        version = row.version if row else 0
        options["initial"] = {**stored, "version": version, **options.get("initial", {})}
        super().__init__(*args, **options)
        for name in set(_SAYS) - asked_of(line.kind, law):
            del self.fields[name]
        self.fields["file"].required = not line.files and set(self.fields) == {"version", "file"}
        if line.kind != INSURANCE and "valid_until" in self.fields:
            self.fields["valid_until"].label = _("Until which day is it valid, if it says so?")

    def clean(self) -> dict[str, Any]:
        """Want a file or something new; the days in their order."""
        given = super().clean() or {}
        self.errors.pop("version", None)  # nobody types it: what is forged counts as not seen
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", f"{DatesBackwards.message} {DatesBackwards.remedy}")
        if not given.get("file") and "file" not in self.errors and not self._says_something():
            self.add_error("file", self.fields["file"].error_messages["required"])
        return given

    def seen_version(self) -> int:
        """Return the version of the paper that the sender saw."""
        return self.cleaned_data.get("version") or 0

    def says(self) -> PaperSays | None:
        """Return what the paper says; what is not asked stays as it was."""
        asked = [name for name in _SAYS if name in self.fields]
        if not asked:
            return None
        row = self.line.document
        kept = {name: getattr(row, name) for name in _SAYS} if row else {}
        told = {name: self.cleaned_data.get(name) for name in asked}
        told["translation"] = told.get("translation") or kept.get("translation") or Translation.NONE
        return PaperSays(**{**kept, **told})

    def _says_something(self) -> bool:
        return bool(set(self.changed_data) & {name for name in _SAYS if name in self.fields})


_SAYS = ("issued_on", "valid_from", "valid_until", "amount", "translation")


def asked_of(kind: str, law: Law) -> set[str]:
    """Return what is asked about a paper of `kind`, beside its file."""
    if kind == INSURANCE:
        return {"valid_from", "valid_until", "amount"}
    asked = {"issued_on"} if asks_issue_date(kind, law) else set()
    if kind in _MAY_END:
        asked.add("valid_until")
    return asked if kind in _NEVER_TRANSLATED else asked | {"translation"}
