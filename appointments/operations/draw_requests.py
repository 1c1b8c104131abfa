"""A household asks for seats in a draw, changes its wishes, or goes (RD-08).

Locks: applications, then the draw (shared: many ask at once, nobody while it closes), then the
request.  The clock is the database's, read under the lock of the draw.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from applications.models import Application
from applications.workflow import APPLICATION_WORKFLOW
from portal import constraints
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import ALGIERS, civil_date
from portal.formats import moment as in_words
from portal.outbox.operations import enqueue

from ..draw_facts import carry_key, draw_key
from ..draw_notifications import DrawRequestReceived
from ..enums import DRAW_TAKES_REQUESTS, RequestState
from ..models import Draw, DrawRequest, DrawTraveller
from ..refusals import (
    AlreadyInDraw,
    DrawNotOpen,
    NoSuchDay,
    NotForThisDraw,
    RequestSettled,
    WalkInOnly,
)
from ..rules.draw_inputs import DayPart, DrawRule, Preferences
from .booking import is_walk_in, service_for
from .draw import slots_of

MOST_TRAVELLERS = 9
_BOOKABLE = frozenset(APPLICATION_WORKFLOW.transition("book").sources)
_REFUSALS = {
    "one_request_per_traveller_in_a_draw": AlreadyInDraw,
    "one_request_per_application_in_a_draw": AlreadyInDraw,
}
_ENDED = (RequestState.WITHDRAWN, RequestState.DECLINED)


@transaction.atomic
def ask(
    *,
    draw_id: uuid.UUID,
    application_ids: Sequence[uuid.UUID],
    preferences: Preferences,
    owner: User,
) -> DrawRequest:
    """Put applications of `owner` into a draw as one request.

    Asking the same twice is asking once.  Raises DrawNotOpen, NotForThisDraw, WalkInOnly,
    NoSuchDay or AlreadyInDraw; then nothing has changed.

    Rules: RD-08, AP-01 (one seat each), RD-01
    """
    applications = _locked_applications(application_ids, owner)
    draw = _shared(draw_id)
    _check_open(draw)
    same = _same_request(draw, applications, owner)
    if same is not None:
        return same
    _check_applications(draw, applications)
    _check_wishes(draw, preferences)
    with constraints.explained(_REFUSALS):
        request = DrawRequest.objects.create(
            draw=draw, owner=owner, preferences=preferences.as_json()
        )
        DrawTraveller.objects.bulk_create(_travellers(request, applications))
    enqueue(DrawRequestReceived.about(request))
    _record(request, "ask", owner)
    return request


@transaction.atomic
def change_wishes(*, request_id: uuid.UUID, preferences: Preferences, owner: User) -> DrawRequest:
    """Change when a household can come, until requests close.

    Raises DrawNotOpen, NoSuchDay or RequestSettled.
    """
    draw = _shared(_draw_of(request_id, owner))
    request = _locked(request_id, draw)
    if request.state != RequestState.REQUESTED:
        raise RequestSettled
    _check_open(draw)
    _check_wishes(draw, preferences)
    request.preferences = preferences.as_json()
    request.save(update_fields=["preferences", "updated_at"])
    _record(request, "change_wishes", owner)
    return request


@transaction.atomic
def withdraw(*, request_id: uuid.UUID, owner: User) -> DrawRequest:
    """Take a request back, leave the waiting list, or decline what is offered.

    Before closing it is as if nobody had asked.  After closing it is still drawn, so that nobody
    can change a draw by going; its seats go to the next.  Twice is once; raises RequestSettled
    for a request that came to its end otherwise.
    """
    draw = _shared(_draw_of(request_id, owner))
    return leave(_locked(request_id, draw), actor=owner)


def leave(request: DrawRequest, *, actor: User | None) -> DrawRequest:
    """Withdraw or decline a locked request, whose draw cannot change meanwhile.

    Raises RequestSettled as `withdraw` does.
    """
    if request.state in _ENDED:
        return request
    if request.state == RequestState.OFFERED:
        request.state = RequestState.DECLINED
    elif request.state in (RequestState.REQUESTED, RequestState.WAITING):
        request.state = RequestState.WITHDRAWN
    else:
        raise RequestSettled
    if request.draw.state in DRAW_TAKES_REQUESTS and database_now() < request.draw.closes_at:
        request.is_drawn = False
        request.travellers.all().delete()
    request.save(update_fields=["state", "is_drawn", "updated_at"])
    _record(request, "withdraw", actor)
    return request


def share_lock(draw_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Draw]:
    """Lock draws against closing, drawing and ending, not against others who ask."""
    rows = Draw.objects.raw(_SHARED, [list(draw_ids)])
    return {draw.pk: draw for draw in rows}


_SHARED = """
    SELECT id, centre_id, service, days, state, opens_at, closes_at, rule
    FROM appointments_draw WHERE id = ANY(%s) ORDER BY id FOR SHARE
"""


def _shared(draw_id: uuid.UUID) -> Draw:
    found = share_lock([draw_id])
    if draw_id not in found:
        raise Draw.DoesNotExist
    return found[draw_id]


def _locked_applications(ids: Sequence[uuid.UUID], owner: User) -> list[Application]:
    rows = Application.objects.select_for_update(of=("self",)).select_related("mission", "owner")
    found = rows.filter(pk__in=ids, owner=owner).order_by("pk").in_bulk()
    if not ids or len(ids) > MOST_TRAVELLERS or len(found) != len(ids):
        raise Application.DoesNotExist
    return [found[one] for one in ids]


def _check_open(draw: Draw) -> None:
    if draw.state in DRAW_TAKES_REQUESTS and draw.opens_at <= database_now() < draw.closes_at:
        return
    times = {"opens": in_words(draw.opens_at), "closes": in_words(draw.closes_at)}
    raise DrawNotOpen(params=times)


def _check_applications(draw: Draw, applications: Sequence[Application]) -> None:
    for application in applications:
        if is_walk_in(application):
            raise WalkInOnly
        fits = (
            application.state in _BOOKABLE
            and application.traveller_key is not None
            and application.mission_id == draw.centre.mission_id
            and service_for(application) == draw.service
            and draw.centre.is_active
        )
        if not fits:
            raise NotForThisDraw
    keys = {bytes(one.traveller_key or b"") for one in applications}
    if len(keys) < len(applications):
        raise AlreadyInDraw


def _check_wishes(draw: Draw, wish: Preferences) -> None:
    afternoon = DrawRule.from_json(draw.rule).afternoon_starts
    for starts_at in slots_of(draw).values_list("starts_at", flat=True):
        is_late = starts_at.astimezone(ALGIERS).time() >= afternoon
        part = DayPart.AFTERNOON if is_late else DayPart.MORNING
        if wish.allow(civil_date(starts_at), part):
            return
    raise NoSuchDay


def _same_request(
    draw: Draw, applications: Sequence[Application], owner: User
) -> DrawRequest | None:
    """Return the request that a first click made of the same people."""
    wanted = {one.pk for one in applications}
    rows = DrawTraveller.objects.filter(draw=draw, application__in=wanted, request__owner=owner)
    requests = {row.request for row in rows.select_related("request")}
    if len(requests) != 1:
        return None
    request = requests.pop()
    people = set(request.travellers.values_list("application_id", flat=True))
    return request if people == wanted and request.state == RequestState.REQUESTED else None


def _travellers(
    request: DrawRequest, applications: Sequence[Application]
) -> Iterable[DrawTraveller]:
    for application in applications:
        key = bytes(application.traveller_key or b"")
        yield DrawTraveller(
            draw=request.draw,
            request=request,
            application=application,
            key=draw_key(request.draw, key),
            carry_key=carry_key(application.mission.state, key),
        )


def _draw_of(request_id: uuid.UUID, owner: User) -> uuid.UUID:
    rows = DrawRequest.objects.filter(owner=owner)
    draw_id: uuid.UUID = rows.values_list("draw_id", flat=True).get(pk=request_id)
    return draw_id


def _locked(request_id: uuid.UUID, draw: Draw) -> DrawRequest:
    request = DrawRequest.objects.select_for_update().get(pk=request_id)
    request.draw = draw
    return request


def _record(request: DrawRequest, step: str, actor: User | None) -> None:
    audit.record(
        actor=actor,
        action=f"drawrequest.{step}",
        subject=request,
        mission=request.draw.centre.mission,
        details={"draw": str(request.draw_id), "reference": request.reference},
    )
