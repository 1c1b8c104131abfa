from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.display import Row
from portal.staff import Step, StepsAdmin

from ..models import TipOff
from ..operations.tip_offs import see_tip_off
from ..workflow import TIP_OFF_WORKFLOW


@admin.register(TipOff)
class TipOffAdmin(StepsAdmin):
    mission_path = "centre__mission"
    list_display = ("received_at", "centre", "state")
    list_filter = ("state",)
    list_select_related = ("centre",)
    fields = ("received_at", "centre", "state", "what_happened", "reach")
    readonly_fields = ("what_happened", "reach")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Most people cannot say where a tout works: what names no centre is for every manager.
        own = super().get_queryset(request).values("pk")
        return TipOff.objects.filter(Q(centre=None) | Q(pk__in=own))

    def facts(self, row: Any) -> list[Row]:
        return [Row(str(_("received")), str(row))]

    def steps(self, row: Any) -> list[Step]:
        note = _("Say in a sentence what was done about it.")
        see = Step("see", _("I have looked at it"), _see, "needed", note)
        return [see] if TIP_OFF_WORKFLOW.allows(row.state, "see") else []

    @admin.display(description=_("what happened"))
    def what_happened(self, row: TipOff) -> str:
        return str(row.text)

    @admin.display(description=_("how to reach the person"))
    def reach(self, row: TipOff) -> str:
        return str(row.contact)


def _see(row: TipOff, actor: Any, reason: str) -> None:
    see_tip_off(tip_off=row, actor=actor, note=reason)
