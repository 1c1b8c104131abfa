"""End cases for good, history included (DP-04, DP-05); inside the caller's transaction.

A complaint goes whole.  An appeal leaves its line in the register, which no one may delete: the
number, the days, and by which kind of letter it was answered; nothing of it leads to a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from portal.audit.erasure import erase_history
from portal.paper.seals import forget_seals
from portal.references import new_reference
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy_all

from .appeal_receipts import subject_ref as appeal_ref
from .models import (
    Appeal,
    Case,
    CaseFile,
    CaseMessage,
    CaseNote,
    Complaint,
    Concerned,
    IncomingMail,
    Letter,
    MailFile,
    Skip,
)
from .receipts import subject_ref


def erase_complaints(rows: Sequence[Case]) -> int:
    """Delete locked complaints with all that hangs on them; returns how many."""
    keys = [row.pk for row in rows]
    _remove_parts(rows)
    letters = Letter.objects.filter(case__in=keys)
    letter_keys = list(letters.values_list("pk", flat=True))
    letters.update(instead_of=None)
    letters.delete()
    erase_history(Letter, letter_keys)
    Complaint.objects.filter(case__in=keys).delete()
    Case.objects.filter(pk__in=keys).delete()
    erase_history(Case, keys)
    return len(keys)


def strip_appeals(rows: Sequence[Case]) -> int:
    """Take from locked appeals all that leads to a person; returns how many."""
    keys = [row.pk for row in rows]
    _remove_parts(rows)
    letters = Letter.objects.filter(case__in=keys)
    letter_keys = list(letters.values_list("pk", flat=True))
    # Which letter answered, and when it was posted, says how the appeal ended and nothing more.
    letters.update(
        own_words="", text="", address="", blocks=[], tracking_number="", returned_why=""
    )
    erase_history(Letter, letter_keys)
    Appeal.objects.filter(case__in=keys).update(
        decision=None, decision_reference="", representative="", verdict={}
    )
    for row in rows:
        _strip(row)
    erase_history(Case, keys)
    return len(keys)


def erase_mails(rows: Sequence[IncomingMail]) -> int:
    """Delete locked e-mails with their files; returns how many."""
    keys = [row.pk for row in rows]
    parts = MailFile.objects.filter(mail__in=keys)
    files = _files(parts)
    parts.delete()
    _destroy(files)
    IncomingMail.objects.filter(pk__in=keys).delete()
    return len(keys)


def _remove_parts(rows: Sequence[Case]) -> None:
    """Delete what people said and sent; files come after what points at them."""
    keys = [row.pk for row in rows]
    refs = [subject_ref(row) for row in rows]
    refs += [appeal_ref(row.appeal) for row in rows if row.is_appeal]
    forget_seals(subject_refs=refs)
    erase_mails(list(IncomingMail.objects.filter(case__in=keys)))
    parts = CaseFile.objects.filter(case__in=keys)
    files = _files(parts)
    parts.delete()
    # What the other case of the same text still has stays until that one ends.
    shared = set(CaseFile.objects.filter(file__in=files).values_list("file", flat=True))
    _destroy([file for file in files if file.pk not in shared])
    for model in (CaseMessage, CaseNote, Skip, Concerned):
        model._default_manager.filter(case__in=keys).delete()


def _files(parts: Any) -> list[StoredFile]:
    """Return the files of these parts, locked: the last of two that end them must know it is."""
    rows = StoredFile.objects.filter(pk__in=list(parts.values_list("file", flat=True)))
    return list(rows.select_for_update().order_by("pk"))


def _destroy(files: Sequence[StoredFile]) -> None:
    if files:
        destroy_all(files, reason="case ended")


def _strip(row: Case) -> None:
    """Overwrite every trait of the person; the keys become numbers nobody can recompute."""
    Case.objects.filter(pk=row.pk).update(
        reference=new_reference("C"),
        owner=None,
        name="",
        email="",
        phone="",
        postal_address="",
        person_key=secrets.token_bytes(32),
        name_parts=[],
        text="",
        text_key=secrets.token_bytes(32),
        words=[],
        outcome="",
    )
