"""Codes of receipts: issued when what they say becomes true, ended when it is taken back.

Each function runs inside the transaction of the operation that calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.paper.seals import forget_seals, issue_seal, revoke_seal, valid_seal

from ..models import Application
from ..receipts import Receipt, facts, subject_ref


def issue_receipt(application: Application, receipt: Receipt) -> None:
    """Issue the code of a receipt; equal facts keep theirs, other facts replace it."""
    issue_seal(
        kind=receipt.kind,
        subject_ref=subject_ref(application),
        facts=facts(application, receipt),
        reference=application.reference,
        language=application.owner.language,
    )


def end_receipt(application: Application, receipt: Receipt, *, actor: Any) -> None:
    """Say from now on that a receipt does not count any more, if there is one."""
    seal = valid_seal(kind=receipt.kind, subject_ref=subject_ref(application))
    if seal is not None:
        revoke_seal(seal=seal, actor=actor, reason="")


def forget_receipts(applications: Sequence[Application], _erase: bool) -> None:
    """Forget the codes of files that end: nobody can compare them with anything (DP-04)."""
    forget_seals(subject_refs=[subject_ref(one) for one in applications])
