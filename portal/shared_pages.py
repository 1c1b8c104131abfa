"""Whole pages that every anonymous visitor sees alike, kept for a second.

When slots are released thousands of people load one page in the same minute.  A page costs
milliseconds to make and microseconds to hand out again, so each process makes it once a second
and language, one request at a time; whoever comes meanwhile gets the page of the second before.
It is handed out before Django hears of the request, which would cost more than all the rest.
Nothing personal can be in it: who brings a session or a waiting message never meets this store.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, parse_cookie
from django.utils.translation import get_language_from_request

FRESH = 1.0  # seconds in which nobody makes the page again
STALE = 5.0  # seconds for which it is handed out while one visitor waits for the new one
ROOM = 512  # pages per process; the oldest goes, so that odd addresses do not fill the memory
IS_SHARED = "guichet.is_shared"  # what a view says of its page, in the environment of the request

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


def shared_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose page depends on nothing but address and language.

    Its page must hold no CSRF token: a page that sets a cookie is not shared.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.META[IS_SHARED] = True
        return view(request, *args, **kwargs)

    return marked


@dataclass(slots=True)
class _Page:
    content: bytes
    headers: list[tuple[str, str]]
    made_at: float
    asked_until: float = 0.0


class SharedPages:
    """The WSGI application around Django's."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the store where that is possible."""
        key = _key(environ)
        if key is None:
            return self.application(environ, start_response)
        kept = self._kept(key)
        if kept is None:
            return self._made(key, environ, start_response)
        start_response("200 OK", list(kept.headers))
        return [kept.content]

    def _made(
        self, key: tuple[str, ...], environ: Environment, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        said: list[Any] = ["", []]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *error)

        parts = self.application(environ, start)
        if not environ.get(IS_SHARED):
            return parts
        try:
            content = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = said
        if status.startswith("200 ") and all(name.lower() != "set-cookie" for name, _ in headers):
            self._keep(key, _Page(content, list(headers), time.monotonic()))
        return [content]

    def _kept(self, key: tuple[str, ...]) -> _Page | None:
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

    def _keep(self, key: tuple[str, ...], page: _Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > ROOM:
                self._pages.popitem(last=False)


def _key(environ: Environment) -> tuple[str, ...] | None:
    """Return what a page depends on, or None where it may be personal."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    brought = environ.get("HTTP_COOKIE", "")
    cookies = parse_cookie(brought) if brought else {}
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies:
        return None
    spoken = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        _language(spoken, environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        "gzip" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "",
    )


@lru_cache(maxsize=1024)
def _language(cookie: str, accepted: str) -> str:
    """Return the language that Django's middleware will choose for such a visitor."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: cookie} if cookie else {}
    visitor: Any = SimpleNamespace(COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": accepted})
    return get_language_from_request(visitor)
