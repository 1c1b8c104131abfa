"""What people do with an application.  Each function is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.missions.models import Mission
from portal.suspension import Action, check

from ..enums import ApplicationState
from ..intake import NAMES, TYPED, as_json, missing_details
from ..models import Application, Traveller
from ..receipts import SUBMITTED
from ..refusals import ChangedElsewhere, Incomplete, NotADraft
from ..rules.commitments import commitments_on, notice_on
from ..verdicts import passport_verdict
from ..workflow import APPLICATION_WORKFLOW
from .household import copy_traveller, lock_household, remember_traveller
from .journeys import refuse_second_application
from .paper_days import keep_passport_verdict, tell_not_fresh
from .receipts import end_receipt, issue_receipt
from .requests import close_open_request
from .review import mark_unrelated_adults


@transaction.atomic
def start_application(
    *,
    owner: User,
    mission: Mission,
    answers: Mapping[str, Any],
    person: Traveller | None = None,
    relation: str = "",
) -> Application:
    """Open a draft at `mission` with the answers of the first step.

    `person` is somebody of the household, whose data are copied; `relation` says who else it is
    for.  A draft that begins the same and has no further answers is taken up again, so that a
    double click opens one application and not two; so is a draft of the same person for the same
    visa, since every traveller makes one application per journey (AP-01).  Raises Suspended while
    the mission is closed for maintenance (RD-05), as all that prepares a file.
    """
    check(Action.NEW_FORMS, mission_id=mission.pk)
    lock_household(owner)
    begun = _begun(owner, mission, answers, person, relation)
    if begun is not None:
        return begun
    application = Application(owner=owner, mission=mission, **answers)
    if relation:
        application.details["relation"] = relation
    _reuse_contact(application)
    if person is not None:
        copy_traveller(person, application)
    application.save(force_insert=True)
    audit.record(actor=owner, action="application.start", subject=application, mission=mission)
    return application


def _begun(
    owner: User,
    mission: Mission,
    answers: Mapping[str, Any],
    person: Traveller | None,
    relation: str,
) -> Application | None:
    drafts = Application.objects.filter(owner=owner, mission=mission, state=ApplicationState.DRAFT)
    if person is not None:
        return drafts.filter(person=person, visa_class=answers["visa_class"]).first()
    untouched = drafts.filter(version=1, person=None, **answers)
    return next((row for row in untouched if row.details.get("relation", "") == relation), None)


def _reuse_contact(application: Application) -> None:
    """How to reach the account was said once already."""
    last = Application.objects.filter(owner=application.owner).order_by("-updated_at").first()
    for name in ("phone", "postal_address"):
        if last is not None and last.details.get(name):
            application.details[name] = last.details[name]


@transaction.atomic
def save_answers(
    *,
    application_id: uuid.UUID,
    owner: User,
    answers: Mapping[str, Any],
    seen_version: int,
    slug: str = "",
    guardian: Traveller | None = None,
) -> Application:
    """Save one step of a draft; the household learns what is new of its traveller.

    `slug` is the step, whose kept typing is forgotten then.  Raises NotADraft, or ChangedElsewhere
    if `seen_version` is not the stored one.
    """
    lock_household(owner)
    application = _draft(application_id, owner, seen_version)
    check(Action.PREPARING, mission_id=application.mission_id)
    for name, value in answers.items():
        if name in NAMES:
            application.details[name] = as_json(value)
        else:
            setattr(application, name, value)
    application.details.get(TYPED, {}).pop(slug, None)
    remember_traveller(application, guardian)
    application.remember_keys()
    application.version += 1
    application.save()
    return application


@transaction.atomic
def keep_typed(
    *,
    application_id: uuid.UUID,
    owner: User,
    slug: str,
    typed: Mapping[str, Any],
    seen_version: int,
) -> Application:
    """Keep what was typed into a step, right or wrong, until the person comes back.

    It is never suspended: what was typed when a maintenance begins is kept like this (RD-05).
    Raises NotADraft or ChangedElsewhere.
    """
    application = _draft(application_id, owner, seen_version)
    application.details.setdefault(TYPED, {})[slug] = dict(typed)
    application.version += 1
    application.save(update_fields=["details", "version", "updated_at"])
    return application


def _draft(application_id: uuid.UUID, owner: User, seen_version: int) -> Application:
    application = _own(application_id, owner)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    if application.version != seen_version:
        raise ChangedElsewhere
    return application


@transaction.atomic
def submit(*, application_id: uuid.UUID, owner: User) -> Application:
    """Submit a complete draft and keep the passport verdict of today.

    The verdict is advice, so an inadmissible passport does not stop a submission (CV-06); the
    counter decides (PA-12).  Submitting twice is submitting once.  Raises Incomplete,
    OneApplicationPerJourney (AP-01), or TransitionRefused if it is no draft.
    """
    lock_household(owner)
    application = _own(application_id, owner)
    if application.state == ApplicationState.SUBMITTED:
        return application
    check(Action.PREPARING, mission_id=application.mission_id)
    if missing_answers(application):
        raise Incomplete
    refuse_second_application(application)
    now = timezone.now()
    APPLICATION_WORKFLOW.move(application, "submit", actor=owner)
    application.submitted_at = now
    application.passport_verdict = passport_verdict(application, civil_date(now)).as_json()
    application.agreed = _agreed(now)
    application.details.pop(TYPED, None)
    application.save()
    issue_receipt(application, SUBMITTED)
    mark_unrelated_adults(owner)
    application.refresh_from_db(fields=["review_reasons"])
    return application


@transaction.atomic
def agree(*, application_id: uuid.UUID, owner: User) -> Application:
    """Note that the present version of the texts was read after submitting (AP-07, DP-01)."""
    application = _own(application_id, owner)
    if application.agreed and not texts_to_read(application):
        return application
    check(Action.PREPARING, mission_id=application.mission_id)
    application.agreed = _agreed(timezone.now())
    application.save(update_fields=["agreed", "updated_at"])
    audit.record(actor=owner, action="application.agree", subject=application)
    return application


def texts_to_read(application: Application) -> list[str]:
    """Return the names of the texts whose present version was not agreed to yet."""
    return [
        name
        for name, version in agreed_texts().items()
        if application.agreed.get(name, {}).get("version") != version
    ]


def agreed_texts() -> dict[str, str]:
    """Return the versions that hold today, by name of the text; a new one asks again (AP-07)."""
    today = civil_date(timezone.now())
    return {
        "commitments": commitments_on(today).version,
        "data_protection": notice_on(today).version,
    }


def _agreed(now: datetime) -> dict[str, Any]:
    return {
        name: {"version": version, "at": now.isoformat()}
        for name, version in agreed_texts().items()
    }


@transaction.atomic
def correct(*, application_id: uuid.UUID, owner: User) -> Application:
    """Turn a submitted application back into a draft, so that its answers can be mended.

    While an appointment is booked this is refused: the slot is bound to the traveller's name
    and passport (AT-03).
    """
    application = _own(application_id, owner)
    if application.state == ApplicationState.DRAFT:
        return application
    check(Action.PREPARING, mission_id=application.mission_id)
    APPLICATION_WORKFLOW.move(application, "correct", actor=owner)
    end_receipt(application, SUBMITTED, actor=owner)
    return application


@transaction.atomic
def withdraw(*, application_id: uuid.UUID, owner: User) -> Application:
    """Withdraw an application; a booked appointment must be cancelled first."""
    application = _own(application_id, owner)
    if application.state == ApplicationState.WITHDRAWN:
        return application
    check(Action.ANYTHING, mission_id=application.mission_id)
    APPLICATION_WORKFLOW.move(application, "withdraw", actor=owner)
    close_open_request(application, actor=owner)
    end_receipt(application, SUBMITTED, actor=owner)
    return application


def expect_on(*, application: Application, day: date | None) -> None:
    """Note the day on which the file will be handed in, or that none is fixed any more.

    The papers must be fresh on it, and the passport is judged for it; who has papers that were
    fresh before and are not on `day` is told.  Called by whoever books, moves or ends an
    appointment, inside that transaction.
    """
    application.appointment_day = day
    Application.objects.filter(pk=application.pk).update(appointment_day=day)
    if day is not None:
        keep_passport_verdict(application=application, filing_date=day)
        tell_not_fresh(application=application)


_NEEDED = (
    "mission_id",
    "visa_class",
    "purpose",
    "family_name",
    "given_names",
    "birth_date",
    "nationality",
    "passport_number",
    "passport_issued_on",
    "passport_expires_on",
    "blank_pages",
    "arrives_on",
)


def missing_answers(application: Application) -> list[str]:
    """Return the names of the answers that submitting needs and that are not there yet."""
    needed = list(_NEEDED)
    if application.visa_class == "short_stay":
        needed.append("departs_on")
    missing = [name for name in needed if getattr(application, name) in (None, "")]
    return missing + missing_details(application)


def _own(application_id: uuid.UUID, owner: User) -> Application:
    """Lock and return an application of `owner`; raises Application.DoesNotExist otherwise."""
    return Application.objects.select_for_update().get(pk=application_id, owner=owner)
