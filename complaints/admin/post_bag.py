"""The postal outbox: letters are printed in bags and posted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.missions.models import Mission
from portal.refusals import Refused
from portal.staff import Step, StepsAdmin

from ..enums import LetterState
from ..forms.letter import DispatchForm
from ..models import Letter, PostBag
from ..operations import post
from ..permissions import visible_cases
from ..post_bags import bag_pdf


@admin.register(PostBag)
class PostBagAdmin(StepsAdmin):
    """Filled by a button, printed as one file, posted with one form."""

    change_list_template = "admin/post_bag/change_list.html"
    list_display = ("reference", "of", "made_at", "letters_in_it")
    list_select_related = ("mission",)
    search_fields = ("reference__exact",)

    @admin.display(description=_("mission"), ordering="mission")
    def of(self, row: PostBag) -> str:
        return str(row.mission)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted: QuerySet[Any] = super().get_queryset(request).annotate(count=Count("letters"))
        return counted

    @admin.display(description=_("letters"))
    def letters_in_it(self, row: Any) -> int:
        return int(row.count)

    def steps(self, row: Any) -> list[Step]:
        return []

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "fill/", self.admin_site.admin_view(self.fill_view), name="complaints_postbag_fill"
            ),
            path(
                "<int:object_id>/pdf/",
                self.admin_site.admin_view(self.pdf_view),
                name="complaints_postbag_pdf",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say beside the bags how many letters wait for one."""
        waiting = (
            Letter.objects.filter(state=LetterState.READY, case__in=visible_cases(request.user))
            .order_by("case__mission__code")
            .values("case__mission")
            .annotate(count=Count("pk"))
        )
        counts = {row["case__mission"]: row["count"] for row in waiting}
        missions = Mission.objects.filter(pk__in=counts)
        context = {
            "waiting": [(one, counts[one.pk]) for one in missions],
            "may_fill": request.user.has_perm("complaints.add_postbag"),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def fill_view(self, request: HttpRequest) -> HttpResponse:
        """Put what is ready into a new bag; the button is on the list."""
        if not request.user.has_perm("complaints.add_postbag"):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:complaints_postbag_changelist")
        own = visible_to(Mission.objects.all(), request.user, path="pk")
        mission = own.filter(code=request.POST.get("mission", "")).first()
        if mission is None:
            raise Http404
        try:
            bag = post.fill_bag(mission=mission, actor=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal.message))
            return redirect("admin:complaints_postbag_changelist")
        return redirect("admin:complaints_postbag_change", bag.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the letters of a bag, and record that they were posted."""
        bag = self._bag(request, object_id)
        rows = self._letters(request, bag)
        printed = [row for row in rows if row.state == LetterState.PRINTED]
        form = DispatchForm(printed, request.POST if request.method == "POST" else None)
        if request.method == "POST" and self._dispatched(request, bag, form):
            return redirect("admin:complaints_postbag_change", bag.pk)
        audit.record_read(actor=request.user, subject=bag, what="post bag")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Post bag %(reference)s") % {"reference": bag.reference},
            "bag": bag,
            "letters": rows,
            "form": form if printed and self.may_take_steps(request) else None,
        }
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "admin/post_bag/bag.html", context, status=status)

    def pdf_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show all letters of a bag as one file, after the list for the post office."""
        bag = self._bag(request, str(object_id))
        audit.record_read(actor=request.user, subject=bag, what="letters of the bag")
        content = bag_pdf(bag, self._letters(request, bag))
        headers = {"Content-Disposition": f'inline; filename="{bag.reference}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def _dispatched(self, request: HttpRequest, bag: PostBag, form: DispatchForm) -> bool:
        if not self.may_take_steps(request):
            raise PermissionDenied
        if not form.is_valid():
            return False
        try:
            count = post.dispatch_bag(
                bag=bag,
                actor=request.user,
                on=form.cleaned_data["on"],
                tracking=form.tracking(),
            )
        except Refused as refusal:
            form.add_error("on", f"{refusal.message} {refusal.remedy}".strip())
            return False
        text = ngettext("%(count)s letter posted.", "%(count)s letters posted.", count)
        messages.success(request, text % {"count": count})
        return True

    def _bag(self, request: HttpRequest, object_id: str) -> PostBag:
        bag = self.get_object(request, object_id)
        if bag is None or not self.has_view_permission(request, bag):
            raise Http404
        found: PostBag = bag
        return found

    def _letters(self, request: HttpRequest, bag: PostBag) -> list[Letter]:
        """Return the letters of a bag that this person may read."""
        rows = bag.letters.filter(case__in=visible_cases(request.user))
        return list(rows.select_related("case__mission", "case__appeal", "case__complaint"))
