from __future__ import annotations

from django.contrib import admin

from .models import Access, Entry
from .readonly import ReadOnlyAdmin

TRACE = ("at", "actor_label", "subject_type", "subject_id", "mission")


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_label", "action", "subject_type", "subject_id", "mission")
    list_filter = ("action", "mission")
    list_select_related = ("mission",)
    search_fields = ("=subject_id", "actor_label")
    date_hierarchy = "at"
    fields = (*TRACE, "action", "reason", "details")


@admin.register(Access)
class AccessAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_label", "what", "subject_type", "subject_id", "mission")
    list_filter = ("what", "mission")
    list_select_related = ("mission",)
    search_fields = ("=subject_id", "actor_label")
    date_hierarchy = "at"
    fields = (*TRACE, "what")
