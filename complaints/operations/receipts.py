"""Codes of receipts: issued when a complaint arrived, forgotten with it (CP-05, DP-04)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.paper.seals import forget_seals, issue_seal

from ..models import Case
from ..receipts import KIND, facts, subject_ref


def issue_receipt(case: Case, *, language: str) -> None:
    """Issue the code of a receipt; inside the caller's transaction."""
    issue_seal(
        kind=KIND,
        subject_ref=subject_ref(case),
        facts=facts(case),
        reference=case.reference,
        language=language,
    )


def forget_receipts(cases: Sequence[Case]) -> int:
    """Forget the codes of cases that end: nobody can compare them with anything (DP-04)."""
    return forget_seals(subject_refs=[subject_ref(one) for one in cases])
