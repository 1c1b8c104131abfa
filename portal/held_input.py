"""Nothing typed is ever lost: input of a person whose session has expired waits for them.

The choice: the input is sealed into the new, still anonymous session, for an hour, for the one
page it was sent to. Signing in keeps the session, so the same browser gets it back, once, on
that page. Who typed it cannot be known, since the old session is gone: on a shared computer the
next person to sign in could meet it, but only by opening that page, and pages about one
application open to nobody but its owner. Signing out forgets it. Files cannot be held.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.encryption import DecryptionError, decrypt, encrypt

SESSION_KEY = "held_input"
HELD_FOR = 3600  # seconds
KEPT_AFTER = 24 * 3600  # seconds after the end of a maintenance
LARGEST = 200_000  # characters of encoded input; more than any form here can send
NEVER_HELD = ("csrfmiddlewaretoken", "password", "code")

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """What a view behind `keep_input_and_sign_in` is given."""

    user: User


def keep_input_and_sign_in(view: View) -> View:
    """Let only signed-in people use `view`; what others send waits until they have signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            hold_input(request)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    guarded.keeps_input = True  # type: ignore[attr-defined]
    return guarded


def pressed_on(page: str) -> Callable[[View], View]:
    """Lead whoever comes to the address of a button without pressing it to the page it is on.

    So do those who press it after their session has expired: signing in leads back to the address.
    """

    def pressed(view: View) -> View:
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            there: HttpResponseBase = redirect(page, *args, **kwargs)
            return there

        return guarded

    return pressed


def held_after_csrf_failure(request: HttpRequest) -> HttpResponseBase | None:
    """Hold what an old tab sent after its owner had signed in again elsewhere, and reload.

    Only for pages that keep input, and only what this site's own page sent: the browser says so
    in Origin, which no other site can forge. None when the refusal has to be explained instead.
    """
    match = request.resolver_match
    keeps_input = match is not None and getattr(match.func, "keeps_input", False)
    own_page = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not (keeps_input and own_page and request.user.is_authenticated):
        return None
    hold_input(request)
    return HttpResponseRedirect(request.get_full_path())


def hold_input(
    request: HttpRequest,
    path: str = "",
    *,
    quietly: bool = False,
    until: datetime | None = None,
) -> None:
    """Seal what was posted into the session, in place of anything held before.

    It waits for the page that was posted to, or for `path`; `quietly` says nothing when it is
    shown again, because the person did not go away.  With `until` it waits for the end of a
    maintenance and a day longer; before that end it is shown as often as the page is opened.
    """
    body = request.POST.copy()
    for name in NEVER_HELD:
        body.pop(name, None)
    encoded = body.urlencode()
    if not encoded or len(encoded) > LARGEST:
        return
    entry: dict[str, Any] = {
        "path": path or request.path,
        "at": time.time(),
        "body": encoded,
        "quiet": quietly,
    }
    if until is not None:
        entry["closed_until"] = until.timestamp()
    request.session[SESSION_KEY] = encrypt(json.dumps(entry)).decode()


def held_input(request: HttpRequest) -> QueryDict | None:
    """Return what waits for this page, once, and tell the person; None when nothing does.

    Call it when showing a form, and fill the form from what it returns.
    """
    entry = _opened(request.session.get(SESSION_KEY))
    if entry is None or entry["path"] != request.path:
        return None
    closed_until = entry.get("closed_until")
    if closed_until is None or time.time() >= closed_until:
        del request.session[SESSION_KEY]
    if time.time() >= _kept_until(entry):
        return None
    if closed_until is not None:
        messages.info(request, gettext("What you typed before the maintenance is still here."))
    elif not entry.get("quiet"):
        messages.info(
            request,
            gettext(
                "You had been signed out. What you typed is still here; please send it again. "
                "Files must be chosen again."
            ),
        )
    return QueryDict(entry["body"])


def _kept_until(entry: dict[str, Any]) -> float:
    """Return the moment (seconds of the epoch) from which nothing of it is shown any more."""
    closed_until = entry.get("closed_until")
    return float(entry["at"] + HELD_FOR if closed_until is None else closed_until + KEPT_AFTER)


def _opened(sealed: str | None) -> dict[str, Any] | None:
    if not sealed:
        return None
    try:
        entry: dict[str, Any] = json.loads(decrypt(sealed.encode()))
    except DecryptionError:  # the keys were changed meanwhile
        return None
    return entry
