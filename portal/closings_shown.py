"""Closings as pages show them: one line for all centres that close together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise

from portal.dates import civil_date
from portal.suspension import Action, Closing, known

SHOWN_AHEAD = timedelta(days=21)  # on pages whose subject is something else


@dataclass(frozen=True, slots=True)
class ClosingShown:
    """Hours in which centres of one mission are closed together."""

    mission_id: int
    mission: str
    centres: tuple[str, ...]
    centre_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    suspends: frozenset[str]
    reason: str | Promise
    is_emergency: bool

    @property
    def within_one_day(self) -> bool:
        """Whether it ends on the day it starts, on the clock of Algiers."""
        return civil_date(self.starts_at) == civil_date(self.ends_at)

    @property
    def stops_everything(self) -> bool:
        """Whether nothing at all can be changed meanwhile."""
        return Action.ANYTHING in self.suspends

    @property
    def stops_forms(self) -> bool:
        """Whether no form can be begun."""
        return self.stops_everything or Action.NEW_FORMS in self.suspends

    @property
    def stops_preparing(self) -> bool:
        """Whether no file can be prepared or sent."""
        return self.stops_everything or Action.PREPARING in self.suspends

    @property
    def stops_booking(self) -> bool:
        """Whether nothing can be booked or cancelled."""
        return self.stops_everything or Action.BOOKING in self.suspends


def closings_now() -> list[ClosingShown]:
    """Return what is closed at this moment."""
    now = timezone.now()
    return shown(one for one in known() if now in one)


def closings_ahead(
    *, mission_id: int | None = None, centre_id: int | None = None, within: timedelta = SHOWN_AHEAD
) -> list[ClosingShown]:
    """Return what was announced and is still to come, of one mission or centre if it is named."""
    now = timezone.now()
    return shown(
        one
        for one in known()
        if one.told_from <= now < one.starts_at <= now + within
        and mission_id in (None, one.mission_id)
        and centre_id in (None, one.centre_id)
    )


def closing_at(centre_id: int, moment: datetime) -> Closing | None:
    """Return the announced closing of a centre that holds `moment`."""
    now = timezone.now()
    for one in known():
        told = one.told_from <= now or one.starts_at <= now
        if told and one.centre_id == centre_id and moment in one:
            return one
    return None


def closings_on(centre_id: int, day: date) -> list[ClosingShown]:
    """Return the closings of a centre, not over yet, that touch a day; for its staff."""
    return shown(
        one
        for one in known()
        if one.centre_id == centre_id
        and not one.is_over
        and civil_date(one.starts_at) <= day <= civil_date(one.ends_at - timedelta(microseconds=1))
    )


def shown(closings: Iterable[Closing]) -> list[ClosingShown]:
    """Put together what closes for the same hours, in the order of time."""

    def together(one: Closing) -> tuple[datetime, datetime, str]:
        return one.starts_at, one.ends_at, one.reference

    groups = groupby(sorted(closings, key=together), together)
    return [_one(list(some)) for _key, some in groups]


def _one(some: list[Closing]) -> ClosingShown:
    first = some[0]
    return ClosingShown(
        mission_id=first.mission_id,
        mission=first.mission,
        centres=tuple(one.centre for one in some),
        centre_ids=tuple(one.centre_id for one in some),
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        suspends=first.suspends,
        reason=first.reason,
        is_emergency=first.is_emergency,
    )
