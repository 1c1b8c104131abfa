"""How a case enters the house, whichever way it came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.audit import operations as audit
from portal.encryption import lookup_key
from portal.missions.models import Mission
from portal.uploads.models import StoredFile

from ..enums import CaseState, Category, Channel, FileRole
from ..models import Case, CaseFile
from ..search_index import name_parts, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who writes, as they say; `postal_address` has one line per line."""

    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""

    @property
    def key(self) -> bytes:
        """The hash that finds cases of the same person."""
        if self.email:
            return lookup_key("person of a case", self.email)
        return lookup_key("person of a case", self.name, self.postal_address)


def take_in(
    *,
    mission: Mission,
    category: Category,
    person: Person,
    text: str,
    language: str,
    received_at: datetime,
    channel: Channel = Channel.PORTAL,
    state: CaseState = CaseState.RECEIVED,
    owner: Any = None,
    actor: Any = None,
    files: Iterable[tuple[StoredFile, FileRole]] = (),
) -> Case:
    """Write a case with its files and its trail; inside the caller's transaction.

    `received_at` decides the order of arrival (RC-02).  `actor` is who registered it, if the
    person did not.  An appeal is always answered by post.
    """
    case = Case.objects.create(
        mission=mission,
        category=category,
        state=state,
        channel=channel,
        received_at=received_at,
        language=language,
        owner=owner,
        name=person.name,
        email=person.email,
        phone=person.phone,
        postal_address=person.postal_address,
        person_key=person.key,
        name_parts=name_parts(person.name),
        text=text,
        text_key=text_key(text),
        words=words_of(text),
        answer_by_post=category == Category.APPEAL,
    )
    CaseFile.objects.bulk_create(CaseFile(case=case, file=file, role=role) for file, role in files)
    audit.record(
        actor=actor or owner,
        action="case.receive",
        subject=case,
        details={"category": str(category), "channel": str(channel)},
    )
    return case


def text_key(text: str) -> bytes:
    """Return the hash by which the same text is recognised (CP-05)."""
    return lookup_key("text of a case", text)
