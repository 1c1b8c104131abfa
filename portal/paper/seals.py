"""Seals make a paper verifiable: /papers/<code>/ confirms it and shows nothing of its content.

    seal = issue_seal(
        kind=RECEIPT,                       # declared with kinds.declare
        subject_ref=f"application:{pk}",    # which paper; one valid seal per kind and subject
        facts={"reference": …, "submitted": date, …},   # everything that is printed
        reference="A-7K3M-92QX",            # what a person may compare; default: subject_ref
        language="fr",
    )
    Sheet(…, day=seal.issued_at, blocks=[…, proof(seal)]).pdf()

`issue_seal` belongs into the operation that makes the paper true (a POST), not into the view that
prints it: a GET prints with `valid_seal(kind=…, subject_ref=…)`, so that it changes nothing and
every print is the same file. Equal facts give the same seal; other facts replace it, and the old
paper's page says so. `forget_seals` is for the purge of what papers were about.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from portal.audit.operations import record
from portal.encryption import lookup_key

from . import bidi, codes, kinds
from .blocks import Code
from .models import Seal


def issue_seal(
    *,
    kind: str,
    subject_ref: str,
    facts: Mapping[str, Any],
    reference: str = "",
    language: str = "",
) -> Seal:
    """Return the seal of a paper with these facts, issuing one unless it exists.

    `facts` may hold texts, numbers, dates and lists of them; their order does not matter. Raises
    LookupError for a kind that no app declared.
    """
    if not kinds.is_declared(kind):
        raise LookupError(f"no paper is called {kind!r}")
    return _issued(kind, subject_ref, facts_digest(facts), reference, language)


@transaction.atomic
def _issued(kind: str, subject_ref: str, digest: bytes, reference: str, language: str) -> Seal:
    _wait_for_paper(kind, subject_ref)
    papers = Seal.objects.select_for_update().filter(kind=kind, subject_ref=subject_ref)
    now = timezone.now()
    for seal in papers.filter(replaced_at=None, revoked_at=None):
        if hmac.compare_digest(bytes(seal.facts_digest), digest):
            return seal
        seal.replaced_at = now
        seal.save(update_fields=["replaced_at"])
    code = codes.new_code()
    return Seal.objects.create(
        code=code,
        code_key=_code_key(code),
        kind=kind,
        subject_ref=subject_ref,
        facts_digest=digest,
        reference_key=_reference_key(reference or subject_ref),
        language=(language or get_language() or settings.LANGUAGE_CODE)[:2],
        issued_at=now,
    )


def _wait_for_paper(kind: str, subject_ref: str) -> None:
    """Let one at a time issue a paper; a first seal has no row that could be locked."""
    with connection.cursor() as cursor:
        paper = f"paper\x1f{kind}\x1f{subject_ref}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [paper])


def valid_seal(*, kind: str, subject_ref: str) -> Seal | None:
    """Return the seal of a paper that counts today; changes nothing."""
    return Seal.objects.filter(
        kind=kind, subject_ref=subject_ref, replaced_at=None, revoked_at=None
    ).first()


def find_seal(typed: str) -> Seal | None:
    """Return the seal of a code as somebody typed or scanned it."""
    signs = codes.as_read(typed)
    return Seal.objects.filter(code_key=_code_key(signs)).first() if codes.is_code(signs) else None


def is_about(seal: Seal, typed: str) -> bool:
    """Tell in constant time whether a reference belongs to the paper."""
    return hmac.compare_digest(bytes(seal.reference_key), _reference_key(typed))


def has_facts(seal: Seal, facts: Mapping[str, Any]) -> bool:
    """Tell in constant time whether the paper was issued with exactly these facts."""
    return hmac.compare_digest(bytes(seal.facts_digest), facts_digest(facts))


@transaction.atomic
def revoke_seal(*, seal: Seal, actor: Any, reason: str) -> None:
    """Say from now on that the paper is no longer valid; `actor` None is the system."""
    locked = Seal.objects.select_for_update().get(pk=seal.pk)
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        record(actor=actor, action="paper.revoked", subject=locked, reason=reason)
    seal.revoked_at = locked.revoked_at


def forget_seals(*, subject_refs: Collection[str]) -> int:
    """Delete the seals of what is being purged (DP-04); return how many."""
    return Seal.objects.filter(subject_ref__in=subject_refs).delete()[0]


def proof(seal: Seal, language: str = "") -> Code:
    """Return the block that makes a paper verifiable, in the language of the seal or another."""
    with override(language or seal.language):
        return Code(
            content=seal.url,
            title=gettext("Is this paper genuine?"),
            lines=[
                gettext("Scan the code, or enter it on this page: %(address)s")
                % {"address": bidi.ltr(settings.BASE_URL + reverse("paper:enter"))},
                bidi.ltr(seal.code),
                gettext("The page shows when this portal issued the paper, and no content."),
            ],
        )


# --- Hashes -------------------------------------------------------------------------------------


def facts_digest(facts: Mapping[str, Any]) -> bytes:
    """Return a keyed sha256 of the facts in one canonical spelling (32 bytes).

    Raises TypeError for a fact that has no such spelling.
    """
    spelt = json.dumps(
        facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_spelt
    )
    message = "paper-facts\x1f" + unicodedata.normalize("NFC", spelt)
    return hmac.digest(settings.LOOKUP_KEY.encode(), message.encode(), hashlib.sha256)


def _spelt(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be a fact of a paper")


def _code_key(code: str) -> bytes:
    return lookup_key("paper-code", code)


def _reference_key(reference: str) -> bytes:
    return lookup_key("paper-reference", codes.as_read(reference))
