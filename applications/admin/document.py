"""The papers of all files as a list; each is judged on the page of its file, or here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.display import Row
from portal.references import as_typed
from portal.staff import OwnRowsFilter, Step, StepsAdmin

from .. import operations
from ..answers import whose
from ..models import Document
from ..workflow import DOCUMENT_WORKFLOW


@admin.register(Document)
class DocumentAdmin(StepsAdmin):
    mission_path = "application__mission"
    list_display = ("kind", "application", "traveller", "state", "reason", "updated_at")
    list_filter = ("state", "kind", ("application__mission", OwnRowsFilter))
    list_select_related = ("application",)
    ordering = ("-updated_at", "-pk")
    search_fields = ("application__reference",)
    search_help_text = _("Reference of the application")
    fields = ("application", "traveller", "kind", "state", "reason", "updated_at")
    readonly_fields = ("traveller",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(application__reference=as_typed(search_term)), False

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(str(self.opts.verbose_name), str(row)),
            *whose(row.application),
        ]

    def steps(self, row: Any) -> list[Step]:
        return document_steps(row)

    @admin.display(description=_("traveller"))
    def traveller(self, row: Document) -> str:
        return row.application.traveller


def document_steps(row: Document) -> list[Step]:
    """Return what an agent can find of a paper in its present state."""
    allowed = DOCUMENT_WORKFLOW.names_from(row.state)
    steps = [
        Step("check", _("Paper is acceptable"), _document_step(True)),
        Step(
            "refuse",
            _("Paper is not acceptable"),
            _document_step(False),
            "needed",
            _("The applicant reads this reason beside the paper."),
        ),
    ]
    return [step for step in steps if step.name in allowed]


def _document_step(acceptable: bool) -> Any:
    def run(row: Document, actor: Any, reason: str) -> None:
        operations.check_paper(
            application=row.application,
            kind=row.kind,
            acceptable=acceptable,
            actor=actor,
            reason=reason,
        )

    return run
