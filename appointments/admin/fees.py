from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.audit.readonly import ReadOnlyAdmin
from portal.display import Row
from portal.formats import moment, money
from portal.references import as_typed
from portal.staff import Step, StepsAdmin

from ..enums import HoldState, PaymentState
from ..models import FeeHold, Payment, PaymentNotice
from ..operations import fee_payments
from .centre import OwnCentresFilter


class RefundFilter(admin.SimpleListFilter):
    """What staff still have to pay back or to clear up."""

    title = _("to be paid back")
    parameter_name = "refund"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("To be paid back or cleared up"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() != "due":
            return queryset
        return queryset.filter(refund_due__gt=0) | queryset.filter(state=PaymentState.DIFFERS)


@admin.register(FeeHold)
class FeeHoldAdmin(StepsAdmin):
    mission_path = "appointment__application__mission"
    list_display = ("appointment", "fee", "due_at", "state")
    list_filter = ("state", ("appointment__slot__centre", OwnCentresFilter))
    list_select_related = ("appointment__slot__centre", "appointment__application__mission")
    ordering = ("due_at",)
    search_fields = ("appointment__reference",)
    search_help_text = _("Reference of the appointment")
    fields = ("appointment", "fee", "due_at", "state", "paid_by", "reminded_at")
    readonly_fields = ("fee",)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(appointment__reference=as_typed(search_term)), False

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("appointment"), row.appointment.reference),
            Row(gettext("amount"), self.fee(row)),
            Row(gettext("payable until"), moment(row.due_at)),
        ]

    def steps(self, row: Any) -> list[Step]:
        if row.state != HoldState.OPEN:
            return []
        note = _("Say what proves it, such as the number of the receipt. The place is kept then.")
        return [Step("pay", _("Paid at the counter"), _pay, "needed", note)]

    @admin.display(description=_("amount"), ordering="amount")
    def fee(self, row: FeeHold) -> str:
        return money(row.amount, row.currency)


@admin.register(Payment)
class PaymentAdmin(StepsAdmin):
    mission_path = "centre__mission"
    list_display = ("reference", "centre", "sum", "state", "back", "paid_at")
    list_filter = (RefundFilter, "state", ("centre", OwnCentresFilter))
    list_select_related = ("centre__mission",)
    search_fields = ("reference",)
    search_help_text = _("Reference of the payment")
    fields = (
        *("reference", "centre", "provider", "sum", "state", "back", "refunded"),
        *("begun_at", "paid_at", "of_appointments", "told"),
    )
    readonly_fields = ("sum", "back", "of_appointments", "told")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(reference=as_typed(search_term)), False

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("reference"), row.reference),
            Row(gettext("amount"), self.sum(row)),
            Row(gettext("to be paid back"), self.back(row)),
        ]

    def steps(self, row: Any) -> list[Step]:
        if not row.refund_due and row.state != PaymentState.DIFFERS:
            return []
        note = _("Say how it went back, such as the number of the transfer.")
        return [Step("refund", _("It was paid back"), _refund, "needed", note)]

    @admin.display(description=_("amount"), ordering="amount")
    def sum(self, row: Payment) -> str:
        return money(row.amount, row.currency)

    @admin.display(description=_("to be paid back"), ordering="refund_due")
    def back(self, row: Payment) -> str:
        return money(row.refund_due, row.currency) if row.refund_due else ""

    @admin.display(description=_("appointments"))
    def of_appointments(self, row: Payment) -> str:
        holds = row.holds.select_related("appointment")
        return ", ".join(one.appointment.reference for one in holds)

    @admin.display(description=_("notices of the provider"))
    def told(self, row: Payment) -> str:
        lines = (
            (moment(one.received_at), one.outcome, one.get_result_display())
            for one in row.notices.order_by("received_at")
        )
        return format_html_join("\n", "<p>{} · {} · {}</p>", lines)


@admin.register(PaymentNotice)
class PaymentNoticeAdmin(ReadOnlyAdmin):
    """Also notices about no payment we know, so that no money gets lost unseen."""

    mission_path = "payment__centre__mission"
    list_display = ("received_at", "provider", "reference", "outcome", "amount", "result")
    list_filter = ("result", "outcome")
    search_fields = ("reference", "event")


def _pay(row: FeeHold, actor: Any, reason: str) -> None:
    fee_payments.record_at_counter(hold=row, actor=actor, reason=reason)


def _refund(row: Payment, actor: Any, reason: str) -> None:
    fee_payments.record_refund(payment=row, actor=actor, reason=reason)
