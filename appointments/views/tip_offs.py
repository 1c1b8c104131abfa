"""The pages on which anybody reports a tout (AT-01)."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.refusals import Refused

from ..forms.tip_off import TipOffForm
from ..operations.tip_offs import report_tout


@require_http_methods(["GET", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Take a report; what was written stays in the form whatever happens."""
    form = TipOffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            report_tout(**form.cleaned_data, address=get_adapter().get_client_ip(request))
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            return redirect("appointments:reported")
    status = 422 if form.is_bound else 200
    return render(request, "appointments/report.html", {"form": form}, status=status)


@require_GET
def reported(request: HttpRequest) -> HttpResponse:
    """Say that the report arrived, and what becomes of it."""
    return render(request, "appointments/reported.html")
