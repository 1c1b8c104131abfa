"""What a centre manager says of a maintenance: which centres, when, and what waits (RD-04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.missions.models import Mission

from ..enums import MaintenanceReason, Suspended
from ..models import Centre, MaintenanceWindow
from ..operations.maintenance import MOST_WINDOWS, Hours, MaintenanceWish
from ..rules.maintenance import weekly
from .centres import CentresField
from .draw import MomentField

_FORMS = (Suspended.NEW_FORMS, Suspended.PREPARING, Suspended.BOOKING)


class WhereForm(forms.Form):
    """The centres that close, and what waits meanwhile."""

    mission = forms.ModelChoiceField(label=_("Mission"), queryset=Mission.objects.none())
    centres = CentresField(
        label=_("Centres"),
        queryset=Centre.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all centres of the mission."),
    )
    suspends = forms.MultipleChoiceField(
        label=_("What waits meanwhile"),
        choices=Suspended.choices,
        initial=list(_FORMS),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Booking waits at these centres only, everything else in the whole mission. Reading, "
            "help, calculators and complaints never wait."
        ),
    )
    reason = forms.ChoiceField(
        label=_("Reason, as people read it"), choices=MaintenanceReason.choices
    )
    note = forms.CharField(
        label=_("Note for staff"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, missions: QuerySet[Mission], centres: QuerySet[Centre], data: Any = None
    ) -> None:
        super().__init__(data)
        self.fields["mission"].queryset = missions  # type: ignore[attr-defined]
        self.fields["centres"].queryset = centres  # type: ignore[attr-defined]
        self._centres = centres
        if missions.count() == 1:
            self.fields["mission"].initial = missions.first()

    def clean(self) -> dict[str, Any]:
        """Take all centres of the mission where none is chosen; refuse those of another one."""
        said = super().clean() or {}
        mission, chosen = said.get("mission"), list(said.get("centres") or ())
        if mission is not None and not chosen:
            chosen = list(self._centres.filter(mission=mission, is_active=True))
        if mission is not None and any(one.mission_id != mission.pk for one in chosen):
            self.add_error("centres", gettext("One of these centres belongs to another mission."))
        said["centres"] = chosen
        return said


class PlanForm(WhereForm):
    """A maintenance that is announced beforehand; its hours are rows of their own."""

    announce_at = MomentField(
        label=_("Shown to everybody from"),
        required=False,
        help_text=_("Empty: as soon as you announce it. Places close when you announce it."),
    )
    field_order = ("mission", "centres", "suspends", "reason", "announce_at", "note")

    def wish(self, hours: list[Hours]) -> MaintenanceWish:
        """Return what is to be planned; the form must be valid."""
        return MaintenanceWish(hours=hours, **self.cleaned_data)


class EmergencyForm(WhereForm):
    """Centres that close from this second on."""

    until = MomentField(label=_("Closed until"))
    field_order = ("until", "mission", "centres", "reason", "suspends", "note")

    def __init__(self, *args: Any, until: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = until
        self.fields["reason"].initial = MaintenanceReason.BREAKDOWN
        self.fields["suspends"].initial = [Suspended.ALL_WRITES]


class HoursForm(forms.Form):
    """One row of hours, perhaps of every week."""

    start = MomentField(label=_("Closed from"))
    end = MomentField(label=_("Open again at"))
    until = forms.DateField(
        label=_("Every week until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """Hours end after they start, and a recurrence ends within reach."""
        said = super().clean() or {}
        start, end, until = (said.get(name) for name in ("start", "end", "until"))
        if start and end and end <= start:
            self.add_error("end", gettext("The end must come after the start."))
        if start and until and until < start.date():
            self.add_error("until", gettext("The end must come after the start."))
        elif start and until and (until - start.date()).days // 7 >= MOST_WINDOWS:
            self.add_error("until", gettext("This is too far away. Plan a year at most."))
        return said

    def hours(self) -> list[Hours]:
        """Return the hours of this row; the form must be valid."""
        said = self.cleaned_data
        return weekly(said["start"], said["end"], said["until"] or said["start"].date())


HoursFormSet = forms.formset_factory(
    HoursForm, extra=3, max_num=MOST_WINDOWS, validate_max=True, min_num=1, validate_min=True
)


def all_hours(rows: Iterable[Any]) -> list[Hours]:
    """Return the hours of all filled rows of a valid `HoursFormSet`, in the order of time."""
    return sorted(one for row in rows if row.has_changed() for one in row.hours())


class EndForm(forms.Form):
    """Another end for some of the announced windows."""

    windows = forms.MultipleChoiceField(
        label=_("Which windows"), widget=forms.CheckboxSelectMultiple
    )
    end = MomentField(label=_("New end"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, windows: Iterable[MaintenanceWindow], data: Any = None) -> None:
        super().__init__(data)
        choices = [(str(one.pk), f"{one.centre.name}: {one}") for one in windows]
        field = self.fields["windows"]
        field.choices = choices  # type: ignore[attr-defined]
        field.initial = [value for value, _label in choices] if len(choices) == 1 else []

    def window_ids(self) -> list[int]:
        """Return the chosen windows; the form must be valid."""
        return [int(one) for one in self.cleaned_data["windows"]]
