"""Tie every change that the database records to the person and the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponseBase
from pghistory.middleware import HistoryMiddleware


class ActorMiddleware(HistoryMiddleware):
    """Attach the account's number and the page's name; no address of a person or a machine.

    Only methods that may change something count (settings.PGHISTORY_MIDDLEWARE_METHODS), so
    reading a page costs nothing here, not even the look-up of a session.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Name the account by its number."""
        return {"user": request.user.pk}

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Add the page's name, which is known only once the address has been resolved."""
        if request.resolver_match:
            pghistory.context(page=request.resolver_match.view_name)
