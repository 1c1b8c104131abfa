from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.display import Row
from portal.formats import long_date
from portal.refusals import Refused
from portal.staff import Step, StepsAdmin

from ..draws_shown import counts
from ..enums import DRAW_TAKES_REQUESTS, DrawState
from ..forms.draw import AnnounceForm, ValueForm
from ..models import Centre, Draw
from ..operations import draw
from .centre import OwnCentresFilter


@admin.register(Draw)
class DrawAdmin(StepsAdmin):
    """Draws are announced here and get their value; who asked, and the seed, nobody sees."""

    shows_people = False
    mission_path = "centre__mission"
    list_display = ("centre", "service", "which_days", "state", "opens_at", "closes_at")
    list_filter = ("state", ("centre", OwnCentresFilter), "service")
    list_select_related = ("centre__mission",)
    fields = (
        *("centre", "service", "which_days", "state", "announced_at", "opens_at", "closes_at"),
        *("acceptance_hours", "source", "value", "value_at", "commitment", "closing_digest"),
        *("numbers", "enter", "public_page"),
    )
    readonly_fields = (
        *("which_days", "numbers", "enter", "public_page", "commitment", "closing_digest"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("seed", "transcript", "seats")
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appointments.add_draw")

    def get_urls(self) -> list[URLPattern]:
        value = path(
            "<uuid:object_id>/value/",
            self.admin_site.admin_view(self.value_view),
            name="appointments_draw_value",
        )
        return [value, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Fill in, look at what it would do, announce."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        own = visible_to(Centre.objects.select_related("mission"), request.user)
        form = AnnounceForm(own, request.POST if request.method == "POST" else None)
        preview = None
        if form.is_valid():
            preview = draw.preview(form.wish())
            if "announce" in request.POST:
                row = self._announced(request, form)
                if row is not None:
                    return redirect("admin:appointments_draw_change", row.pk)
        context = {"title": _("Announce a draw"), "form": form, "preview": preview}
        return self._form_page(request, "admin/draw/announce.html", form, context)

    def _announced(self, request: HttpRequest, form: AnnounceForm) -> Draw | None:
        try:
            row = draw.announce(wish=form.wish(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            return None
        messages.success(request, gettext("The draw is announced."))
        return row

    def value_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Enter the public value, once; the draw follows by itself."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        if not _waits_for_value(row):
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect("admin:appointments_draw_change", row.pk)
        audit.record_read(actor=request.user, subject=row, what="value page")
        form = ValueForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._entered(request, row, form):
            return redirect("admin:appointments_draw_change", row.pk)
        context = {"title": _("Enter the public value"), "form": form, "row": row}
        return self._form_page(request, "admin/draw/value.html", form, context)

    def _entered(self, request: HttpRequest, row: Draw, form: ValueForm) -> bool:
        try:
            draw.enter_value(draw_id=row.pk, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            return False
        messages.success(request, gettext("The value is entered. Lots are drawn within a minute."))
        return True

    def _form_page(
        self, request: HttpRequest, template: str, form: Form, context: dict[str, Any]
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        status = 422 if form.is_bound and form.errors else 200
        return render(request, template, context, status=status)

    def steps(self, row: Any) -> list[Step]:
        if row.value_at is None and row.state in (*DRAW_TAKES_REQUESTS, DrawState.CLOSED):
            note = _(
                "Its places open for everybody. Everybody who asked is told by e-mail, with your "
                "reason."
            )
            return [Step("cancel", _("Call the draw off"), _cancel, "needed", note)]
        return []

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("centre"), row.centre.name),
            Row(gettext("days of the appointments"), self.which_days(row)),
            Row(gettext("requests"), self.numbers(row)),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("days of the appointments"))
    def which_days(self, row: Draw) -> str:
        last = row.days.upper - timedelta(days=1)
        days = {"first": long_date(row.days.lower), "last": long_date(last)}
        return gettext("%(first)s to %(last)s") % days

    @admin.display(description=_("requests"))
    def numbers(self, row: Draw) -> str:
        found = counts(row)
        return gettext(
            "Requests: %(all)s; people: %(people)s; accepted: %(accepted)s; offered: %(offered)s; "
            "waiting: %(waiting)s"
        ) % {name: found[name] for name in ("all", "people", "accepted", "offered", "waiting")}

    @admin.display(description=_("public value"))
    def enter(self, row: Draw) -> str:
        if not _waits_for_value(row):
            return "–"
        address = reverse("admin:appointments_draw_value", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Enter the public value"))

    @admin.display(description=_("public page"))
    def public_page(self, row: Draw) -> str:
        address = reverse("appointments:draw", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("What everybody sees"))


def _waits_for_value(row: Draw) -> bool:
    return row.state == DrawState.CLOSED and row.value_at is None


def _cancel(row: Draw, actor: Any, reason: str) -> None:
    draw.cancel(draw_id=row.pk, actor=actor, reason=reason)
