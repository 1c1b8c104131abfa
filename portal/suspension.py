"""What waits while a mission is closed for maintenance: one question for every app (RD-05).

Whoever knows of closings registers a source in its `ready`.  What the source says is kept in the
process for a second, so that asking costs nothing; a closing is judged by its hours, so a kept
answer is exact at its edges.  Reading is never suspended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.formats import lazy_moment
from portal.missions.models import in_language
from portal.refusals import Refused

FRESH = 1.0  # seconds in which nobody asks the source again
EDGE = timedelta(minutes=5)  # so near to an edge the clock of the source decides


class Action(StrEnum):
    """What somebody wants to change; `ANYTHING` is every change that has no word of its own."""

    NEW_FORMS = "new_forms"
    PREPARING = "preparing"
    BOOKING = "booking"
    ANYTHING = "all_writes"


@dataclass(frozen=True, slots=True)
class Closing:
    """Hours [`starts_at`, `ends_at`) in which a centre of a mission is closed.

    It is told to everybody from `told_from` on.  `suspends` are values of `Action`.
    """

    reference: str
    mission_id: int
    mission_names: Mapping[str, str]
    centre_id: int
    centre_names: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    told_from: datetime
    suspends: frozenset[str]
    reason: str | Promise
    is_emergency: bool = False

    def __contains__(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    @property
    def is_over(self) -> bool:
        """Whether it has ended; it stays known for whoever still waits for a new time (RD-06)."""
        return self.ends_at <= timezone.now()

    @property
    def mission(self) -> str:
        """The name of the mission in the language of the reader."""
        return in_language(dict(self.mission_names))

    @property
    def centre(self) -> str:
        """The name of the centre in the language of the reader."""
        return in_language(dict(self.centre_names))

    def holds_back(self, action: Action, mission_id: int | None, centre_id: int | None) -> bool:
        """Tell whether it suspends `action`; None stands for any mission, or any centre.

        Booking waits at the closed centres only, everything else in the whole mission.
        """
        if mission_id is not None and mission_id != self.mission_id:
            return False
        if Action.ANYTHING in self.suspends:
            return True
        elsewhere = centre_id is not None and centre_id != self.centre_id
        return action in self.suspends and not (action is Action.BOOKING and elsewhere)


class Suspended(Refused):
    """A change that waits until a maintenance is over."""

    code = "SUSPENDED"
    rule_id = "RD-05"
    message = _("This waits until %(until)s because of %(reason)s. Nothing was changed or lost.")
    remedy = _("Come back after that time and do it again. Reading stays possible meanwhile.")

    def __init__(self, closing: Closing) -> None:
        self.closing = closing
        until = lazy_moment(closing.ends_at)
        super().__init__(params={"until": until, "reason": closing.reason})


@dataclass(frozen=True, slots=True)
class Source:
    """Where closings are kept: `read` returns those that matter, `now` the clock of all."""

    read: Callable[[], tuple[Closing, ...]]
    now: Callable[[], datetime]


_sources: list[Source] = []
_lock = Lock()
_kept: tuple[Closing, ...] = ()
_kept_until = 0.0


def register(source: Source) -> None:
    """Ask `source` for closings from now on."""
    _sources.append(source)


def known() -> tuple[Closing, ...]:
    """Return all closings to come, at work or over lately, as they stood at most a second ago.

    While the database is away the last answer holds, so that pages which need none still open.
    """
    if time.monotonic() >= _kept_until:
        try:
            found = tuple(one for source in _sources for one in source.read())
        except (DatabaseError, InterfaceError):
            found = _kept
        keep(found)
    return _kept


def keep(closings: tuple[Closing, ...], *, seconds: float = FRESH) -> None:
    """Take `closings` for the answer for some seconds."""
    global _kept, _kept_until
    with _lock:
        _kept, _kept_until = closings, time.monotonic() + seconds


def forget() -> None:
    """Ask the sources again the next time: closings were changed in this process."""
    global _kept_until
    with _lock:
        _kept_until = 0.0


def suspended(
    action: Action,
    *,
    mission_id: int | None = None,
    centre_id: int | None = None,
    at: datetime | None = None,
) -> Closing | None:
    """Return what `action` waits for at the moment `at` (default: now), or None.

    Of several closings it is the one that ends last.
    """
    moment = at or timezone.now()
    found = [
        one for one in known() if moment in one and one.holds_back(action, mission_id, centre_id)
    ]
    return max(found, key=lambda one: one.ends_at, default=None)


def check(action: Action, *, mission_id: int | None = None, centre_id: int | None = None) -> None:
    """Raise Suspended inside an operation that has to wait.

    Near an edge the clock of the database decides, so that all nodes agree on 15:30:00; far from
    any it is not asked.

    Rule: RD-05
    """
    now = timezone.now()
    edges = (edge for one in known() for edge in (one.starts_at, one.ends_at))
    if any(abs(edge - now) < EDGE for edge in edges):
        now = max((source.now() for source in _sources), default=now)
    closing = suspended(action, mission_id=mission_id, centre_id=centre_id, at=now)
    if closing is not None:
        raise Suspended(closing)
