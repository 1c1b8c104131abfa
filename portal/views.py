"""Home, language, health, and the pages that say what went wrong."""

from __future__ import annotations

import sys
from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import override as language_override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError

from portal.attempts import Counter, count, network_of
from portal.closings_shown import closings_ahead
from portal.held_input import held_after_csrf_failure, hold_input
from portal.shared_pages import shared_page

RETRY_AFTER = "120"  # seconds; how long a client should wait when a server behind us is away
HELD_PER_NETWORK = 300  # pages in a day, of people who are not signed in
SERVERS_AWAY = (OperationalError, InterfaceError, RedisError)


@require_GET
@shared_page
def home(request: HttpRequest) -> HttpResponse:
    """Start from what the person needs."""
    return render(request, "portal/home.html", {"closings_ahead": closings_ahead()})


@require_GET
@shared_page
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Say what Guichet does, what it never does, and who decides."""
    return render(request, "portal/how_it_works.html")


# --- Language ---------------------------------------------------------------------------------


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else reverse("home")


def _remember_language(request: HttpRequest, language: str) -> None:
    if not isinstance(request.user, AnonymousUser) and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])


def _from_elsewhere(request: HttpRequest) -> bool:
    """Tell whether the browser says that another site sent this form."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.get_host()
    return foreign or request.headers.get("Sec-Fetch-Site") == "cross-site"


def _keep_unsent(request: HttpRequest) -> None:
    """Carry what was typed into a page's form over to the page in the other language.

    Only what this site's own page sent, which the browser says in Origin.
    """
    own_page = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    path = urlsplit(_safe_next(request)).path
    if not own_page or not set(request.POST) - {"next", "language"}:
        return
    if request.user.is_authenticated or (_is_for_anyone(path) and _has_room(request)):
        hold_input(request, path, quietly=True)


def _has_room(request: HttpRequest) -> bool:
    """Tell whether a network may fill one more session of somebody who is not signed in."""
    whose = network_of(get_adapter().get_client_ip(request))
    try:
        [so_far] = count([Counter("input-held", whose, timedelta(days=1))])
    except RedisError:
        return False
    return so_far <= HELD_PER_NETWORK


def _is_for_anyone(path: str) -> bool:
    """Tell whether a page keeps what people type who are not signed in, as complaints do."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "view_class", view), "keeps_input_of_anyone", False))


# Without a token, so that pages for everybody hold none and can be shared; what another site
# could do here is to change a language, and what the browser says of that is heeded.
@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and with the account so that messages follow it."""
    response = HttpResponseRedirect(_safe_next(request))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or _from_elsewhere(request):
        return response
    _remember_language(request, language)
    _keep_unsent(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


# --- Health -----------------------------------------------------------------------------------


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell that this process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell whether database and store answer, so that traffic may come here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.get("readyz")
    except SERVERS_AWAY as problem:
        return HttpResponse(f"{type(problem).__name__}\n", "text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


# --- What went wrong --------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be read, or was too big."""
    too_big = isinstance(exception, RequestDataTooBig)
    return _standalone("errors/400.html", status=413 if too_big else 400, too_big=too_big)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this account may not open the page."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, and where to go instead."""
    return render(request, "errors/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Fill the form again with what was typed, or say how to send the page again."""
    return held_after_csrf_failure(request) or render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say sorry without asking any server; with 503 where one of ours is away."""
    if isinstance(sys.exc_info()[1], SERVERS_AWAY):
        return service_unavailable(request)
    return _standalone("errors/500.html", status=500)


def service_unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say in every language that the site pauses and nothing is lost."""
    response = _standalone("errors/503.html", status=503)
    response["Retry-After"] = RETRY_AFTER
    return response


def _standalone(template: str, status: int, **context: object) -> HttpResponse:
    """Render a page that needs no request, user, database or store."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    with language_override(language):
        body = render_to_string(
            template,
            {
                "language": language,
                "text_direction": "rtl" if get_language_bidi() else "ltr",
                "stylesheet": _stylesheet(),
                **context,
            },
        )
    return HttpResponse(body, status=status)


def _stylesheet() -> str:
    try:
        return static("css/site.css")
    except ValueError:  # the manifest lacks the file: a bare page is better than none
        return ""
