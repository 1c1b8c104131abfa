"""Accounts in the admin: administrators create staff, give them roles and missions."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.audit.traced import TracedRows


class LowerCaseAddress(forms.ModelForm):
    """Keeps addresses in lower case, as every look-up expects."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class StaffCreationForm(LowerCaseAddress, BaseUserCreationForm):
    """Creates staff: applicants begin their own accounts."""

    class Meta:
        model = User
        fields = ("email",)

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        return super().save(commit)


class AccountChangeForm(LowerCaseAddress, UserChangeForm):
    """Changes everything but the password."""

    password = None  # type: ignore[assignment]

    class Meta:
        model = User
        fields = ("email", "language", "is_active", "is_staff", "groups", "missions")


@admin.register(User)
class UserAdmin(TracedRows, DjangoUserAdmin):
    add_form = StaffCreationForm
    form = AccountChangeForm
    list_display = ("email", "is_staff", "is_active", "roles", "last_login")
    list_filter = ("is_staff", "is_active", "groups", "missions")
    search_fields = ("email",)
    ordering = ("email",)
    filter_horizontal = ("groups", "missions")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "language", "is_active")}),
        (_("Work"), {"fields": ("is_staff", "groups", "missions")}),
        (_("History"), {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)
    actions = ("forget_second_factor",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes accounts by hand: closing one keeps what it owns."""
        return False

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Give a member of staff a new password; applicants have none."""
        user = self.get_object(request, id)
        if user is None or not user.is_staff:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @admin.action(description=_("Forget the second factor (lost phone)"), permissions=["change"])
    @transaction.atomic
    def forget_second_factor(self, request: HttpRequest, queryset: Any) -> None:
        """Let staff set up a new second factor after they lost the old one."""
        staff = queryset.filter(is_staff=True).exclude(pk=request.user.pk)
        Authenticator.objects.filter(user__in=staff).delete()
        count = staff.count()
        messages.success(
            request,
            ngettext(
                "%(count)d person must set up a new second factor.",
                "%(count)d people must set up a new second factor.",
                count,
            )
            % {"count": count},
        )
