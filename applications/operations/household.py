"""The travellers of one account: entered once, reused in every application (AP-01)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.suspension import Action, check

from ..enums import ApplicationState, Relation
from ..models import Application, Traveller
from ..refusals import (
    ChangedElsewhere,
    GuardianMissing,
    GuardianOfSomebody,
    HouseholdFull,
    TravellerKnown,
)
from ..rules.household import guardian_missing, is_minor
from ..rules.law import LAW

LARGEST = 40  # travellers of one account; a large family needs half of it
# What an application copies from its traveller, and gives back when it learns better.
_PERSON = ("family_name", "given_names", "birth_date", "nationality")
_PASSPORT = (
    "passport_number",
    "passport_issued_on",
    "passport_expires_on",
    "blank_pages",
    "passport_defects",
)
COPIED = _PERSON + _PASSPORT


def lock_household(owner: User) -> None:
    """Let one change at a time decide about the household; taken before any application."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)


@transaction.atomic
def add_traveller(*, owner: User, answers: Mapping[str, Any]) -> Traveller:
    """Add somebody to the household; the same person twice at once is one (double click).

    Raises GuardianMissing, TravellerKnown or HouseholdFull.
    """
    lock_household(owner)
    check(Action.ANYTHING)
    known = list(Traveller.objects.filter(owner=owner))
    for traveller in known:
        if all(getattr(traveller, name) == value for name, value in answers.items()):
            return traveller
    if len(known) >= LARGEST:
        raise HouseholdFull(params={"limit": LARGEST})
    traveller = Traveller(owner=owner, **answers)
    _check(traveller, known)
    traveller.save(force_insert=True)
    audit.record(actor=owner, action="household.add", subject=traveller)
    return traveller


@transaction.atomic
def change_traveller(
    *, traveller_id: uuid.UUID, owner: User, answers: Mapping[str, Any], seen_version: int
) -> Traveller:
    """Change somebody of the household; drafts follow, what was submitted keeps its copy.

    Raises ChangedElsewhere, GuardianMissing, GuardianOfSomebody or TravellerKnown.
    """
    lock_household(owner)
    traveller = Traveller.objects.select_for_update().get(pk=traveller_id, owner=owner)
    check(Action.ANYTHING)
    if traveller.version != seen_version:
        raise ChangedElsewhere
    before = {name: getattr(traveller, name) for name in COPIED}
    for name, value in answers.items():
        setattr(traveller, name, value)
    _check(traveller, list(Traveller.objects.filter(owner=owner).exclude(pk=traveller.pk)))
    _still_guardian(traveller)
    traveller.version += 1
    traveller.save()
    _let_drafts_follow(traveller, before)
    audit.record(actor=owner, action="household.change", subject=traveller)
    return traveller


def _let_drafts_follow(traveller: Traveller, before: Mapping[str, Any]) -> None:
    """Change in drafts what was the same as here before; what differs was meant to differ.

    A passport is one thing: a draft with another one keeps all of it.
    """
    drafts = traveller.applications.select_for_update().filter(state=ApplicationState.DRAFT)
    for draft in drafts:
        followed = [
            name
            for group in (_PERSON, _PASSPORT)
            if all(getattr(draft, name) == before[name] for name in group)
            for name in group
        ]
        if all(getattr(draft, name) == getattr(traveller, name) for name in followed):
            continue
        for name in followed:
            setattr(draft, name, getattr(traveller, name))
        draft.remember_keys()
        draft.version += 1
        draft.save()


@transaction.atomic
def remove_traveller(*, traveller_id: uuid.UUID, owner: User) -> None:
    """Forget somebody of the household; applications stay, with the copy they hold.

    Removing twice is removing once.
    """
    lock_household(owner)
    traveller = Traveller.objects.filter(pk=traveller_id, owner=owner).first()
    if traveller is None:
        return
    check(Action.ANYTHING)
    audit.record(actor=owner, action="household.remove", subject=traveller)
    traveller.delete()


def copy_traveller(traveller: Traveller, application: Application) -> None:
    """Fill a draft, unsaved, with what is known of its traveller."""
    application.person = traveller
    for name in COPIED:
        setattr(application, name, getattr(traveller, name))
    application.details = {**application.details, "relation": traveller.relation}
    if traveller.guardian is not None:
        application.details["guardian_name"] = traveller.guardian.name
    application.remember_keys()


def remember_traveller(application: Application, guardian: Traveller | None = None) -> None:
    """Let the household know what a draft says of its traveller; a new one joins it.

    Called inside the transaction that saves the draft, the household locked.
    """
    traveller = application.person or _joins(application)
    if traveller is None:
        return
    told = {name: value for name in COPIED if (value := getattr(application, name)) is not None}
    told = {name: value for name, value in told.items() if value != ""}
    if guardian is not None and guardian.pk != traveller.pk:
        told["guardian"] = guardian
    if all(getattr(traveller, name) == value for name, value in told.items()):
        application.person = traveller
        return
    for name, value in told.items():
        setattr(traveller, name, value)
    traveller.version += 1
    traveller.save()
    application.person = traveller


def _joins(application: Application) -> Traveller | None:
    """Return who an application is for when the household does not know the person yet."""
    relation = application.details.get("relation")
    if relation not in Relation.values or not application.family_name:
        return None
    if relation == Relation.SELF:
        known = Traveller.objects.filter(owner=application.owner, relation=relation).first()
        if known is not None:
            return known
    if Traveller.objects.filter(owner=application.owner).count() >= LARGEST:
        return None  # the draft goes on; only the household has no room
    return Traveller(owner=application.owner, relation=relation, version=0)


def _check(traveller: Traveller, others: list[Traveller]) -> None:
    if traveller.relation == Relation.SELF:
        for other in others:
            if other.relation == Relation.SELF:
                raise TravellerKnown(params={"name": other.name})
    guardian = traveller.guardian
    found = guardian_missing(
        traveller.birth_date,
        guardian.birth_date if guardian else None,
        LAW.on(civil_date(timezone.now())),
        has_guardian=guardian is not None,
    )
    if found is not None:
        raise GuardianMissing


def _still_guardian(traveller: Traveller) -> None:
    law = LAW.on(civil_date(timezone.now()))
    if traveller.birth_date is not None and not is_minor(traveller.birth_date, law):
        return
    for ward in traveller.wards.all():
        if is_minor(ward.birth_date, law):
            raise GuardianOfSomebody(params={"ward": ward.name})
