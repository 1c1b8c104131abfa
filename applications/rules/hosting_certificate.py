"""Is the German undertaking of the host still fresh, and good? HO-01 to HO-09.

The paper is the Verpflichtungserklärung of §§ 66-68 AufenthG, not the French « attestation
d'accueil ».  The reference date is the day of deposit: the appointment day in Algiers, not the
day a form is typed.  The host's income is neither asked nor kept (HO-09).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.dates import DateRange, add_months, is_working_day
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset
from portal.rules.plausible import implausible_dates

from .facts import VisaClass
from .law import LAW


class OwnMeans(StrEnum):
    """What applicants prove of their own means (HO-05)."""

    PROVEN = "proven"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingFacts:
    """A hosting certificate and the day it is handed in.

    `deposit` is a calendar date in Algiers: take `portal.dates.civil_date` of a moment.  `stay`
    and `cover` matter to a long stay; `expected_decision` to the warning of today's practice.
    """

    confirmed: date
    deposit: date
    original: bool = True
    own_means: OwnMeans = OwnMeans.NONE
    visa_class: VisaClass = VisaClass.SHORT_STAY
    stay: DateRange | None = None
    cover: DateRange | None = None
    expected_decision: date | None = None


def hosting_verdict(facts: HostingFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Judge a certificate by the law that holds on the day of deposit."""
    return check_hosting_certificate(facts, LAW.on(facts.deposit, ruleset))


def check_hosting_certificate(facts: HostingFacts, law: Law) -> Verdict:
    """Say whether the certificate can be handed in, until when, and whether it is needed.

    Outcomes: accepted, rejected, invalid_input.  Results: ``required``, ``fresh``,
    ``last_deposit_date``, ``accepted``, ``proves_return`` (always False).

    Rule: HO-01 to HO-09
    Source: 001; §§ 66-68 AufenthG
    Boundaries: see each rule; all failures are reported at once.
    """
    outside = implausible_dates(facts)
    if outside:
        row = law.need("HO-01", "fresh_for")
        problem = Finding.by(row, "DATE_OUT_OF_RANGE", Severity.BLOCKING, fields=tuple(outside))
        return Verdict("invalid_input", (problem,), law.reference_date, law.ruleset)
    failures = [*freshness(facts, law), *original(facts, law), *cover(facts, law)]
    notes = [*need(facts, law), *last_day_closed(facts, law), *issue(facts, law)]
    notes += proves_no_return(law)
    return Verdict(
        outcome="rejected" if failures else "accepted",
        findings=(*failures, *notes),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "required": facts.own_means is not OwnMeans.PROVEN,
            "fresh": facts.confirmed <= facts.deposit <= last_deposit_date(facts, law),
            "last_deposit_date": last_deposit_date(facts, law),
            "accepted": not failures,
            "proves_return": law.value("HO-08", "proves_return"),
        },
        used=law.used,
    )


def last_deposit_date(facts: HostingFacts, law: Law) -> date:
    """Six months after the confirmation, by the same day number.

    Rule: HO-01, HO-02
    Source: 001 (six months after confirmation)
    Boundaries: 29, 30 and 31 Aug share one last day, 28 Feb (29 in a leap year); 28 Feb gives
    28 Aug and not 31; 184 days can be fresh and 182 days stale.
    """
    return add_months(facts.confirmed, law.value("HO-01", "fresh_for"))


def freshness(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """The certificate is handed in from its confirmation to six months after it.

    Rule: HO-01, HO-03, HO-04
    Source: 001 (six months after confirmation)
    Boundaries: the same day is fine; six months are fine, six months and a day are stale; the
    day before the confirmation is an error; a last day on a Friday is not extended.
    """
    row = law.need("HO-01", "fresh_for")
    last = last_deposit_date(facts, law)
    dates = {"confirmed": facts.confirmed, "deposit": facts.deposit, "last_deposit_date": last}
    if facts.deposit < facts.confirmed:
        yield Finding.by(row, "DEPOSITED_BEFORE_CONFIRMATION", Severity.BLOCKING, **dates)
    elif facts.deposit > last:
        yield Finding.by(row, "STALE", Severity.BLOCKING, months=row.value, **dates)


def original(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """The certificate is handed in as an original, and carried on the journey; never posted.

    Rule: HO-06
    Source: 001 (original form)
    Boundaries: the original: fine; a copy: rejected.
    """
    if not facts.original:
        yield Finding.by(law.need("HO-06", "original_required"), "NOT_ORIGINAL", Severity.BLOCKING)


def cover(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """For a long stay the certificate covers every day of it.

    Rule: HO-07
    Source: 001 (long stay)
    Boundaries: all days covered: fine; one day short: rejected; a short stay: not asked.
    """
    if facts.visa_class.is_short:
        return
    row = law.need("HO-07", "covers_whole_long_stay")
    if facts.stay is None or facts.cover is None:
        missing = tuple(name for name in ("stay", "cover") if getattr(facts, name) is None)
        yield Finding.by(row, "COVER_NOT_STATED", Severity.BLOCKING, fields=missing)
    elif not _covers(facts.cover, facts.stay):
        yield Finding.by(
            row,
            "DOES_NOT_COVER_WHOLE_STAY",
            Severity.BLOCKING,
            stay_first=facts.stay.first,
            stay_last=facts.stay.last,
            cover_first=facts.cover.first,
            cover_last=facts.cover.last,
        )


def _covers(cover: DateRange, stay: DateRange) -> bool:
    if cover.last is None:
        return cover.first <= stay.first
    return cover.first <= stay.first and stay.last is not None and stay.last <= cover.last


def need(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """Only somebody who cannot prove own means needs the certificate.

    Rule: HO-05
    Source: 001 (who needs it)
    Boundaries: own means proven: optional; partly proven: required; not proven: required.
    """
    row = law.need("HO-05", "required_without_own_means")
    optional = facts.own_means is OwnMeans.PROVEN
    code = "CERTIFICATE_OPTIONAL" if optional else "CERTIFICATE_REQUIRED"
    yield Finding.by(row, code, Severity.ADVICE, own_means=facts.own_means.value)


def last_day_closed(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """The last day is not moved when the centre is closed on it: come before.

    Rule: HO-03
    Source: 001 (six months after confirmation)
    Boundaries: last day Fri 5 Dec 2025: Sun 7 Dec is too late, the last working day is Thu 4.
    """
    last = last_deposit_date(facts, law)
    if is_working_day(last):
        return
    row = law.need("HO-01", "fresh_for")
    open_day = last
    while not is_working_day(open_day):
        open_day -= timedelta(days=1)
    yield Finding.by(
        row,
        "LAST_DAY_IS_CLOSED",
        Severity.ADVICE,
        last_deposit_date=last,
        last_working_day=open_day,
    )


def issue(facts: HostingFacts, law: Law) -> Iterator[Finding]:
    """Today's practice asks for six months between declaration and issue of the visa: warn.

    Rule: HO-01
    Source: Auswärtiges Amt, FAQ 13
    Boundaries: decision expected on the last day: nothing; the day after: a warning.
    """
    row = law.row("HO-01", "fresh_until_issue")
    if row is None or facts.expected_decision is None:
        return
    last = add_months(facts.confirmed, row.value)
    if facts.expected_decision > last:
        yield Finding.by(
            row,
            "DECISION_AFTER_SIX_MONTHS",
            Severity.WARNING,
            last_day=last,
            expected_decision=facts.expected_decision,
            months=row.value,
        )


def proves_no_return(law: Law) -> Iterator[Finding]:
    """A certificate never shows that the traveller will return.

    Rule: HO-08
    Source: 001
    Boundaries: the certificate alone, or with a ticket: ties stay open; with a job: covered by
    the job.
    """
    yield Finding.by(law.need("HO-08", "proves_return"), "DOES_NOT_PROVE_RETURN", Severity.ADVICE)
