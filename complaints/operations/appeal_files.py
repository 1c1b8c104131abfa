"""What follows when the checks of an appeal's file end badly, after it was registered."""

from __future__ import annotations

from typing import Any

from portal.audit import operations as audit
from portal.outbox import operations as outbox
from portal.uploads.models import StoredFile

from ..appeal_notifications import AppealFileRefused
from ..enums import Category
from ..models import CaseFile
from .appeals import LETTERS


def file_settled(stored_file: StoredFile, **_: Any) -> None:
    """Tell whose signed letter could not be kept; the appeal stays registered with its day.

    Listens to `portal.uploads.signals.file_settled`, inside the transaction that settles.
    """
    if stored_file.refusal is None:
        return
    rows = CaseFile.objects.filter(
        file=stored_file, case__category=Category.APPEAL, role__in=LETTERS
    )
    row = rows.select_related("case__appeal", "case__owner").first()
    if row is None:
        return
    case = row.case
    audit.record(
        actor=None,
        action="appeal.file_refused",
        subject=case.appeal,
        details={"why": stored_file.refusal_code},
    )
    if case.email:
        language = case.owner.language if case.owner else case.language
        outbox.enqueue(AppealFileRefused.about(case.appeal, stored_file, language))
