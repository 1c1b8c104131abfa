from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.display import Row
from portal.formats import short_date
from portal.staff import OwnRowsFilter, Step, StepsAdmin

from .. import operations
from ..call_sheet import about, call_sheet
from ..channels import Channel
from ..counting import tallies
from ..models import UnreachedMessage, recipient_key
from ..telephones import readable
from ..wording import reason
from ..workflow import UNREACHED, WORKFLOW, State

MOST = 1000  # people on one call sheet


def still_to_call(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keep what reached nobody; a text that failed matters to nobody whose mail went well."""
    mail = UnreachedMessage.objects.filter(
        kind=OuterRef("kind"),
        subject=OuterRef("subject"),
        version=OuterRef("version"),
        channel=Channel.EMAIL,
        state=State.SENT,
    )
    return rows.filter(state__in=UNREACHED).exclude(Exists(mail))


@admin.register(UnreachedMessage)
class UnreachedMessageAdmin(StepsAdmin):
    """Whom to call, because no message arrived; what was told elsewhere is not shown here."""

    change_list_template = "admin/unreached/change_list.html"
    list_display = ("person", "telephone", "what", "why", "channel", "written")
    list_display_links = ("person",)
    list_filter = ("channel", "kind", ("mission", OwnRowsFilter))
    list_select_related = ("mission",)
    ordering = ("created_at", "pk")
    search_fields = ("subject",)
    search_help_text = _("A whole e-mail address, or what the message is about")
    fields = ("person", "telephone", "what", "why", "language", "channel", "written", "mission")
    readonly_fields = ("person", "telephone", "what", "why", "written")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return still_to_call(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "@" in search_term:
            return queryset.filter(recipient_key=recipient_key(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list[URLPattern]:
        sheet = path(
            "call-sheet/",
            self.admin_site.admin_view(self.call_sheet_view),
            name="outbox_unreachedmessage_sheet",
        )
        return [sheet, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"tallies": _tallies(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(str(_("person")), self.person(row)),
            Row(str(_("telephone")), self.telephone(row)),
            Row(str(_("about")), self.what(row)),
            Row(str(_("why no message arrived")), self.why(row)),
        ]

    def steps(self, row: Any) -> list[Step]:
        if not WORKFLOW.allows(row.state, "telephone"):
            return []
        note = _("You may write what was said. The person leaves this list, on every channel.")
        again = _("For instance because a mailbox was full, or a server is mended.")
        return [
            Step("telephone", _("Reached by telephone"), _telephone, "optional", note),
            Step("again", _("Send again"), _again, "no", again),
        ]

    def call_sheet_view(self, request: HttpRequest) -> HttpResponse:
        """Give the rows of the list, as filtered, on paper."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = list(self.get_changelist_instance(request).get_queryset(request)[:MOST])
        except IncorrectLookupParameters as error:
            raise Http404 from error
        audit.record_list(
            actor=request.user,
            model=UnreachedMessage,
            what="call sheet on paper",
            rows=rows,
            details={},
            mission_id=_mission_of(rows),
        )
        day = civil_date(timezone.now())
        paper = call_sheet(rows, day=day, language=(get_language() or "fr")[:2])
        response = HttpResponse(paper, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="call-sheet-{day.isoformat()}.pdf"'
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description=_("person"))
    def person(self, row: UnreachedMessage) -> str:
        return str(row.recipient)

    @admin.display(description=_("telephone"))
    def telephone(self, row: UnreachedMessage) -> str:
        number = readable(row.phone)
        if not number:
            return str(_("none known"))
        return format_html('<a href="tel:{}" dir="ltr" class="telephone">{}</a>', row.phone, number)

    @admin.display(description=_("about"))
    def what(self, row: UnreachedMessage) -> str:
        return about(row, (get_language() or "fr")[:2])

    @admin.display(description=_("why no message arrived"))
    def why(self, row: UnreachedMessage) -> str:
        return reason(row)

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, row: UnreachedMessage) -> str:
        return short_date(row.created_at)

    def _back(self, row: Any) -> HttpResponse:
        """Lead to the list, where the next person waits."""
        return redirect(f"{self.admin_site.name}:outbox_unreachedmessage_changelist")


def _telephone(row: Any, actor: Any, note: str) -> None:
    operations.reach_by_telephone(row, actor, note)


def _again(row: Any, actor: Any, _reason: str) -> None:
    operations.retry(row, actor)


def _mission_of(rows: list[Any]) -> int | None:
    missions = {row.mission_id for row in rows}
    return missions.pop() if len(missions) == 1 else None


def _tallies(request: HttpRequest) -> list[Any]:
    """Return the counts of the mass of messages that the list is limited to, if it is."""
    try:
        return list(tallies(UUID(request.GET.get("bulk__exact", ""))))
    except ValueError:
        return []
