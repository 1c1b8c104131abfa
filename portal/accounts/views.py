"""The doors: applicants ask for a code and enter it, staff give their password."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.mixins import NextRedirectMixin
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.views import LoginView, RequestLoginCodeView
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.generic.edit import FormView

from portal.accounts.forms import ConfirmCodeForm
from portal.accounts.sign_in_code import SignInCode

ASK = "account_request_login_code"
ENTER = "account_confirm_login_code"


class RequestCodeView(RequestLoginCodeView):
    """Ask for the address; beginning and coming back are the same."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Send the code and lead to the page where it is entered."""
        SignInCode.begin(request=self.request, email=form.cleaned_data["email"])
        return HttpResponseRedirect(self.get_success_url())

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if request.method == "POST":  # whoever types an address again means that one
            return None
        pending = super()._redirect_to_pending_stage(request, stage)
        return pending and HttpResponseRedirect(self.passthrough_next_url(pending.url))


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname=ASK), name="dispatch"
)
class ConfirmCodeView(NextRedirectMixin, FormView):
    """Take the code; or send another one; or go back for another address."""

    form_class = ConfirmCodeForm
    template_name = "account/confirm_login_code.html"
    process: SignInCode

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin again when the code has run out."""
        process = SignInCode.resume(request._login_stage)  # type: ignore[attr-defined]
        if process is None:
            return self.begin_again(gettext("The code has run out. Ask for a new one."))
        self.process = process
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the pressed button says."""
        match request.POST.get("action"):
            case "resend":
                return self.send_again()
            case "other_address":
                self.process.abort()
                return self.begin_again()
        if not self.process.take_try():
            return self.out_of_tries()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form compare without knowing the code."""
        return super().get_form_kwargs() | {"matches": self.process.matches}

    def form_valid(self, form: ConfirmCodeForm) -> HttpResponse:
        """Sign in and go on where the person wanted to go."""
        return self.process.finish(self.get_next_url())

    def form_invalid(self, form: ConfirmCodeForm) -> HttpResponse:
        """Say that the code is wrong, while there are tries left."""
        if not self.process.record_invalid_attempt():
            return self.out_of_tries()
        return super().form_invalid(form)

    def send_again(self) -> HttpResponse:
        """Send a new code, within limits, and say so."""
        try:
            if not self.process.can_resend:
                raise RateLimited
            self.process.resend()
            messages.success(self.request, gettext("We sent a new code. The old one is void."))
        except RateLimited:
            messages.warning(self.request, get_adapter().error_messages["too_many_codes"])
        return HttpResponseRedirect(self.passthrough_next_url(reverse(ENTER)))

    def out_of_tries(self) -> HttpResponse:
        """Void the code after five wrong tries."""
        self.process.abort()
        return self.begin_again(
            gettext("The code was wrong five times and is void now. Ask for a new one.")
        )

    def begin_again(self, reason: str = "") -> HttpResponseRedirect:
        """Lead back to the page that asks for the address."""
        clear_login(self.request)
        if reason:
            messages.warning(self.request, reason)
        return HttpResponseRedirect(self.passthrough_next_url(reverse(ASK)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the page where the code went and how long it lives."""
        return super().get_context_data(**kwargs) | {
            "email": self.process.state["email"],
            "can_resend": self.process.can_resend,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        }


class StaffSignInView(LoginView):
    """Ask staff for address and password; the second factor follows."""

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if stage.key == LoginByCodeStage.key:  # came from the applicants' door by mistake
            return None
        return super()._redirect_to_pending_stage(request, stage)
