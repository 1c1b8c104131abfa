"""Send a complaint: judge it, number it, answer at once (CP-01 to CP-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from applications.models import Application
from portal.attempts import Counter, count, network_of
from portal.counters import counters_of
from portal.dates import civil_date
from portal.missions.models import Mission, provider_name
from portal.outbox.operations import enqueue
from portal.rules.findings import Verdict
from portal.uploads.models import StoredFile

from ..enums import CaseState, Category, FileRole
from ..models import Case, Complaint
from ..notifications import ComplaintReceived
from ..reading import accepted_languages, read
from ..refusals import (
    CannotCount,
    LanguageNotOffered,
    LanguageToAsk,
    LongStayElsewhere,
    NothingTold,
    NotThere,
    ReadsLikeAppeal,
    SubjectUnknown,
    TooManyComplaints,
    TooManyFiles,
    TooMuchTold,
)
from ..rules.receipt import is_repetition, same_text
from ..rules.subjects import Subject, subject_label, subjects_verdict
from ..rules.triage import triage_verdict
from ..unsent import LONGEST_TEXT, MOST_FILES
from .arrival import Person, take_in, text_key
from .receipts import issue_receipt

PER_PERSON = 10  # in a day
PER_NETWORK = 60  # in a day; a network is many people

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A complaint as its writer sends it.

    `declared` is the language they chose, `page` the one they read this site in.  `said` is what
    they answered when asked about the language ("": send it as it is), None if nobody asked;
    `is_complaint` tells that they insist on it though it reads like an appeal.
    """

    mission: Mission
    subjects: Sequence[str]
    text: str
    declared: str
    page: str
    person: Person
    said: str | None = None
    is_complaint: bool = False
    long_stay: bool = False
    by_post: bool = False
    owner: Any = None
    application: Application | None = None
    appointment_reference: str = ""
    counter: str = ""
    files: Sequence[StoredFile] = ()


def complain(*, told: Told, address: str) -> list[Case]:
    """Take a complaint in, one case for each subject, and confirm each at once.

    The same text of the same person within minutes gives the cases of the first time (CP-05).
    `address` is the network address of the sender.  Raises a refusal of `..refusals`: nothing
    told or too much, a subject, language, counter or file that was not on offer, a long stay,
    LanguageToAsk, ReadsLikeAppeal, TooManyComplaints or CannotCount; then nothing is written.
    """
    day = civil_date(timezone.now())
    _check(told, day)
    verdict = _language(told, day)
    _count(told, address)
    with transaction.atomic():
        _wait_for_twin_of(told)
        return _cases(told, verdict, timezone.now())


# --- what may be sent -------------------------------------------------------------------------


def _check(told: Told, day: date) -> None:
    if not told.text.strip():
        raise NothingTold
    if len(told.text) > LONGEST_TEXT:
        raise TooMuchTold
    if len(told.files) > MOST_FILES:
        raise TooManyFiles
    subjects = subjects_verdict(told.subjects, day, long_stay=told.long_stay)
    if subjects.outcome == "other_channel":
        raise LongStayElsewhere
    if subjects.outcome == "refused":
        raise SubjectUnknown
    accepted = accepted_languages(told.mission, day)
    if not told.mission.is_active or told.declared not in accepted:
        raise LanguageNotOffered
    _check_links(told)
    if not told.is_complaint and triage_verdict(told.text, day).outcome != "complaint":
        raise ReadsLikeAppeal


def _check_links(told: Told) -> None:
    if told.counter and told.counter not in dict(counters_of(told.mission.pk)):
        raise NotThere
    application = told.application
    if application is not None and (told.owner is None or application.owner_id != told.owner.pk):
        raise NotThere


def _language(told: Told, day: date) -> Verdict:
    verdict = read(
        mission=told.mission,
        text=told.text,
        declared=told.declared,
        page=told.page,
        day=day,
        said=told.said,
    )
    if verdict.outcome not in ("accepted", "agent_decides"):
        raise LanguageToAsk
    return verdict


def _count(told: Told, address: str) -> None:
    day = timedelta(days=1)
    counters = [
        Counter("complaint-person", told.person.key.hex(), day),
        Counter("complaint-network", network_of(address), day),
    ]
    try:
        of_person, of_network = count(counters)
    except RedisError as error:
        raise CannotCount from error
    if of_person > PER_PERSON or of_network > PER_NETWORK:
        raise TooManyComplaints


# --- writing ----------------------------------------------------------------------------------


def _wait_for_twin_of(told: Told) -> None:
    """Let one at a time send this text of this person: a first one has no row to be locked."""
    key = (
        f"complaint\x1f{told.mission.pk}\x1f{told.person.key.hex()}\x1f{text_key(told.text).hex()}"
    )
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [key])


def _cases(told: Told, verdict: Verdict, now: datetime) -> list[Case]:
    cases: list[Case] = []
    new: list[Case] = []
    for subject in [one for one in Subject if one in told.subjects]:
        case = _sent_before(told, subject, now)
        if case is None:
            case = _written(told, subject, verdict, now)
            new.append(case)
        cases.append(case)
    if new and len(cases) > 1:
        _join(cases)
    for case in new:
        issue_receipt(case, language=told.page)
        enqueue(ComplaintReceived.about(case, language=told.page))
    return cases


def _sent_before(told: Told, subject: Subject, now: datetime) -> Case | None:
    """Return the case that this text made a few minutes ago, if it did (CP-05)."""
    alike = Case.objects.filter(
        mission=told.mission,
        category=subject.value,
        person_key=told.person.key,
        text_key=text_key(told.text),
    ).select_related("complaint", "mission")
    for case in alike.order_by("-received_at")[:5]:
        # The keys drop signs and accents; address and text decide.
        is_theirs = case.email.casefold() == told.person.email.casefold()
        if is_theirs and same_text(case.text, told.text) and is_repetition(case.received_at, now):
            return case
    return None


def _written(told: Told, subject: Subject, verdict: Verdict, now: datetime) -> Case:
    day = civil_date(now)
    accepted = accepted_languages(told.mission, day)
    language = str(verdict.results["language"])
    if language not in accepted:
        language = told.declared
    case = take_in(
        mission=told.mission,
        category=Category(subject.value),
        person=told.person,
        text=told.text,
        language=language,
        received_at=now,
        state=CaseState.RECEIVED if verdict.outcome == "accepted" else CaseState.DOUBT,
        owner=told.owner,
        files=[(file, FileRole.ATTACHMENT) for file in told.files],
    )
    if told.by_post:
        case.answer_by_post = True
        case.save(update_fields=["answer_by_post"])
    provider = provider_name(told.mission.state, told.mission.post, day)
    Complaint.objects.create(
        case=case,
        label=subject_label(subject, language if language == "de" else "fr", provider, day),
        declared_language=told.declared,
        language_verdict=verdict.as_json(),
        language_insisted=told.said is not None,
        application=told.application,
        appointment_reference=told.appointment_reference,
        counter=told.counter,
        hidden_from_counter=subject is Subject.STAFF,
    )
    return case


def _join(cases: Sequence[Case]) -> None:
    """Let each of the complaints of one text name another one, in a ring; hide all if one is."""
    hidden = any(case.complaint.hidden_from_counter for case in cases)
    for case, other in zip(cases, [*cases[1:], cases[0]], strict=True):
        complaint = case.complaint
        complaint.twin, complaint.hidden_from_counter = other, hidden
        complaint.save(update_fields=["twin", "hidden_from_counter"])
