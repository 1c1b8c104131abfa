"""Pages of the rule book: all families, one family, one rule."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .contents import FAMILIES, rule_book


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the families with their rules."""
    families = [
        (code, FAMILIES.get(code, code), entries)
        for code, entries in rule_book().families().items()
    ]
    return render(request, "rule_book/index.html", {"families": families})


@require_safe
def family(request: HttpRequest, code: str) -> HttpResponse:
    """Show every rule of a family; each has its id as anchor."""
    entries = rule_book().families().get(code)
    if entries is None:
        raise Http404
    context = {"code": code, "name": FAMILIES.get(code, code), "entries": entries}
    return render(request, "rule_book/family.html", context)


@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show one rule."""
    entry = rule_book().find(code)
    if entry is None:
        raise Http404
    name = FAMILIES.get(entry.family, entry.family)
    return render(request, "rule_book/rule.html", {"entry": entry, "name": name})
