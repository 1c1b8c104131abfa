"""Admin pages that show people: each page of a list leaves one trace, each opened row one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from portal.encryption import lookup_key

from . import operations as audit


class TracedList(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable when run
    """Remembers who looked at which page of a list; it costs two statements, however many rows."""

    shows_people = True

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and leave one trace of the rows on this page."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        shown = response.context_data if isinstance(response, TemplateResponse) else None
        if self.shows_people and shown and "cl" in shown:
            rows = list(shown["cl"].result_list)  # read by now, for the page counts them
            audit.record_list(
                actor=request.user,
                model=self.model,
                what="admin list",
                rows=rows,
                mission_id=self._mission_of(rows),
                details=_asked(shown["cl"]),
            )
        return response

    def _mission_of(self, rows: list[Any]) -> int | None:
        """Return the one mission of all rows, if there is one: who supervises it sees the trace."""
        path = getattr(self, "mission_path", "")
        if not (path and rows):
            return None
        shown = self.model._default_manager.filter(pk__in=[row.pk for row in rows])
        missions = set(shown.order_by().values_list(path, flat=True).distinct()[:2])
        return missions.pop() if len(missions) == 1 else None


class TracedRows(TracedList):
    """Remembers who opened a row, too."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, and remember who looked at it."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_view_permission(request, row):
            audit.record_read(actor=request.user, subject=row, what="admin page")
        return super().change_view(request, object_id, form_url, extra_context)


def _asked(changes: Any) -> dict[str, Any]:
    """Return the filters and the page; of a search only a keyed hash and its length.

    Equal searches have equal hashes, so that a pattern shows, and a name stays unknown.
    """
    asked: dict[str, Any] = {"page": changes.page_num}
    if filters := changes.get_filters_params():
        asked["filters"] = filters
    if changes.query:
        asked["search"] = lookup_key("search in a list", changes.query).hex()[:16]
        asked["search_length"] = len(changes.query)
    return asked
