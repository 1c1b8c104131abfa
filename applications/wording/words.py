"""Words for the codes that rules answer with: papers, purposes, reasons, units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import Purpose
from portal.countries import country_name

Text = str | Promise


def word(words: Mapping[str, Text]) -> Callable[[Any], Text]:
    """Return what says a code in words; a code without a word raises KeyError."""
    return lambda code: words[str(code)]


# ICAO codes of persons without the nationality of a state.
WITHOUT_STATE: dict[str, Text] = {
    "XXA": _("Stateless"),
    "XXB": _("Refugee"),
    "XXC": _("Refugee by another status"),
    "XXX": _("Unknown nationality"),
}


def country(code: Any) -> Text:
    """Return a country in words."""
    return WITHOUT_STATE.get(str(code)) or country_name(str(code))


COUNTRY = country


UNITS: dict[str, Text] = {
    "days": _("days"),
    "months": _("months"),
    "years": _("years"),
    "euros": _("euros"),
    "pages": _("pages"),
    "persons": _("persons"),
}

TRAVEL_PAPERS: dict[str, Text] = {
    "fr_residence_card": _("French residence card"),
    "renewal_receipt": _("receipt for the renewal of a French residence card"),
    "first_receipt": _("receipt of a first application for a French residence card"),
    "dcem": _("travel document for a foreign minor (DCEM)"),
    "tir": _("republican identity title of a minor (TIR)"),
    "visa_d": _("long-stay visa (type D)"),
    "visa_c": _("Schengen visa (type C)"),
    "schengen_residence_card": _("residence card of another Schengen state"),
    "schengen_receipt": _("receipt for a residence card of another Schengen state"),
}

NO_RETURN_REASONS: dict[str, Text] = {
    "lost": _("a paper that was lost or stolen cannot be shown"),
    "first_receipt": _("the receipt of a first application does not allow return"),
    "expired": _("a paper has expired by the day of entry"),
    "not_yet_valid": _("a paper is not valid yet on the day of entry"),
    "mayotte_only": _("a DCEM issued in Mayotte only allows return to Mayotte"),
    "receipt_without_card": _("the receipt counts only together with the expired card"),
    "not_for_this": _("a paper does not serve for this journey"),
    "no_paper": _("there is no paper that allows return"),
}

VISA_TYPES: dict[str, Text] = {
    "short_stay": _("Short-stay visa (type C)"),
    "long_stay": _("Long-stay visa (type D)"),
    "return": _("Return visa"),
    "airport_transit": _("Airport transit visa (type A)"),
}

PURPOSES: dict[str, Text] = {purpose.value: purpose.label for purpose in Purpose}

CATEGORIES: dict[str, Text] = {
    "employee": _("Employed"),
    "trader": _("Trader or craftsperson"),
    "self_employed": _("Self-employed"),
    "student": _("Pupil or student"),
    "retired": _("Retired"),
    "no_occupation": _("Without occupation"),
    "minor": _("Minor"),
    "other": _("Other"),
}

HEADINGS: dict[str, Text] = {
    "always": _("For every application"),
    "purpose": _("Purpose of the journey"),
    "lodging": _("Lodging"),
    "means": _("Means for the stay and the return"),
    "ties": _("Intention to leave before the visa expires"),
}

PAPERS: dict[str, Text] = {
    "form": _("application form, signed"),
    "passport": _("passport"),
    "photo": _("photo"),
    "insurance": _("travel insurance"),
    "fee": _("visa fee"),
    "proof_of_earlier_stay": _("proof of the stay on the earlier visa"),
    "explanation_of_unused_visa": _("explanation why the earlier visa was not used"),
    "itinerary": _("itinerary"),
    "invitation": _("invitation"),
    "kinship_proof": _("proof of kinship"),
    "company_invitation": _("invitation of the company"),
    "business_links": _("proof of the business relation"),
    "event_registration": _("invitation or registration for the event"),
    "hospital_letter": _("letter of the hospital"),
    "enrolment": _("enrolment"),
    "civil_status": _("civil status documents"),
    "authority_approval": _("approval of the prefecture or authority"),
    "admission_or_contract": _("admission or contract"),
    "booking": _("booking of a lodging"),
    "host_lodging": _("proof that the host offers lodging"),
    "hosting_certificate": _("undertaking of the host"),
    "company_lodging": _("lodging paid by the company"),
    "hospital_lodging": _("stay in the hospital"),
    "lodging_means": _("means to pay for lodging"),
    "rental_or_residence_hall": _("lease or place in a residence hall"),
    "bank_statements": _("bank statements of the last three months"),
    "cash_or_card": _("cash or bank card"),
    "employer_cover": _("employer's promise to pay"),
    "host_company_cover": _("host company's promise to pay"),
    "payment_proof": _("proof of payment for the treatment"),
    "scholarship": _("scholarship"),
    "sponsor_means": _("means of the sponsor"),
    "means_whole_stay": _("means for the whole stay"),
    "work_certificate": _("certificate of work"),
    "work_contract": _("work contract"),
    "pay_slips": _("last three pay slips"),
    "social_security": _("affiliation to the social security"),
    "trade_register": _("entry in the trade register"),
    "school_certificate": _("school certificate"),
    "pension_statement": _("pension statement"),
    "family_ties": _("proof of family ties"),
    "property": _("proof of property"),
    "other_tie": _("other proof of ties in Algeria"),
    "return_ticket": _("return ticket"),
    "visa": _("visa"),
    # what the border asks for again (DO-08)
    "purpose": _("proof of the purpose"),
    "lodging": _("proof of lodging"),
    "means": _("proof of means"),
    "return": _("proof of the return journey"),
}

CHANNELS: dict[str, Text] = {
    "appointment": _("at the appointment"),
    "upload": _("by upload"),
    "post": _("by post"),
    "email": _("by e-mail"),
}

RISKS: dict[str, Text] = {
    "repatriation": _("repatriation"),
    "urgent_care": _("urgent care"),
    "hospital": _("hospital treatment"),
    "death": _("death"),
}

APPEAL_BODIES: dict[str, Text] = {
    "remonstration": _("the embassy that refused the visa (remonstration)"),
    "Verwaltungsgericht Berlin": _("the administrative court of Berlin (Verwaltungsgericht)"),
    "Bundespolizei": _("the German Federal Police (Bundespolizei)"),
    "sous-directeur des visas": _("the deputy director for visas (sous-directeur des visas)"),
    "CRRV": _("the commission of appeals against visa refusals (CRRV)"),
}


def appeal_body(body: Any) -> Text:
    """Return an appeal body in words; a body that is new in the data is shown as it stands."""
    return APPEAL_BODIES.get(str(body), str(body))
