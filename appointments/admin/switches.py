from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import DateRangeField
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.formats import short_date
from portal.forms.ranges import DayRange, DaysField

from ..forms.centres import CentreField
from ..models import Centre, CentreSwitch
from .centre import OwnCentresFilter


class SwitchForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        """Say in words what `one_position_of_a_switch_at_a_time` refuses."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        centre, name, valid = (given.get(one) for one in ("centre", "name", "valid"))
        if centre and name and valid:
            others = CentreSwitch.objects.exclude(pk=self.instance.pk)
            if others.filter(centre=centre, name=name, valid__overlap=valid).exists():
                self.add_error(
                    "valid",
                    gettext("For some of these days the rule is set already. Change that row."),
                )
        return given


@admin.register(CentreSwitch)
class CentreSwitchAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("centre", "name", "is_on", "from_when", "until_when")
    list_filter = (("centre", OwnCentresFilter), "name")
    list_select_related = ("centre__mission",)
    form = SwitchForm
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user, path="centre__mission")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "centre":
            own = visible_to(Centre.objects.select_related("mission"), request.user)
            kwargs |= {"queryset": own, "form_class": CentreField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: CentreSwitch, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            actor=request.user,
            action="centreswitch.set",
            subject=obj,
            mission=obj.centre.mission,
            details={"name": obj.name, "on": obj.is_on, "valid": str(obj.valid)},
        )

    @admin.display(description=_("From"), ordering="valid", empty_value="–")
    def from_when(self, row: CentreSwitch) -> str | None:
        return row.valid.lower and short_date(row.valid.lower)

    @admin.display(description=_("Last day"), empty_value="–")
    def until_when(self, row: CentreSwitch) -> str | None:
        return row.valid.upper and short_date(row.valid.upper - timedelta(days=1))
