"""Whom the counter means by what was typed or scanned."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from applications.enums import ApplicationState
from applications.models import Application, name_key, passport_key
from portal.accounts.access import visible_to
from portal.references import as_typed

from .board import Line, as_lines
from .enums import LIVE_STATES
from .models import Appointment, Centre
from .operations import is_walk_in

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOST = 20  # hits beside the day's own; a longer list helps nobody


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of the board's day, appointments of other days, and files that may walk in."""

    here: Sequence[Line] = ()
    elsewhere: Sequence[Line] = ()
    may_walk_in: Sequence[Application] = ()
    without: Sequence[Application] = ()

    @property
    def only(self) -> Line | None:
        """The one line that is meant, if there is one and nothing else on the board."""
        return self.here[0] if len(self.here) == 1 else None

    @property
    def is_empty(self) -> bool:
        """Whether nobody is meant."""
        return not (self.here or self.elsewhere or self.may_walk_in or self.without)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was typed, as each thing that it may be."""

    reference: str
    passport: bytes
    name: bytes
    key: uuid.UUID | None

    @classmethod
    def by(cls, term: str) -> _Wanted:
        return cls(as_typed(term), passport_key(term), name_key(term), _scanned(term))

    def means(self, line: Line) -> bool:
        application = line.application
        return (
            (self.key is not None and self.key in (line.row.pk, application.pk))
            or self.reference in (line.reference, application.reference)
            or bytes(application.passport_key or b"") == self.passport
            or bytes(application.name_key or b"") == self.name
        )


def find(text: str, *, lines: Sequence[Line], centre: Centre, user: Any) -> Found:
    """Find by reference, whole passport number, whole family name, or the text of a scanned code.

    The lines of the day come first; only if none of them is meant, the appointments and files of
    the user's missions are searched.
    """
    term = text.strip()
    if not term:
        return Found()
    wanted = _Wanted.by(term)
    here = [line for line in lines if wanted.means(line)]
    if here:
        return Found(here=here)
    appointments = visible_to(
        Appointment.objects.select_related("slot__centre__mission", "application"),
        user,
        path="application__mission",
    ).filter(_appointments(term), state__in=LIVE_STATES)
    elsewhere = as_lines(appointments.order_by("slot__starts_at")[:_MOST])
    if elsewhere:
        return Found(elsewhere=elsewhere)
    files = _files(term, centre, user)
    return Found(
        may_walk_in=[one for one in files if _may_walk_in(one)],
        without=[one for one in files if not _may_walk_in(one)],
    )


def _may_walk_in(application: Application) -> bool:
    return application.state == ApplicationState.SUBMITTED and is_walk_in(application)


def _files(term: str, centre: Centre, user: Any) -> list[Application]:
    mine = visible_to(Application.objects.select_related("mission"), user)
    found = mine.filter(_keys(term), mission=centre.mission_id)
    return list(found.exclude(state=ApplicationState.WITHDRAWN).order_by("-created_at")[:_MOST])


def _appointments(term: str) -> Q:
    wanted = _keys(term, "application__") | Q(reference=as_typed(term))
    scanned = _scanned(term)
    return wanted | Q(pk=scanned) if scanned else wanted


def _keys(term: str, path: str = "") -> Q:
    wanted = (
        Q(**{f"{path}reference": as_typed(term)})
        | Q(**{f"{path}passport_key": passport_key(term)})
        | Q(**{f"{path}name_key": name_key(term)})
    )
    scanned = _scanned(term)
    return wanted | Q(**{f"{path}pk": scanned}) if scanned else wanted


def _scanned(term: str) -> uuid.UUID | None:
    """Return the key in an address of this site, whatever stands around it."""
    match = _UUID.search(term)
    return uuid.UUID(match[0]) if match else None
