from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import DateRangeField
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.accounts.access import visible_to
from portal.forms.ranges import DayRange, DaysField

from .models import Mission, MissionLanguage, ProviderPeriod


class MissionLanguageInline(admin.TabularInline):  # type: ignore[type-arg]
    model = MissionLanguage
    extra = 0
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}


@admin.register(Mission)
class MissionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "state", "post", "is_active")
    list_filter = ("state", "is_active")
    search_fields = ("code",)
    inlines = (MissionLanguageInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), request.user, path="pk")


@admin.register(ProviderPeriod)
class ProviderPeriodAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("state", "post", "role", "name", "valid", "citation")
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}
    list_filter = ("state", "post")
    search_fields = ("name",)
