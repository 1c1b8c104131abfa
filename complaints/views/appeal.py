"""The pages on which a signed appeal is handed in: first against what, then the letter (RC-01).

The door is shown before anything is sent: where another body decides, nothing is taken here.  What
is typed lies in the same draft as an unsent complaint, so that nothing is typed twice.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications.models import Decision
from applications.rules.remedies import RefusedVisa
from applications.views.guidance.tool import today
from portal.dates import civil_date
from portal.display import Row
from portal.forms.address import typed_from
from portal.refusals import Refused
from portal.rules.findings import Verdict
from portal.uploads.operations import wait_until_settled
from portal.wording import shown_all

from ..appeal_receipts import printed, rows, what_happens_now
from ..enums import AppealedDecision, FileRole, Standing
from ..forms.appeal import AppealLetterForm, ContestedForm
from ..models import Appeal
from ..operations.appeals import Contested, register_appeal
from ..operations.drafts import find_draft, forget_draft, keep_draft
from ..own_words import OwnWords, page_to_sign
from ..permissions import own_appeal, own_contested_decisions
from ..refusals import AlreadyRegistered
from ..rules.doors import Door, door_verdict
from ..unsent import SESSION_KEY, Unsent
from .start import WORDING, door_rows

SENT_KEY = "appeals_sent"  # the numbers of cases, and when they were sent
SHOWN_FOR = 12 * 3600  # seconds
PATIENCE = 1.5  # seconds that a sender waits for the checks of a file
DECISION, LETTER = "appeal_decision", "appeal_letter"  # steps of the draft


@require_http_methods(["GET", "POST"])
@never_cache
def appeal(request: HttpRequest) -> HttpResponse:
    """Ask against what, of whom, and when the person was told of it."""
    unsent = _unsent(request)
    if request.method == "POST":
        form = ContestedForm(request.POST)
        if form.is_valid() and _day_is_known(form):
            unsent.keep_step(DECISION, request.POST)
            if _kept(request, unsent):
                return redirect("complaints:appeal_letter")
    else:
        typed = typed_from(request.GET, ContestedForm.base_fields)
        form = ContestedForm(initial=_initial(unsent)) if typed is None else ContestedForm(typed)
    own = [_offered(one) for one in own_contested_decisions(request.user)]
    context = {"form": form, "own": own}
    status = 422 if request.method == "POST" else 200
    return render(request, "complaints/appeal.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def letter(request: HttpRequest) -> HttpResponse:
    """Show the door with its last day, and take the signed letter where it leads here."""
    unsent = _unsent(request)
    decision = ContestedForm(unsent.step(DECISION))
    if not (decision.is_bound and decision.is_valid() and _day_is_known(decision)):
        return _too_early(request, unsent)
    door = _door(decision)
    if request.method == "GET" or not _is_taken_here(door):
        form = AppealLetterForm(initial=_letter_initial(request, unsent))
        return _letter_page(request, decision, door, form)
    unsent.keep_step(LETTER, request.POST)
    _kept(request, unsent)
    form = AppealLetterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _letter_page(request, decision, door, form)
    if form.to_print:
        return _page_to_sign(decision, form)
    try:
        row = _register(request, decision, form, unsent)
    except AlreadyRegistered as refusal:
        form = AppealLetterForm(request.POST, request.FILES, asks_again=True)
        form.add_error("again", f"{refusal.message} {refusal.remedy}")
        return _letter_page(request, decision, door, form)
    except Refused as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        return _letter_page(request, decision, door, form)
    _after_sending(request, unsent, row)
    return redirect("complaints:appeal_sent", row.pk)


@require_GET
@never_cache
def sent(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show the number, the moment of arrival and what happens now; no promise (RC-02)."""
    row = _own(request, case_id)
    refused = [one.file.refusal for one in row.case.files.select_related("file")]
    context = {
        "appeal": row,
        "rows": [
            Row(key, value, ltr=value in (str(row), row.case.reference)) for key, value in rows(row)
        ],
        "says": what_happens_now(),
        "refused": [one for one in refused if one is not None],
    }
    return render(request, "complaints/appeal_sent.html", context)


@require_GET
@never_cache
def receipt(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Give the receipt as PDF; changes nothing."""
    row = _own(request, case_id)
    paper = printed(row, (get_language() or "fr")[:2])
    if paper is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{row.case.reference}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


# --- the draft ---------------------------------------------------------------------------------


def _unsent(request: HttpRequest) -> Unsent:
    return find_draft(draft_id=request.session.get(SESSION_KEY), owner=_account(request))


def _kept(request: HttpRequest, unsent: Unsent) -> bool:
    """Keep what was typed; tell why not, where the store refuses."""
    try:
        address = get_adapter().get_client_ip(request)
        keep_draft(unsent=unsent, owner=_account(request), address=address)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}".strip())
        return False
    request.session[SESSION_KEY] = str(unsent.id)
    return True


def _account(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _initial(unsent: Unsent) -> dict[str, Any]:
    """Return what was said before on this page, or of a complaint that reads like an appeal."""
    before = unsent.step(DECISION)
    if before is not None and (form := ContestedForm(before)).is_valid():
        return {**form.cleaned_data, "mission": form.cleaned_data["mission"].code}
    where = unsent.step("where") or QueryDict()
    known = {"matter": unsent.against, "mission": where.get("mission"), "visa": where.get("stay")}
    return {name: value for name, value in known.items() if value} | (
        {"notified": unsent.notified} if unsent.notified else {}
    )


MATTERS = {"refused": "refusal", "annulled": "annulment", "revoked": "revocation"}


def _offered(decision: Decision) -> dict[str, Any]:
    """Return one of the person's own decisions, with what its button sends."""
    file, notified = decision.application, decision.notified_on
    assert notified is not None, "others are not offered"
    visa = RefusedVisa.SHORT_STAY if file.visa_class == "short_stay" else RefusedVisa.LONG_STAY
    return {
        "decision": decision,
        "fields": {
            "decision": decision.pk,
            "matter": MATTERS[decision.outcome],
            "mission": file.mission.code,
            "visa": visa.value,
            "notified_day": notified.day,
            "notified_month": notified.month,
            "notified_year": notified.year,
        },
    }


def _letter_initial(request: HttpRequest, unsent: Unsent) -> dict[str, Any]:
    language = (get_language() or "fr")[:2]
    before = unsent.step(LETTER)
    typed = {name: before.get(name, "") for name in before} if before else {}
    return {
        "words": unsent.appeal_text,
        "email": getattr(request.user, "email", ""),
        "language": language if language in ("fr", "de") else "fr",
        **typed,
    }


def _after_sending(request: HttpRequest, unsent: Unsent, row: Appeal) -> None:
    """Show the receipt in this session, and forget what was typed, save a complaint beside it."""
    known = request.session.get(SENT_KEY, [])
    request.session[SENT_KEY] = [*known, [str(row.pk), time.time()]][-20:]
    unsent.appeal_text = ""
    for step in (DECISION, LETTER):
        unsent.typed.pop(step, None)
    if unsent.typed or unsent.files:
        _kept(request, unsent)
    elif unsent.id is not None:
        forget_draft(unsent=unsent, actor=_account(request))
        request.session.pop(SESSION_KEY, None)


def _too_early(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """Lead to the first page; keep what a page without its session brought along."""
    if request.method == "POST":
        unsent.keep_step(LETTER, request.POST)
        if _kept(request, unsent):
            messages.info(request, _("What you typed is kept. Please begin on this page."))
    return redirect("complaints:appeal")


# --- judging and registering ---------------------------------------------------------------------


def _day_is_known(form: ContestedForm) -> bool:
    """Put beside the field what is wrong with the day; nothing is registered without (RC-06)."""
    notified = form.cleaned_data["notified"]
    if notified is None:
        text = _(
            "Without this day nobody can tell the deadline, and nothing can be registered. "
            "It stands on the envelope, the receipt of delivery or the e-mail."
        )
        form.add_error("notified", text)
    elif notified > today():
        form.add_error("notified", _("This date is in the future."))
    return not form.errors


def _door(form: ContestedForm) -> Verdict:
    facts = replace(form.facts(), today=today())
    return door_verdict(facts, form.cleaned_data["mission"].ruleset_for("RC"))


def _is_taken_here(door: Verdict) -> bool:
    """Tell whether the portal takes the letter: where the post decides, or only the paper knows."""
    return door.results.get("door") in (Door.EMBASSY, Door.PAPER)


def _letter_page(
    request: HttpRequest, decision: ContestedForm, door: Verdict, form: AppealLetterForm
) -> HttpResponse:
    given = decision.cleaned_data
    context = {
        "form": form if _is_taken_here(door) else None,
        "rows": [
            Row(_("Consulate"), given["mission"].name),
            Row(_("Against"), str(AppealedDecision(given["matter"]).label)),
            *door_rows(door),
        ],
        "findings": shown_all(door.findings, WORDING),
        "is_late": door.outcome == "passed",
        "is_elsewhere": not _is_taken_here(door),
        "only_paper": door.results.get("door") is Door.PAPER,
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/appeal_letter.html", context, status=status)


def _register(
    request: HttpRequest, decision: ContestedForm, form: AppealLetterForm, unsent: Unsent
) -> Appeal:
    given, sent_along = decision.cleaned_data, form.cleaned_data
    letters = [(sent_along["letter"], FileRole.APPEAL)]
    if sent_along["authority"]:
        letters.append((sent_along["authority"], FileRole.AUTHORITY))
    row = register_appeal(
        mission=given["mission"],
        person=form.person(),
        contested=Contested(
            against=AppealedDecision(given["matter"]),
            notified_on=given["notified"],
            is_long_stay=given["visa"] == RefusedVisa.LONG_STAY,
            decision=_own_decision(request, unsent),
            decision_reference=sent_along["decision_reference"],
            standing=Standing(sent_along["standing"]),
            representative=sent_along["representative"],
        ),
        language=sent_along["language"],
        reader_language=(get_language() or "fr")[:2],
        letters=letters,
        text=sent_along["words"],
        owner=_account(request),
        despite=sent_along["again"],
    )
    for one in row.case.files.select_related("file"):
        wait_until_settled(stored_file=one.file, seconds=PATIENCE)
    return row


def _own_decision(request: HttpRequest, unsent: Unsent) -> Decision | None:
    """Return the decision of this house that was chosen; of somebody else's nothing is known."""
    chosen = (unsent.step(DECISION) or QueryDict()).get("decision", "")
    if not chosen.isdecimal():
        return None
    return own_contested_decisions(request.user).filter(pk=chosen).first()


def _page_to_sign(decision: ContestedForm, form: AppealLetterForm) -> HttpResponse:
    given, typed = decision.cleaned_data, form.cleaned_data
    own = OwnWords(
        mission=given["mission"],
        against=AppealedDecision(given["matter"]),
        notified=given["notified"],
        name=typed["name"],
        representative=typed["representative"],
        postal_address=typed["postal_address"],
        decision_reference=typed["decision_reference"],
        words=typed["words"],
        language=typed["language"] or "fr",
    )
    content = page_to_sign(own, today=civil_date(timezone.now()))
    headers = {"Content-Disposition": 'attachment; filename="appeal.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _own(request: HttpRequest, case_id: uuid.UUID) -> Appeal:
    """Return an appeal of this session or account; Http404 for any other."""
    oldest = time.time() - SHOWN_FOR
    known = {entry[0] for entry in request.session.get(SENT_KEY, []) if entry[1] >= oldest}
    row = own_appeal(request.user, case_id, was_sent=str(case_id) in known)
    if row is None:
        raise Http404
    return row
