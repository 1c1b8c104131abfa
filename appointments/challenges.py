"""Where the challenge stands: before the free times of a file, and before a booking (AT-04).

Pages for everybody never ask for it, so that they stay shared and need no account; the times of
one's own files are where a program has to begin.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from applications.models import Application
from portal.challenge import asking
from portal.challenge.occasions import Occasion
from portal.dates import civil_date
from portal.rules.challenge import Measures

from .rules.challenge import Purpose, measures_of
from .rules.law import LAW


@dataclass(frozen=True, slots=True)
class Gate:
    """One place where a challenge may stand; each method but `ask` raises RedisError."""

    occasion: Occasion
    measures: Measures

    def ask(self, sent: Mapping[str, str] | None = None) -> asking.Asked:
        """Return a challenge to show, with what was typed if nobody could check it."""
        return asking.ask(self.occasion, self.measures, sent)

    def is_open(self, sent: Mapping[str, str]) -> bool:
        """Tell whether the person may go on, by an earlier answer or by the one they send.

        Raises a ChallengeRefused for an answer that does not count.
        """
        if self.is_passed():
            return True
        if not asking.is_answer(sent):
            return False
        asking.answer(self.occasion, self.measures, sent)
        return True

    def is_passed(self) -> bool:
        """Tell whether an earlier answer still holds."""
        return asking.is_passed(self.occasion)

    def close(self) -> bool:
        """Use the pass up; False if somebody else did."""
        return asking.use_up(self.occasion)


def before_search(request: HttpRequest, application: Application) -> Gate:
    """Return the gate before the free times: once for a session and a while, for all its files."""
    return Gate(Occasion(Purpose.SEARCH, _who(request)), _measures(application, Purpose.SEARCH))


def before_booking(request: HttpRequest, applications: Sequence[Application], slot_id: int) -> Gate:
    """Return the gate before a booking: for one time and these travellers, once."""
    people: list[uuid.UUID] = sorted(one.pk for one in applications)
    what = (str(slot_id), *map(str, people))
    return Gate(
        Occasion(Purpose.BOOKING, _who(request), what),
        _measures(applications[0], Purpose.BOOKING),
    )


def _who(request: HttpRequest) -> tuple[str, ...]:
    return (request.session.session_key or "", str(request.user.pk))


def _measures(application: Application, purpose: Purpose) -> Measures:
    day = civil_date(timezone.now())
    return measures_of(LAW.on(day, application.mission.ruleset_for("AT")), purpose)
