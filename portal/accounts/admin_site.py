"""The admin, open only to staff who signed in with password and second factor."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.logout import logout
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import second_factor
from portal.accounts.models import User

# Kept by the sign-in library or by the table of roles; edited nowhere else.
NOT_OFFERED = frozenset({"account", "mfa", "auth"})


class StaffAdminSite(AdminSite):
    """Django's admin behind the second factor."""

    site_header = _("Guichet – staff")
    site_title = _("Guichet")
    index_title = _("Work")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Rows that others stand on go one at a time, after a page that says what hangs on them.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a model, unless it is kept by another room."""
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, (list, tuple))
            else [model_or_iterable]
        )
        offered = [model for model in models if model._meta.app_label not in NOT_OFFERED]
        super().register(offered, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in active staff whose session knows password and second factor."""
        allowed = second_factor.may_work(request)
        if allowed:
            second_factor.touch(request)
        return allowed

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to what is missing: signing in, the second factor, or the way back."""
        if second_factor.may_work(request):
            return HttpResponseRedirect(_wanted_page(request))
        if not request.user.is_authenticated:
            return _to_staff_door(request)
        if not second_factor.is_staff(request.user):
            raise PermissionDenied
        if second_factor.is_stale(request):
            return _sign_in_again(request)
        return _ask_for_second_factor(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Use the one page for changing a password, which limits how often one may try."""
        return redirect("account_change_password")


def _wanted_page(request: HttpRequest) -> str:
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted != request.get_full_path() else reverse("admin:index")


def _with_wanted_page(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: _wanted_page(request)})}"


def _to_staff_door(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_with_wanted_page(request, "account_login"))


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    logout(request, show_message=False)
    messages.info(
        request, gettext("You were signed out after a pause. Please sign in again to go on.")
    )
    return _to_staff_door(request)


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    has_factor = second_factor.has_second_factor(cast(User, request.user))
    name = "mfa_reauthenticate" if has_factor else "mfa_activate_totp"
    if "password" not in second_factor.proven_methods(request):
        name = "account_reauthenticate"
    context = {
        "has_factor": has_factor,
        "missing_page": _with_wanted_page(request, name),
        "missing_password": name == "account_reauthenticate",
    }
    return render(request, "account/second_factor_needed.html", context, status=403)
