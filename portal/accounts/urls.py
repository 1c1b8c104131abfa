"""The pages of signing in: exactly these, under the names that the sign-in library expects."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from portal.accounts.second_factor import is_staff
from portal.accounts.views import ConfirmCodeView, RequestCodeView, StaffSignInView

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Keep a page for staff: others are led to the staff door or told that it is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "account_login", REDIRECT_FIELD_NAME)
        if not is_staff(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


urlpatterns = [
    path("sign-in/", RequestCodeView.as_view(), name="account_request_login_code"),
    path("sign-in/code/", ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account-closed/", account.account_inactive, name="account_inactive"),
    path("staff/sign-in/", StaffSignInView.as_view(), name="account_login"),
    path("staff/sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("staff/password/", staff_only(account.password_change), name="account_change_password"),
    path("staff/confirm/", staff_only(account.reauthenticate), name="account_reauthenticate"),
    path("staff/confirm/code/", staff_only(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "staff/confirm/key/",
        staff_only(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("staff/second-factor/", staff_only(mfa.index), name="mfa_index"),
    path("staff/second-factor/app/", staff_only(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "staff/second-factor/app/remove/",
        staff_only(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "staff/second-factor/recovery-codes/",
        staff_only(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "staff/second-factor/recovery-codes/new/",
        staff_only(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "staff/second-factor/recovery-codes/file/",
        staff_only(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("staff/second-factor/keys/", staff_only(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path(
        "staff/second-factor/keys/add/", staff_only(webauthn.add_webauthn), name="mfa_add_webauthn"
    ),
    path(
        "staff/second-factor/keys/<int:pk>/name/",
        staff_only(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "staff/second-factor/keys/<int:pk>/remove/",
        staff_only(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
