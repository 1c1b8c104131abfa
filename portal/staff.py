"""Admin pages on which staff look at a row and move it by named steps.

A step is a button on the row's page.  It asks for a reason where one is needed, and calls one
operation; nothing is changed by editing fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.audit.readonly import ReadOnlyAdmin
from portal.refusals import Refused


@dataclass(frozen=True, slots=True)
class Step:
    """A button: `run(row, actor, reason)` calls one operation and may raise Refused.

    `reason` is "no", "optional" or "needed".
    """

    name: str
    label: Any
    run: Callable[[Any, Any, str], Any]
    reason: str = "no"


class StepsAdmin(ReadOnlyAdmin):
    """Shows rows, keeps a trace of who read them, and offers the steps their state allows."""

    change_form_template = "admin/steps_change_form.html"

    def steps(self, row: Any) -> list[Step]:
        """Return the steps that `row` allows now; override."""
        raise NotImplementedError

    def may_take_steps(self, request: HttpRequest) -> bool:
        """Tell whether the person's role changes such rows."""
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    def get_urls(self) -> list[URLPattern]:
        """Add the page of a step before the admin's own catch-all."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        step = path(
            "<path:object_id>/step/<slug:name>/",
            self.admin_site.admin_view(self.step_view),
            name=name,
        )
        return [step, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row with its steps, and remember who looked at it."""
        row = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if row is not None and self.has_view_permission(request, row):
            audit.record_read(actor=request.user, subject=row, what="admin page")
            context["steps"] = self.steps(row) if self.may_take_steps(request) else []
        return super().change_view(request, object_id, form_url, context)

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask for the reason of a step, then take it."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.may_take_steps(request):
            raise PermissionDenied
        step = next((one for one in self.steps(row) if one.name == name), None)
        if step is None:
            messages.warning(request, _("This step is not possible any more."))
            return self._back(row)
        reason = request.POST.get("reason", "").strip()
        lacks_reason = step.reason == "needed" and not reason
        if request.method != "POST" or lacks_reason:
            error = _("Write the reason.") if request.method == "POST" else ""
            return self._ask(request, row, step, error)
        self._take(request, row, step, reason)
        return self._back(row)

    def _ask(self, request: HttpRequest, row: Model, step: Step, error: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.label,
            "row": row,
            "step": step,
            "error": error,
        }
        return render(request, "admin/step.html", context, status=422 if error else 200)

    def _take(self, request: HttpRequest, row: Model, step: Step, reason: str) -> None:
        try:
            step.run(row, request.user, reason)
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        else:
            messages.success(request, _("Done: %(step)s") % {"step": step.label})

    def _back(self, row: Model) -> HttpResponse:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, row.pk)
