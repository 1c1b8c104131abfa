from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from portal.references import as_typed
from portal.staff import Step, StepsAdmin
from portal.wording import shown_stored

from . import operations
from .models import Application, Document, name_key, passport_key
from .wording import PASSPORT
from .workflow import APPLICATION_WORKFLOW, DOCUMENT_WORKFLOW

# What an agent does with a file at and after the counter; booking is the applicant's.
_COUNTER_STEPS = {
    "file": (_("File handed in"), "no"),
    "not_accept": (_("File not accepted"), "needed"),
    "examine": (_("Transmit for examination"), "no"),
    "extend": (_("Examination takes longer"), "optional"),
    "ask_papers": (_("Ask for more papers"), "needed"),
}


class DocumentInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Document
    fields = ("kind", "state", "reason", "updated_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Application)
class ApplicationAdmin(StepsAdmin):
    list_display = ("reference", "state", "mission", "visa_class", "purpose", "submitted_at")
    list_filter = ("state", "mission", "visa_class", "purpose", "is_urgent")
    list_select_related = ("mission",)
    date_hierarchy = "submitted_at"
    search_fields = ("reference",)
    search_help_text = _(
        "Reference, whole e-mail address, whole passport number or whole family name"
    )
    inlines = (DocumentInline,)
    fieldsets = (
        (None, {"fields": ("reference", "state", "mission", "owner", "submitted_at")}),
        (
            _("Journey"),
            {
                "fields": (
                    "visa_class",
                    "purpose",
                    "retiree_card",
                    "arrives_on",
                    "departs_on",
                    "is_urgent",
                    "urgency_text",
                )
            },
        ),
        (_("Traveller"), {"fields": ("family", "given", "born", "nationality")}),
        (
            _("Passport"),
            {
                "fields": (
                    "passport",
                    "passport_issued_on",
                    "passport_expires_on",
                    "blank_pages",
                    "passport_defects",
                    "verdict",
                )
            },
        ),
    )
    readonly_fields = ("urgency_text", "family", "given", "born", "passport", "verdict")

    def steps(self, row: Any) -> list[Step]:
        allowed = set(APPLICATION_WORKFLOW.names_from(row.state))
        if row.state == "booked":
            # The appointment leads there, so that both end together.
            allowed -= {"file", "not_accept"}
        return [
            Step(name, label, _counter_step(name), reason)
            for name, (label, reason) in _COUNTER_STEPS.items()
            if name in allowed
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = (
            queryset.filter(reference=as_typed(term))
            | queryset.filter(owner__email__iexact=term)
            | queryset.filter(passport_key=passport_key(term))
            | queryset.filter(name_key=name_key(term))
        )
        return found, False

    @admin.display(description=_("family name"))
    def family(self, row: Application) -> str:
        return str(row.family_name)

    @admin.display(description=_("given names"))
    def given(self, row: Application) -> str:
        return str(row.given_names)

    @admin.display(description=_("date of birth"))
    def born(self, row: Application) -> Any:
        return row.birth_date

    @admin.display(description=_("passport number"))
    def passport(self, row: Application) -> str:
        return str(row.passport_number)

    @admin.display(description=_("reason of the urgency"))
    def urgency_text(self, row: Application) -> str:
        return str(row.urgency_reason)

    @admin.display(description=_("What the rules say about the passport"))
    def verdict(self, row: Application) -> str:
        findings = shown_stored(row.passport_verdict, PASSPORT)
        lines = ((finding.rule_id, finding.sentence, finding.citation) for finding in findings)
        return format_html_join("", "<p><strong>{}</strong> {} <em>({})</em></p>", lines) or "-"


@admin.register(Document)
class DocumentAdmin(StepsAdmin):
    mission_path = "application__mission"
    list_display = ("kind", "application", "state", "reason", "updated_at")
    list_filter = ("state", "kind", "application__mission")
    list_select_related = ("application",)
    search_fields = ("=application__reference",)
    search_help_text = _("Reference of the application")
    fields = ("application", "kind", "state", "reason", "updated_at")

    def steps(self, row: Any) -> list[Step]:
        allowed = DOCUMENT_WORKFLOW.names_from(row.state)
        steps = [
            Step("check", _("Paper is acceptable"), _document_step(True)),
            Step("refuse", _("Paper is not acceptable"), _document_step(False), "needed"),
        ]
        return [step for step in steps if step.name in allowed]


def _counter_step(name: str) -> Any:
    def run(row: Application, actor: Any, reason: str) -> None:
        operations.record_counter_step(application=row, step=name, actor=actor, reason=reason)

    return run


def _document_step(acceptable: bool) -> Any:
    def run(row: Document, actor: Any, reason: str) -> None:
        operations.check_document(document=row, acceptable=acceptable, actor=actor, reason=reason)

    return run
