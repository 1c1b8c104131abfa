"""The pages on which a person pays the service fee and sees what became of it (AT-02)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.held_input import SignedInRequest, keep_input_and_sign_in, pressed_on
from portal.refusals import Refused

from ..fee_receipts import printed
from ..fees_shown import fee_of
from ..operations.fee_payments import begin_payment, kept_by
from ..permissions import own_appointment, own_payment


@require_GET
@never_cache
@keep_input_and_sign_in
def fee(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show where the fee stands; whoever comes back from the provider proves nothing by it."""
    appointment = own_appointment(request.user, appointment_id)
    shown = fee_of(appointment)
    if shown is None:
        raise Http404
    context = {"appointment": appointment, "fee": shown, "returned": "returned" in request.GET}
    return render(request, "appointments/fee.html", context)


@never_cache
@keep_input_and_sign_in
@pressed_on("appointments:fee")
def pay(request: SignedInRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Begin a payment, and lead to the page of the provider."""
    appointment = own_appointment(request.user, appointment_id)
    page = reverse("appointments:fee", args=[appointment.pk])
    if fee_of(appointment) is None:
        raise Http404
    try:
        address = begin_payment(
            appointment_id=appointment.pk,
            owner=request.user,
            return_url=f"{settings.BASE_URL}{page}?returned",
        )
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return redirect(page)
    return redirect(address)


@require_GET
@never_cache
@keep_input_and_sign_in
def receipt(request: SignedInRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Give the receipt of a payment as PDF in the reader's language; changes nothing."""
    payment = own_payment(request.user, payment_id)
    paper = printed(payment, kept_by(payment), (get_language() or "fr")[:2])
    if paper is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{payment.reference}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
