"""Draws and requests as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.dates import civil_date
from portal.formats import moment, weekday_date

from .enums import DRAW_IN_FORCE, DRAW_TAKES_REQUESTS, DrawState, RequestState
from .models import Centre, Draw, DrawRequest, OpeningHours, Slot
from .operations.draw import slots_of
from .rules.draw_inputs import DayPart

_KINDS = {
    DrawState.ANNOUNCED: "neutral",
    DrawState.COLLECTING: "progress",
    DrawState.CLOSED: "progress",
    DrawState.CANCELLED: "attention",
}
_REQUEST_KINDS = {
    RequestState.REQUESTED: "progress",
    RequestState.OFFERED: "attention",
    RequestState.ACCEPTED: "done",
    RequestState.WAITING: "progress",
}


@dataclass(frozen=True, slots=True)
class ShownDraw:
    """A draw in words."""

    draw: Draw
    first_day: str
    last_day: str
    label: str
    kind: str  # of the status tag
    is_open: bool


def public_draws() -> QuerySet[Draw]:
    """Return all draws, newest first, without what is large or secret."""
    rows = Draw.objects.select_related("centre__mission")
    return rows.defer("transcript", "seed", "seats")


def shown(draw: Draw, now: datetime) -> ShownDraw:
    """Put a draw into words, by the clock even where beat is late."""
    state = state_at(draw, now)
    return ShownDraw(
        draw=draw,
        first_day=weekday_date(draw.days.lower),
        last_day=weekday_date(draw.days.upper - timedelta(days=1)),
        label=str(state.label),
        kind=_KINDS.get(state, "done"),
        is_open=state == DrawState.COLLECTING,
    )


def state_at(draw: Draw, now: datetime) -> DrawState:
    """Return the state, moved on by the clock."""
    state = DrawState(draw.state)
    if state not in DRAW_TAKES_REQUESTS or now < draw.opens_at:
        return state
    return DrawState.COLLECTING if now < draw.closes_at else DrawState.CLOSED


def draws_of(centre: Centre, service: str, now: datetime) -> list[ShownDraw]:
    """Return the draws that hold days of a centre, the first days first."""
    rows = public_draws().filter(centre=centre, service=service, state__in=DRAW_IN_FORCE)
    return [shown(draw, now) for draw in rows.order_by("days")]


def draw_requests_of(user: User) -> QuerySet[DrawRequest]:
    """Return the requests of an account, newest first."""
    rows = DrawRequest.objects.filter(owner=user).select_related("draw__centre__mission")
    return rows.defer("draw__transcript", "draw__seed", "draw__seats")


def open_days(draw: Draw) -> list[date]:
    """Return the days of a draw that have slots."""
    starts = slots_of(draw).order_by("starts_at").values_list("starts_at", flat=True)
    return sorted({civil_date(one) for one in starts})


def counts(draw: Draw) -> dict[str, int]:
    """Return how many requests stand in which state, and how many people asked: no names."""
    rows = draw.requests.order_by().values_list("state").annotate(Count("pk"))
    found = {str(state): 0 for state in RequestState.values} | dict(rows)
    found["all"] = sum(found.values()) - found[RequestState.WITHDRAWN]
    found["people"] = draw.travellers.count()
    return found


def request_kind(request: DrawRequest) -> str:
    """Return the kind of the status tag of a request."""
    return _REQUEST_KINDS.get(RequestState(request.state), "neutral")


def wishes_in_words(request: DrawRequest) -> list[str]:
    """Return what a household wished, one line for each wish."""
    wish = request.wishes
    parts = {
        DayPart.ANY: _("Morning or afternoon"),
        DayPart.MORNING: _("Only the morning"),
        DayPart.AFTERNOON: _("Only the afternoon"),
    }
    lines = [parts[wish.part]]
    if wish.weekdays is not None:
        names = (str(OpeningHours.Weekday(one).label) for one in sorted(wish.weekdays))
        lines.append(", ".join(names))
    if wish.days is not None:
        lines.append(", ".join(weekday_date(day) for day in sorted(wish.days)))
    elif wish.weekdays is None:
        lines.append(_("Any day"))
    return lines


def offered_times(request: DrawRequest) -> list[tuple[str, int]]:
    """Return the offered times in words, with how many places each has."""
    slots = Slot.objects.in_bulk([part["slot"] for part in request.offered])
    parts = sorted(request.offered, key=lambda part: slots[part["slot"]].starts_at)
    return [(moment(slots[part["slot"]].starts_at), part["seats"]) for part in parts]
