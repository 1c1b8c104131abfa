"""Why this time: the reason of each move, what a choice by hand breaks, why somebody has none."""

from __future__ import annotations

from portal.dates import civil_date
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Ruleset

from ..law import LAW
from .facts import Affected, FreeSlot, MoveFacts
from .outcome import Change, Move, Plan, Replan, Unplaced


def reason_of(
    item: Affected, slot: FreeSlot, facts: MoveFacts, *, together: bool, torn: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the code of the reason of a move, and the codes of what it breaks."""
    if item.pinned == slot.id:
        return "MOVED_BY_HAND", tuple(_broken(item, slot, facts, torn))
    return _reason(item, slot, facts, together), ("FAMILY_APART",) if torn else ()


def _reason(item: Affected, slot: FreeSlot, facts: MoveFacts, together: bool) -> str:
    if together:
        return "MOVED_TOGETHER"
    same_day = civil_date(slot.start) == civil_date(item.start)
    if slot.start < item.start:
        agreed = item.may_be_earlier
        return "MOVED_EARLIER_AGREED" if agreed else "MOVED_EARLIER_SAME_DAY"
    if same_day:
        return "MOVED_SAME_DAY"
    notice = max(item.notice, facts.rules.notice)
    return "MOVED_AFTER_NOTICE" if item.start < facts.moment + notice else "MOVED_NEXT_FREE"


def _broken(item: Affected, slot: FreeSlot, facts: MoveFacts, torn: bool) -> list[str]:
    codes = []
    if slot.start < facts.moment + max(item.notice, facts.rules.notice):
        codes.append("PIN_SHORT_NOTICE")
    same_day = civil_date(slot.start) == civil_date(item.start)
    allowed = item.may_be_earlier or (same_day and item.centre in facts.rules.earlier_same_day)
    if slot.start < item.start and not allowed:
        codes.append("PIN_EARLIER")
    if torn:
        codes.append("FAMILY_APART")
    return codes


def why(plan: Plan, move: Move) -> Finding:
    """Return the finding that tells a person why this time."""
    return _finding(plan, move.reason, Severity.ADVICE, old=move.old, new=move.new)


def conflicts(plan: Plan, move: Move) -> tuple[Finding, ...]:
    """Return what a choice by hand breaks; it is kept all the same, and staff answer for it."""
    return tuple(
        _finding(plan, code, Severity.WARNING, old=move.old, new=move.new)
        for code in move.conflicts
    )


def why_not(plan: Plan, item: Unplaced) -> Finding:
    """Return the finding that tells staff why somebody has no new time, and what would help."""
    return _finding(plan, item.reason, Severity.REVIEW, old=item.old, wanted=item.wanted_at)


def what_changed(replanned: Replan, change: Change) -> Finding:
    """Return the finding that tells staff why an appointment is no longer as planned."""
    old = change.before.new if change.before else None
    new = change.after.new if change.after else None
    return _finding(replanned.plan, change.cause, Severity.WARNING, planned=old, new=new)


def _finding(plan: Plan, code: str, severity: Severity, **params: object) -> Finding:
    law = LAW.on(civil_date(plan.moment), Ruleset.SEED)
    row = law.need("RD-06", "move_notice")
    hours = int(plan.rules.notice.total_seconds() // 3600)
    return Finding.by(row, code, severity, hours=hours, **params)
