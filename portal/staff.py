"""Admin pages on which staff look at a row and move it by named steps.

A step is a button on the row's page.  It asks for a reason where one is needed, and calls one
operation; nothing is changed by editing fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.access import visible_to
from portal.audit import operations as audit
from portal.audit.models import Entry
from portal.audit.readonly import ReadOnlyAdmin
from portal.audit.traced import TracedList
from portal.dates import ALGIERS, civil_date
from portal.display import Row
from portal.refusals import Refused


@dataclass(frozen=True, slots=True)
class Step:
    """A button: `run(row, actor, reason)` calls one operation and may raise Refused.

    `reason` is "no", "optional" or "needed"; `note` says what follows from the step.
    """

    name: str
    label: Any
    run: Callable[[Any, Any, str], Any]
    reason: str = "no"
    note: Any = ""


class ReasonForm(forms.Form):
    """Why a step is taken, in a sentence or two."""

    reason = forms.CharField(
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, data: Any, needed: bool) -> None:
        # Browsers send a line break as two signs and count it as one.
        super().__init__({"reason": data.get("reason", "").replace("\r\n", "\n")})
        self.fields["reason"].required = needed


class StepsAdmin(TracedList, ReadOnlyAdmin):
    """Shows rows, keeps a trace of who read them, and offers the steps their state allows."""

    change_form_template = "admin/steps_change_form.html"

    def steps(self, row: Any) -> list[Step]:
        """Return the steps that `row` allows now; override."""
        raise NotImplementedError

    def facts(self, row: Any) -> list[Row]:
        """Return what the page of a step says about `row`; override to say more."""
        return [Row(str(self.opts.verbose_name), str(row))]

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

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the list after what it lists."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show who did what with a row, from the trail that operations leave."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().history_view(request, object_id, extra_context)
        audit.record_read(actor=request.user, subject=row, what="history")
        trail = list(
            Entry.objects.filter(subject_type=self.opts.label_lower, subject_id=str(row.pk))
        )
        states = {
            value: label
            for field in self.opts.get_fields()
            if field.name == "state"
            for value, label in getattr(field, "flatchoices", [])
        }
        for entry in trail:
            entry.what = str(states.get(entry.details.get("to"), entry.action))  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("History"),
            "row": row,
            "trail": trail,
        }
        return render(request, "admin/trail.html", context)

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
        if request.method != "POST":
            audit.record_read(actor=request.user, subject=row, what="page of a step")
            return self._ask(request, row, step)
        form = ReasonForm(request.POST, needed=step.reason == "needed")
        if not form.is_valid():
            return self._ask(request, row, step, form)
        self._take(request, row, step, form.cleaned_data["reason"])
        return self._back(row)

    def _ask(
        self, request: HttpRequest, row: Model, step: Step, form: ReasonForm | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.label,
            "row": row,
            "step": step,
            "facts": self.facts(row),
            "typed": form["reason"].value() if form else "",
            "error": form["reason"].errors.as_data()[0].messages[0] if form else "",
        }
        return render(request, "admin/step.html", context, status=422 if form else 200)

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


class OwnRowsFilter(admin.RelatedFieldListFilter):
    """Offers only what belongs to the viewer's missions; `path` leads from a choice to one."""

    path = "pk"

    def __init__(self, field: Any, *args: Any, **options: Any) -> None:
        super().__init__(field, *args, **options)
        # A key without words of its own would be called by its name in the code.
        self.title = field.remote_field.model._meta.verbose_name

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        """Return the choices of a filter."""
        rows = visible_to(field.remote_field.model.objects.all(), request.user, path=self.path)
        return [(str(row.pk), str(row)) for row in rows]


class DayFilter(admin.SimpleListFilter):
    """The days that staff prepare: today, tomorrow, and the week from today."""

    title = gettext_lazy("day")
    parameter_name = "day"
    field = "starts_at"  # a moment, or what leads to one
    _DAYS = {"today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what can be chosen."""
        return [("today", _("Today")), ("tomorrow", _("Tomorrow")), ("week", _("Next 7 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the chosen days on the clock of Algiers (CV-02)."""
        chosen = self._DAYS.get(self.value() or "")
        if chosen is None:
            return queryset
        today = civil_date(timezone.now())
        first, end = (
            datetime.combine(today + timedelta(days=days), time(), ALGIERS) for days in chosen
        )
        return queryset.filter(**{f"{self.field}__gte": first, f"{self.field}__lt": end})
