"""What becomes of a mail: kept and dated at once, then registered, added or set aside (RC-01)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from applications.rules.remedies import RefusedVisa
from applications.wording.words import appeal_body
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.encryption import lookup_key
from portal.missions.models import Mission
from portal.outbox import operations as outbox
from portal.uploads import operations as uploads
from portal.uploads.refusals import FileRefused

from ..appeal_notifications import NotYetAnAppeal
from ..enums import WAITING_MAILS, Channel, FileRole, MailOutcome
from ..language_detector import read_languages
from ..mail_reading import ReadMail, read
from ..models import Appeal, Case, CaseFile, IncomingMail, MailFile
from ..permissions import visible_cases
from ..refusals import MailSettled, NoDocument, NotYourCase
from ..rules.doors import DoorFacts, Matter, door_verdict
from ..rules.notification_date import named_day
from .appeals import Contested, register_appeal
from .arrival import Person

ANSWER_LANGUAGES = ("fr", "de", "ar", "en")
OPEN_MAILS = (*WAITING_MAILS, MailOutcome.NOT_AN_APPEAL)


def take_mail(
    *, mission: Mission, raw: bytes, received_at: datetime, is_cut: bool = False
) -> IncomingMail:
    """Keep a mail with its day and files, once however often it is read.

    A text alone is answered: it is not yet an appeal.  What has a file waits for an officer, who
    sees whether it is signed.
    """
    mail = read(raw, is_cut=is_cut)
    key = lookup_key("mail to a mission", str(mission.pk), mail.message_id, mail.digest)
    known = IncomingMail.objects.filter(mail_key=key).first()
    if known is not None:
        return known
    try:
        return _kept(mission, mail, key, received_at)
    except IntegrityError:  # somebody else reads the same mailbox at this moment
        return IncomingMail.objects.get(mail_key=key)


@transaction.atomic
def register_mail(
    *,
    mail: IncomingMail,
    actor: Any,
    person: Person,
    contested: Contested,
    language: str,
    letter: MailFile | None = None,
    despite: str = "",
) -> Appeal:
    """Register what came by mail, with the arrival of the mail; its files go along.

    `letter` is the file that is the appeal, by default the first.  Raises MailSettled, NoDocument
    for a mail without a file, and what `register_appeal` raises.
    """
    row = _open(mail)
    files = list(row.files.select_related("file"))
    if not files:
        raise NoDocument
    chosen = letter or files[0]
    appeal = register_appeal(
        mission=row.mission,
        person=person,
        contested=contested,
        language=language,
        channel=Channel.EMAIL,
        stored=[
            (one.file, FileRole.APPEAL if one.pk == chosen.pk else FileRole.ATTACHMENT)
            for one in files
        ],
        text=row.text,
        arrived_at=row.received_at,
        actor=actor,
        despite=despite,
    )
    _settle(row, MailOutcome.REGISTERED, actor, case=appeal.case)
    return appeal


@transaction.atomic
def add_mail(*, mail: IncomingMail, actor: Any, case: Case) -> IncomingMail:
    """Put a mail and its files beside a case that exists; raises MailSettled or NotYourCase."""
    row = _open(mail)
    if case.mission_id != row.mission_id or not visible_cases(actor).filter(pk=case.pk).exists():
        raise NotYourCase
    CaseFile.objects.bulk_create(
        CaseFile(case=case, file=one.file, role=FileRole.ATTACHMENT)
        for one in row.files.select_related("file")
    )
    return _settle(row, MailOutcome.ADDED, actor, case=case)


@transaction.atomic
def set_mail_aside(*, mail: IncomingMail, actor: Any, reason: str) -> IncomingMail:
    """Record that somebody looked and nothing is to be done; the mail stays."""
    return _settle(_open(mail), MailOutcome.SET_ASIDE, actor, reason=reason)


@transaction.atomic
def _kept(mission: Mission, mail: ReadMail, key: bytes, received_at: datetime) -> IncomingMail:
    row = IncomingMail.objects.create(
        mission=mission,
        mail_key=key,
        received_at=received_at,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
        attachments=mail.attachments,
        outcome=MailOutcome.TO_REGISTER,
    )
    taken = _take_files(row, mail)
    row.outcome, row.notes = _outcome(mail, taken), mail.notes
    row.save(update_fields=["outcome", "notes"])
    audit.record(
        actor=None, action="mail.receive", subject=row, details={"outcome": str(row.outcome)}
    )
    if row.outcome == MailOutcome.NOT_AN_APPEAL and _may_answer(mail):
        outbox.enqueue(_answer(row, mail))
    return row


def _take_files(row: IncomingMail, mail: ReadMail) -> int:
    taken = 0
    for file in mail.files:
        try:
            upload = ContentFile(file.content, name=file.name or "attachment")
            stored = uploads.receive(upload=upload, owner=None)
        except FileRefused as refusal:
            mail.note(f"file_refused:{refusal.code}")
            continue
        taken += 1
        MailFile.objects.create(mail=row, file=stored, position=taken)
    return taken


def _outcome(mail: ReadMail, taken: int) -> MailOutcome:
    if mail.is_broken or (mail.files and not taken):
        return MailOutcome.BROKEN
    if mail.is_doubted:
        return MailOutcome.DOUBTED
    return MailOutcome.TO_REGISTER if taken else MailOutcome.NOT_AN_APPEAL


def _may_answer(mail: ReadMail) -> bool:
    own = settings.DEFAULT_FROM_EMAIL.casefold()
    return bool(mail.answer_to) and mail.answer_to.casefold() not in own


def _answer(row: IncomingMail, mail: ReadMail) -> NotYetAnAppeal:
    """Return the answer; a sender gets one in a day, so that two machines cannot talk forever."""
    day, language = civil_date(row.received_at), _language(mail.text, row)
    sender = lookup_key("sender of a mail", mail.answer_to).hex()[:24]
    return NotYetAnAppeal(
        recipient=mail.answer_to,
        language=language,
        subject_ref=f"mail:{row.mission_id}:{sender}:{day.isoformat()}",
        mission_id=row.mission_id,
        context={
            "mission": row.mission_id,
            "received": row.received_at.isoformat(),
            "url": settings.BASE_URL + reverse("complaints:deadline"),
            **_deadline(row, mail, language),
        },
    )


def _deadline(row: IncomingMail, mail: ReadMail, language: str) -> dict[str, str]:
    """Name the last day if the mail names the day of notification, and never else (RC-06)."""
    day = civil_date(row.received_at)
    notified = named_day(mail.text, day)
    if notified is None:
        return {}
    facts = DoorFacts(
        matter=Matter.REFUSAL,
        state=row.mission.state,
        today=day,
        visa=RefusedVisa.SHORT_STAY,
        notified=notified,
    )
    found = door_verdict(facts, row.mission.ruleset_for("RC")).results
    if not found.get("last_day"):
        return {}
    with override(language):
        return {
            "notified": notified.isoformat(),
            "last_day": found["last_day"].isoformat(),
            "body": str(appeal_body(found["body"])),
        }


def _language(text: str, row: IncomingMail) -> str:
    """Guess the language to answer in; French where nobody can tell."""
    guess = read_languages(text[:5000], civil_date(row.received_at)).whole if text else {}
    best = max(guess, key=lambda one: guess[one], default="fr")
    best = "ar" if best == "ary" else best
    return best if best in ANSWER_LANGUAGES else "fr"


def _open(mail: IncomingMail) -> IncomingMail:
    """Lock a mail that nobody has dealt with; raises MailSettled."""
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("mission")
    row = rows.get(pk=mail.pk)
    if row.outcome not in OPEN_MAILS:
        raise MailSettled
    return row


def _settle(
    row: IncomingMail,
    outcome: MailOutcome,
    actor: Any,
    *,
    case: Case | None = None,
    reason: str = "",
) -> IncomingMail:
    if case is not None:
        row.files.all().delete()  # they belong to the case now
    row.outcome, row.case, row.settled_by = outcome, case, actor
    row.save(update_fields=["outcome", "case", "settled_by"])
    audit.record(actor=actor, action=f"mail.{outcome}", subject=row, reason=reason)
    return row
