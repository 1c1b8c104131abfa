"""Is this paper genuine? For everybody who holds one: no account, no content."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import codes, kinds, seals
from .forms import CodeForm, ReferenceForm
from .models import Seal

UNREADABLE, TOO_MANY = 422, 429


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Take a code that was typed and lead to its page."""
    if request.method != "POST":
        return render(request, "paper/enter.html", {"form": CodeForm()})
    form = CodeForm(request.POST)
    if form.is_valid():
        return redirect("paper:check", code=form.cleaned_data["code"])
    return render(request, "paper/enter.html", {"form": form}, status=UNREADABLE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether this portal issued the paper and whether it still counts.

    Posting compares a reference; it changes nothing, but keeps the reference out of addresses.
    """
    seal = seals.find_seal(code)
    if seal is None:
        return render(request, "paper/unknown.html", {"code": code[:100]}, status=404)
    if request.method != "POST":
        return _page(request, seal, ReferenceForm())
    return _compared(request, seal)


def _compared(request: HttpRequest, seal: Seal) -> HttpResponse:
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return _page(request, seal, form, status=UNREADABLE)
    # References are shorter than codes: whoever holds a paper must not try them all.
    if not ratelimit.consume(request, action="paper_reference", key=codes.as_read(seal.code)):
        form.add_error(None, gettext("Too many tries. Wait ten minutes, then try again."))
        return _page(request, seal, form, status=TOO_MANY)
    return _page(request, seal, form, matches=seals.is_about(seal, form.cleaned_data["reference"]))


def _page(
    request: HttpRequest,
    seal: Seal,
    form: ReferenceForm,
    *,
    matches: bool | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"seal": seal, "kind": kinds.label_of(seal.kind), "form": form, "matches": matches}
    return render(request, "paper/check.html", context, status=status)
