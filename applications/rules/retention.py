"""How long data are kept: in the Visa Information System (DP-03), and here (DP-04).

The portal is not the Visa Information System and keeps less.  The inputs of the calculators are
never stored, so they have no period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.dates import add_months, add_years
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .law import LAW


class StartEvent(StrEnum):
    """From which event the five years of the Visa Information System run (DP-03)."""

    VISA_EXPIRY = "visa_expiry"
    EXTENDED_VISA_EXPIRY = "extended_visa_expiry"
    FILE_CREATION = "file_creation"  # withdrawn, closed or discontinued
    REFUSAL = "refusal_decision"
    ANNULMENT = "annulment_decision"
    REVOCATION = "revocation_decision"

    @classmethod
    def _missing_(cls, value: object) -> StartEvent | None:
        # A withdrawn or closed file counts from its creation, whatever the end is called.
        return cls.FILE_CREATION if value in ("withdrawn", "closed", "withdrawal") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisRetentionFacts:
    """The event that starts the period, and its day."""

    start_event: StartEvent
    start: date


def vis_retention_verdict(facts: VisRetentionFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Tell until when the Visa Information System keeps a file, by the law of the event's day."""
    return check_vis_retention(facts, LAW.on(facts.start, ruleset))


def check_vis_retention(facts: VisRetentionFacts, law: Law) -> Verdict:
    """Data stay in the Visa Information System for at most five years after the last event.

    Outcomes: kept, invalid_input.  Results: ``delete_on_or_before``.

    Rule: DP-03
    Source: 001; Reg. (EC) 767/2008 art. 23
    Boundaries: visa end 31 Mar 2026: 31 Mar 2031; refusal 29 Feb 2024: 28 Feb 2029; withdrawn:
    from the creation of the file.
    """
    row = law.need("DP-03", "vis_period")
    if implausible_dates(facts):
        problem = Finding.by(row, "DATE_OUT_OF_RANGE", Severity.BLOCKING, fields=("start",))
        return Verdict("invalid_input", (problem,), law.reference_date, law.ruleset)
    until = add_years(facts.start, row.value)
    finding = Finding.by(
        row,
        "KEPT_IN_VIS",
        Severity.ADVICE,
        event=facts.start_event.value,
        start=facts.start,
        until=until,
        years=row.value,
    )
    return Verdict(
        outcome="kept",
        findings=(finding,),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={"delete_on_or_before": until},
        used=law.used,
    )


# --- the portal's own periods -----------------------------------------------------------------


class Kept(StrEnum):
    """What the portal keeps for a while, and the day from which it counts (DP-04)."""

    IDLE_DRAFT = "idle_draft"  # since the last change
    APPOINTMENT = "appointment"  # since the day of the appointment
    CLOSED_COMPLAINT = "closed_complaint"  # since closing
    ABUSE_HASH = "abuse_hash"  # since it was stored
    WITHDRAWN = "withdrawn"  # never handed in; since it was withdrawn
    IDLE_FILE = "idle_file"  # submitted and never handed in; since the last change
    CLOSED_FILE = "closed_file"  # handed in and decided or withdrawn; since then
    MESSAGE = "message"  # since it was written
    LOOSE_UPLOAD = "loose_upload"  # a file that no paper holds; since it was sent
    IDLE_ACCOUNT = "idle_account"  # without any file; since the last sign-in
    TRAIL = "trail"  # who did and read what, without content


def last_day_kept(kind: Kept, since: date, law: Law) -> date:
    """Return the last day on which a thing of `kind` is still kept.

    Rule: DP-04
    Source: rule of the house
    Boundaries: a draft idle for 30 days is kept, for 31 days it is gone; a complaint closed one
    year ago is kept, a day later it is gone.
    """
    return _after(since, law.need("DP-04", "kept_for", kind.value))


def warned_from(kind: Kept, since: date, law: Law) -> date:
    """Return the day on which the holder of a thing of `kind` is told that it will go (DP-04)."""
    notice = law.value("DP-04", "warned_before", kind.value)
    return last_day_kept(kind, since, law) - timedelta(days=notice)


def is_due_for_purge(kind: Kept, since: date, today: date, law: Law) -> bool:
    """Tell whether a thing of `kind` that counts from `since` must be gone on `today` (DP-04)."""
    return today > last_day_kept(kind, since, law)


def kept_since(kind: Kept, today: date, law: Law) -> date:
    """Return the earliest `since` that is still kept on `today`: all before it are purged.

    A purge job compares its rows with this one day (DP-04).
    """
    row = law.need("DP-04", "kept_for", kind.value)
    day = _before(today, row)
    while _after(day, row) < today:  # 29 Feb: a shorter month maps two days onto one
        day += timedelta(days=1)
    return day


def _after(day: date, row: ParameterRow) -> date:
    if row.unit == "days":
        return day + timedelta(days=row.value)
    return add_years(day, row.value) if row.unit == "years" else add_months(day, row.value)


def _before(day: date, row: ParameterRow) -> date:
    if row.unit == "days":
        return day - timedelta(days=row.value)
    return add_years(day, -row.value) if row.unit == "years" else add_months(day, -row.value)
