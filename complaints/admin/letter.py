"""Where letters are written, fixed and followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.audit import operations as audit
from portal.dates import civil_date
from portal.display import Row
from portal.refusals import Refused
from portal.staff import Step, StepsAdmin

from ..enums import CaseState, LetterState
from ..forms.letter import LetterForm, ReturnedForm, SendAgainForm, WriteForm
from ..letters import pdf_of, template, text_of
from ..models import Case, Letter, PostBag
from ..operations import answers, letters, post
from ..permissions import visible_cases


@admin.register(Letter)
class LetterAdmin(StepsAdmin):
    """A draft is edited beside its text; what is fixed is only followed."""

    mission_path = "case__mission"
    change_form_template = "admin/letter/change_form.html"
    list_display = ("reference", "case", "what", "state", "dated", "dispatched_on", "returned_on")
    list_filter = ("state", "language")
    list_select_related = ("case",)
    search_fields = ("reference__exact", "case__reference__exact", "tracking_number__exact")
    fields = (
        *("case", "what", "language", "state", "dated", "in_bag", "dispatched_on"),
        *("tracking_number", "returned_on", "returned_why", "replaces"),
    )
    readonly_fields = ("what", "in_bag", "replaces")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("case__mission")
        return rows.filter(case__in=visible_cases(request.user))

    @admin.display(description=_("letter"))
    def what(self, row: Letter) -> str:
        return template(row.template, row.language).name

    @admin.display(description=_("post bag"))
    def in_bag(self, row: Letter) -> str:
        return _link("postbag", row.bag)

    @admin.display(description=_("sent again for"))
    def replaces(self, row: Letter) -> str:
        return _link("letter", row.instead_of)

    # --- Steps ---

    def steps(self, row: Any) -> list[Step]:
        if row.state == LetterState.DRAFT:
            away = Step("cancel", _("Throw the draft away"), _cancel)
            return _ways_to_finish(row) if _is_proposed(row) else [*_ways_to_finish(row), away]
        if row.state == LetterState.READY:
            return [Step("cancel", _("Do not send it"), _cancel)]
        if row.state == LetterState.PRINTED:
            note = _("It is taken out of its bag and waits for the next one.")
            return [Step("print_again", _("Print it again"), _print_again, "needed", note)]
        return []

    def facts(self, row: Any) -> list[Row]:
        return [
            Row(gettext("letter"), self.what(row)),
            Row(gettext("case"), row.case.reference),
            Row(gettext("to"), ", ".join(row.address.splitlines())),
        ]

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, str, Callable[..., Any]]] = [
            ("write/<uuid:case_id>/", "write", self.write_view),
            ("<int:object_id>/edit/", "edit", self.edit_view),
            ("<int:object_id>/pdf/", "pdf", self.pdf_view),
            ("<int:object_id>/returned/", "returned", self.returned_view),
            ("<int:object_id>/send-again/", "send_again", self.send_again_view),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"complaints_letter_{name}")
            for route, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a letter as it will be read, and what can be done with it."""
        row = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if row is not None:
            context["paragraphs"] = text_of(row)
            context["letter_language"] = row.language
            context["can_edit"] = row.state == LetterState.DRAFT and not _is_proposed(row)
            context["can_return"] = row.state == LetterState.DISPATCHED
            context["can_send_again"] = row.state == LetterState.RETURNED and not hasattr(
                row, "sent_again"
            )
        return super().change_view(request, object_id, form_url, context)

    def write_view(self, request: HttpRequest, case_id: Any) -> HttpResponse:
        """Choose which letter to write about a case."""
        if not request.user.has_perm("complaints.add_letter"):
            raise PermissionDenied
        case = visible_cases(request.user).select_related("mission").filter(pk=case_id).first()
        if case is None:
            raise Http404
        form = WriteForm(case, request.POST if request.method == "POST" else None)

        def write(given: dict[str, Any]) -> Letter:
            return letters.write_letter(case=case, code=given["template"], author=request.user)

        return self._answered(request, form, write, _("Write a letter"), case)

    def edit_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose the parts of a draft and write one's own words."""
        row = self._own(request, object_id)
        if row.state != LetterState.DRAFT:
            messages.warning(request, gettext("This step is not possible any more."))
            return redirect("admin:complaints_letter_change", row.pk)
        texts = template(row.template, row.language)
        form = LetterForm(row, texts, request.POST if request.method == "POST" else None)

        def edit(given: dict[str, Any]) -> Letter:
            return letters.edit_letter(letter=row, author=request.user, **form.given())

        return self._answered(request, form, edit, texts.name, row.case, row)

    def pdf_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show the paper; a draft as it would be printed now."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        audit.record_read(actor=request.user, subject=row, what="letter")
        try:
            content = pdf_of(row, today=civil_date(timezone.now()))
        except ValueError:  # of a draft: the address does not fit
            messages.error(request, gettext("The address does not fit the window yet."))
            return redirect("admin:complaints_letter_change", row.pk)
        headers = {"Content-Disposition": f'inline; filename="{row.reference}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def returned_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Record that a letter came back."""
        row = self._own(request, object_id)
        form = ReturnedForm(request.POST or None)

        def record(given: dict[str, Any]) -> Letter:
            return post.letter_returned(letter=row, actor=request.user, **given)

        return self._answered(request, form, record, _("The letter came back"), row.case, row)

    def send_again_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send a letter that came back to another address."""
        row = self._own(request, object_id)
        form = SendAgainForm(request.POST or None, initial={"address": row.address})

        def send(given: dict[str, Any]) -> Letter:
            return post.send_again(letter=row, actor=request.user, **given)

        return self._answered(request, form, send, _("Send the letter again"), row.case, row)

    def _own(self, request: HttpRequest, object_id: int) -> Letter:
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        audit.record_read(actor=request.user, subject=row, what="letter form")
        found: Letter = row
        return found

    def _answered(
        self,
        request: HttpRequest,
        form: forms.Form,
        run: Callable[[dict[str, Any]], Letter],
        title: Any,
        case: Case,
        row: Letter | None = None,
    ) -> HttpResponse:
        """Show a form, or run its operation and lead to the letter; nothing typed is lost."""
        if form.is_valid():
            try:
                letter = run(form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
            else:
                messages.success(request, gettext("Saved."))
                return redirect("admin:complaints_letter_change", letter.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "case": case,
            "row": row,
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/letter/form.html", context, status=status)


def _link(kind: str, row: PostBag | Letter | None) -> str:
    if row is None:
        return "–"
    url = reverse(f"admin:complaints_{kind}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row.reference)


def _is_proposed(row: Letter) -> bool:
    return row.is_answer and row.case.state == CaseState.PROPOSED


def _ways_to_finish(row: Letter) -> list[Step]:
    if not row.is_answer:
        return [Step("finish", _("Finish: ready to be printed"), _finish, note=_FIXED)]
    if not row.case.is_appeal:
        note = _("The text is fixed now. The case closes when the letter is posted.")
        return [Step("answer", _("Answer with this letter"), _answer, note=note)]
    if _is_proposed(row):
        down = Step("turn_down", _("Turn the answer down"), _turn_down, "needed")
        return [Step("confirm", _("Confirm the answer"), _confirm, note=_FIXED), down]
    note = _("A second person must confirm it before it is printed.")
    return [Step("propose", _("Propose this answer"), _propose, note=note)]


_FIXED = _("The text is fixed now, and the letter waits to be printed.")


def _finish(row: Letter, actor: Any, reason: str) -> None:
    letters.finish_letter(letter=row, actor=actor)


def _answer(row: Letter, actor: Any, reason: str) -> None:
    answers.answer_by_post(letter=row, actor=actor)


def _propose(row: Letter, actor: Any, reason: str) -> None:
    answers.propose_answer(letter=row, actor=actor)


def _confirm(row: Letter, actor: Any, reason: str) -> None:
    answers.confirm_answer(letter=row, actor=actor)


def _turn_down(row: Letter, actor: Any, reason: str) -> None:
    answers.turn_down_answer(case=row.case, actor=actor, reason=reason)


def _cancel(row: Letter, actor: Any, reason: str) -> None:
    letters.cancel_letter(letter=row, actor=actor)


def _print_again(row: Letter, actor: Any, reason: str) -> None:
    post.print_again(letter=row, actor=actor, reason=reason)
