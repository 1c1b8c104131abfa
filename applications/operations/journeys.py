"""One journey for a family: the answers about it are given once (AP-01)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.suspension import Action, check

from ..enums import ApplicationState
from ..intake import TYPED
from ..models import Application, Traveller
from ..refusals import ChangedElsewhere, NotADraft, OneApplicationPerJourney
from .household import copy_traveller, lock_household

JOURNEY = (
    "mission_id",
    "visa_class",
    "purpose",
    "arrives_on",
    "departs_on",
    "is_urgent",
    "urgency_reason",
)
JOURNEY_DETAILS = (
    "legs",
    "first_entry",
    "main_purpose_state",
    "inviter",
    "visits_relatives",
    "lodging",
    "lodging_address",
    "entries",
    "phone",
    "postal_address",
)
# Where a file is under way, the traveller has one for this journey already.
UNDER_WAY = frozenset(ApplicationState) - {
    ApplicationState.DRAFT,
    ApplicationState.WITHDRAWN,
    ApplicationState.DECIDED,
    ApplicationState.PASSPORT_READY,
}


@transaction.atomic
def copy_journey(
    *, application_id: uuid.UUID, source_id: uuid.UUID, owner: User, seen_version: int
) -> Application:
    """Give a draft the journey of another application of the account.

    Raises NotADraft, ChangedElsewhere, or Application.DoesNotExist.
    """
    draft = Application.objects.select_for_update().get(pk=application_id, owner=owner)
    source = Application.objects.get(pk=source_id, owner=owner)
    if draft.state != ApplicationState.DRAFT:
        raise NotADraft
    if draft.version != seen_version:
        raise ChangedElsewhere
    check(Action.PREPARING, mission_id=draft.mission_id)
    _copy(source, draft)
    draft.save()
    return draft


@transaction.atomic
def share_journey(
    *, source_id: uuid.UUID, owner: User, travellers: Iterable[uuid.UUID]
) -> list[Application]:
    """Let others of the household travel along: their drafts get the journey, or are opened.

    Who has a file under way for the same state and day of arrival is left out, so that asking
    twice opens one application each.
    """
    lock_household(owner)
    source = Application.objects.select_related("mission").get(pk=source_id, owner=owner)
    check(Action.NEW_FORMS, mission_id=source.mission_id)
    people = Traveller.objects.filter(pk__in=set(travellers), owner=owner)
    people = people.exclude(pk=source.person_id) if source.person_id else people
    shared = []
    for traveller in people.select_related("guardian").order_by("created_at"):
        if not _travels_already(traveller, source):
            shared.append(_draft_for(traveller, source, owner))
    return shared


def _travels_already(traveller: Traveller, source: Application) -> bool:
    return traveller.applications.filter(
        state__in=UNDER_WAY, mission__state=source.mission.state, arrives_on=source.arrives_on
    ).exists()


def _draft_for(traveller: Traveller, source: Application, owner: User) -> Application:
    """A draft for another mission, with days of its own, is another journey and stays."""
    drafts = traveller.applications.select_for_update(of=("self",)).filter(
        Q(arrives_on=None) | Q(mission=source.mission_id),
        owner=owner,
        state=ApplicationState.DRAFT,
    )
    draft = drafts.first()
    if draft is not None:
        _copy(source, draft)
        draft.save()
        return draft
    draft = Application(owner=owner)
    copy_traveller(traveller, draft)
    _copy(source, draft)
    draft.version = 1
    draft.save(force_insert=True)
    audit.record(actor=owner, action="application.start", subject=draft, mission=source.mission)
    return draft


def _copy(source: Application, draft: Application) -> None:
    for name in JOURNEY:
        setattr(draft, name, getattr(source, name))
    kept = {name: value for name, value in draft.details.items() if name not in JOURNEY_DETAILS}
    given = {name: source.details[name] for name in JOURNEY_DETAILS if name in source.details}
    typed = {slug: text for slug, text in kept.pop(TYPED, {}).items() if slug not in _SLUGS}
    draft.details = kept | given | ({TYPED: typed} if typed else {})
    if not source.mission.asks_retiree_card:
        draft.retiree_card = False
    draft.version += 1


_SLUGS = ("visa", "purpose", "trip", "route", "stay")


def refuse_second_application(application: Application) -> None:
    """Every traveller makes one application per journey; raises OneApplicationPerJourney (AP-01).

    Of one account: what another one filed is nobody's business here, and RD-09 keeps the slots.
    """
    others = Application.objects.filter(
        owner=application.owner_id,
        traveller_key=application.traveller_key,
        mission__state=application.mission.state,
        state__in=UNDER_WAY,
    ).exclude(pk=application.pk)
    for other in others:
        if _same_days(application, other):
            raise OneApplicationPerJourney(
                params={"name": application.traveller, "reference": other.reference}
            )


def _same_days(one: Application, other: Application) -> bool:
    if not (one.arrives_on and other.arrives_on):
        return False
    first, second = sorted((one, other), key=lambda row: row.arrives_on or date.max)
    assert second.arrives_on is not None
    return first.departs_on is None or second.arrives_on <= first.departs_on
