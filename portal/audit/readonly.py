"""An admin page that shows rows of one's missions and lets nobody change them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from portal.accounts.access import visible_to


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable when run
    """Shows; who may look is the model's view permission, and which rows, the mission."""

    show_full_result_count = False
    mission_path = "mission"  # how a row leads to the mission that limits who sees it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep the rows of the viewer's missions."""
        rows = super().get_queryset(request)
        return visible_to(rows, request.user, path=self.mission_path)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes."""
        return False
