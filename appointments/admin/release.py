from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, QuerySet, Sum
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import visible_to
from portal.display import Row
from portal.formats import long_date
from portal.forms.ranges import DayRange, DaysField, MomentRange
from portal.staff import Step, StepsAdmin

from ..enums import PLAN_IN_FORCE, PlanState
from ..forms.centres import CentreField
from ..models import Centre, ReleasePlan, ReleaseWindow
from ..operations import release, release_ending
from ..releases_shown import in_words
from .centre import OwnCentresFilter


class WindowsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The windows of a draft; the database refuses the same, but later."""

    def clean(self) -> None:
        super().clean()
        hours = sorted(
            (form.cleaned_data["hours"] for form in self.forms if self._is_filled(form)),
            key=lambda one: one.lower,
        )
        if any(later.lower < earlier.upper for earlier, later in pairwise(hours)):
            raise ValidationError(gettext("Two windows overlap."))

    def _is_filled(self, form: Any) -> bool:
        answers = getattr(form, "cleaned_data", None) or {}
        hours = answers.get("hours")
        if hours is None or answers.get("DELETE"):
            return False
        return hours.lower is not None and hours.upper is not None


class ReleaseWindowInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ReleaseWindow
    formset = WindowsFormSet
    fields = ("hours", "share")
    extra = 1
    formfield_overrides = {DateTimeRangeField: {"widget": MomentRange}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Those without a share are made on publishing, for places that come back.
        return super().get_queryset(request).filter(share__gt=0)


@admin.register(ReleasePlan)
class ReleasePlanAdmin(StepsAdmin):
    """Drafts are written here; the moments and the seed are shown to nobody before their time."""

    shows_people = False
    mission_path = "centre__mission"
    list_display = ("centre", "service", "which_days", "state", "published_at", "opened")
    list_filter = ("state", ("centre", OwnCentresFilter), "service")
    list_select_related = ("centre__mission",)
    inlines = (ReleaseWindowInline,)
    formfield_overrides = {DateRangeField: {"form_class": DaysField, "widget": DayRange}}
    readonly_fields = (
        *("which_days", "which_windows", "state", "published_at", "opened"),
        *("commitment", "plan_digest", "public_page"),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if _is_draft(obj):
            return ("centre", "service", "days")
        return ("centre", "service", *self.readonly_fields)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if _is_draft(obj) else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).defer("seed", "transcript")
        counted: QuerySet[Any] = rows.annotate(
            all_seats=Sum("batches__seats"), open=Sum("batches__opened_seats")
        )
        return counted

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> ReleasePlan | None:
        plan = super().get_object(request, object_id, from_field)
        saving = request.method == "POST" and connection.in_atomic_block  # steps lock by themselves
        if plan is not None and saving and plan.state == PlanState.DRAFT:
            # Held while the form is saved, so that nobody publishes half of it.
            return release.locked(plan.pk)
        return plan

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "centre":
            own = Centre.objects.select_related("mission")
            kwargs |= {"queryset": visible_to(own, request.user), "form_class": CentreField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appointments.add_releaseplan")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_draft(obj) and request.user.has_perm("appointments.change_releaseplan")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        may = request.user.has_perm("appointments.delete_releaseplan")
        return may and obj is not None and _is_draft(obj)

    def save_model(self, request: HttpRequest, obj: ReleasePlan, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        release.record(obj, "draft", request.user)

    def steps(self, row: Any) -> list[Step]:
        if row.state == PlanState.DRAFT:
            note = _(
                "Places that are free now close until their moment. From then on nobody can "
                "change the windows, and nobody, not even you, can see the moments."
            )
            return [Step("publish", _("Publish the plan"), _publish, note=note)]
        if row.state in PLAN_IN_FORCE:
            note = _(
                "Places that have not opened yet stay closed until another plan takes them or "
                "you open them by hand. The seed and your reason are published at once."
            )
            return [Step("close", _("Close the plan early"), _close, "needed", note)]
        return []

    def facts(self, row: Any) -> list[Row]:
        seen = release.preview(row)
        rows = [
            Row(gettext("centre"), row.centre.name),
            Row(gettext("service"), row.get_service_display()),
            Row(gettext("days of the appointments"), self.which_days(row)),
        ]
        if row.state != PlanState.DRAFT:
            return rows
        for one in seen.windows:
            rows.append(Row(in_words(one.window), _about(one.seats)))
        return [
            *rows,
            Row(gettext("places that open"), str(seen.seats)),
            Row(gettext("places that are free now and close"), str(seen.free_now)),
            Row(gettext("places that are taken and stay"), str(seen.taken)),
        ]

    @admin.display(description=_("days of the appointments"), ordering="days")
    def which_days(self, row: ReleasePlan) -> str:
        days = {"first": long_date(row.days.lower), "last": long_date(row.last_day)}
        return gettext("%(first)s to %(last)s") % days

    @admin.display(description=_("windows (time of Algiers)"))
    def which_windows(self, row: ReleasePlan) -> str:
        windows = [(in_words(one),) for one in row.windows.all() if one.share]
        return format_html_join("", "<div>{}</div>", windows)

    @admin.display(description=_("opened so far"))
    def opened(self, row: Any) -> str:
        if getattr(row, "all_seats", None) is None:
            return "–"
        return gettext("%(open)s of %(all)s") % {"open": row.open, "all": row.all_seats}

    @admin.display(description=_("public page"))
    def public_page(self, row: ReleasePlan) -> str:
        if row.pk is None or row.state == PlanState.DRAFT:
            return "–"
        address = reverse("appointments:release", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("What everybody sees"))


def _is_draft(obj: Any) -> bool:
    return obj is None or obj.state == PlanState.DRAFT


def _about(seats: int) -> str:
    return gettext("about %(count)s places") % {"count": seats}


def _publish(row: ReleasePlan, actor: Any, reason: str) -> None:
    release.publish(plan_id=row.pk, actor=actor)


def _close(row: ReleasePlan, actor: Any, reason: str) -> None:
    release_ending.close(plan_id=row.pk, actor=actor, reason=reason)
