"""A page for everybody is made once a second, and nothing personal is ever in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal import shared_pages
from portal.shared_pages import SharedPages, shared_page


class Made:
    """A view that counts how often it made its page."""

    def __init__(self, shared: bool = True, cookie: bool = False, status: int = 200) -> None:
        self.times, self.cookie, self.status = 0, cookie, status
        self.view = shared_page(self._view) if shared else self._view

    def _view(self, request: HttpRequest) -> HttpResponse:
        self.times += 1
        response = HttpResponse(f"page {self.times}", status=self.status)
        if self.cookie:
            response.set_cookie("csrftoken", "x")
        return response


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(shared_pages.time, "monotonic", lambda: now[0])
    return now


Environment = dict[str, Any]


def get(path: str = "/", **headers: str) -> Environment:
    return dict(RequestFactory().get(path, **headers).META)  # type: ignore[arg-type]


def around(view: Callable[[HttpRequest], HttpResponse]) -> SharedPages:
    """The store around a site that has one view."""

    def site(environ: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        response = view(WSGIRequest(environ))
        cookies = [("Set-Cookie", one.OutputString()) for one in response.cookies.values()]
        start(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return [response.content]  # not the response, whose end closes connections

    return SharedPages(site)


def page(site: SharedPages, environ: Environment) -> bytes:
    return b"".join(site(environ, lambda _status, _headers: None))


def test_within_a_second_the_page_is_made_once(clock: list[float]) -> None:
    site = around(Made().view)
    assert [page(site, get()) for _ in range(3)] == [b"page 1"] * 3
    clock[0] += shared_pages.FRESH + 0.1
    assert page(site, get()) == b"page 2"


def test_a_kept_page_has_the_headers_of_the_first() -> None:
    said: list[Any] = []
    site = around(Made().view)
    for _ in range(2):
        list(site(get(), lambda status, headers: said.append((status, dict(headers)))))
    assert said[0] == said[1]
    assert said[0][0] == "200 OK"
    assert "Content-Type" in said[0][1]


def test_while_one_visitor_makes_it_anew_the_others_get_the_old_one(clock: list[float]) -> None:
    made = Made()
    site = around(made.view)
    page(site, get())
    clock[0] += shared_pages.FRESH + 0.1
    inner: list[bytes] = []
    usual = site.application

    def slow(environ: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        inner.append(page(site, get()))
        return usual(environ, start)

    site.application = slow
    page(site, get())
    assert inner == [b"page 1"]


def test_after_a_failure_nobody_gets_a_page_older_than_five_seconds(clock: list[float]) -> None:
    site = around(Made().view)
    page(site, get())
    clock[0] += shared_pages.STALE + 0.1
    assert page(site, get()) == b"page 2"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (get("/a/"), get("/b/")),
        (get("/a/"), get("/a/?from=2026-12-01")),
        (get(HTTP_ACCEPT_LANGUAGE="fr"), get(HTTP_ACCEPT_LANGUAGE="ar")),
        (get(HTTP_COOKIE="guichet_language=de"), get(HTTP_COOKIE="guichet_language=ar")),
        (get(HTTP_HOST="localhost"), get(HTTP_HOST="evil.example")),
        (get(HTTP_ACCEPT_ENCODING="gzip"), get()),
        (get(HTTP_X_FORWARDED_PROTO="https"), get()),
    ],
    ids=["path", "query", "language", "chosen language", "host", "encoding", "scheme"],
)
def test_another_page_is_another_page(first: Environment, second: Environment) -> None:
    made = Made()
    site = around(made.view)
    page(site, first)
    page(site, second)
    assert made.times == 2


def test_languages_that_nobody_has_here_share_the_page_of_the_default() -> None:
    made = Made()
    site = around(made.view)
    for accepted in ("fr", "fr-DZ,fr;q=0.9", "xx", ""):
        page(site, get(HTTP_ACCEPT_LANGUAGE=accepted))
    assert made.times == 1


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_whoever_brings_something_personal_never_meets_the_store(cookie: str) -> None:
    made = Made()
    site = around(made.view)
    for _ in range(2):
        page(site, get(HTTP_COOKIE=f"{cookie}=x"))
    assert made.times == 2
    page(site, get())
    assert made.times == 3


def test_only_looking_is_shared() -> None:
    made = Made()
    site = around(made.view)
    for _ in range(2):
        page(site, dict(RequestFactory().post("/").META))
    assert made.times == 2


@pytest.mark.parametrize(
    "made",
    [Made(shared=False), Made(cookie=True), Made(status=503)],
    ids=["not marked", "sets a cookie", "an error"],
)
def test_what_is_not_for_everybody_is_not_kept(made: Made) -> None:
    site = around(made.view)
    page(site, get())
    page(site, get())
    assert made.times == 2


def test_odd_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_pages, "ROOM", 3)
    site = around(Made().view)
    for n in range(10):
        page(site, get(f"/?n={n}"))
    assert len(site._pages) == 3


@pytest.mark.django_db
def test_the_site_as_it_is_served_shares_a_page_of_its_own() -> None:
    from portal.wsgi import application

    environ = get("/how-it-works/", HTTP_ACCEPT_LANGUAGE="de")
    assert page(application, dict(environ)) == page(application, dict(environ))
    assert any("/how-it-works/" in key for key in application._pages)


@pytest.mark.django_db
def test_the_pages_for_everybody_set_no_cookie_and_hold_no_token(client) -> None:
    for address in ("/", "/how-it-works/", "/appointments/centres/"):
        answer = client.get(address)
        if answer.status_code == 404:
            continue
        assert not answer.cookies
        assert b"csrfmiddlewaretoken" not in answer.content
