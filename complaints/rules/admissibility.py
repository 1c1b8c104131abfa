"""What speaks for and against an appeal that arrived: RC-01, RC-03 to RC-06, CV-02.

Every appeal is registered, in whatever form and however late: the verdict marks, an officer
decides (CV-06).  Where no source says what counts, the answer is “an officer decides”.  The
reference date is the day of notification, or that of arrival where nobody knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from applications.rules.remedies import RefusedVisa, next_working_day
from portal.dates import (
    ALGIERS,
    AUTHORITY_ZONES,
    civil_date,
    end_of_deadline,
    is_working_day,
)
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset

from .doors import Door, DoorFacts, Matter, door_verdict
from .law import LAW


class Channel(StrEnum):
    """How an appeal arrived."""

    PORTAL = "portal"
    EMAIL = "email"
    POST = "post"
    FAX = "fax"
    DESK = "desk"


class Sender(StrEnum):
    """Who appeals; a lawyer or a sponsor is a representative, or somebody else without letter."""

    SELF = "self"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    OTHER = "other"


class Answer(StrEnum):
    """Three values: an officer looks where nothing is certain."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedAppeal:
    """An appeal as it arrived, and the decision it is against.

    `document` tells that there is a letter, a fax or a file, and not only the text of a mail;
    `signed` and `authority_letter` are what an agent saw, None until one has looked.  `arrived`
    is an aware moment; `postmark` is the day on the envelope, None if there is none to read.
    """

    matter: Matter
    state: str
    channel: Channel
    arrived: datetime
    document: bool
    visa: RefusedVisa | None = None
    notified: date | None = None
    postmark: date | None = None
    signed: bool | None = None
    sender: Sender = Sender.SELF
    authority_letter: bool | None = None


def admissibility_verdict(facts: ArrivedAppeal, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Judge an appeal by the law of the day of notification.

    Outcomes, the weightiest first: not_an_appeal (a text without a document), elsewhere (another
    body decides), late, deficient (something can still be handed in), officer_decides,
    admissible.  Results: ``form``, ``signature``, ``standing``, ``in_time`` (each yes, no or
    unclear), ``body``, ``last_day``, ``ends_at`` (None where no source names them), ``missing``
    (what a letter must ask for).  Raises ValueError for an arrival without a zone.

    Rule: RC-01, RC-06
    Source: 001 (written, signed; attachment, post or fax; informal text is no appeal)
    Boundaries: signed PDF by mail: form kept; unsigned PDF: deficient; text in the mail: not an
    appeal; signed fax: form kept; nobody looked yet: an officer decides; late: marked.
    """
    arrival = civil_date(facts.arrived, AUTHORITY_ZONES.get(facts.state, ALGIERS))
    law = LAW.on(facts.notified or arrival, ruleset)
    door = door_verdict(
        DoorFacts(
            matter=facts.matter,
            state=facts.state,
            today=max(arrival, facts.notified or arrival),
            visa=facts.visa,
            notified=facts.notified,
        ),
        ruleset,
    )
    body = door.results.get("body")
    in_time, time_findings = _in_time(facts, door, law)
    asked = _asked_form(facts.state, body, law)
    form, signature = _form(facts, asked, law), _signature(facts)
    standing = _standing(facts, law)
    missing = tuple(_missing(facts, asked, signature, standing))
    findings = (
        *_form_findings(asked, form, signature, law),
        *_standing_findings(facts, standing, law),
        *time_findings,
        *_elsewhere(door, law),
    )
    return Verdict(
        outcome=_outcome(findings),
        findings=findings,
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "form": form,
            "signature": signature,
            "standing": standing,
            "in_time": in_time,
            "body": body,
            "last_day": door.results.get("last_day"),
            "ends_at": door.results.get("ends_at"),
            "missing": missing,
        },
        used=(*door.used, *law.used),
    )


# The findings that lead to an outcome, the weightiest outcome first.
_OUTCOMES = {
    "not_an_appeal": {"TEXT_IS_NO_APPEAL"},
    "elsewhere": {"ANOTHER_BODY_DECIDES"},
    "late": {"ARRIVED_LATE"},
    "deficient": {"SIGNATURE_MISSING", "AUTHORITY_LETTER_MISSING"},
}


def _outcome(findings: tuple[Finding, ...]) -> str:
    codes = {finding.code for finding in findings}
    for outcome, leading in _OUTCOMES.items():
        if codes & leading:
            return outcome
    doubtful = any(finding.severity is Severity.REVIEW for finding in findings)
    return "officer_decides" if doubtful else "admissible"


# --- form -------------------------------------------------------------------------------------


def _asked_form(state: str, body: str | None, law: Law) -> str:
    """Return the form that the body asks for: signed, informal, or "" where no source says.

    While nobody knows the body, Germany's embassy is asked as its page says: signed.
    """
    if body is None:
        return "signed" if state == "DE" else ""
    row = law.stated("RC-01", "form", body)
    return "" if row is None or row.value == "action" else str(row.value)


def _form(facts: ArrivedAppeal, asked: str, law: Law) -> Answer:
    """A signed form is on paper, a fax or a file; an informal one is any writing (RC-01, RC-03).

    No source says what a letter is that was handed over at a counter.
    """
    if asked == "informal":
        return Answer.YES
    if not asked:
        return Answer.UNCLEAR
    if not facts.document:
        return Answer.NO
    listed = facts.channel.value in law.value("RC-01", "channels", "remonstration")
    return Answer.YES if listed else Answer.UNCLEAR


def _signature(facts: ArrivedAppeal) -> Answer:
    if facts.signed is None:
        return Answer.UNCLEAR
    return Answer.YES if facts.signed else Answer.NO


def _form_findings(asked: str, form: Answer, signature: Answer, law: Law) -> Iterator[Finding]:
    row = law.need("RC-01", "signed", "remonstration")
    if form is Answer.UNCLEAR:
        doubt = law.need("RC-06", "arrival_in_doubt")
        yield Finding.by(doubt, "FORM_UNKNOWN", Severity.REVIEW)
    if form is Answer.NO:
        yield Finding.by(row, "TEXT_IS_NO_APPEAL", Severity.BLOCKING)
    elif asked == "signed" and signature is Answer.NO:
        yield Finding.by(row, "SIGNATURE_MISSING", Severity.BLOCKING)
    elif asked == "signed" and signature is Answer.UNCLEAR:
        yield Finding.by(row, "SIGNATURE_UNSEEN", Severity.REVIEW)


# --- standing ---------------------------------------------------------------------------------


def _standing(facts: ArrivedAppeal, law: Law) -> Answer:
    """Tell who may appeal, as far as house practice goes: no source says it."""
    if facts.sender.value in law.value("RC-01", "own_standing"):
        return Answer.YES
    if facts.sender.value not in law.value("RC-01", "standing_by_authority"):
        return Answer.UNCLEAR
    if facts.authority_letter is None:
        return Answer.UNCLEAR
    return Answer.YES if facts.authority_letter else Answer.NO


def _standing_findings(facts: ArrivedAppeal, standing: Answer, law: Law) -> Iterator[Finding]:
    row = law.need("RC-01", "standing_by_authority")
    if standing is Answer.NO:
        yield Finding.by(row, "AUTHORITY_LETTER_MISSING", Severity.BLOCKING)
    elif standing is Answer.UNCLEAR and facts.sender.value in row.value:
        yield Finding.by(row, "AUTHORITY_LETTER_UNSEEN", Severity.REVIEW)
    elif standing is Answer.UNCLEAR:
        yield Finding.by(row, "STANDING_UNCLEAR", Severity.REVIEW)


# --- time -------------------------------------------------------------------------------------


def _in_time(facts: ArrivedAppeal, door: Verdict, law: Law) -> tuple[Answer, tuple[Finding, ...]]:
    """Compare the arrival with the midnight of the authority.

    Rule: RC-06
    Source: 001 (details in the decision you received); CV-02
    Boundaries: 30 Jul 2026 at 22:59 in Algiers, last day 30 Jul in Germany: in time; at 23:00 and
    at 23:30: late, for it is the 31st there; a letter that arrives later with a postmark of the
    30th: unclear; without a postmark: unclear; with one of the 31st: late; an upload on the
    working day after a last day that was a holiday there: unclear; no date of notification:
    unclear; it arrived before the notification: unclear.
    """
    row = law.need("RC-06", "arrival_in_doubt")
    if facts.notified is None:
        return _unclear(Finding.by(row, "NOTIFICATION_UNKNOWN", Severity.REVIEW))
    if facts.notified > civil_date(facts.arrived, AUTHORITY_ZONES.get(facts.state, ALGIERS)):
        finding = Finding.by(
            row, "ARRIVED_BEFORE_NOTIFICATION", Severity.REVIEW, notified=facts.notified
        )
        return _unclear(finding)
    last_day = door.results.get("last_day")
    if last_day is None:
        return _unclear(Finding.by(row, "NO_DEADLINE_KNOWN", Severity.REVIEW))
    if facts.arrived < door.results["ends_at"]:
        return Answer.YES, ()
    values: dict[str, Any] = {"last_day": last_day, "arrived": facts.arrived}
    if facts.channel is Channel.POST and (facts.postmark is None or facts.postmark <= last_day):
        code = "POSTMARK_UNREADABLE" if facts.postmark is None else "POSTED_IN_TIME"
        return _unclear(Finding.by(row, code, Severity.REVIEW, **values, postmark=facts.postmark))
    if facts.arrived < _end_of_grace(last_day, facts.state, door):
        return _unclear(Finding.by(row, "LAST_DAY_WAS_CLOSED", Severity.REVIEW, **values))
    late = law.need("RC-06", "late_is_marked")
    return Answer.NO, (Finding.by(late, "ARRIVED_LATE", Severity.BLOCKING, **values),)


def _unclear(finding: Finding) -> tuple[Answer, tuple[Finding, ...]]:
    return Answer.UNCLEAR, (finding,)


def _end_of_grace(last_day: date, state: str, door: Verdict) -> datetime:
    """Return the end of the first day on which the body was open again, from the last day on.

    Weekends and holidays of its state close it; those of Algeria close the embassy too.
    """
    day = next_working_day(last_day, state)
    while door.results["door"] is Door.EMBASSY and not is_working_day(day):
        day = next_working_day(day + timedelta(days=1), state)
    return end_of_deadline(day, state)


# --- what follows -----------------------------------------------------------------------------


def _elsewhere(door: Verdict, law: Law) -> Iterator[Finding]:
    """Mark what another authority decides: it is passed on or returned, never dropped (RC-03)."""
    if door.results.get("door") is Door.BODY:
        yield Finding.by(
            law.need("RC-06", "late_is_marked"),
            "ANOTHER_BODY_DECIDES",
            Severity.REVIEW,
            body=door.results["body"],
            last_day=door.results["last_day"],
        )


def _missing(
    facts: ArrivedAppeal, asked: str, signature: Answer, standing: Answer
) -> Iterator[str]:
    """Name what a letter must ask for."""
    if asked == "signed" and not facts.document:
        yield "document"
    if asked == "signed" and (signature is Answer.NO or not facts.document):
        yield "signature"
    if standing is Answer.NO:
        yield "authority_letter"
    if facts.notified is None:
        yield "notification_date"


def deficiency_deadline(
    sent: date, state: str, last_day: date | None = None, *, ruleset: Ruleset = Ruleset.SEED
) -> date:
    """Return by when what is missing must arrive: some days from the letter, on a working day.

    `sent` is the day the letter goes out, `last_day` the remedy's own; whoever is asked early has
    that day at least.

    Rule: RC-01
    Source: house practice; no source names a period
    Boundaries: sent on Mon 6 Jul 2026: Mon 20 Jul; sent on 24 Apr 2026: 8 May; 14 days that end on
    Sat 15 Aug: Mon 17 Aug; the remedy runs longer: its last day; sent on 15 Feb 2028: 29 Feb.
    """
    days: int = LAW.on(sent, ruleset).value("RC-01", "deficiency_period")
    asked = next_working_day(sent + timedelta(days=days), state)
    return max(asked, last_day) if last_day else asked
