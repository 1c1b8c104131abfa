"""A page for everybody is made once a second, and nothing personal is ever in it."""

from __future__ import annotations

import pytest
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


def get(path: str = "/", **headers: str) -> HttpRequest:
    return RequestFactory().get(path, **headers)  # type: ignore[arg-type]


def test_within_a_second_the_page_is_made_once(clock: list[float]) -> None:
    made = Made()
    site = SharedPages(made.view)
    assert [site(get()).content for _ in range(3)] == [b"page 1"] * 3  # type: ignore[attr-defined]
    clock[0] += shared_pages.FRESH + 0.1
    assert site(get()).content == b"page 2"  # type: ignore[attr-defined]


def test_while_one_visitor_makes_it_anew_the_others_get_the_old_one(clock: list[float]) -> None:
    made = Made()
    site = SharedPages(made.view)
    site(get())
    clock[0] += shared_pages.FRESH + 0.1
    inner: list[bytes] = []

    def slow(request: HttpRequest) -> HttpResponse:
        site.get_response = made.view
        inner.append(site(get()).content)  # type: ignore[attr-defined]
        return made.view(request)  # type: ignore[return-value]

    site.get_response = slow
    site(get())
    assert inner == [b"page 1"]


def test_after_a_failure_nobody_gets_a_page_older_than_five_seconds(clock: list[float]) -> None:
    made = Made()
    site = SharedPages(made.view)
    site(get())
    clock[0] += shared_pages.STALE + 0.1
    assert site(get()).content == b"page 2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (get("/a/"), get("/b/")),
        (get("/a/"), get("/a/?from=2026-12-01")),
        (get(HTTP_ACCEPT_LANGUAGE="fr"), get(HTTP_ACCEPT_LANGUAGE="ar")),
        (get(HTTP_HOST="localhost"), get(HTTP_HOST="evil.example")),
        (get(HTTP_ACCEPT_ENCODING="gzip"), get()),
    ],
    ids=["path", "query", "language", "host", "encoding"],
)
def test_another_page_is_another_page(first: HttpRequest, second: HttpRequest) -> None:
    made = Made()
    site = SharedPages(made.view)
    site(first)
    site(second)
    assert made.times == 2


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_whoever_brings_something_personal_never_meets_the_store(cookie: str) -> None:
    made = Made()
    site = SharedPages(made.view)
    for _ in range(2):
        request = get()
        request.COOKIES[cookie] = "x"
        site(request)
    assert made.times == 2
    site(get())
    assert made.times == 3


@pytest.mark.parametrize(
    "made",
    [Made(shared=False), Made(cookie=True), Made(status=503)],
    ids=["not marked", "sets a cookie", "an error"],
)
def test_what_is_not_for_everybody_is_not_kept(made: Made) -> None:
    site = SharedPages(made.view)
    site(get())
    site(get())
    assert made.times == 2


def test_odd_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_pages, "ROOM", 3)
    site = SharedPages(Made().view)
    for n in range(10):
        site(get(f"/?n={n}"))
    assert len(site._pages) == 3


@pytest.mark.django_db
def test_the_pages_for_everybody_set_no_cookie_and_hold_no_token(client) -> None:
    for address in ("/", "/how-it-works/", "/appointments/centres/"):
        answer = client.get(address)
        if answer.status_code == 404:
            continue
        assert not answer.cookies
        assert b"csrfmiddlewaretoken" not in answer.content
