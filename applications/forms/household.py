"""A traveller of the household: who it is, the passport, and who signs for a minor (AP-01)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.dates import civil_date
from portal.forms.layout import PageForm

from ..enums import Relation
from ..models import Traveller
from ..refusals import GuardianMissing
from ..rules.household import guardian_missing
from ..rules.law import LAW
from .intake.person import GuardianField, PassportFields, PersonFields, adults_of

_PASSPORT = tuple(PassportFields.base_fields)


class HouseholdForm(PageForm, PassportFields, PersonFields):
    """One traveller; the passport may be added later, in an application too."""

    submit_label = _("Save")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    relation = forms.ChoiceField(
        label=_("Who is this person to you?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who this person is to you.")},
    )
    guardian = GuardianField(
        required=False,
        help_text=_("Only for somebody under 18: an adult of your household who has care of them."),
    )
    field_order = (
        "version",
        "relation",
        *PersonFields.base_fields,
        "guardian",
        *PassportFields.base_fields,
    )

    def __init__(
        self, *args: Any, owner: User, traveller: Traveller | None = None, **kwargs: Any
    ) -> None:
        if traveller is not None:
            stored = {name: getattr(traveller, name, None) for name in self.base_fields}
            stored["guardian"] = str(traveller.guardian_id or "")
            kwargs["initial"] = stored | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in _PASSPORT:
            self.fields[name].required = False
        guardian = self.fields["guardian"]
        assert isinstance(guardian, GuardianField)
        adults = adults_of(owner, but=traveller.pk if traveller else None)
        guardian.offer(adults)
        if not adults:
            del self.fields["guardian"]

    def clean(self) -> dict[str, Any]:
        """Refuse a minor without an adult who signs, and a passport older than its holder."""
        given = super().clean() or {}
        birth, issued = given.get("birth_date"), given.get("passport_issued_on")
        if birth and issued and issued < birth:
            self.add_error(
                "passport_issued_on", _("The passport cannot be older than the traveller.")
            )
        self._check_guardian(given)
        return given

    def _check_guardian(self, given: dict[str, Any]) -> None:
        guardian = given.get("guardian")
        found = guardian_missing(
            given.get("birth_date"),
            guardian.birth_date if guardian else None,
            LAW.on(civil_date(timezone.now())),
            has_guardian=guardian is not None,
        )
        if found is not None:
            where = "guardian" if "guardian" in self.fields else "birth_date"
            self.add_error(where, f"{GuardianMissing.message} {GuardianMissing.remedy}")

    def answers(self) -> dict[str, Any]:
        """Return what is known of the traveller; what was left empty is empty."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return given | {"guardian": given.get("guardian")}
