"""What the page “My data” says: what may be deleted now, what not, why, and until when (DP-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.countries import country_name
from portal.data_rights.controllers import Responsible, responsible
from portal.dates import civil_date
from portal.display import ShownFinding
from portal.wording import shown_all

from .models import Application
from .rules.law import LAW
from .standing import Standing, portal_keeps_until, standing, vis_verdict
from .wording.retention import RETENTION


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file, and what its traveller may do with it."""

    application: Application
    standing: Standing
    kept_until: date | None
    vis: list[ShownFinding]

    @property
    def is_erasable(self) -> bool:
        """Whether it may be deleted at once."""
        return self.standing is Standing.ERASABLE


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind of data is kept."""

    what: str | Promise
    how_long: str


_KEPT: dict[str, str | Promise] = {
    "idle_draft": _("A draft, after its last change"),
    "withdrawn": _("An application withdrawn before it was handed in"),
    "idle_file": _("An application that was submitted and never handed in"),
    "closed_file": _("An application that was handed in, after the last answer"),
    "appointment": _("An appointment, after its day"),
    "message": _("A message to you, after it was written"),
    "closed_complaint": _("A complaint, after it was closed"),
    "idle_account": _("An account without applications, after the last sign-in"),
    "trail": _("The list of who did or read what, without its content"),
}


def file_lines(user: User) -> list[FileLine]:
    """Return every file of the account, newest first, in three queries."""
    rows = Application.objects.filter(owner=user).select_related("mission")
    today = civil_date(timezone.now())
    return [_line(row, today) for row in rows.prefetch_related("decisions")]


def periods() -> list[Period]:
    """Return how long each kind of data is kept, from the rows of the rule (DP-04)."""
    rows = LAW.on(civil_date(timezone.now())).cases_of("DP-04", "kept_for")
    return [
        Period(text, _how_long(rows[kind].value, rows[kind].unit))
        for kind, text in _KEPT.items()
        if kind in rows
    ]


def responsible_for(lines: Iterable[FileLine]) -> list[tuple[str, Responsible]]:
    """Return country and offices of the states of these files; of all without a file."""
    known = responsible()
    states = dict.fromkeys(line.application.mission.state for line in lines)
    chosen = [state for state in states if state in known] or list(known)
    return [(country_name(state), known[state]) for state in chosen]


def _line(row: Application, today: date) -> FileLine:
    decisions = list(row.decisions.all())
    stands = standing(row)
    if stands is not Standing.CLOSED:
        return FileLine(row, stands, None, [])
    verdict = vis_verdict(row, decisions)
    vis = shown_all(verdict.findings, RETENTION) if verdict else []
    return FileLine(row, stands, portal_keeps_until(row, decisions, today), vis)


def _how_long(value: int, unit: str) -> str:
    if unit == "days":
        text = ngettext("%(number)s day", "%(number)s days", value)
    elif unit == "months":
        text = ngettext("%(number)s month", "%(number)s months", value)
    else:
        text = ngettext("%(number)s year", "%(number)s years", value)
    return text % {"number": value}
