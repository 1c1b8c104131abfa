"""What an officer sees and records of an appeal, and what that changes in its verdict.

Each step locks the case, which is the order of the house, then the appeal, and judges again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import operations as audit
from portal.dates import civil_date

from ..appeal_verdicts import judged
from ..enums import Signature, Standing
from ..letters import DEFICIENCY, mend_until
from ..models import Appeal, Case, Letter
from ..permissions import may_handle
from ..refusals import ArrivedInFuture, NothingMissing, NotifiedInFuture, NotYourCase
from .letters import write_letter

# What the verdict says is missing -> the part of the letter that asks for it.
_BLOCKS = {"signature": "signature", "document": "signature", "authority_letter": "authority"}


@transaction.atomic
def see_signature(*, appeal: Appeal, actor: Any, seen: bool) -> Appeal:
    """Record that `actor` looked for the signature, and whether it is there (RC-01)."""
    row = _locked(appeal, actor)
    row.signature = Signature.SEEN if seen else Signature.MISSING
    row.signature_seen_by = actor
    return _saved(row, actor, "see_signature", {"signature": str(row.signature)})


@transaction.atomic
def see_authority(*, appeal: Appeal, actor: Any, seen: bool) -> Appeal:
    """Record whether the letter is there by which the person lets somebody else appeal."""
    row = _locked(appeal, actor)
    row.authority_seen = seen
    return _saved(row, actor, "see_authority", {"seen": seen})


@transaction.atomic
def set_standing(
    *, appeal: Appeal, actor: Any, standing: Standing, representative: str = ""
) -> Appeal:
    """Record who appeals; what was seen of a letter of authority belongs to the same person."""
    row = _locked(appeal, actor)
    if (row.standing, row.representative) != (standing, representative):
        row.authority_seen = None
    row.standing, row.representative = standing, representative
    return _saved(row, actor, "set_standing", {"standing": str(standing)})


@transaction.atomic
def correct_days(
    *,
    appeal: Appeal,
    actor: Any,
    notified_on: date,
    postmarked_on: date | None,
    is_long_stay: bool = False,
) -> Appeal:
    """Correct what was misread of paper and envelope; the stamp of arrival stays (RC-02).

    Raises NotifiedInFuture or ArrivedInFuture.
    """
    row = _locked(appeal, actor)
    if notified_on > civil_date(timezone.now()):
        raise NotifiedInFuture
    if postmarked_on and postmarked_on > civil_date(row.arrived_at):
        raise ArrivedInFuture
    before = {"notified_on": row.notified_on.isoformat(), "postmark": str(row.postmarked_on)}
    row.notified_on, row.postmarked_on = notified_on, postmarked_on
    row.is_long_stay = is_long_stay
    return _saved(row, actor, "correct_days", {"before": before})


@transaction.atomic
def judge_again(*, appeal: Appeal, actor: Any) -> Appeal:
    """Judge an appeal by the rules and parameters of today."""
    return _saved(_locked(appeal, actor), actor, "judge_again", {})


@transaction.atomic
def ask_to_mend(*, appeal: Appeal, actor: Any, own_words: str = "") -> Letter:
    """Begin the letter that asks for what is missing, with a deadline of its own.

    Raises NothingMissing, NotYourCase.
    """
    row = _locked(appeal, actor)
    verdict = judged(row)
    blocks = {_BLOCKS[one] for one in verdict.results["missing"] if one in _BLOCKS}
    if not blocks:
        raise NothingMissing
    row.asked_to_mend_at, row.mended_at = timezone.now(), None
    row.mend_until = mend_until(row)
    _saved(row, actor, "ask_to_mend", {"until": row.mend_until.isoformat()})
    return write_letter(
        case=row.case,
        code=DEFICIENCY,
        author=actor,
        blocks=sorted(blocks),
        own_words=own_words,
    )


@transaction.atomic
def record_mended(*, appeal: Appeal, actor: Any) -> Appeal:
    """Record that what was asked for came; whether it is signed is looked at anew (RC-01).

    Raises NothingMissing if nothing was asked for, or NotYourCase.
    """
    row = _locked(appeal, actor)
    if row.asked_to_mend_at is None:
        raise NothingMissing
    row.mended_at = timezone.now()
    if row.signature == Signature.MISSING:
        row.signature, row.signature_seen_by = Signature.UNSEEN, None
    if row.authority_seen is False:
        row.authority_seen = None
    in_time = row.mend_until is None or civil_date(row.mended_at) <= row.mend_until
    return _saved(row, actor, "mended", {"in_time": in_time})


def _locked(appeal: Appeal, actor: Any) -> Appeal:
    """Lock an appeal that `actor` may handle; raises NotYourCase."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if not may_handle(actor, case):
        raise NotYourCase
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("case", "mission")
    return rows.get(pk=appeal.pk)


def _saved(row: Appeal, actor: Any, step: str, details: dict[str, Any]) -> Appeal:
    verdict = judged(row)
    row.save()
    audit.record(
        actor=actor,
        action=f"appeal.{step}",
        subject=row,
        details={**details, "verdict": verdict.outcome},
    )
    return row
