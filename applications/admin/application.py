from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from portal.countries import country_name
from portal.display import Row
from portal.formats import long_date
from portal.references import as_typed
from portal.staff import OwnRowsFilter, Step, StepsAdmin
from portal.wording import shown_stored

from .. import operations
from ..answers import whose
from ..enums import PassportDefect
from ..models import Application, Document, name_key, passport_key
from ..wording import PASSPORT
from ..workflow import APPLICATION_WORKFLOW, DOCUMENT_WORKFLOW

# What an agent does with a file at and after the counter; booking is the applicant's.
_COUNTER_STEPS = {
    "file": (_("File handed in"), "no"),
    "not_accept": (_("File not accepted"), "needed"),
    "examine": (_("Transmit for examination"), "no"),
    "extend": (_("Examination takes longer"), "optional"),
    "ask_papers": (_("Ask for more papers"), "needed"),
}


# The titles under which the applicant reads the verdict.
_VERDICTS = {
    "admissible": _("The passport meets the rules"),
    "review": _("The consulate must look at the passport"),
    "inadmissible": _("The counter may not accept this passport"),
}


class DocumentInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Document
    fields = ("kind", "state", "reason", "updated_at", "next_steps")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        may_check = request.user.has_perm("applications.change_document")
        return self.fields if may_check else self.fields[:-1]

    @admin.display(description=_("At the counter"))
    def next_steps(self, row: Document) -> str:
        links = (
            (reverse("admin:applications_document_step", args=[row.pk, step.name]), step.label)
            for step in document_steps(row)
        )
        return format_html(
            '<span class="paper-steps">{}</span>',
            format_html_join("", '<a href="{}">{}</a>', links),
        )


@admin.register(Application)
class ApplicationAdmin(StepsAdmin):
    list_display = ("reference", "traveller", "state", "mission", "visa", "submitted_at")
    list_filter = ("state", ("mission", OwnRowsFilter), "visa_class", "purpose", "is_urgent")
    list_select_related = ("mission",)
    date_hierarchy = "submitted_at"
    search_fields = ("reference",)
    search_help_text = _(
        "Reference, whole e-mail address, whole passport number or whole family name"
    )
    inlines = (DocumentInline,)
    fieldsets = (
        (
            None,
            {"fields": ("reference", "state", "mission", "account", "submitted_at", "appointment")},
        ),
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
        (_("Traveller"), {"fields": ("family", "given", "born", "country")}),
        (
            _("Passport"),
            {
                "fields": (
                    "passport",
                    "passport_issued_on",
                    "passport_expires_on",
                    "blank_pages",
                    "defects",
                    "verdict",
                )
            },
        ),
    )
    readonly_fields = (
        *("account", "appointment", "urgency_text", "family", "given", "born", "country"),
        *("passport", "defects", "verdict"),
    )

    def facts(self, row: Any) -> list[Row]:
        return whose(row)

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

    @admin.display(description=_("traveller"))
    def traveller(self, row: Application) -> str:
        return row.traveller

    @admin.display(description=_("visa"), ordering="visa_class")
    def visa(self, row: Application) -> str:
        return f"{row.get_visa_class_display()} · {row.get_purpose_display()}".strip(" ·")

    @admin.display(description=_("account"))
    def account(self, row: Application) -> str:
        # Plain text: the account itself is for administrators alone.
        return row.owner.email

    @admin.display(description=_("appointment"))
    def appointment(self, row: Application) -> str:
        url = reverse("admin:appointments_appointment_changelist")
        return format_html('<a href="{}?q={}">{}</a>', url, row.reference, _("See the appointment"))

    @admin.display(description=_("family name"))
    def family(self, row: Application) -> str:
        return str(row.family_name)

    @admin.display(description=_("given names"))
    def given(self, row: Application) -> str:
        return str(row.given_names)

    @admin.display(description=_("date of birth"))
    def born(self, row: Application) -> str:
        return long_date(row.birth_date) if row.birth_date else ""

    @admin.display(description=_("nationality"))
    def country(self, row: Application) -> str:
        return country_name(row.nationality)

    @admin.display(description=_("passport defects"))
    def defects(self, row: Application) -> str:
        return ". ".join(str(PassportDefect(code).label) for code in row.passport_defects)

    @admin.display(description=_("passport number"))
    def passport(self, row: Application) -> str:
        return str(row.passport_number)

    @admin.display(description=_("reason of the urgency"))
    def urgency_text(self, row: Application) -> str:
        return str(row.urgency_reason)

    @admin.display(description=_("What the rules say about the passport"))
    def verdict(self, row: Application) -> str:
        if not row.passport_verdict:
            return ""
        title = _VERDICTS.get(row.passport_verdict["outcome"], _VERDICTS["inadmissible"])
        findings = shown_stored(row.passport_verdict, PASSPORT)
        lines = (
            (
                reverse("rule_book:rule", args=[finding.rule_id]),
                finding.rule_id,
                finding.sentence,
                finding.citation,
            )
            for finding in findings
        )
        return format_html("<p><strong>{}</strong></p>", title) + format_html_join(
            "", '<p><a href="{}"><bdi dir="ltr">{}</bdi></a> {} <em>({})</em></p>', lines
        )


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


def _counter_step(name: str) -> Any:
    def run(row: Application, actor: Any, reason: str) -> None:
        operations.record_counter_step(application=row, step=name, actor=actor, reason=reason)

    return run


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
