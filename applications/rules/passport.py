"""Is a passport good enough for the visa asked for? PA-01 to PA-13.

The reference date is the filing date: the day the file is handed in, not the day a form is
filled in.  Sources: 004 (French consulate, passport criteria), Visa Code art. 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.dates import add_months, add_years
from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset
from portal.rules.plausible import implausible_dates

from .facts import VisaClass
from .law import LAW


class Outcome(StrEnum):
    """What becomes of a file with this passport."""

    ADMISSIBLE = "admissible"
    REVIEW = "review"
    INADMISSIBLE = "inadmissible"
    INVALID_INPUT = "invalid_input"


class Defect(StrEnum):
    """Conditions in which no visa is put into a passport (PA-10).

    The first name of a spouse printed beside the surname is not one of them (PA-11).
    """

    FILM = "film_missing_or_lifted"
    LAMINATED = "commercially_laminated"
    ALTERED = "scratched_erased_corrected"


class Stage(StrEnum):
    """When the passport is looked at: by everyone at filing, by staff when a visa is issued."""

    FILING = "filing"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportFacts:
    """What the passport check is given.

    `filing_date` is the day the file is handed in.  `departure_dates` are the planned exits
    from the Schengen area, one per trip; `entry_dates` the planned entries.  `arrival_date`
    matters to other nationalities on a long stay, `visa_end` (last day of the visa asked for)
    to today's long-stay rule, `visa_issue_date` to staff alone.  `authority` is the state that
    decides: the long-stay months are the French consulate's.
    """

    filing_date: date
    issue_date: date
    expiry_date: date
    blank_pages: int
    visa_class: VisaClass
    nationality: str = "DZ"
    departure_dates: tuple[date, ...] = ()
    entry_dates: tuple[date, ...] = ()
    arrival_date: date | None = None
    visa_end: date | None = None
    visa_issue_date: date | None = None
    defects: frozenset[Defect] = frozenset()
    urgency_justified: bool = False
    spouse_first_name_mentioned: bool = False
    stage: Stage = Stage.FILING
    authority: str = "FR"

    @property
    def last_departure(self) -> date | None:
        """The last planned exit: of several trips, the last one counts (PA-03)."""
        return max(self.departure_dates, default=None)


def passport_verdict(facts: PassportFacts, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Judge a passport by the law that holds on its filing date."""
    return check_passport(facts, LAW.on(facts.filing_date, ruleset))


def check_passport(facts: PassportFacts, law: Law) -> Verdict:
    """Say whether a file with this passport may be handed in, and every reason why not.

    Outcomes: admissible, review (the consulate must be asked first), inadmissible,
    invalid_input.  Results: ``threshold`` (first sufficient expiry date, None where the law
    states none), ``provider_may_accept``, ``transmitted_to_consulate``, ``reason`` (code of
    what the consulate must look at, or None).

    Rule: PA-01 to PA-13
    Source: 004; Visa Code art. 12, 19
    Boundaries: expiry equal to the threshold is enough; one day less is not; all failures
    are reported at once.
    """
    invalid = list(input_problems(facts, law))
    if invalid:
        return _verdict(Outcome.INVALID_INPUT, invalid, None, law)
    margins = _margins(facts, law)
    silent = list(silence(facts, law)) if margins is None else []
    thresholds = [margin.threshold(facts) for margin in margins or ()]
    failures = [
        *blank_pages_left(facts, law),
        *age(facts, law),
        *expired(facts, law),
        *validity(facts, margins or ()),
        *condition(facts, law),
    ]
    derogation = list(urgency(facts, failures, law))
    notes = [*age_at_border(facts, law), *_advice(facts, law)]
    outcome = _outcome(failures, [*silent, *derogation])
    findings = [*failures, *silent, *derogation, *consequence(outcome, law), *notes]
    return _verdict(outcome, findings, max(thresholds, default=None), law)


def _verdict(
    outcome: Outcome, findings: list[Finding], threshold: date | None, law: Law
) -> Verdict:
    """Put the answer together; only an admissible file travels on (PA-12)."""
    admissible = outcome is Outcome.ADMISSIBLE
    reviews = [finding.code for finding in findings if finding.severity is Severity.REVIEW]
    return Verdict(
        outcome=outcome.value,
        findings=tuple(findings),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "threshold": threshold,
            "provider_may_accept": admissible,
            "transmitted_to_consulate": admissible,
            "reason": reviews[0] if reviews else None,
        },
        used=law.used,
    )


def _outcome(failures: list[Finding], reviews: list[Finding]) -> Outcome:
    lifted = any(finding.code == "URGENCY_DEROGATION_POSSIBLE" for finding in reviews)
    if failures and not lifted:
        return Outcome.INADMISSIBLE
    return Outcome.REVIEW if reviews else Outcome.ADMISSIBLE


# --- the single rules -------------------------------------------------------------------------


def blank_pages_left(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """A passport needs two blank pages.

    Rule: PA-01
    Source: 004 §1; Visa Code art. 12(b)
    Boundaries: 2 pages are enough; 1 is not; 0 is not.
    """
    row = law.need("PA-01", "blank_pages")
    if facts.blank_pages < row.value:
        yield Finding.by(
            row, "BLANK_PAGES", Severity.BLOCKING, pages=facts.blank_pages, needed=row.value
        )


def age(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """A passport must have been issued less than ten years before the filing date.

    Rule: PA-02
    Source: 004 §1; Visa Code art. 12(c)
    Boundaries: the day before the tenth anniversary is fine; the anniversary is not; issued on
    29 Feb 2016, filing on 27 Feb 2026 is fine and on 28 Feb 2026 is not.
    """
    row = law.need("PA-02", "issued_within")
    anniversary = add_years(facts.issue_date, row.value)
    if facts.filing_date >= anniversary:
        yield Finding.by(
            row,
            "ISSUED_10Y_OR_MORE",
            Severity.BLOCKING,
            issued=facts.issue_date,
            anniversary=anniversary,
            years=row.value,
        )


def age_at_border(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """The border asks for the ten years again, on the day of entry.

    Rule: PA-02
    Source: Schengen Borders Code art. 6(1)(a)(ii)
    Boundaries: entry the day before the anniversary: nothing; on the anniversary: a warning.
    """
    row = law.need("PA-02", "issued_within_at_border")
    anniversary = add_years(facts.issue_date, row.value)
    entries = [*facts.entry_dates, *([facts.arrival_date] if facts.arrival_date else [])]
    late = [entry for entry in entries if entry >= anniversary]
    if late and facts.filing_date < anniversary:
        yield Finding.by(
            row,
            "ISSUED_10Y_AT_ENTRY",
            Severity.WARNING,
            entry=min(late),
            anniversary=anniversary,
            years=row.value,
        )


def expired(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """A passport that has expired on the filing date is no passport.

    Rule: PA-13
    Source: Visa Code art. 12
    Boundaries: expiry on the filing date is still valid that day; one day before is expired.
    """
    if facts.expiry_date < facts.filing_date:
        yield Finding.by(
            law.need("PA-13", "input_check"),
            "PASSPORT_EXPIRED",
            Severity.BLOCKING,
            expiry=facts.expiry_date,
            filing=facts.filing_date,
        )


@dataclass(frozen=True, slots=True)
class _Margin:
    """How long after which event the passport must still be valid, and the code if it is not."""

    row: ParameterRow
    event: str  # a date of PassportFacts
    code: str

    def threshold(self, facts: PassportFacts) -> date:
        """Add the months forward from the event (CV-03)."""
        return add_months(self.counted_from(facts), self.row.value)

    def counted_from(self, facts: PassportFacts) -> date:
        day = getattr(facts, self.event)
        if not isinstance(day, date):
            raise TypeError(f"{self.event} must be known before its margin is asked for")
        return day


# (rule, parameter, event of the facts, failure code): the months stand in parameters.toml.
_Row = tuple[str, str, str, str]
_SHORT: tuple[_Row, ...] = (("PA-03", "after_departure", "last_departure", "VALIDITY_SHORT_3M"),)
_AT_ISSUE: tuple[_Row, ...] = (
    ("PA-05", "after_issue", "visa_issue_date", "VALIDITY_LONG_6M_AT_ISSUE"),
)
_ALGERIAN: dict[VisaClass, tuple[_Row, ...]] = {
    VisaClass.LONG_STAY: (("PA-04", "after_filing", "filing_date", "VALIDITY_LONG_8M"),),
    VisaClass.FAMILY_REUNIFICATION: (
        ("PA-06", "after_filing", "filing_date", "VALIDITY_FAMILY_12M"),
    ),
    VisaClass.RETURN: (("PA-07", "after_filing", "filing_date", "VALIDITY_RETURN_4M"),),
}
_OTHERS: dict[VisaClass, tuple[_Row, ...]] = {
    VisaClass.LONG_STAY: (
        ("PA-08", "after_filing", "filing_date", "VALIDITY_OTHER_14M"),
        ("PA-08", "after_arrival", "arrival_date", "VALIDITY_OTHER_12M_AFTER_ARRIVAL"),
    ),
}
_AFTER_VISA_END = "VALIDITY_LONG_3M_AFTER_VISA_END"


def _margins(facts: PassportFacts, law: Law) -> tuple[_Margin, ...] | None:
    """Find the margins that apply; None where the law states none.

    A short stay is measured from the last departure (PA-03).  A long stay is measured as the
    French consulate does (PA-04 to PA-08), under `current` from the end of the visa.
    """
    if facts.visa_class.is_short:
        return _with_rows(_SHORT, law)
    if facts.authority != "FR":
        return None
    entries = _long_stay_entries(facts)
    rule = entries[0][0] if entries else "PA-08"
    after_visa_end = law.row(rule, "after_visa_end")
    if after_visa_end is not None:
        return (_Margin(after_visa_end, "visa_end", _AFTER_VISA_END),)
    return _with_rows(entries, law) if entries else None


def _long_stay_entries(facts: PassportFacts) -> tuple[_Row, ...]:
    if facts.nationality != "DZ":
        return _OTHERS.get(facts.visa_class, ()) if facts.stage is Stage.FILING else ()
    return _AT_ISSUE if facts.stage is Stage.ISSUE else _ALGERIAN[facts.visa_class]


def _with_rows(entries: tuple[_Row, ...], law: Law) -> tuple[_Margin, ...]:
    return tuple(_Margin(law.need(rule, name), event, code) for rule, name, event, code in entries)


def validity(facts: PassportFacts, margins: tuple[_Margin, ...]) -> Iterator[Finding]:
    """The passport must outlive the stay by the months of its visa class.

    Rule: PA-03, PA-04, PA-05, PA-06, PA-07, PA-08
    Source: 004 §2.1, §2.2; Visa Code art. 12(a)
    Boundaries: expiry on the threshold is enough, one day less is not; departure 30 Nov needs
    28 Feb (29 in a leap year); departure 1 Jul needs 1 Oct and not 29 Sep, for three months
    are not 90 days; filing 30 Jun + 8 months is 28 Feb; filing 29 Feb 2024 + 1 year is
    28 Feb 2025; of several trips the last departure counts.
    """
    for margin in margins:
        threshold = margin.threshold(facts)
        if facts.expiry_date < threshold:
            yield Finding.by(
                margin.row,
                _validity_code(facts, margin),
                Severity.BLOCKING,
                expiry=facts.expiry_date,
                threshold=threshold,
                counted_from=margin.counted_from(facts),
                months=margin.row.value,
            )


def _validity_code(facts: PassportFacts, margin: _Margin) -> str:
    expires_before_event = facts.expiry_date < margin.counted_from(facts)
    if margin.event == "last_departure" and expires_before_event:
        return "VALIDITY_SHORT_BEFORE_DEPARTURE"
    return margin.code


_DEFECT_CODES = {
    Defect.FILM: "CONDITION_FILM",
    Defect.LAMINATED: "CONDITION_LAMINATED",
    Defect.ALTERED: "CONDITION_ALTERED",
}


def condition(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """No visa is put into a passport without its film, laminated by a shop, or altered.

    Rule: PA-10
    Source: 004 §3
    Boundaries: film lifted: to be secured again by the issuing authority; laminated: a new
    passport; scratched, erased or corrected: a new passport; no defect: nothing.
    """
    for defect in sorted(facts.defects):
        row = law.need("PA-10", "remedy", defect.value)
        yield Finding.by(row, _DEFECT_CODES[defect], Severity.BLOCKING, remedy=row.value)


def urgency(facts: PassportFacts, failures: list[Finding], law: Law) -> Iterator[Finding]:
    """Justified urgency lets the consulate lift the margin of validity, and nothing else.

    Rule: PA-09
    Source: 004 §2.2 and annex; Visa Code art. 12(a)
    Boundaries: only the margin is missed: the consulate looks at it; the passport expires
    before the departure: no; ten years old: no; the margin and the pages: no.
    """
    liftable = all(
        failure.code.startswith("VALIDITY_") and facts.expiry_date >= _needed_until(facts)
        for failure in failures
    )
    if facts.urgency_justified and failures and liftable:
        row = law.need("PA-09", "urgency_may_lift")
        yield Finding.by(row, "URGENCY_DEROGATION_POSSIBLE", Severity.REVIEW)


def _needed_until(facts: PassportFacts) -> date:
    """Return the last day without which the trip itself is impossible: no margin reaches it."""
    if facts.visa_class.is_short:
        return facts.last_departure or facts.filing_date
    known = (facts.visa_end, facts.arrival_date, facts.visa_issue_date)
    return max([facts.filing_date, *(day for day in known if day is not None)])


def silence(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """Where the source states no months, the consulate is asked and nothing is guessed.

    Rule: PA-08
    Source: 004 §2.2 (silent)
    Boundaries: a return visa for another nationality: review, no threshold; a long stay decided
    by another state than France: review, no threshold.
    """
    row = law.need("PA-08", "after_filing")
    code = "RULE_NOT_STATED_FOR_OTHER_NATIONALITIES"
    if facts.authority != "FR":
        code = "RULE_NOT_STATED_FOR_THIS_STATE"
    yield Finding.by(
        row, code, Severity.REVIEW, nationality=facts.nationality, state=facts.authority
    )


def consequence(outcome: Outcome, law: Law) -> Iterator[Finding]:
    """A file that is not accepted is not refused: no decision, no appeal, a new appointment.

    Rule: PA-12
    Source: 004 §4; Visa Code art. 19(3)
    Boundaries: inadmissible: not accepted, not sent on; review: not accepted until the
    consulate says yes; admissible: both.
    """
    row = law.need("PA-12", "not_compliant")
    if outcome is Outcome.REVIEW:
        yield Finding.by(row, "WAITS_FOR_CONSULATE", Severity.ADVICE)
    if outcome is Outcome.INADMISSIBLE:
        yield Finding.by(row, "NOT_ACCEPTED_IS_NOT_REFUSED", Severity.ADVICE)
        returned = law.row("PA-12", "papers_returned")
        if returned is not None:
            yield Finding.by(returned, "PAPERS_AND_FEE_RETURNED", Severity.ADVICE)


def _advice(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    yield from spouse_name(facts, law)
    yield from second_reading(facts, law)
    yield from lifetime(facts, law)


def spouse_name(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """A spouse's first name printed in the passport is accepted as it is.

    Rule: PA-11
    Source: 004 §5
    Boundaries: the name alone: admissible; with one blank page: fails for the page only.
    """
    if facts.spouse_first_name_mentioned:
        row = law.need("PA-11", "spouse_first_name")
        yield Finding.by(row, "SPOUSE_NAME_ACCEPTED", Severity.ADVICE)


def second_reading(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """A quoted sentence measures a short stay from the end of the visa: good to know.

    Rule: PA-03
    Source: 004 §2.1 (sentence quoted there)
    Boundaries: expiry three months after the visa's end: nothing; one day less: advice.
    """
    if not facts.visa_class.is_short or facts.visa_end is None:
        return
    row = law.need("PA-03", "after_visa_end")
    threshold = add_months(facts.visa_end, row.value)
    if facts.expiry_date < threshold:
        yield Finding.by(
            row,
            "VALIDITY_SHORT_OF_VISA_END",
            Severity.ADVICE,
            expiry=facts.expiry_date,
            threshold=threshold,
            visa_end=facts.visa_end,
            months=row.value,
        )


def lifetime(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """An Algerian passport that outlives ten years was probably mistyped.

    Rule: PA-13
    Source: practice of the issuing authorities
    Boundaries: issued 10 Jan 2020, expiry 9 Jan 2030: nothing; expiry 11 Jan 2030: advice.
    """
    row = law.row("PA-13", "usual_lifetime", jurisdiction="DZ")
    if row is None or facts.nationality != "DZ":
        return
    if facts.expiry_date > add_years(facts.issue_date, row.value):
        yield Finding.by(
            row,
            "PASSPORT_LIFETIME_UNUSUAL",
            Severity.ADVICE,
            issued=facts.issue_date,
            expiry=facts.expiry_date,
            years=row.value,
        )


_Problem = tuple[str, tuple[str, ...]]


# --- input ------------------------------------------------------------------------------------


def input_problems(facts: PassportFacts, law: Law) -> Iterator[Finding]:
    """Dates that contradict each other are an error of input, not a bad passport.

    Rule: PA-13
    Source: Visa Code art. 12
    Boundaries: issued after the filing date; expiry on or before the issue date; a short stay
    without a departure date; a last departure before the filing date; fewer than 0 pages.
    """
    problems: list[_Problem]
    problems = [("DATE_OUT_OF_RANGE", (name,)) for name in implausible_dates(facts)]
    problems = problems or [*_contradictions(facts), *_missing(facts, law)]
    row = law.need("PA-13", "input_check")
    for code, names in problems:
        yield Finding.by(row, code, Severity.BLOCKING, fields=names)


def _contradictions(facts: PassportFacts) -> Iterator[_Problem]:
    if facts.issue_date > facts.filing_date:
        yield "INVALID_DATES", ("issue_date", "filing_date")
    if facts.expiry_date <= facts.issue_date:
        yield "INVALID_DATES", ("expiry_date", "issue_date")
    departure = facts.last_departure
    if departure is not None and departure < facts.filing_date:
        yield "DEPARTURE_BEFORE_FILING", ("departure_dates", "filing_date")
    if departure is not None and any(entry > departure for entry in facts.entry_dates):
        yield "INVALID_DATES", ("entry_dates", "departure_dates")
    if facts.blank_pages < 0:
        yield "INVALID_BLANK_PAGES", ("blank_pages",)


_MISSING = {
    "last_departure": ("DEPARTURE_DATE_MISSING", ("departure_dates",)),
    "arrival_date": ("ARRIVAL_DATE_MISSING", ("arrival_date",)),
    "visa_end": ("VISA_END_MISSING", ("visa_end",)),
    "visa_issue_date": ("VISA_ISSUE_DATE_MISSING", ("visa_issue_date",)),
}


def _missing(facts: PassportFacts, law: Law) -> Iterator[_Problem]:
    for margin in _margins(facts, law) or ():
        if getattr(facts, margin.event) is None:
            yield _MISSING[margin.event]
