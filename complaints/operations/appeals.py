"""How an appeal enters the register, whichever way it came (RC-01, RC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from applications.models import Decision
from portal.audit import operations as audit
from portal.database_clock import database_now
from portal.dates import civil_date
from portal.missions.models import Mission
from portal.outbox import operations as outbox
from portal.uploads import operations as uploads
from portal.uploads.incoming import SealedUpload, sealed
from portal.uploads.models import StoredFile

from .. import appeal_receipts
from ..appeal_notifications import AppealRegistered
from ..appeal_verdicts import judged
from ..enums import AppealedDecision, Category, Channel, FileRole, Standing
from ..models import Appeal, Case, CaseFile
from ..refusals import AlreadyRegistered, ArrivedInFuture, NoDocument, NotifiedInFuture
from .arrival import Person, take_in
from .same_letters import same_file, same_matter

LETTERS = (FileRole.APPEAL, FileRole.SCAN)
Upload = tuple["File[bytes]", FileRole]
Stored = tuple[StoredFile, FileRole]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """What an appeal is against, who appeals, and what the envelope says.

    `notified_on` is the day on which the person was told; without it nothing is registered
    (RC-06).  `postmarked_on` is None where there is none to read.
    """

    against: AppealedDecision
    notified_on: date
    is_long_stay: bool = False
    decision: Decision | None = None
    decision_reference: str = ""
    standing: Standing = Standing.SELF
    representative: str = ""
    postmarked_on: date | None = None


def register_appeal(
    *,
    mission: Mission,
    person: Person,
    contested: Contested,
    language: str,
    reader_language: str = "",
    channel: Channel = Channel.PORTAL,
    letters: Sequence[Upload] = (),
    stored: Sequence[Stored] = (),
    text: str = "",
    arrived_at: datetime | None = None,
    owner: Any = None,
    actor: Any = None,
    despite: str = "",
) -> Appeal:
    """Write one line of the register, its case, files, verdict and receipt.

    `arrived_at` is the stamp on paper or the moment of a mail; None means now, by the database's
    clock once it is this appeal's turn, so that numbers and arrivals have one order.  A late
    appeal is marked and never refused.  `language` is that of the answer, `reader_language` that
    of the receipt.  `despite` says why a letter that seems to be there is registered again.

    Raises NotifiedInFuture, ArrivedInFuture, NoDocument, AlreadyRegistered (its `params` name the
    number and the case), or a FileRefused of an upload.
    """
    arrived = [(sealed(upload), role) for upload, role in letters]
    if not any(role in LETTERS for _file, role in (*arrived, *stored)):
        raise NoDocument
    repeated = _Repetition(mission, person, contested, owner, actor, _digests(arrived, stored))
    if not despite:
        repeated.refuse(arrived_at)
    with transaction.atomic():
        # Files go to the store before anybody has to wait for this registration.
        files = [
            *(
                (uploads.receive(upload=file, owner=owner, actor=actor), role)
                for file, role in arrived
            ),
            *stored,
        ]
        _wait_for_turn(mission)
        now = database_now()
        moment = arrived_at or now
        _check_days(contested, moment, now)
        if not despite:
            repeated.refuse(moment)
        appeal = _registered(
            take_in(
                mission=mission,
                category=Category.APPEAL,
                person=person,
                text=text,
                language=language,
                received_at=moment,
                channel=channel,
                owner=owner,
                actor=actor,
                files=files,
            ),
            contested,
        )
        if despite:
            audit.record(
                actor=actor or owner, action="appeal.register_again", subject=appeal, reason=despite
            )
        reader_language = reader_language or language
        appeal_receipts.issue(appeal, reader_language)
        if person.email:
            outbox.enqueue(AppealRegistered.about(appeal, reader_language))
    return appeal


@transaction.atomic
def add_letter(
    *, appeal: Appeal, upload: File[bytes], role: FileRole, actor: Any, owner: Any = None
) -> CaseFile:
    """Put another scan, letter or power of attorney beside an appeal; raises a FileRefused."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    stored = uploads.receive(upload=upload, owner=owner, actor=actor)
    row = CaseFile.objects.create(case=case, file=stored, role=role)
    audit.record(actor=actor or owner, action="appeal.add_file", subject=case)
    return row


def _wait_for_turn(mission: Mission) -> None:
    """Let one at a time register at a mission; rows that point at the mission do not wait."""
    Mission.objects.select_for_update(no_key=True).get(pk=mission.pk)


def _check_days(contested: Contested, arrived: datetime, now: datetime) -> None:
    if contested.notified_on > civil_date(now):
        raise NotifiedInFuture
    if arrived > now:
        raise ArrivedInFuture
    if contested.postmarked_on and contested.postmarked_on > civil_date(arrived):
        raise ArrivedInFuture


def _registered(case: Case, contested: Contested) -> Appeal:
    appeal = Appeal(
        case=case,
        mission=case.mission,
        year=civil_date(case.received_at).year,
        against=contested.against,
        decision=contested.decision,
        decision_reference=contested.decision_reference,
        is_long_stay=contested.is_long_stay,
        notified_on=contested.notified_on,
        arrived_at=case.received_at,
        postmarked_on=contested.postmarked_on,
        standing=contested.standing,
        representative=contested.representative,
    )
    judged(appeal)
    appeal.save(force_insert=True)
    appeal.refresh_from_db(fields=["number"])  # a trigger gives it
    return appeal


def _digests(
    arrived: Sequence[tuple[SealedUpload, FileRole]], stored: Sequence[Stored]
) -> list[bytes]:
    sent = [file.spool.digest for file, role in arrived if role in LETTERS]
    return [*sent, *(bytes(file.digest) for file, role in stored if role in LETTERS)]


@dataclass(frozen=True, slots=True)
class _Repetition:
    """What is compared with the register.

    A stranger on the portal hears only of the very file they sent, or whoever types a name and a
    day could ask the register who appealed.
    """

    mission: Mission
    person: Person
    contested: Contested
    owner: Any
    actor: Any
    digests: list[bytes]

    def refuse(self, arrived_at: datetime | None) -> None:
        """Raise AlreadyRegistered if the letter seems to be there."""
        found = same_file(self.mission, self.digests) or self._same_matter(arrived_at)
        if found is not None:
            raise AlreadyRegistered(params={"number": str(found), "case": str(found.pk)})

    def _same_matter(self, arrived_at: datetime | None) -> Appeal | None:
        if self.actor is None and self.owner is None:
            return None
        found = same_matter(
            self.mission,
            self.person,
            against=self.contested.against,
            notified=self.contested.notified_on,
            arrived_at=arrived_at or database_now(),
        )
        if found is None or self.actor is not None:
            return found
        return found if found.case.owner_id == self.owner.pk else None
