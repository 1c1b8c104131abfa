"""Does an Algerian need a visa for this trip, and which one? EX-01 to EX-17.

The rules are asked in one order and the first answer counts.  Ask with the law of the day of
entry: papers, lists and agreements are judged on that day.  The tools answer; the authority
decides.  Sources: 003 (French consulate, who needs a visa), 001 (German embassy, FAQ).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.rules.findings import Finding, Verdict
from portal.rules.parameters import Law, ParameterRow

from . import travel_notes as notes
from .sticker import read_sticker
from .travel import Document, DocumentKind, PassportType, TravelFacts
from .travel_case import FRANCE, WEIGHT, Answer, Outcome, TravelCase, VisaType

# --- the rules, in the order in which they are asked --------------------------------------------


def french_national(case: TravelCase) -> Answer | None:
    """A French national shows a French passport or identity card on entering France.

    Rule: EX-01
    Source: 003 §3.2
    Boundaries: DZ and FR → USE_FRENCH_DOCUMENT (E35); DZ only → go on; DZ and FR to
        Guadeloupe → the same duty in practice, with a word on the territory's own text
    """
    nationalities = case.facts.nationalities
    if FRANCE not in nationalities:
        return None
    return Answer(
        outcome=Outcome.USE_FRENCH_DOCUMENT,
        code="DUAL_NATIONAL" if len(set(nationalities)) > 1 else "FRENCH_NATIONAL",
        rule_id="EX-01",
        citation="003 §3.2",
        beside=notes.overseas_text(case),
    )


def other_nationality(case: TravelCase) -> Answer | None:
    """The sources answer for Algerian nationals; everybody else is referred.

    Rule: EX-02
    Source: 003, title
    Boundaries: ML → REFER (E53); DZ → go on; DZ and DE → REFER, a Union citizen travels on
        the document of that state; stateless with Algerian residence → REFER
    """
    codes = case.facts.nationalities
    free = [c for c in codes if case.lists.has("eu", c) or case.lists.has("free_movement", c)]
    if not free and any(case.lists.has("covered_nationality", code) for code in codes):
        return None
    return Answer(
        outcome=Outcome.REFER,
        code="OTHER_NATIONALITY",
        rule_id="EX-02",
        citation="003",
        params={"nationalities": list(codes)},
        beside=notes.union_document(free),
    )


def outside_area(case: TravelCase) -> Answer | None:
    """A state that is not in the Schengen area on the day of entry has rules of its own.

    Rule: EX-02
    Source: 003 §1.1; membership table (CO-08)
    Boundaries: GB → REFER; HR in 2022 → REFER; HR in 2023 → go on
    """
    if case.in_area(case.destination) or case.to_overseas:
        return None
    return Answer(
        outcome=Outcome.REFER,
        code="NO_SCHENGEN_AIRPORT" if case.facts.transit else "OUTSIDE_SCHENGEN",
        rule_id="EX-02",
        citation="003 §1.1",
        params={"destination": case.destination},
    )


def airport_transit(case: TravelCase) -> Answer | None:
    """Who changes planes without leaving the international zone needs no airport transit visa.

    Rule: EX-03
    Source: 003 §1.2 (order of 10 May 2010, art. 4); 001
    Boundaries: airside in Paris → EXEMPT (E45); change of airport, hotel outside → an entry
        (E46); a leg inside the area → an entry (E47); Czech Republic, current → airport transit
        visa (E48)
    """
    if case.facts.transit is None or case.leaves_zone or case.to_overseas:
        return None
    for state in case.facts.transit.airports_in:
        row = case.lists.row("airport_transit_visa", state)
        if row is not None and row.value:
            return Answer(
                outcome=Outcome.VISA_REQUIRED,
                code="AIRPORT_TRANSIT_VISA",
                rule_id="EX-03",
                citation=row.citation,
                visa_type=VisaType.AIRPORT_TRANSIT,
                params={"state": state},
            )
    return Answer(
        outcome=Outcome.EXEMPT,
        code="AIRPORT_TRANSIT",
        rule_id="EX-03",
        citation="003 §1.2 (order of 10 May 2010, art. 4); 001",
        params={"airports": list(case.facts.transit.airports_in)},
    )


def passport_not_valid(case: TravelCase) -> Answer | None:
    """Every exemption asks for a passport that is valid on the day of entry.

    Rule: EX-04
    Source: 003 §§2.1, 2.2, 2.5
    Boundaries: expiry on the day of entry → valid; the day before → NOT_READY (E11); no
        passport → NOT_READY
    """
    expiry = case.facts.passport.expiry if case.facts.passport else None
    if expiry is not None and case.entry <= expiry:
        return None
    return Answer(
        outcome=Outcome.NOT_READY,
        code="PASSPORT_NOT_VALID",
        rule_id="EX-04",
        citation="003 §§2.1, 2.2, 2.5",
        params={"expiry": expiry, "entry": case.entry},
    )


def official_passport_to_france(case: TravelCase) -> Answer | None:
    """An Algerian diplomatic passport opens France, overseas included, for a short stay.

    Rule: EX-05
    Source: 003 §§2.1, 3.3, 4.2 (agreement of 10 Jul 2007)
    Boundaries: 10 Jan to 31 Mar → EXEMPT (E36); over 3 months → VISA_REQUIRED (E37); service
        passport → not covered (E41); Réunion → EXEMPT (E44); current: 15 May 2025 → EXEMPT
        (E38), 16 May 2025 → not (E39)
    """
    if case.destination != FRANCE and not case.to_overseas:
        return None
    row = _official_exemption(case, FRANCE)
    limit = case.law.need("EX-05", "longest_stay")
    return None if row is None else _official_answer(case, row, limit)


def diplomatic_passport_elsewhere(case: TravelCase) -> Answer | None:
    """The agreement on diplomatic passports binds France only; other states have their own.

    Rule: EX-06
    Source: 003 §4.2
    Boundaries: DE → REFER (E42); DE, current → EXEMPT for a short stay (E43); ES → REFER
    """
    passport = case.facts.passport
    is_diplomatic = passport is not None and passport.type is PassportType.DIPLOMATIC
    if not is_diplomatic or case.destination == FRANCE or case.to_overseas:
        return None
    row = _official_exemption(case, case.destination)
    limit = case.law.row("EX-06", "longest_stay", jurisdiction=case.destination)
    if row is not None and limit is not None:
        return _official_answer(case, row, limit)
    return Answer(
        outcome=Outcome.REFER,
        code="DIPLOMATIC_OTHER_STATE",
        rule_id="EX-06",
        citation="003 §4.2",
        params={"destination": case.destination},
    )


def overseas(case: TravelCase) -> Answer | None:
    """Every French overseas territory has an order of its own that says who needs a visa.

    Rule: EX-07
    Source: 003 §§3.1, 4.2
    Boundaries: Guadeloupe → REFER (E49); Réunion with a Schengen visa → REFER (E50); current:
        valid residence card or D visa → EXEMPT (E51)
    """
    if not case.to_overseas:
        return None
    for document in case.facts.documents:
        row = case.lists.row("overseas_exempt_document", document.kind)
        if row is not None and case.is_valid(document) and _counts_overseas(case, document):
            return Answer(
                outcome=Outcome.EXEMPT,
                code="OVERSEAS_RESIDENCE_HOLDER",
                rule_id="EX-07",
                citation=row.citation,
                params={"kind": document.kind, "valid_until": document.valid_until},
            )
    return Answer(
        outcome=Outcome.REFER,
        code="OVERSEAS_TEXT",
        rule_id="EX-07",
        citation="003 §4.2",
        params=notes.overseas_order(case),
    )


def residence_card(case: TravelCase) -> Answer | None:
    """An adult returns on a valid French residence card, its last day included.

    Rule: EX-08
    Source: 003 §2.2
    Boundaries: entry on the expiry date → EXEMPT (E05); next day → return visa (E06); on the
        18th birthday with a card → EXEMPT (E19)
    """
    card = case.valid_french_card() if case.destination == FRANCE else None
    if card is None or case.is_minor:
        return None
    return Answer(
        outcome=Outcome.EXEMPT,
        code="FR_RESIDENCE_CARD",
        rule_id="EX-08",
        citation="003 §2.2",
        params={"valid_until": card.valid_until},
        beside=notes.adult_taken_for_granted(case),
    )


def renewal_receipt(case: TravelCase) -> Answer | None:
    """A valid renewal receipt and the expired card together replace the card.

    Rule: EX-09
    Source: 003 §2.2
    Boundaries: both → EXEMPT (E07); receipt alone → return visa (E08); receipt expired →
        return visa (E09); card lost → return visa (E12)
    """
    if case.destination != FRANCE:
        return None
    receipt = next(case.valid(DocumentKind.RENEWAL_RECEIPT), None)
    if receipt is None or next(case.french_cards(), None) is None or case.is_minor:
        return None
    return Answer(
        outcome=Outcome.EXEMPT,
        code="RENEWAL_RECEIPT_WITH_EXPIRED_CARD",
        rule_id="EX-09",
        citation="003 §2.2",
        params={"valid_until": receipt.valid_until},
        beside=notes.adult_taken_for_granted(case),
    )


def minor_paper(case: TravelCase) -> Answer | None:
    """A minor who lives in France returns on a DCEM or TIR of their own.

    Rule: EX-11
    Source: 003 §§2.2, 2.3
    Boundaries: DCEM → EXEMPT (E13); TIR → EXEMPT (E14); day before the 18th birthday → EXEMPT
        (E17); on the birthday → not by DCEM (E18); current: issued in Mayotte → Mayotte only
        (E52)
    """
    if case.destination != FRANCE:
        return None
    for document in case.valid(DocumentKind.DCEM, DocumentKind.TIR):
        if case.is_minor_by_birth and not case.returns_elsewhere_only(document):
            return Answer(
                outcome=Outcome.EXEMPT,
                code=document.kind.upper(),
                rule_id="EX-11",
                citation="003 §§2.2, 2.3",
                params={"valid_until": document.valid_until},
                beside=notes.tir_abolished(case, document),
            )
    return None


def minor_with_adult_card(case: TravelCase) -> Answer | None:
    """The sources know residence cards of adults only: a minor who has one is looked at.

    Rule: EX-11
    Source: 003 §§2.2, 2.3
    Boundaries: 17 years old with a residence card → REVIEW (E20)
    """
    card = case.valid_french_card() if case.destination == FRANCE else None
    if card is None or not case.is_minor:
        return None
    return Answer(
        outcome=Outcome.REVIEW,
        code="MINOR_WITH_ADULT_CARD",
        rule_id="EX-11",
        citation="003 §§2.2, 2.3",
        params={"valid_until": card.valid_until},
    )


def young_adult_with_dcem(case: TravelCase) -> Answer | None:
    """Under today's practice a DCEM may run on until the 19th birthday: such a holder is looked at.

    Rule: EX-11
    Source: practice of one prefecture
    Boundaries: 18 with a valid DCEM, current → REVIEW; seed → return visa (E18); 19 → return visa
    """
    row = case.law.row("EX-11", "dcem_holder_reviewed_until")
    dcem = next(case.valid(DocumentKind.DCEM), None)
    if row is None or dcem is None or case.destination != FRANCE or case.is_minor_by_birth:
        return None
    if not case.is_under(row.value) or case.returns_elsewhere_only(dcem):
        return None
    return Answer(
        outcome=Outcome.REVIEW,
        code="DCEM_HOLDER_18",
        rule_id="EX-11",
        citation=row.citation,
        params={"valid_until": dcem.valid_until},
    )


def long_stay_visa(case: TravelCase) -> Answer | None:
    """While a D visa is valid, its holder enters as often as wanted and needs no other visa.

    Rule: EX-13
    Source: 003 §2.4
    Boundaries: last day → EXEMPT (E22); day after → VISA_REQUIRED (E23); before its first day →
        VISA_REQUIRED (E24); with a receipt of a first application → EXEMPT (EX-10)
    """
    for visa in case.valid(DocumentKind.VISA_D):
        issuer = case.issuer_of(visa)
        if case.in_area(issuer):
            return Answer(
                outcome=Outcome.EXEMPT,
                code="VISA_D",
                rule_id="EX-13",
                citation="003 §2.4",
                params={"valid_until": visa.valid_until, "issuer": issuer},
                beside=(*notes.unusual_visa_d(case, visa), *notes.leave_in_time(case, visa)),
            )
    return None


def return_visa(case: TravelCase) -> Answer | None:
    """Who lives in France and has none of the papers above needs a return visa.

    Rule: EX-12
    Source: 003 §§2.2, 2.3
    Boundaries: card lost → return visa (E12); no paper → return visa; never resident → the
        ordinary rule (E01); receipt of a first application never allows return (EX-10, E10)
    """
    if case.destination != FRANCE or not case.facts.lives_in_france:
        return None
    return Answer(
        outcome=Outcome.VISA_REQUIRED,
        code="RETURN_VISA",
        rule_id="EX-12",
        citation="003 §§2.2, 2.3",
        visa_type=VisaType.RETURN,
        params={"reasons": notes.why_no_return(case), "minor": case.is_minor},
        beside=tuple(notes.return_visa_advice(case)),
    )


def card_of_other_state(case: TravelCase) -> Answer | None:
    """A residence card of another Schengen state opens France for a short, proven stay.

    Rule: EX-14
    Source: 003 §2.5
    Boundaries: all conditions → EXEMPT (E25); proofs missing → NOT_READY (E26); over 3 months →
        VISA_REQUIRED long stay (E27); a receipt does not count (E28); current: 90 days in 180
    """
    card = next((d for d in case.facts.documents if _is_schengen_card(case, d)), None)
    if card is None:
        return None
    limit = case.law.need("EX-14", "longest_stay")
    outcome, code, visa = _judge_card(case, card, limit)
    return Answer(
        outcome=outcome,
        code=code,
        rule_id="EX-14",
        citation=limit.citation,
        visa_type=visa,
        params={"issuer": case.issuer_of(card), "valid_until": card.valid_until}
        | notes.stay_limit(case, limit),
    )


def schengen_visa(case: TravelCase) -> Answer | None:
    """A Schengen visa of any state opens France while it runs, unless the sticker says otherwise.

    Rule: EX-15
    Source: 003 §3.1; Visa Code annex VII
    Boundaries: ETATS SCHENGEN → EXEMPT (E29); ES → VISA_REQUIRED (E30); (-FR) → VISA_REQUIRED
        (E31); ES,FR → EXEMPT (E32); expired → VISA_REQUIRED (E34)
    """
    visas = [v for v in case.valid(DocumentKind.VISA_C) if case.in_area(case.issuer_of(v))]
    if not visas or not case.fits(case.law.need("EX-17", "longest_short_stay")):
        return None
    opening = next((visa for visa in visas if _opens(case, visa)), None)
    if opening is None:
        return Answer(
            outcome=Outcome.VISA_REQUIRED,
            code="VISA_TERRITORIALLY_LIMITED",
            rule_id="EX-15",
            citation="003 §3.1; Reg. (EC) 810/2009 annex VII",
            visa_type=VisaType.SHORT_STAY,
            params={"territory": visas[0].territory, "destination": case.destination},
        )
    return Answer(
        outcome=Outcome.EXEMPT,
        code="SCHENGEN_VISA",
        rule_id="EX-15",
        citation="003 §3.1",
        params={"issuer": opening.issuer, "valid_until": opening.valid_until},
        beside=(*notes.first_trip(case, opening), *notes.leave_in_time(case, opening)),
    )


def everyone_else(case: TravelCase) -> Answer:
    """Everyone else needs a visa, however short the stay.

    Rule: EX-17
    Source: 003 §1.1 (agreement of 1968, art. 9; Reg. 539/2001)
    Boundaries: 10 days → short stay (E01); 6 months → long stay (E02); 1 Jul to 30 Sep is
        exactly 3 months → short (E03), but 92 days → long today (E04)
    """
    limit = case.law.need("EX-17", "longest_short_stay")
    transit = case.facts.transit is not None
    if transit:
        visa: VisaType | None = VisaType.SHORT_STAY
    elif case.facts.exit is None:
        visa = None
    else:
        visa = VisaType.SHORT_STAY if case.fits(limit) else VisaType.LONG_STAY
    return Answer(
        outcome=Outcome.VISA_REQUIRED,
        code="TRANSIT_LEAVES_ZONE" if transit else "DEFAULT",
        rule_id="EX-03" if transit else "EX-17",
        citation="Schengen Borders Code; 001" if transit else limit.citation,
        visa_type=visa,
        params=notes.stay_limit(case, limit),
        beside=(
            *(() if visa else notes.length_unknown(case, limit)),
            *notes.other_passport(case),
        ),
    )


Rule = Callable[[TravelCase], Answer | None]

# EX-10 and EX-16 give no answer of their own: they stand inside return_visa and schengen_visa.
# The D visa is asked before the return visa: EX-10 lets it win over a first receipt.
ORDER: tuple[Rule, ...] = (
    french_national,
    other_nationality,
    outside_area,
    airport_transit,
    passport_not_valid,
    official_passport_to_france,
    diplomatic_passport_elsewhere,
    overseas,
    residence_card,
    renewal_receipt,
    minor_paper,
    minor_with_adult_card,
    young_adult_with_dcem,
    long_stay_visa,
    return_visa,
    card_of_other_state,
    schengen_visa,
    everyone_else,
)


def check_visa_requirement(facts: TravelFacts, law: Law) -> Verdict:
    """Answer whether the traveller needs a visa, under the law of the day of entry.

    Results: ``code``; ``visa_type`` if a visa is needed and the length of the stay is known.
    Raises FactError, naming the field, for facts that no rule can judge.
    """
    case = TravelCase(facts.checked(), law)
    answer = first_answer(case)
    results: dict[str, Any] = {"code": answer.code}
    if answer.visa_type is not None:
        results["visa_type"] = answer.visa_type
    return Verdict(
        outcome=answer.outcome,
        findings=(_main_finding(case, answer), *answer.beside),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results=results,
        used=(*law.used, *case.lists.used),
    )


def first_answer(case: TravelCase) -> Answer:
    """Return the answer of the first rule that has one."""
    return next(answer for rule in ORDER if (answer := rule(case)) is not None)


def _main_finding(case: TravelCase, answer: Answer) -> Finding:
    params = {"entry": case.entry, "destination": case.destination} | answer.params
    return Finding(answer.code, WEIGHT[answer.outcome], answer.rule_id, answer.citation, params)


# --- what several rules ask ---------------------------------------------------------------------


def _official_exemption(case: TravelCase, state: str) -> ParameterRow | None:
    """Return the row that lets this diplomatic or service passport into `state`, if any."""
    kind = case.facts.passport.type if case.facts.passport else PassportType.ORDINARY
    if kind is PassportType.ORDINARY:
        return None
    row = case.lists.row(f"{kind}_exemption", state)
    return row if row is not None and row.value else None


def _official_answer(case: TravelCase, exemption: ParameterRow, limit: ParameterRow) -> Answer:
    fits = case.fits(limit)
    over = f"{exemption.value.partition('_')[0]}_OVER_3_MONTHS"
    return Answer(
        outcome=Outcome.EXEMPT if fits else Outcome.VISA_REQUIRED,
        code=exemption.value if fits else over,
        rule_id=exemption.rule,
        citation=exemption.citation,
        visa_type=None if fits else VisaType.LONG_STAY,
        params=notes.stay_limit(case, limit),
    )


def _counts_overseas(case: TravelCase, document: Document) -> bool:
    return case.in_area(case.issuer_of(document)) and not case.returns_elsewhere_only(document)


def _is_schengen_card(case: TravelCase, document: Document) -> bool:
    """Tell whether a paper is a valid card of a Schengen state; receipts never are (EX-14)."""
    kinds = {DocumentKind.SCHENGEN_RESIDENCE_CARD}
    if case.destination != FRANCE:
        kinds |= {DocumentKind.FR_RESIDENCE_CARD, DocumentKind.DCEM, DocumentKind.TIR}
    return (
        document.kind in kinds
        and case.is_valid(document)
        and case.in_area(case.issuer_of(document))
    )


def _judge_card(
    case: TravelCase, card: Document, limit: ParameterRow
) -> tuple[Outcome, str, VisaType | None]:
    if case.issuer_of(card) == case.destination:
        return Outcome.EXEMPT, "DESTINATION_STATE_CARD", None
    if not case.fits(limit):
        return Outcome.VISA_REQUIRED, "OTHER_STATE_CARD_OVER_3_MONTHS", VisaType.LONG_STAY
    if not case.facts.proves_purpose_conditions_means:
        return Outcome.NOT_READY, "OTHER_STATE_CARD_PROOFS_MISSING", None
    return Outcome.EXEMPT, "OTHER_STATE_RESIDENCE_CARD", None


def _opens(case: TravelCase, visa: Document) -> bool:
    field = f"{case.field_of(visa)}.territory"
    return read_sticker(visa.territory, field, case.lists).covers(case.destination, case.lists)
