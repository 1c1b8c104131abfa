"""The pages on which a person keeps the household: everybody for whom this account files."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.dates import civil_date
from portal.held_input import SignedInRequest, keep_input_and_sign_in
from portal.pausing import pauses
from portal.refusals import Refused
from portal.suspension import Action
from portal.wording import shown_all

from .. import operations
from ..enums import ApplicationState, Relation
from ..forms.household import HouseholdForm
from ..forms.intake.step import typed_into
from ..models import Application, Traveller
from ..permissions import mission_of_file, own_application, own_traveller
from ..refusals import ChangedElsewhere
from ..rules.household import Kinship, Person, is_minor, unrelated_adults
from ..rules.law import LAW
from ..wording.household import REVIEW
from .replies import refused, status, typed


@dataclass(frozen=True, slots=True)
class Member:
    """One traveller as the list shows it."""

    traveller: Traveller
    is_minor: bool
    applications: list[Application]

    @property
    def lacks_guardian(self) -> bool:
        """Whether a minor has nobody who signs."""
        return self.is_minor and self.traveller.guardian_id is None


@require_GET
@never_cache
@keep_input_and_sign_in
def household(request: SignedInRequest) -> HttpResponse:
    """Show everybody of the household, and what each has under way."""
    members = _members(request.user)
    law = LAW.on(civil_date(timezone.now()))
    found = unrelated_adults((_person(member.traveller) for member in members), law)
    notes = shown_all([found], REVIEW) if found else []
    context = {"members": members, "notes": notes}
    return render(request, "applications/household/list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.ANYTHING)
def add(request: SignedInRequest) -> HttpResponse:
    """Add somebody."""
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        try:
            traveller = operations.add_traveller(owner=request.user, answers=form.answers())
        except Refused as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(
                request, _("%(name)s is in your household now.") % {"name": traveller.name}
            )
            return redirect(_back(request))
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.ANYTHING)
def change(request: SignedInRequest, traveller_id: uuid.UUID) -> HttpResponse:
    """Change somebody; applications that were submitted keep what they hold."""
    traveller = own_traveller(request.user, traveller_id)
    form = _form(request, traveller)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_traveller(
                traveller_id=traveller.pk,
                owner=request.user,
                answers=form.answers(),
                seen_version=form.cleaned_data["version"] or 0,
            )
        except Refused as refusal:
            if isinstance(refusal, ChangedElsewhere):
                form = _with_present_version(request, form, traveller)
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("applications:household")
    return _form_page(request, form, traveller)


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.ANYTHING)
def remove(request: SignedInRequest, traveller_id: uuid.UUID) -> HttpResponse:
    """Ask once, then forget somebody; the applications stay."""
    traveller = own_traveller(request.user, traveller_id)
    if request.method == "GET":
        context = {
            "traveller": traveller,
            "applications": traveller.applications.count(),
            "wards": list(traveller.wards.all()),
        }
        return render(request, "applications/household/remove.html", context)
    operations.remove_traveller(traveller_id=traveller.pk, owner=request.user)
    messages.success(request, _("%(name)s was removed.") % {"name": traveller})
    return redirect("applications:household")


@require_http_methods(["GET", "POST"])
@never_cache
@keep_input_and_sign_in
@pauses(Action.NEW_FORMS, mission_of_file)
def travel_together(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Let others of the household travel along: one click makes or fills their drafts."""
    source = own_application(request.user, application_id)
    others = [m for m in _members(request.user) if m.traveller.pk != source.person_id]
    known = {str(member.traveller.pk): member.traveller for member in others}
    if request.method == "POST":
        chosen = [known[pk].pk for pk in request.POST.getlist("traveller") if pk in known]
        if chosen:
            shared = operations.share_journey(
                source_id=source.pk, owner=request.user, travellers=chosen
            )
            _tell_shared(request, len(shared), len(chosen))
            return redirect("applications:list")
        messages.warning(request, _("Choose at least one traveller."))
    context = {"application": source, "members": others}
    code = 422 if request.method == "POST" else 200
    return render(request, "applications/household/together.html", context, status=code)


@require_http_methods(["GET", "POST"])
@keep_input_and_sign_in
@pauses(Action.PREPARING, mission_of_file)
def same_journey(request: SignedInRequest, application_id: uuid.UUID) -> HttpResponse:
    """Give a draft the journey of another application of this account."""
    draft = own_application(request.user, application_id)
    if request.method == "GET":  # back from signing in again: the button is on this page
        return redirect("applications:detail", draft.pk)
    source = own_application(request.user, _uuid(request.POST.get("source", "")))
    version = request.POST.get("version", "")
    try:
        operations.copy_journey(
            application_id=draft.pk,
            source_id=source.pk,
            owner=request.user,
            seen_version=int(version) if version.isascii() and version.isdigit() else 0,
        )
    except Refused as refusal:
        return refused(request, draft, refusal)
    messages.success(
        request,
        _("The journey is the same as for %(name)s now.") % {"name": source.traveller or source},
    )
    return redirect("applications:detail", draft.pk)


def same_journey_sources(draft: Application) -> list[Application]:
    """Return the applications whose journey a draft without dates can take over, newest first."""
    if draft.arrives_on is not None:
        return []
    rows = Application.objects.filter(owner=draft.owner_id, arrives_on__isnull=False)
    rows = rows.exclude(pk=draft.pk).exclude(state=ApplicationState.WITHDRAWN)
    return [row for row in rows.select_related("mission")[:3] if row.traveller]


def _members(owner: Any) -> list[Member]:
    law = LAW.on(civil_date(timezone.now()))
    travellers = Traveller.objects.filter(owner=owner).select_related("guardian")
    travellers = travellers.prefetch_related("applications__mission")
    return [
        Member(
            traveller,
            is_minor(traveller.birth_date, law),
            [a for a in traveller.applications.all() if a.state != ApplicationState.WITHDRAWN],
        )
        for traveller in travellers
    ]


def _person(traveller: Traveller) -> Person:
    unrelated = traveller.relation == Relation.UNRELATED
    return Person(
        kinship=Kinship.UNRELATED if unrelated else Kinship.FAMILY,
        birth_date=traveller.birth_date,
    )


def _form(request: SignedInRequest, traveller: Traveller | None) -> HouseholdForm:
    """What was typed before, and not sent now, is shown without being judged."""
    data, owner = typed(request), request.user
    seen = {"version": traveller.version} if traveller else {}
    if data is not None and request.method == "GET":
        held = typed_into(HouseholdForm(data, owner=owner, traveller=traveller))
        seen, data = held | {"version": data.get("version", "")}, None
    return HouseholdForm(data, owner=owner, traveller=traveller, initial=seen)


def _with_present_version(
    request: SignedInRequest, form: HouseholdForm, traveller: Traveller
) -> HouseholdForm:
    """Keep what was typed, so that sending it again saves it on top of the other window's."""
    traveller.refresh_from_db()
    sent = request.POST.copy()
    sent["version"] = str(traveller.version)
    kept = HouseholdForm(sent, owner=request.user, traveller=traveller)
    kept.is_valid()
    return kept


def _form_page(
    request: HttpRequest, form: HouseholdForm, traveller: Traveller | None
) -> HttpResponse:
    context = {
        "form": form,
        "traveller": traveller,
        "post_to": request.get_full_path(),
        "keeps_form": "page-form",
    }
    return render(request, "applications/household/form.html", context, status=status(form))


def _back(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else reverse("applications:household")


def _tell_shared(request: HttpRequest, shared: int, chosen: int) -> None:
    if shared:
        text = ngettext(
            "%(count)s application has this journey now.",
            "%(count)s applications have this journey now.",
            shared,
        )
        messages.success(request, text % {"count": shared})
    if shared < chosen:
        messages.info(
            request,
            _("Who has an application for this journey under way already was left out."),
        )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
