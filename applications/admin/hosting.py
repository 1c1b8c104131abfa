"""The register of hosting certificates: who uses which paper, and what to look at twice."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.access import sees_every_mission, visible_to
from portal.dates import civil_date
from portal.display import Row
from portal.formats import long_date
from portal.references import as_typed
from portal.staff import Step, StepsAdmin
from portal.wording import shown_all

from ..answers import whose
from ..hosting_flags import flagged, flags_of, twins_of, with_flags
from ..models import HostedApplication, HostingCertificate, certificate_key
from ..operations.hosting import note_original
from ..verdicts import judged_hosting
from ..wording.certificates import certificate_words
from ..wording.hosting_certificate import HOSTING_CERTIFICATE
from ..wording.outcomes import HOSTING_CERTIFICATE as HEADLINES


class HostedInline(admin.TabularInline):  # type: ignore[type-arg]
    """The files that a certificate serves, as far as the viewer may see them."""

    model = HostedApplication
    fields = ("file", "traveller", "mission", "file_state", "seen", "next_steps")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[HostedApplication]:
        rows = super().get_queryset(request).select_related("application__mission")
        return visible_to(rows, request.user, path="application__mission")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        may_note = request.user.has_perm("applications.change_hostedapplication")
        return self.fields if may_note else self.fields[:-1]

    @admin.display(description=_("application"))
    def file(self, row: HostedApplication) -> str:
        url = reverse("admin:applications_application_change", args=[row.application_id])
        return format_html('<a href="{}">{}</a>', url, row.application.reference)

    @admin.display(description=_("traveller"))
    def traveller(self, row: HostedApplication) -> str:
        return row.application.traveller

    @admin.display(description=_("mission"))
    def mission(self, row: HostedApplication) -> str:
        return row.application.mission.name

    @admin.display(description=_("state"))
    def file_state(self, row: HostedApplication) -> str:
        return row.application.get_state_display()

    @admin.display(description=_("original"))
    def seen(self, row: HostedApplication) -> str:
        return original_in_words(row)

    @admin.display(description=_("At the counter"))
    def next_steps(self, row: HostedApplication) -> str:
        links = (
            (reverse("admin:applications_hostedapplication_step", args=[row.pk, s.name]), s.label)
            for s in original_steps(row)
        )
        return format_html(
            '<span class="paper-steps">{}</span>',
            format_html_join("", '<a href="{}">{}</a>', links),
        )


class FlaggedFilter(admin.SimpleListFilter):
    """Only what an agent should look at twice."""

    title = _("to look at twice")
    parameter_name = "flagged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return flagged(queryset) if self.value() == "1" else queryset


@admin.register(HostingCertificate)
class HostingCertificateAdmin(StepsAdmin):
    mission_path = "applications__mission"
    list_display = ("number", "flags", "paper", "host_name", "authority", "confirmed_on")
    list_filter = (FlaggedFilter, "state")
    search_fields = ("number",)
    search_help_text = _("Whole number, reference of an application, or whole e-mail address")
    ordering = ("-created_at", "-pk")
    inlines = (HostedInline,)
    fields = (
        *("number", "paper", "host_name", "authority", "confirmed_on"),
        *("covers_from", "covers_until", "account", "reasons", "same_number", "verdicts"),
    )
    readonly_fields = ("paper", "account", "reasons", "same_number", "verdicts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep the certificates of files that the viewer may see; of no file, for all missions."""
        rows = with_flags(HostingCertificate.objects.select_related("owner"))
        if sees_every_mission(request.user):
            return rows
        hosted = HostedApplication.objects.filter(certificate=OuterRef("pk"))
        return rows.filter(Exists(visible_to(hosted, request.user, path="application__mission")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        hosted = HostedApplication.objects.filter(
            certificate=OuterRef("pk"), application__reference=as_typed(term)
        )
        found = (
            queryset.filter(number_key=certificate_key(term))
            | queryset.filter(owner__email__iexact=term)
            | queryset.filter(Exists(hosted))
        )
        return found, False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Remember who looks, so that links to certificates they may not see are left out."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.looked_at_by = request.user
        return row

    def steps(self, row: Any) -> list[Step]:
        return []

    @admin.display(description=_("paper"), ordering="state")
    def paper(self, row: HostingCertificate) -> str:
        words = certificate_words(row.state)
        return f"{words.own_name or words.name} ({row.state})"

    @admin.display(description=_("account"))
    def account(self, row: HostingCertificate) -> str:
        return row.owner.email

    @admin.display(description=_("to look at twice"))
    def flags(self, row: HostingCertificate) -> str:
        return " · ".join(str(flag.label) for flag in flags_of(row))

    @admin.display(description=_("to look at twice"))
    def reasons(self, row: HostingCertificate) -> str:
        reasons = [flag.reason for flag in flags_of(row)] or [_("Nothing was noticed.")]
        return format_html_join("", "<p>{}</p>", ((reason,) for reason in reasons))

    @admin.display(description=_("same number"))
    def same_number(self, row: HostingCertificate) -> str:
        viewer = vars(row).get("looked_at_by")
        twins = list(twins_of(row))
        hosted = HostedApplication.objects.filter(certificate__in=twins)
        visible = visible_to(hosted, viewer, path="application__mission") if viewer else hosted
        seen = set(visible.values_list("certificate_id", flat=True))
        return _links([twin for twin in twins if twin.pk in seen], len(twins))

    @admin.display(description=_("What the rules say"))
    def verdicts(self, row: HostingCertificate) -> str:
        viewer = vars(row).get("looked_at_by")
        hosted = row.covered.select_related("application__mission")
        rows = visible_to(hosted, viewer, path="application__mission") if viewer else hosted.none()
        lines = (line for one in rows for line in _verdict_lines(row, one))
        return format_html_join("", '<p><bdi dir="ltr">{}</bdi>: {} <em>({})</em></p>', lines)


@admin.register(HostedApplication)
class HostedApplicationAdmin(StepsAdmin):
    """Whether the counter saw the original; reached from the certificate and from the file."""

    mission_path = "application__mission"
    list_display = ("application", "traveller", "certificate_number", "seen", "seen_at")
    list_filter = ("original",)
    list_select_related = ("application", "certificate")
    ordering = ("-pk",)
    search_fields = ("application__reference",)
    search_help_text = _("Reference of the application")
    fields = ("application", "traveller", "certificate_number", "seen", "seen_at")
    readonly_fields = ("traveller", "certificate_number", "seen")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Stay out of the list of pages: the way here leads through the certificate."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(application__reference=as_typed(search_term)), False

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(str(_("hosting certificate")), str(row.certificate.number), ltr=True),
            *whose(row.application),
        ]

    def steps(self, row: Any) -> list[Step]:
        return original_steps(row)

    @admin.display(description=_("traveller"))
    def traveller(self, row: HostedApplication) -> str:
        return row.application.traveller

    @admin.display(description=_("hosting certificate"))
    def certificate_number(self, row: HostedApplication) -> str:
        url = reverse("admin:applications_hostingcertificate_change", args=[row.certificate_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, row.certificate.number)

    @admin.display(description=_("original"))
    def seen(self, row: HostedApplication) -> str:
        return original_in_words(row)


def original_steps(row: HostedApplication) -> list[Step]:
    """Return what an agent can note of the paper on the desk."""
    steps = [
        Step("original", _("Original seen"), _note(True)),
        Step(
            "copy",
            _("Only a copy was shown"),
            _note(False),
            note=_("Only the original is taken (HO-06)."),
        ),
    ]
    return [step for step in steps if row.original is not (step.name == "original")]


def original_in_words(row: HostedApplication) -> str:
    """Say what the counter saw."""
    if row.original is None:
        return str(_("Not looked at yet"))
    return str(_("Original seen") if row.original else _("Only a copy was shown"))


def _note(original: bool) -> Any:
    def run(row: HostedApplication, actor: Any, reason: str) -> None:
        note_original(hosted=row, original=original, actor=actor)

    return run


def _links(visible: list[HostingCertificate], of: int) -> str:
    links = (
        (reverse("admin:applications_hostingcertificate_change", args=[one.pk]), one.number)
        for one in visible
    )
    shown = format_html_join("", '<p><a href="{}"><bdi>{}</bdi></a></p>', links)
    hidden = of - len(visible)
    if not hidden:
        return shown
    more = ngettext(
        "%(hidden)s more with another mission, or for no application yet.",
        "%(hidden)s more with other missions, or for no application yet.",
        hidden,
    ) % {"hidden": hidden}
    return format_html("{}<p>{}</p>", shown, more)


def _verdict_lines(
    certificate: HostingCertificate, hosted: HostedApplication
) -> list[tuple[str, str, str]]:
    """Return what the rules say of one file: reference, sentence, and rule or day."""
    application = hosted.application
    day = application.filed_on or application.appointment_day or civil_date(timezone.now())
    verdict = judged_hosting(application, certificate, day, original=hosted.original)
    found = shown_all(verdict.findings, HOSTING_CERTIFICATE)
    lines = [(application.reference, one.sentence, one.rule_id) for one in found]
    headline = HEADLINES.get(verdict.outcome)
    first = [(application.reference, str(headline.title), long_date(day))] if headline else []
    return [*first, *lines]
