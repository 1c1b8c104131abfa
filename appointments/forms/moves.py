"""What a centre manager says of a plan of new times (RD-06)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.formats import moment

from ..enums import Service
from ..models import Centre, Maintenance, Slot
from ..operations.move_plans import ExtraHours


class MaintenanceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Maintenances with the mission they belong to: a reference alone says nothing."""

    def label_from_instance(self, obj: Any) -> str:
        """Name a maintenance."""
        return f"{obj.reference} · {obj.mission.name}"


class BeginForm(forms.Form):
    """For which maintenance, and by which rules."""

    maintenance = MaintenanceChoice(label=_("Maintenance"), queryset=Maintenance.objects.none())
    notice_hours = forms.IntegerField(
        label=_("Notice in hours"),
        help_text=_("Nobody gets a new time that is nearer than this when the plan is applied."),
        validators=[MinValueValidator(0), MaxValueValidator(60 * 24)],
    )
    earlier_centres = forms.ModelMultipleChoiceField(
        label=_("An earlier time on the same day is possible at"),
        queryset=Centre.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Elsewhere nobody gets an earlier time, except people who agreed to it when they "
            "booked."
        ),
    )

    def __init__(
        self,
        maintenances: QuerySet[Maintenance],
        centres: QuerySet[Centre],
        data: Any = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["maintenance"].queryset = maintenances  # type: ignore[attr-defined]
        self.fields["earlier_centres"].queryset = centres  # type: ignore[attr-defined]


class PinForm(forms.Form):
    """A time chosen by hand; empty leaves it to the plan again."""

    slot = forms.TypedChoiceField(label=_("New time"), coerce=int, empty_value=None, required=False)

    def __init__(self, slots: list[Slot], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            ("", _("as the plan finds it")),
            *((slot.pk, self._label(slot)) for slot in slots),
        ]

    def _label(self, slot: Slot) -> str:
        free = slot.free
        return f"{moment(slot.starts_at)} · " + (
            str(_("no free seat")) if free <= 0 else str(_("free seats: %(free)s")) % {"free": free}
        )


class HoursForm(forms.Form):
    """Hours of one day that open for those who move."""

    centre = forms.ModelChoiceField(label=_("Centre"), queryset=Centre.objects.none())
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(
        label=_("Minutes per appointment"),
        initial=20,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    counters = forms.IntegerField(
        label=_("Counters"), initial=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    def __init__(self, centres: QuerySet[Centre], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["centre"].queryset = centres  # type: ignore[attr-defined]

    def hours(self) -> ExtraHours:
        """Return what is to be added; the form must be valid."""
        return ExtraHours(**self.cleaned_data)
