from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.display import Row
from portal.formats import moment
from portal.refusals import Refused
from portal.staff import OwnRowsFilter, Step, StepsAdmin
from portal.wording import shown

from ..enums import PrecautionKind
from ..forms.signals import AskForm
from ..models import Objection, Signal
from ..operations import signals
from ..rules.signals import SignalKind
from ..wording import SIGNAL_KINDS, SIGNALS
from ..workflow import OBJECTION_WORKFLOW, SIGNAL_WORKFLOW


class KindFilter(admin.SimpleListFilter):
    title = _("what was noticed")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(kind), label) for kind, label in SIGNAL_KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Signal)
class SignalAdmin(StepsAdmin):
    """What was counted, in words; nobody is shut out from here."""

    list_display = ("last_seen_at", "noticed", "state", "mission", "open_objections")
    list_filter = ("state", KindFilter, ("mission", OwnRowsFilter))
    list_select_related = ("mission",)
    fields = (
        *("noticed", "reason", "by_rule", "mission", "first_seen_at", "last_seen_at", "state"),
        *("note", "handled_by", "whose", "asked", "objections_told", "ask_link"),
    )
    readonly_fields = (
        *("noticed", "reason", "by_rule", "whose", "asked", "objections_told", "ask_link"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).prefetch_related("objections")
        return rows

    def steps(self, row: Any) -> list[Step]:
        allowed = SIGNAL_WORKFLOW.names_from(row.state)
        found = []
        if "look" in allowed:
            found.append(Step("look", _("I am looking at it"), _look))
        if "clear" in allowed:
            note = _("What was asked because of it ends at once. Say what you found.")
            found.append(Step("clear", _("Clear it: nothing is wrong"), _clear, "needed", note))
        return found

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("what was noticed"), self.noticed(row)),
            Row(gettext("reason"), self.reason(row)),
        ]

    def get_urls(self) -> list[URLPattern]:
        ask = path(
            "<uuid:object_id>/ask/",
            self.admin_site.admin_view(self.ask_view),
            name="appointments_signal_ask",
        )
        return [ask, *super().get_urls()]

    def ask_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask something of one account for a while; the person is told and can object."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        if not SIGNAL_WORKFLOW.allows(row.state, "act"):
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect("admin:appointments_signal_change", row.pk)
        audit.record_read(actor=request.user, subject=row, what="measure page")
        form = AskForm(_accounts(row), request.POST if request.method == "POST" else None)
        if form.is_valid() and self._asked(request, row, form):
            return redirect("admin:appointments_signal_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Ask something for a while"),
            "row": row,
            "facts": self.facts(row),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/signal/ask.html", context, status=status)

    def _asked(self, request: HttpRequest, row: Signal, form: AskForm) -> bool:
        try:
            _ask(row, request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
            return False
        messages.success(request, gettext("It is asked from now on. The person is told by e-mail."))
        return True

    @admin.display(description=_("what was noticed"))
    def noticed(self, row: Signal) -> str:
        return str(SIGNAL_KINDS[SignalKind(row.kind)])

    @admin.display(description=_("reason"))
    def reason(self, row: Signal) -> str:
        if row.finding is None:  # a number of the law was corrected for the past
            return "–"
        told = shown(row.finding, SIGNALS)
        return f"{told.sentence} {told.remedy}"

    @admin.display(description=_("rule"))
    def by_rule(self, row: Signal) -> str:
        if row.finding is None:
            return "–"
        rule = row.finding.rule_id
        address = reverse("rule_book:rule", args=[rule])
        link = format_html('<a href="{}"><bdi dir="ltr">{}</bdi></a>', address, rule)
        return format_html("{} · {}", link, row.finding.citation)

    @admin.display(description=_("appointments"))
    def whose(self, row: Signal) -> str:
        rows = row.appointments.order_by("booked_at").values_list("pk", "reference")[:100]
        links = ((reverse("admin:appointments_appointment_change", args=[k]), r) for k, r in rows)
        return format_html_join(" · ", '<a href="{}"><bdi dir="ltr">{}</bdi></a>', links) or "–"

    @admin.display(description=_("what is asked"))
    def asked(self, row: Signal) -> str:
        now = timezone.now()
        lines = [
            (one.get_kind_display(), _until(one, now), one.reason)
            for one in row.precautions.order_by("valid")
        ]
        return format_html_join("", "<p>{} · {}<br><bdi>{}</bdi></p>", lines) or "–"

    @admin.display(description=_("objections"))
    def objections_told(self, row: Signal) -> str:
        lines = [
            (
                reverse("admin:appointments_objection_change", args=[one.pk]),
                moment(one.created_at),
                one.get_state_display(),
                one.text,
            )
            for one in row.objections.all()
        ]
        said = '<p><a href="{}">{}</a> · {}<br><bdi>{}</bdi></p>'
        return format_html_join("", said, lines) or "–"

    @admin.display(description=_("objections to answer"))
    def open_objections(self, row: Signal) -> int:
        return sum(one.state == "open" for one in row.objections.all())

    @admin.display(description=_("for a while"))
    def ask_link(self, row: Signal) -> str:
        if not SIGNAL_WORKFLOW.allows(row.state, "act"):
            return "–"
        address = reverse("admin:appointments_signal_ask", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Ask something for a while"))


@admin.register(Objection)
class ObjectionAdmin(StepsAdmin):
    """What people say to a signal; answered here, one by one."""

    mission_path = "signal__mission"
    list_display = ("created_at", "state", "signal")
    list_filter = ("state",)
    list_select_related = ("signal",)
    fields = ("created_at", "state", "signal_told", "what_is_said", "answer_given")
    readonly_fields = ("signal_told", "what_is_said", "answer_given")

    def steps(self, row: Any) -> list[Step]:
        if not OBJECTION_WORKFLOW.allows(row.state, "answer"):
            return []
        note = _("The person gets your answer by e-mail and reads it on the page of the signal.")
        return [Step("answer", _("Answer"), _answer, "needed", note)]

    def facts(self, row: Any) -> list[Row]:
        return [Row(gettext("what the person says"), row.text)]

    @admin.display(description=_("signal"))
    def signal_told(self, row: Objection) -> str:
        address = reverse("admin:appointments_signal_change", args=[row.signal_id])
        label = SIGNAL_KINDS[SignalKind(row.signal.kind)]
        return format_html('<a href="{}">{}</a>', address, label)

    @admin.display(description=_("what the person says"))
    def what_is_said(self, row: Objection) -> str:
        return str(row.text)

    @admin.display(description=_("answer"))
    def answer_given(self, row: Objection) -> str:
        return str(row.answer) or "–"


def _accounts(row: Signal) -> list[tuple[int, str]]:
    """Return the accounts of a signal, each named by the references of its appointments."""
    named: dict[int, list[str]] = {}
    rows: Iterable[tuple[int, str]] = row.appointments.order_by("booked_at").values_list(
        "application__owner", "reference"
    )
    for owner, reference in rows:
        named.setdefault(owner, []).append(reference)
    return [(owner, ", ".join(references)) for owner, references in named.items()]


def _until(one: Any, now: Any) -> str:
    if one.valid.upper > now:
        return gettext("until %(moment)s") % {"moment": moment(one.valid.upper)}
    return gettext("ended on %(moment)s") % {"moment": moment(one.valid.upper)}


def _ask(row: Signal, actor: Any, *, account: int, kind: str, reason: str) -> None:
    signals.ask(
        signal=row,
        account=User.objects.get(pk=account),
        kind=PrecautionKind(kind),
        actor=actor,
        reason=reason,
    )


def _look(row: Signal, actor: Any, reason: str) -> None:
    signals.look(signal=row, actor=actor)


def _clear(row: Signal, actor: Any, reason: str) -> None:
    signals.clear(signal=row, actor=actor, note=reason)


def _answer(row: Objection, actor: Any, reason: str) -> None:
    signals.answer(objection=row, actor=actor, text=reason)
