"""The forms of both doors: applicants by mailed code, staff by password."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.second_factor import is_staff

ADDRESS_HELP = _("We send you a code. You need no password.")


class RequestCodeForm(forms.Form):
    """Asks where to send the code; the answer is the same for known and unknown addresses."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=ADDRESS_HELP,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        """Return the address in lower case; refuse when too many codes were asked for."""
        email = str(self.cleaned_data["email"]).lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_codes")
        return email


def plain_digits(typed: str) -> str:
    """Return the digits of what was typed as 0-9, whatever the script, without spaces or signs."""
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.digit(sign, None) is not None else sign
        for sign in typed
        if sign.isalnum()
    )


class ConfirmCodeForm(forms.Form):
    """Asks for the code from the mail."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        help_text=_("Six digits"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, matches: Any, **kwargs: Any) -> None:
        """Take `matches`, which tells whether a code is the one that was sent."""
        super().__init__(*args, **kwargs)
        self._matches = matches

    def clean_code(self) -> str:
        """Accept the code however its digits are written or grouped."""
        code = plain_digits(self.cleaned_data["code"])
        if not self._matches(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Labelled(forms.Form):
    """Gives the fields of a library's form our labels instead of its placeholders."""

    labels: ClassVar[dict[str, Any]] = {}
    help_texts: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)


class StaffLoginForm(Labelled, LoginForm):
    """Asks staff for address and password; nobody else has a password."""

    labels = {"login": _("E-mail address"), "password": _("Password")}

    def _setup_password_field(self) -> None:
        """Keep the password, which the library drops because nobody signs up with one."""

    def clean(self) -> dict[str, Any]:
        """Answer applicants and closed accounts as if the password were wrong."""
        cleaned = super().clean() or {}
        user = self.user
        if isinstance(user, User) and not is_staff(user):
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned


class StaffPasswordForm(Labelled, ChangePasswordForm):
    """Asks for the present password and twice for the new one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }


class ConfirmPasswordForm(Labelled, ReauthenticateForm):
    """Asks for the password once more before something important changes."""

    labels = {"password": _("Password")}


class SecondFactorForm(Labelled, AuthenticateForm):
    """Asks for the code of the app, or one of the recovery codes."""

    labels = {"code": _("Code from your app")}
    help_texts = {"code": _("Or one of your recovery codes")}


class ConfirmSecondFactorForm(Labelled, ReauthenticateByCodeForm):
    """Asks for a code again before something important changes."""

    labels = SecondFactorForm.labels
    help_texts = SecondFactorForm.help_texts


class SetUpAppForm(Labelled, ActivateTOTPForm):
    """Asks for a first code, which proves that the app was set up."""

    labels = {"code": _("Code that the app shows now")}


class AddKeyForm(Labelled, AddWebAuthnForm):
    """Asks for a name of the key; the browser fills in the rest."""

    labels = {"name": _("Name of the key")}
