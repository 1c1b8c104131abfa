from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from .chain import head_of
from .hidden import without_hidden
from .models import Access, Entry
from .readonly import ReadOnlyAdmin
from .sealing import last_seal, open_rows
from .traced import TracedList

TRACE = ("at", "actor_label", "subject_type", "subject_id", "mission")


class TraceAdmin(TracedList, ReadOnlyAdmin):
    """Shows lines of the trail, and the head of its chain, to be written down elsewhere."""

    change_list_template = "admin/audit/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what this person must not know of."""
        return without_hidden(super().get_queryset(request), request.user)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add where the chain stands."""
        seal, waiting = last_seal(), open_rows()
        standing = {
            "seal": seal,
            "head": head_of(seal),
            "open_rows": sum(one.rows for one in waiting),
            "oldest_open": min((one.oldest for one in waiting if one.oldest), default=None),
        }
        return super().changelist_view(request, {**standing, **(extra_context or {})})


@admin.register(Entry)
class EntryAdmin(TraceAdmin):
    list_display = ("at", "actor_label", "action", "subject_type", "subject_id", "mission")
    list_filter = ("action", "mission")
    list_select_related = ("mission",)
    search_fields = ("=subject_id", "actor_label")
    date_hierarchy = "at"
    fields = (*TRACE, "action", "reason", "details")


@admin.register(Access)
class AccessAdmin(TraceAdmin):
    list_display = ("at", "actor_label", "what", "subject_type", "subject_id", "mission")
    list_filter = ("what", "mission")
    list_select_related = ("mission",)
    search_fields = ("=subject_id", "actor_label")
    date_hierarchy = "at"
    fields = (*TRACE, "what", "details")
