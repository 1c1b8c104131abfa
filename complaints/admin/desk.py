"""Desks: supervisors and administrators say who takes cases of which categories."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from portal.accounts.access import visible_to
from portal.accounts.models import User
from portal.audit.traced import TracedRows

from ..enums import Category
from ..models import Desk
from ..operations import desks


class DeskForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """One box per category."""

    categories = forms.MultipleChoiceField(
        label=Desk._meta.get_field("categories").verbose_name,
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Desk
        fields = ("user", "categories", "counter")


@admin.register(Desk)
class DeskAdmin(TracedRows):
    """The right to answer comes from the role; a desk only says of which categories."""

    form = DeskForm
    mission_path = "user__missions"
    show_full_result_count = False
    list_display = ("user", "names", "counter")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user__email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        people = visible_to(User.objects.all(), request.user, path="missions")
        return rows.filter(user__in=people)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **options: Any
    ) -> Any:
        """Offer the staff of one's own missions."""
        staff = User.objects.filter(is_staff=True, is_active=True).order_by("email")
        if db_field.name == "user":
            options["queryset"] = visible_to(staff, request.user, path="missions").distinct()
        return super().formfield_for_foreignkey(db_field, request, **options)

    @admin.display(description=Desk._meta.get_field("categories").verbose_name)
    def names(self, row: Desk) -> str:
        return ", ".join(str(Category(one).label) for one in row.categories)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        desks.keep_desk(desk=obj, actor=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        desks.remove_desk(desk=obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for desk in queryset:
            desks.remove_desk(desk=desk, actor=request.user)
