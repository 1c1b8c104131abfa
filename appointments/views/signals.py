"""The page on which a person sees what was noticed about a booking, and objects (AT-05)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.refusals import Refused
from portal.wording import shown

from ..forms.signals import ObjectionForm
from ..operations.signals import object_to
from ..permissions import own_signal
from ..wording import SIGNALS


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
def signal(request: SignedInRequest, signal_id: uuid.UUID) -> HttpResponse:
    """Say what was noticed, what a person made of it and what is asked; take an objection."""
    row = own_signal(request.user, signal_id)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            object_to(signal=row, account=request.user, text=form.cleaned_data["text"])
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("Your objection is kept. A person will answer it."))
        return redirect("appointments:signal", row.pk)
    context = {
        "signal": row,
        "finding": shown(row.finding, SIGNALS) if row.finding else None,
        "precautions": row.precautions.filter(account=request.user).order_by("valid"),
        "now": timezone.now(),
        "objection": row.objections.filter(account=request.user).first(),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "appointments/signal.html", context, status=status)
