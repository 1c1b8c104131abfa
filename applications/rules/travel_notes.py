"""What stands beside the answer of the visa wizard: warnings, advice, and reasons (EX)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from portal.dates import add_months
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import ParameterRow

from .memberships import is_overseas
from .travel import Document, DocumentKind
from .travel_case import ALGERIA, FRANCE, TravelCase, last_day

Notes = tuple[Finding, ...]


def first_receipt(case: TravelCase) -> Notes:
    """The receipt of a first application never allows return: travel once the card is there.

    Rule: EX-10
    Source: 003 §2.2
    Boundaries: valid receipt → return visa (E10); with a D visa still running → EXEMPT (EX-13);
        expired receipt → return visa
    """
    if next(case.held(DocumentKind.FIRST_RECEIPT), None) is None:
        return ()
    return (Finding("FIRST_RECEIPT_NO_RETURN", Severity.ADVICE, "EX-10", "003 §2.2"),)


def first_trip(case: TravelCase, visa: Document) -> Notes:
    """The first journey on a visa for several entries should go to the state that issued it.

    Rule: EX-16
    Source: 001
    Boundaries: not yet used in the issuing state → warning (E33); used there → none; issued by
        the state of destination → none; to Germany on another state's visa → show the itinerary
    """
    if not visa.multiple or visa.issuer == case.destination:
        return ()
    states = {"issuer": visa.issuer, "destination": case.destination}
    itinerary = Finding("SHOW_ITINERARY", Severity.ADVICE, "EX-16", "001", states)
    if visa.already_used:
        return (itinerary,)
    warning = "FIRST_TRIP_SHOULD_BE_TO_ISSUING_STATE"
    return (Finding(warning, Severity.WARNING, "EX-16", "001", states), itinerary)


def overseas_order(case: TravelCase) -> dict[str, Any]:
    """Return the territory and the order that says who needs a visa there (EX-07)."""
    return {
        "territory": case.destination,
        "order": case.lists.value("overseas_order", case.destination),
    }


def overseas_text(case: TravelCase) -> Notes:
    """Point a French national to the territory's own text (EX-01, EX-07)."""
    if not is_overseas(case.destination):
        return ()
    params = overseas_order(case)
    return (Finding("SEE_OVERSEAS_TEXT", Severity.ADVICE, "EX-07", "003 §4.2", params),)


def union_document(states: list[str]) -> Notes:
    """Tell who also holds a nationality of the Union to travel on that document (EX-02)."""
    if not states:
        return ()
    return (Finding("UNION_DOCUMENT", Severity.ADVICE, "EX-02", "003", {"states": states}),)


def other_passport(case: TravelCase) -> Notes:
    """Say that the answer is for the Algerian passport when another nationality is held (EX-02)."""
    others = [code for code in case.facts.nationalities if code != ALGERIA]
    if not others:
        return ()
    return (Finding("OTHER_PASSPORT", Severity.ADVICE, "EX-02", "003", {"states": others}),)


def adult_taken_for_granted(case: TravelCase) -> Notes:
    """Say that no birth date was given and that a minor would hear something else (EX-08)."""
    if case.facts.birth_date is not None:
        return ()
    age = case.law.value("EX-08", "adult_from")
    return (Finding("ADULT_TAKEN_FOR_GRANTED", Severity.ADVICE, "EX-08", "003 §2.2", {"age": age}),)


def tir_abolished(case: TravelCase, document: Document) -> Notes:
    """Warn of a paper that is no longer issued and can hardly be valid still (EX-11)."""
    row = case.law.row("EX-11", "last_tir_in_use")
    if document.kind is not DocumentKind.TIR or row is None or case.entry <= row.value:
        return ()
    params = {"last_day": row.value}
    return (Finding("TIR_ABOLISHED", Severity.WARNING, "EX-11", row.citation, params),)


def unusual_visa_d(case: TravelCase, visa: Document) -> Notes:
    """Warn of an Algerian's French D visa of a length that is not issued (EX-13)."""
    first, last = visa.valid_from, visa.valid_until
    if case.issuer_of(visa) != FRANCE or ALGERIA not in case.facts.nationalities:
        return ()
    if first is None or last is None:
        return ()
    low = case.law.need("EX-13", "shortest_visa_d")
    high = case.law.need("EX-13", "longest_visa_d")
    # Stickers may run to the same day number or to the day before: both are usual.
    if last_day(first, low) <= last <= add_months(first, high.value):
        return ()
    params = {"shortest": low.value, "longest": high.value, "from": first, "until": last}
    return (Finding("VISA_D_LENGTH_UNUSUAL", Severity.WARNING, "EX-13", low.citation, params),)


def leave_in_time(case: TravelCase, visa: Document) -> Notes:
    """Warn that the stay outlasts the visa: the last day of the visa is the last day (EX-13/15)."""
    out, last = case.facts.exit, visa.valid_until
    if out is None or last is None or out <= last:
        return ()
    rule = "EX-13" if visa.kind is DocumentKind.VISA_D else "EX-15"
    params = {"valid_until": last, "exit": out, "days": (out - last) // timedelta(days=1)}
    return (Finding("VISA_ENDS_BEFORE_EXIT", Severity.WARNING, rule, "003 §§2.4, 3.1", params),)


def length_unknown(case: TravelCase, limit: ParameterRow) -> Notes:
    """Say that the type of visa depends on a day of departure that was not given (EX-17)."""
    params = stay_limit(case, limit)
    return (Finding("STAY_LENGTH_UNKNOWN", Severity.REVIEW, "EX-17", limit.citation, params),)


def stay_limit(case: TravelCase, limit: ParameterRow) -> dict[str, Any]:
    """Return the longest stay in words' parts and its last day, counted from entry."""
    return {"limit": limit.value, "unit": limit.unit, "last_day": last_day(case.entry, limit)}


def why_no_return(case: TravelCase) -> list[str]:
    """Return, in a fixed order, why the papers in hand do not bring a resident back."""
    return sorted({_why(case, document) for document in case.facts.documents}) or ["no_paper"]


def _why(case: TravelCase, document: Document) -> str:
    if document.lost:
        return "lost"
    if document.kind is DocumentKind.FIRST_RECEIPT:
        return "first_receipt"
    if document.kind is DocumentKind.SCHENGEN_RECEIPT:
        return "not_for_this"
    if not case.is_valid(document):
        starts_later = document.valid_from is not None and case.entry < document.valid_from
        return "not_yet_valid" if starts_later else "expired"
    if case.returns_elsewhere_only(document):
        return "mayotte_only"
    if document.kind is DocumentKind.RENEWAL_RECEIPT:
        return "receipt_without_card"
    return "not_for_this"


def return_visa_advice(case: TravelCase) -> Iterator[Finding]:
    """Yield what who needs a return visa should know (EX-10 to EX-12)."""
    yield from first_receipt(case)
    yield Finding("NO_DELAY_PROMISED", Severity.ADVICE, "EX-12", "003 §§2.2, 2.3")
    if case.is_minor:
        yield Finding("ONE_RETURN_VISA_PER_CHILD", Severity.ADVICE, "EX-11", "003 §2.2")
    slow = case.law.need("EX-11", "slow_months")
    if case.is_minor and case.entry.month in slow.value:
        yield Finding("SLOW_SEASON", Severity.ADVICE, "EX-11", slow.citation)
    if case.is_current and "expired" in why_no_return(case):
        code = "MAY_HAVE_TO_APPLY_ANEW"
        yield Finding(code, Severity.ADVICE, "EX-12", "Practice of the posts [B]")
