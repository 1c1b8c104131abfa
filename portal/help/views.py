"""Pages of the help centre: all topics, a search, one topic."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .models import HelpPage
from .search import LONGEST_QUERY, find_pages

FALLBACK = "fr"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show all topics, or those that a search finds."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    language = _language()
    pages = (
        find_pages(query, language) if query else list(HelpPage.objects.filter(language=language))
    )
    context = {
        "query": query,
        "pages": pages,
        "other_language": bool(query and pages and pages[0].language != language),
    }
    return render(request, "help/index.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one topic, in French where it is not written in the reader's language."""
    language = _language()
    versions = HelpPage.objects.filter(slug=slug, language__in=(language, FALLBACK))
    by_language = {version.language: version for version in versions}
    found = by_language.get(language) or by_language.get(FALLBACK)
    if found is None:
        raise Http404
    return render(request, "help/page.html", {"page": found})


def _language() -> str:
    return (get_language() or FALLBACK)[:2]
