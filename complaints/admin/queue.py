"""The queue in the admin: the next case, filters and searches, saved views, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.encryption import lookup_key
from portal.staff import StepsAdmin

from ..enums import ENDED_CASES, CaseState, Category, Channel
from ..fairness import fairness
from ..forms.queue import NOT_KEPT, QueueForm, ViewNameForm
from ..models import Case
from ..operations import desks
from ..operations.handling import next_case
from ..permissions import categories_of, visible_cases
from ..queue import ME, NOBODY, OPEN, Page, queue_page
from ..queue_figures import WIDTH, ages, workload
from ..queue_offers import offers_for
from ..working_ages import working_days_waited
from .case_page import STATE_COLOURS

QUEUE = "admin:complaints_case_changelist"
PERIODS = (30, 90, 365)  # days of the fairness report


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the queue; `waits` in working days, None when it ended."""

    case: Case
    state: Any
    category: Any
    channel: Any
    colour: str
    waits: int | None


@dataclass(frozen=True, slots=True)
class Tab:
    """A view that everybody has, or one that somebody saved."""

    label: Any
    query: str
    is_current: bool
    view_id: int = 0


_TABS = (
    (gettext_lazy("Mine"), {"who": ME, "state": OPEN}),
    (gettext_lazy("Nobody handles yet"), {"who": NOBODY, "state": OPEN}),
    (gettext_lazy("All that are open"), {"state": OPEN}),
)


class QueueAdmin(StepsAdmin):
    """Cases as a queue; what is shown of one is in case.py."""

    def get_urls(self) -> list[URLPattern]:
        """Add what is done from the queue."""
        pages = (
            ("next/", "next", require_POST(self.next_view)),
            ("views/", "save_view", require_POST(self.save_view)),
            ("views/<int:view_id>/delete/", "delete_view", require_POST(self.delete_saved_view)),
            ("figures/", "figures", self.figures_view),
            ("fairness/", "fairness", self.fairness_view),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"complaints_case_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one page of the queue, and leave one trace of its rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today, offers = civil_date(timezone.now()), offers_for(request.user)
        takes_cases = bool(categories_of(request.user))
        given = request.GET or ({"who": ME} if takes_cases else {})
        form = QueueForm(given, offers)
        chosen = form.chosen()
        page = queue_page(request.user, chosen, today=today, after=request.GET.get("after", ""))
        self._trace(request, page, chosen)
        kept = form.to_keep()
        context = {
            **self._frame(request, capfirst(str(self.opts.verbose_name_plural))),
            "form": form,
            "page": page,
            "lines": [_line(row, today) for row in page.rows],
            "tabs": _tabs(kept, chosen, offers.views),
            "next_page": urlencode({**chosen, "after": page.next}) if page.next else "",
            "first_page": urlencode(chosen) if request.GET.get("after") else "",
            "kept": kept,
            "is_filtered": any(name in chosen for name in _FOLDED),
            "takes_cases": takes_cases,
            "may_save": request.user.has_perm("complaints.add_savedview"),
            "may_see_fairness": request.user.has_perm("complaints.view_skip"),
        }
        return render(request, "admin/case/queue.html", context)

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """Give out the case that has waited longest."""
        if not request.user.has_perm("complaints.change_case"):
            raise PermissionDenied
        case = next_case(handler=request.user)
        if case is None:
            messages.info(request, _("No case of your categories waits."))
            return redirect(QUEUE)
        return redirect("admin:complaints_case_change", case.pk)

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters that were set, without words and names."""
        if not request.user.has_perm("complaints.add_savedview"):
            raise PermissionDenied
        kept = QueueForm(request.POST, offers_for(request.user)).to_keep()
        named = ViewNameForm(request.POST)
        if named.is_valid():
            name = named.cleaned_data["view_name"]
            desks.keep_view(user=request.user, name=name, filters=kept)
            messages.success(request, _("The view was saved."))
        else:
            messages.error(request, " ".join(map(str, named.errors["view_name"])))
        return redirect(f"{self._queue()}?{urlencode(kept)}")

    def delete_saved_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        """Forget a view of one's own."""
        if not request.user.has_perm("complaints.delete_savedview"):
            raise PermissionDenied
        if desks.remove_view(user=request.user, view_id=view_id):
            messages.success(request, _("The view was deleted."))
        return redirect(QUEUE)

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """Draw how long cases wait and who handles how many."""
        rows, exact = _counted(request.user)
        if rows is None:
            raise PermissionDenied
        today = civil_date(timezone.now())
        context = {
            **self._frame(request, _("Ages and workload")),
            "ages": ages(rows, today, exact=exact),
            "workload": workload(rows, today, exact=exact),
            "exact": exact,
            "width": WIDTH,
        }
        return render(request, "admin/case/figures.html", context)

    def fairness_view(self, request: HttpRequest) -> HttpResponse:
        """Say what was skipped or given out of order."""
        if not request.user.has_perm("complaints.view_skip"):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
        report = fairness(request.user, since=timezone.now() - timedelta(days=days))
        audit.record_list(
            actor=request.user,
            model=Case,
            what="fairness report",
            rows=[*(one.case for one in report.skips), *(one.case for one in report.by_hand)],
            details={"days": days},
        )
        context = {
            **self._frame(request, _("Order of arrival")),
            "report": report,
            "days": days,
            "periods": PERIODS,
        }
        return render(request, "admin/case/fairness.html", context)

    def _frame(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}

    def _queue(self) -> str:
        return redirect(QUEUE).url

    def _trace(self, request: HttpRequest, page: Page, chosen: dict[str, Any]) -> None:
        """Leave one line for the rows of this page; of a search a hash, which says no word."""
        missions = {row.mission_id for row in page.rows}
        details = {name: str(value) for name, value in chosen.items() if name not in NOT_KEPT}
        searched = [str(chosen[name]) for name in NOT_KEPT if name in chosen]
        if searched:
            details["search"] = lookup_key("search in a list", *searched).hex()[:16]
        audit.record_list(
            actor=request.user,
            model=Case,
            what="queue",
            rows=page.rows,
            mission_id=missions.pop() if len(missions) == 1 else None,
            details=details,
        )


# Filters that are folded away until one of them is used.
_FOLDED = ("category", "channel", "language", "age", "mission", "newest")


def _line(row: Case, today: Any) -> Line:
    ended = row.state in ENDED_CASES
    waits = None if ended else working_days_waited(row.received_at, today)
    state = CaseState(row.state)
    # get_…_display goes through all choices each time; a page has 150 of them.
    labels = state.label, Category(row.category).label, Channel(row.channel).label
    return Line(row, *labels, STATE_COLOURS.get(state, "progress"), waits)


def _tabs(kept: dict[str, str], chosen: dict[str, Any], views: Any) -> list[Tab]:
    is_search = any(name in chosen for name in NOT_KEPT)

    def tab(label: Any, filters: dict[str, str], view_id: int = 0) -> Tab:
        same = not is_search and filters == kept
        return Tab(label, urlencode(filters), same, view_id)

    own = [tab(name, filters, number) for number, name, filters in views]
    return [*(tab(label, filters) for label, filters in _TABS), *own]


def _counted(user: Any) -> tuple[QuerySet[Case] | None, bool]:
    """Return the cases whose numbers `user` may know, and whether exactly.

    Who runs the desks and reads no case sees all of them, without small numbers.
    """
    if user.has_perm("complaints.view_case"):
        return visible_cases(user), True
    return (Case.objects.all(), False) if user.has_perm("complaints.change_desk") else (None, False)
