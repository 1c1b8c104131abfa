"""The day board: one page on which the counter works through a day, by keyboard and scanner."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.closings_shown import closings_on
from portal.dates import civil_date
from portal.refusals import Refused

from .. import operations
from ..board import APPOINTMENT, LABELS, WALK_IN, Line, as_lines, board, days_to_close
from ..day_list import day_list
from ..finding_people import Found, find
from ..forms.board import PlaceForm
from ..models import Appointment, Board, Centre, WalkIn
from ..operations.signals import asked_at_the_desk

_Run = Callable[["Desk", Any, str], Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where and when somebody works: what every address of the board carries along."""

    centres: list[Centre]
    centre: Centre | None
    day: date
    counter: int | None
    user: Any

    def address(self, **more: str) -> str:
        """Return the address of this board."""
        known = {"centre": self.centre.code if self.centre else "", "day": self.day.isoformat()}
        if self.counter:
            known["counter"] = str(self.counter)
        return f"{reverse('admin:appointments_board_changelist')}?{urlencode(known | more)}"


def _appointment_closed(step: str) -> _Run:
    return lambda desk, row, reason: operations.close(
        appointment=row, step=step, actor=desk.user, reason=reason
    )


def _walk_in_closed(step: str) -> _Run:
    return lambda desk, row, reason: operations.close_walk_in(
        walk_in=row, step=step, actor=desk.user, reason=reason
    )


def _appointment_back(desk: Desk, row: Any, reason: str) -> Any:
    return operations.back(appointment=row, actor=desk.user)


def _walk_in_back(desk: Desk, row: Any, reason: str) -> Any:
    return operations.back_walk_in(walk_in=row, actor=desk.user)


_CLOSING = ("serve", "miss", "not_accept")
_BACK = ("undo_arrive", "undo_call", "undo_miss")
_RUN: dict[tuple[str, str], _Run] = {
    ("arrive", APPOINTMENT): lambda desk, row, _reason: operations.arrive(
        appointment=row, actor=desk.user
    ),
    ("call", APPOINTMENT): lambda desk, row, _reason: operations.call(
        appointment=row, actor=desk.user, counter=desk.counter
    ),
    ("call", WALK_IN): lambda desk, row, _reason: operations.call_walk_in(
        walk_in=row, actor=desk.user, counter=desk.counter
    ),
    **{(step, APPOINTMENT): _appointment_closed(step) for step in _CLOSING},
    **{(step, WALK_IN): _walk_in_closed(step) for step in _CLOSING},
    **{(step, APPOINTMENT): _appointment_back for step in _BACK},
    **{(step, WALK_IN): _walk_in_back for step in _BACK[1:]},
}


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows the board to those who work at a counter: who may change appointments."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Agents and centre managers; rows are limited to their missions."""
        return bool(request.user.has_perm("appointments.change_appointment"))

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited here; steps are taken."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Offer the board alone, not the pages of a table."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.board_view), name="appointments_board_changelist"),
            path("do/", view(self.do_view), name="appointments_board_do"),
            path("list.pdf", view(self.list_view), name="appointments_board_list"),
        ]

    def board_view(self, request: HttpRequest) -> HttpResponse:
        """Show the day; on POST look for somebody, and lead to the one who is meant."""
        desk = self._desk(request)
        if request.method == "POST" and desk.centre:
            return self._search(request, desk, request.POST.get("q", ""))
        return self._page(request, desk, opened=request.GET.get("open", ""))

    def do_view(self, request: HttpRequest) -> HttpResponse:
        """Take the step that a button names, and show the board again."""
        desk = self._desk(request)
        if request.method != "POST" or desk.centre is None:
            raise Http404
        done = request.POST.get("do", "")
        if done == "miss-chosen":
            return self._miss_chosen(request, desk)
        step, kind, key = self._button(done)
        if step == "admit":
            return self._admit(request, desk, key)
        row = self._row(desk, kind, key)
        reason = request.POST.get("reason", "")[:300].replace("\r\n", "\n").replace("\x00", "")
        try:
            _RUN[step, kind](desk, row, reason)
        except Refused as refusal:
            return self._refused(request, desk, _line(row), refusal, reason)
        said = gettext("%(who)s: %(step)s") % {
            "who": row.application.traveller,
            "step": LABELS[step],
        }
        messages.success(request, said)
        return redirect(desk.address())

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """Give the list of the day on paper, for the hour without power."""
        desk = self._desk(request)
        if desk.centre is None:
            raise Http404
        audit.record_read(
            actor=request.user,
            subject=desk.centre,
            what=f"list of {desk.day.isoformat()} on paper",
            mission=desk.centre.mission,
        )
        language = (get_language() or "fr")[:2]
        paper = day_list(desk.centre, desk.day, language)
        response = HttpResponse(paper, content_type="application/pdf")
        name = f"{desk.centre.code}-{desk.day.isoformat()}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    # --- who works where ---

    def _desk(self, request: HttpRequest) -> Desk:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = visible_to(Centre.objects.filter(is_active=True), request.user)
        centres = list(rows.select_related("mission").order_by("mission__code", "code"))
        form = PlaceForm({**request.GET.dict(), **request.POST.dict()})
        form.full_clean()
        given: dict[str, Any] = form.cleaned_data
        centre = next((one for one in centres if one.code == given.get("centre")), None)
        if given.get("centre") and centre is None:
            raise Http404
        return Desk(
            centres=centres,
            centre=centre or (centres[0] if centres else None),
            day=given.get("day") or civil_date(timezone.now()),
            counter=given.get("counter"),
            user=request.user,
        )

    def _button(self, done: str) -> tuple[str, str, uuid.UUID]:
        parts = done.split(" ")
        known = len(parts) == 3 and ((parts[0], parts[1]) in _RUN or parts[0] == "admit")
        try:
            return (parts[0], parts[1], uuid.UUID(parts[2])) if known else _not_found()
        except ValueError:
            raise Http404 from None

    def _row(self, desk: Desk, kind: str, key: uuid.UUID) -> Any:
        rows: Any = Appointment.objects.select_related("slot", "application")
        if kind == WALK_IN:
            rows = WalkIn.objects.select_related("application")
        found = visible_to(rows, desk.user, path="application__mission").filter(pk=key).first()
        return found or _not_found()

    # --- what is done ---

    def _admit(self, request: HttpRequest, desk: Desk, key: uuid.UUID) -> HttpResponse:
        assert desk.centre is not None  # do_view looked
        try:
            ticket = operations.admit_walk_in(
                application_id=key, centre=desk.centre, actor=desk.user
            )
        except Application.DoesNotExist:
            raise Http404 from None
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        else:
            said = gettext("%(who)s has ticket number %(number)s.")
            messages.success(
                request, said % {"who": ticket.application.traveller, "number": ticket.number}
            )
        return redirect(desk.address())

    def _miss_chosen(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        keys = []
        for text in request.POST.getlist("chosen"):
            _step, kind, key = self._button(f"miss {text}")
            keys.append(self._row(desk, kind, key))
        appointments = [row for row in keys if isinstance(row, Appointment)]
        walk_ins = [row for row in keys if isinstance(row, WalkIn)]
        done, refused = operations.miss_all(
            appointments=appointments, walk_ins=walk_ins, actor=desk.user
        )
        for refusal in refused:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        if not keys:
            messages.warning(request, gettext("Choose at least one person first."))
        if done:
            said = ngettext(
                "Recorded for %(count)s person that nobody came.",
                "Recorded for %(count)s people that nobody came.",
                done,
            )
            messages.success(request, said % {"count": done})
        return redirect(desk.address())

    def _refused(
        self, request: HttpRequest, desk: Desk, line: Line, refusal: Refused, reason: str
    ) -> HttpResponse:
        """Show the person again with what was typed, and say why nothing was recorded."""
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        if not reason.strip():
            return redirect(desk.address(open=line.reference))
        return self._page(request, desk, opened=line.reference, reason=reason, status=422)

    # --- the page ---

    def _search(self, request: HttpRequest, desk: Desk, text: str) -> HttpResponse:
        """Lead to the only one who is meant: an address with a reference, never with a name."""
        assert desk.centre is not None  # board_view looked
        day = board(desk.centre, desk.day)
        found = find(text, lines=day.lines, centre=desk.centre, user=desk.user)
        if found.only is not None:
            return redirect(desk.address(open=found.only.reference))
        return self._page(request, desk, found=found, typed=text.strip())

    def _page(
        self,
        request: HttpRequest,
        desk: Desk,
        *,
        opened: str = "",
        found: Found | None = None,
        typed: str = "",
        reason: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Day board"),
            "desk": desk,
            "found": found,
            "typed": typed,
            "reason": reason,
        }
        if desk.centre is not None:
            context |= self._day(request, desk, desk.centre, opened)
            context["closings"] = closings_on(desk.centre.pk, desk.day)
        # A scanner types into whatever has the focus: the field, or the button that follows.
        follows = context.get("card") or (found and (found.here or found.may_walk_in))
        context["focus_search"] = not follows
        return render(request, "admin/board/board.html", context, status=status)

    def _day(self, request: HttpRequest, desk: Desk, centre: Centre, opened: str) -> dict[str, Any]:
        now = timezone.now()
        today = civil_date(now)
        day = board(centre, desk.day)
        card = next((line for line in day.lines if opened and line.reference == opened), None)
        audit.record_read(
            actor=request.user,
            subject=centre if card is None else card.row,
            what=f"day board of {desk.day.isoformat()}",
            mission=centre.mission,
        )
        return {
            "board": day,
            "card": card,
            "desk_asks": asked_at_the_desk(card.application.owner_id) if card else [],
            "now": now,
            "today": today,
            "is_past": desk.day < today,
            "is_future": desk.day > today,
            "before": desk.day - timedelta(days=1) if desk.day > date.min else None,
            "after": desk.day + timedelta(days=1) if desk.day < date.max else None,
            "earlier": days_to_close(centre, today) if desk.day == today else [],
        }


def _line(row: Any) -> Line:
    return as_lines([row])[0]


def _not_found() -> Any:
    raise Http404
