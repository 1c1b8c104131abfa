"""The register of appeals: a line each, how it came, what was seen, what its verdict says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.display import Row
from portal.formats import clock, moment, short_date
from portal.refusals import Refused
from portal.staff import OwnRowsFilter, Step, StepsAdmin
from portal.wording import shown_stored

from ..enums import Channel, Signature, Standing
from ..forms.register import FactsForm, PaperForm, ScanForm
from ..models import Appeal
from ..operations import appeal_steps
from ..operations.appeals import add_letter, register_appeal
from ..permissions import visible_cases
from ..refusals import AlreadyRegistered
from ..wording import ADMISSIBILITY, OUTCOMES


@admin.register(Appeal)
class AppealAdmin(StepsAdmin):
    """Appeal officers register and look; supervisors read.  Nothing is ever deleted."""

    change_form_template = "admin/appeal/change_form.html"
    ordering = ("mission", "year", "number")
    list_display = (
        *("numbered", "came_short", "person", "verdict_in_words", "signature", "last_day"),
        *("notified_on", "against", "channel", "mend_until", "state"),
    )
    list_display_links = ("numbered",)
    list_filter = (("mission", OwnRowsFilter), "year", "is_late", "signature", "against")
    list_select_related = ("case", "mission")
    list_per_page = 50
    search_fields = ("case__reference__exact",)
    fields = (
        *("numbered", "came", "channel", "postmarked_on", "person", "address", "against"),
        *("notified_on", "is_long_stay", "decision_reference", "last_day", "signature"),
        *("seen_by", "standing", "representative", "authority_seen"),
        *("asked_to_mend_at", "mend_until", "mended_at", "state"),
    )
    readonly_fields = ("numbered", "came", "channel", "person", "address", "seen_by", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Keep the appeals whose cases the viewer may read."""
        rows = super().get_queryset(request).select_related("case", "mission")
        return rows.filter(case__in=visible_cases(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has the right registers: the appeal officer, by the table of roles."""
        return request.user.has_perm("complaints.add_appeal")

    @admin.display(description=_("number"), ordering="number")
    def numbered(self, row: Appeal) -> str:
        return str(row)

    @admin.display(description=_("arrived"), ordering="arrived_at")
    def came(self, row: Appeal) -> str:
        return moment(row.arrived_at)

    @admin.display(description=_("arrived"), ordering="arrived_at")
    def came_short(self, row: Appeal) -> str:
        return f"{short_date(row.arrived_at)} {clock(row.arrived_at)}"

    @admin.display(description=_("came in"))
    def channel(self, row: Appeal) -> str:
        return str(row.case.get_channel_display())

    @admin.display(description=_("person"))
    def person(self, row: Appeal) -> str:
        return format_html("<bdi>{}</bdi>", row.case.name)

    @admin.display(description=_("postal address"))
    def address(self, row: Appeal) -> str:
        return ", ".join(row.case.postal_address.splitlines()) or "–"

    @admin.display(description=_("signature looked for by"))
    def seen_by(self, row: Appeal) -> str:
        return str(row.signature_seen_by or "–")

    @admin.display(description=_("verdict"))
    def verdict_in_words(self, row: Appeal) -> str:
        findings = row.verdict.get("findings", [])
        rules = {one["rule_id"] for one in findings if one["severity"] in ("blocking", "review")}
        words = str(OUTCOMES.get(row.verdict.get("outcome", ""), "–"))
        return f"{words} ({', '.join(sorted(rules))})" if rules else words

    @admin.display(description=_("state"))
    def state(self, row: Appeal) -> str:
        return str(row.case.get_state_display())

    # --- Steps ---

    def steps(self, row: Any) -> list[Step]:
        found = []
        if row.signature != Signature.SEEN:
            found.append(Step("signature_seen", _("I see the signature"), _signature_seen))
        if row.signature != Signature.MISSING:
            found.append(Step("signature_missing", _("It is not signed"), _signature_missing))
        if row.standing == Standing.REPRESENTATIVE:
            found += [
                Step("authority_seen", _("I see the letter of authority"), _authority_seen),
                Step("authority_missing", _("The letter of authority is missing"), _authority_gone),
            ]
        if _is_deficient(row):
            note = _("A letter begins that names what is missing and the day. Print and post it.")
            found.append(Step("ask_to_mend", _("Ask for what is missing"), _ask, note=note))
        if row.asked_to_mend_at and not row.mended_at:
            note = _("Add the new scan first. Then look for the signature again.")
            found.append(Step("mended", _("What was asked for has come"), _mended, note=note))
        found.append(Step("judge_again", _("Judge it again by the rules of today"), _judge_again))
        return found

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("Number in the register"), str(row), ltr=True),
            Row(gettext("Arrived"), moment(row.arrived_at)),
            Row(gettext("Person"), row.case.name),
        ]

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/facts/", view(self.facts_view), name="complaints_appeal_facts"),
            path("<uuid:object_id>/scan/", view(self.scan_view), name="complaints_appeal_scan"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a line of the register with its findings, files and letters."""
        row = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if row is not None:
            context["outcome"] = self.verdict_in_words(row)
            context["findings"] = shown_stored(row.verdict, ADMISSIBILITY)
            context["files"] = row.case.files.select_related("file")
            context["letters"] = row.case.letters.order_by("pk")
            context["can_write"] = request.user.has_perm("complaints.add_letter")
        return super().change_view(request, object_id, form_url, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Register a letter, a fax, or what was handed over at the counter."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = PaperForm(*sent, user=request.user)

        def register() -> Appeal:
            given = form.cleaned_data
            return register_appeal(
                mission=given["mission"],
                person=form.person(),
                contested=form.contested(),
                language=given["language"],
                channel=Channel(given["channel"]),
                letters=form.letters(),
                arrived_at=form.arrived_at(),
                actor=request.user,
                despite=given["despite"],
            )

        return self.answered(request, form, register, _("Register a letter, a fax or a paper"))

    def facts_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Correct what was misread, and who appeals."""
        row = self._own(request, object_id)
        form = FactsForm(row, request.POST if request.method == "POST" else None)

        def correct() -> Appeal:
            given, actor = dict(form.cleaned_data), request.user
            who = {name: given.pop(name) for name in ("standing", "representative")}
            with transaction.atomic():
                appeal_steps.correct_days(appeal=row, actor=actor, **given)
                return appeal_steps.set_standing(appeal=row, actor=actor, **who)

        return self.answered(request, form, correct, _("Correct days and person"), row)

    def scan_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Put another scan beside an appeal."""
        row = self._own(request, object_id)
        form = ScanForm(*((request.POST, request.FILES) if request.method == "POST" else ()))

        def add() -> Appeal:
            given = form.cleaned_data
            add_letter(appeal=row, upload=given["file"], role=given["role"], actor=request.user)
            return row

        return self.answered(request, form, add, _("Add a file"), row)

    def _own(self, request: HttpRequest, object_id: Any) -> Appeal:
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        audit.record_read(actor=request.user, subject=row, what="appeal form")
        found: Appeal = row
        return found

    def answered(
        self,
        request: HttpRequest,
        form: forms.Form,
        run: Callable[[], Appeal],
        title: Any,
        row: Any = None,
    ) -> HttpResponse:
        """Show a form, or run its operation and lead to the appeal; nothing typed is lost."""
        context: dict[str, Any] = {}
        if form.is_valid():
            try:
                appeal = run()
            except AlreadyRegistered as refusal:
                form.add_error(None, f"{refusal.message} {refusal.remedy}")
                context["same"] = refusal.params["number"]
                context["same_url"] = _page_of(refusal.params["case"])
            except Refused as refusal:
                form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            else:
                messages.success(request, gettext("Saved: %(number)s.") % {"number": appeal})
                return redirect("admin:complaints_appeal_change", appeal.pk)
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "row": row,
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/appeal/form.html", context, status=status)


def _page_of(case_id: str) -> str:
    return reverse("admin:complaints_appeal_change", args=[case_id])


def _is_deficient(row: Appeal) -> bool:
    missing = set(row.verdict.get("results", {}).get("missing", []))
    return bool(missing & {"signature", "document", "authority_letter"})


def _signature_seen(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.see_signature(appeal=row, actor=actor, seen=True)


def _signature_missing(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.see_signature(appeal=row, actor=actor, seen=False)


def _authority_seen(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.see_authority(appeal=row, actor=actor, seen=True)


def _authority_gone(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.see_authority(appeal=row, actor=actor, seen=False)


def _ask(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.ask_to_mend(appeal=row, actor=actor)


def _mended(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.record_mended(appeal=row, actor=actor)


def _judge_again(row: Appeal, actor: Any, reason: str) -> None:
    appeal_steps.judge_again(appeal=row, actor=actor)
