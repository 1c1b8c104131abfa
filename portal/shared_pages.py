"""Whole pages that every anonymous visitor sees alike, kept for a second.

When slots are released thousands of people load one page in the same minute.  A page costs
milliseconds to make and microseconds to hand out again, so each process makes it once a second
and language, one request at a time; whoever comes meanwhile gets the page of the second before.
Nothing personal can be in it: who brings a session or a waiting message never meets this store.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_request

FRESH = 1.0  # seconds in which nobody makes the page again
STALE = 5.0  # seconds for which it is handed out while one visitor waits for the new one
ROOM = 512  # pages per process; the oldest goes, so that odd addresses do not fill the memory
_PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")


def shared_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose page depends on nothing but address and language.

    Its page must hold no CSRF token: a page that sets a cookie is not shared.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        setattr(response, "is_shared", True)  # noqa: B010  # responses have no such attribute
        return response

    return marked


@dataclass(slots=True)
class _Page:
    content: bytes
    status: int
    headers: dict[str, str]
    made_at: float
    asked_until: float = 0.0


class SharedPages:
    """The middleware; it stands first, so that a kept page costs as little as possible."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._pages: OrderedDict[tuple[Any, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the store where that is possible."""
        key = _key(request)
        if key is None:
            return self.get_response(request)
        kept = self._kept(key)
        if kept is not None:
            return HttpResponse(kept.content, status=kept.status, headers=kept.headers)
        response = self.get_response(request)
        if _may_be_shared(response):
            self._keep(key, response)
        return response

    def _kept(self, key: tuple[Any, ...]) -> _Page | None:
        """Return the page, or None to the one visitor who is to make it anew."""
        now = time.monotonic()
        with self._lock:
            page = self._pages.get(key)
            if page is None or now - page.made_at > STALE:
                return None
            if now - page.made_at > FRESH and now > page.asked_until:
                page.asked_until = now + STALE
                return None
            return page

    def _keep(self, key: tuple[Any, ...], response: Any) -> None:
        page = _Page(response.content, response.status_code, dict(response.items()), _now())
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > ROOM:
                self._pages.popitem(last=False)


def _now() -> float:
    return time.monotonic()


def _key(request: HttpRequest) -> tuple[Any, ...] | None:
    """Return what a page depends on, or None where it may be personal."""
    if request.method != "GET" or any(name in request.COOKIES for name in _PERSONAL):
        return None
    meta = request.META
    return (
        request.scheme,
        meta.get("HTTP_HOST", ""),
        request.path,
        meta.get("QUERY_STRING", ""),
        get_language_from_request(request),
        "gzip" in meta.get("HTTP_ACCEPT_ENCODING", ""),
    )


def _may_be_shared(response: Any) -> bool:
    return (
        getattr(response, "is_shared", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
    )
