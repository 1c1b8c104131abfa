"""The pages on which a person keeps hosting certificates and says whom each covers (HO)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.held_input import SignedInRequest, held_input, keep_input_and_sign_in
from portal.pausing import pauses
from portal.refusals import Refused
from portal.suspension import Suspended

from ..forms.hosting import CertificateForm
from ..hosting_cards import certificate_cards, coverable, waiting
from ..models import Application, HostingCertificate
from ..operations import hosting as operations
from ..refusals import ChangedElsewhere
from ..wording.certificates import ELSEWHERE, certificate_words


@require_GET
@never_cache
@keep_input_and_sign_in
def certificates(request: SignedInRequest) -> HttpResponse:
    """Show every certificate of this account, what the rules say of it, and who still needs one."""
    context = {"cards": certificate_cards(request.user), "waiting": waiting(request.user)}
    return render(request, "applications/hosting/list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses()
def add(request: SignedInRequest) -> HttpResponse:
    """Enter a certificate; ?application=… is ticked already."""
    applications = coverable(request.user)
    if not applications:
        messages.info(request, _("A certificate covers an application. Start one first."))
        return redirect("applications:hosting")
    form = _form(request, applications, initial={"covers": _asked_for(request, applications)})
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_certificate(
                owner=request.user, answers=form.answers(), covers=form.chosen()
            )
        except Suspended:
            raise
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        except Application.DoesNotExist as error:
            raise Http404 from error
        else:
            return _saved(request)
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses()
def change(request: SignedInRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """Correct a certificate, or choose anew whom it covers."""
    certificate = _own(request, certificate_id)
    applications = coverable(request.user, certificate)
    form = _form(request, applications, certificate=certificate)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_certificate(
                certificate_id=certificate.pk,
                owner=request.user,
                answers=form.answers(),
                covers=form.chosen(),
                seen_version=form.cleaned_data["version"] or 0,
            )
        except Suspended:
            raise
        except ChangedElsewhere as refusal:
            form = _with_present_version(request, form, certificate, applications)
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        except Application.DoesNotExist as error:
            raise Http404 from error
        else:
            return _saved(request)
    return _page(request, form, certificate)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses()
def remove(request: SignedInRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """Ask once, then forget the certificate."""
    certificate = _own(request, certificate_id)
    if request.method == "GET":
        context = {"certificate": certificate, "words": certificate_words(certificate.state)}
        return render(request, "applications/hosting/remove.html", context)
    try:
        operations.remove_certificate(certificate_id=certificate.pk, owner=request.user)
    except Suspended:
        raise
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
    else:
        messages.success(request, _("The certificate is removed."))
    return redirect("applications:hosting")


def _own(request: SignedInRequest, certificate_id: uuid.UUID) -> HostingCertificate:
    rows = HostingCertificate.objects.prefetch_related("covered")
    certificate = rows.filter(pk=certificate_id, owner=request.user).first()
    if certificate is None:
        raise Http404
    return certificate


def _form(
    request: HttpRequest,
    applications: list[Application],
    certificate: HostingCertificate | None = None,
    typed: QueryDict | None = None,
    **options: Any,
) -> CertificateForm:
    states = {one.mission.state for one in applications}
    words = certificate_words(states.pop()) if len(states) == 1 else ELSEWHERE
    typed = typed or (request.POST if request.method == "POST" else held_input(request))
    return CertificateForm(
        typed, applications=applications, words=words, certificate=certificate, **options
    )


def _asked_for(request: HttpRequest, applications: list[Application]) -> list[str]:
    known = {str(one.pk) for one in applications}
    asked = request.GET.get("application", "")
    if asked in known:
        return [asked]
    return list(known) if len(known) == 1 else []


def _with_present_version(
    request: HttpRequest,
    form: CertificateForm,
    certificate: HostingCertificate,
    applications: list[Application],
) -> CertificateForm:
    """Keep what was typed, so that sending it again saves it on top of the other window's."""
    certificate.refresh_from_db()
    typed = QueryDict(mutable=True)
    typed.update(form.data)
    typed["version"] = str(certificate.version)
    kept = _form(request, applications, certificate, typed)
    kept.is_valid()
    return kept


def _page(
    request: HttpRequest, form: CertificateForm, certificate: HostingCertificate | None = None
) -> HttpResponse:
    wrong = form.is_bound and not form.is_valid()
    context = {"form": form, "certificate": certificate, "names": _names(form)}
    return render(request, "applications/hosting/form.html", context, status=422 if wrong else 200)


def _names(form: CertificateForm) -> list[Any]:
    """Return how the certificate is called in the states of the offered applications."""
    states = dict.fromkeys(one.mission.state for one in form.applications.values())
    return [certificate_words(state) for state in states]


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The certificate is saved. Bring the original to the appointment."))
    return redirect("applications:hosting")
