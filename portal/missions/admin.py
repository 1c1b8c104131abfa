from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import DateRangeField
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.accounts.access import visible_to
from portal.forms.by_language import NamesForm, by_language, is_line, not_as
from portal.forms.ranges import DayRange, DaysField
from portal.rules.parameters import Ruleset

from .models import Mission, MissionLanguage, ProviderPeriod


class MissionForm(NamesForm):
    """Takes from the fields of free JSON only what pages can read."""

    def clean_rulesets(self) -> Any:
        rulesets = self.cleaned_data["rulesets"] or {}
        known = list(Ruleset)
        if not isinstance(rulesets, dict) or any(one not in known for one in rulesets.values()):
            raise not_as('{"PA": "current"}')
        return rulesets

    def clean_letterhead(self) -> Any:
        heads = self.cleaned_data["letterhead"] or {}
        if not by_language(heads) or not all(map(_are_lines, heads.values())):
            raise not_as('{"fr": ["…", "…"]}')
        return heads


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_line, value))


class MissionLanguageInline(admin.TabularInline):  # type: ignore[type-arg]
    model = MissionLanguage
    extra = 0
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}


@admin.register(Mission)
class MissionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = MissionForm
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
