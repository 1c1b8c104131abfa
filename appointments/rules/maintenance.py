"""When the form portal is down, and what that touches: RD-04, RD-05 and RD-06.

The windows of source 000 are rows of the table; centres publish later ones of their own, and
both are judged by the same functions.  All moments are aware datetimes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.dates import ALGIERS, civil_date
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset

from .law import LAW


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A maintenance window [`start`, `end`): the start belongs to it, the end does not.

    `number` names it.  Raises ValueError for naive moments, or an end that is not after the
    start.
    """

    start: datetime
    end: datetime
    number: int = 0

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a maintenance window needs aware datetimes")
        if self.end <= self.start:
            raise ValueError(f"{self.start} to {self.end}: ends before it starts")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


class Action(StrEnum):
    """What a person may want to do on the site while the form portal is down (RD-05)."""

    CREATE_FORM = "create_form"
    SUBMIT_FORM = "submit_form"
    PREPARE_FILE = "prepare_file"
    CHECK_FILE = "check_file"
    READ_HELP = "read_help"
    USE_CALCULATOR = "use_calculator"
    SEE_APPOINTMENT = "see_appointment"
    COMPLAIN = "complain"


class Effect(StrEnum):
    """What a window does to an appointment (RD-06)."""

    NONE = "none"
    OVERLAPS = "overlaps"  # starts before the window and runs into it: staff have a look
    AFFECTED = "affected"  # starts inside: staff move it, the applicant does nothing


def published_windows(law: Law, state: str = "FR") -> tuple[Window, ...]:
    """Return the windows of the form portal of `state` (source 000), in Algiers time.

    Rule: RD-04
    Source: 000
    Boundaries: Wed 3 Dec 2025 15:30 to 19:30; Tue 9 Dec 2025 06:00 to 09:00.
    """
    rows = law.cases_of("RD-04", "window", state)
    return tuple(_window(int(number), *row.value) for number, row in rows.items())


def _window(number: int, start: str, end: str) -> Window:
    return Window(datetime.fromisoformat(start), datetime.fromisoformat(end), number)


def weekly(start: datetime, end: datetime, last_day: date) -> list[tuple[datetime, datetime]]:
    """Return the hours [`start`, `end`) and the same of every week after, up to `last_day`.

    They keep their time of day on the clock of Algiers; `last_day` is included, and the first
    hours are there in any case.
    """
    first = start.astimezone(ALGIERS)
    length = end - start
    weeks = max(0, (last_day - first.date()).days // 7)
    starts = (
        datetime.combine(first.date() + timedelta(weeks=week), first.time(), ALGIERS)
        for week in range(weeks + 1)
    )
    return [(one, one + length) for one in starts]


def window_at(moment: datetime, windows: Iterable[Window]) -> Window | None:
    """Return the window that holds at `moment`, if one does; ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be placed")
    return next((window for window in sorted(windows) if moment in window), None)


def maintenance_verdict(moment: datetime, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Tell whether the form portal is down at `moment` by the windows of the table."""
    law = LAW.on(civil_date(moment), ruleset)
    return check_maintenance(moment, published_windows(law), law)


def check_maintenance(moment: datetime, windows: Iterable[Window], law: Law) -> Verdict:
    """A window is half-open: down from its first second, up again at its last.

    Outcomes: suspended, open.  Results: ``suspended``, ``window`` (its number, or None),
    ``until`` (when it is up again, or None).

    Rule: RD-04
    Source: 000
    Boundaries: 15:29:59 open, 15:30:00 down, 19:29:59 down, 19:30:00 open.
    """
    window = window_at(moment, windows)
    row = law.need("RD-05", "suspended")
    findings = (
        []
        if window is None
        else [
            Finding.by(
                row,
                "FORM_PORTAL_SUSPENDED",
                Severity.BLOCKING,
                start=window.start,
                until=window.end,
            )
        ]
    )
    return Verdict(
        outcome="open" if window is None else "suspended",
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "suspended": window is not None,
            "window": window and window.number,
            "until": window and window.end,
        },
        used=law.used,
    )


def is_suspended(action: Action, moment: datetime, windows: Iterable[Window], law: Law) -> bool:
    """Every write on the form portal waits; reading, calculating and complaining go on.

    Rule: RD-05
    Source: 000
    Boundaries: submit at 15:29:59: accepted; at 15:30:00: kept as a draft; the calculator at
    16:00: works.
    """
    suspended = law.value("RD-05", "suspended")
    return action.value in suspended and window_at(moment, windows) is not None


def effect_on_appointment(start: datetime, end: datetime, windows: Iterable[Window]) -> Effect:
    """An appointment that starts inside a window is moved by staff; the applicant does nothing.

    Rule: RD-06
    Source: 000
    Boundaries: 15:15 for 30 minutes: overlaps, flagged for staff; 15:30: affected; 19:30: not;
    9 Dec 09:00: not, for the window ends exactly then.
    """
    windows = tuple(windows)
    if window_at(start, windows) is not None:
        return Effect.AFFECTED
    overlaps = any(start < window.start < end for window in windows)
    return Effect.OVERLAPS if overlaps else Effect.NONE
