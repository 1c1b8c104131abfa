from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.accounts.access import visible_to
from portal.audit import operations as audit

from ..models import Centre, CentreSwitch
from .centre import OwnCentresFilter


@admin.register(CentreSwitch)
class CentreSwitchAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("centre", "name", "is_on", "valid")
    list_filter = (("centre", OwnCentresFilter), "name")
    list_select_related = ("centre__mission",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user, path="centre__mission")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "centre":
            kwargs["queryset"] = visible_to(Centre.objects.all(), request.user)
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
