"""Sentences of the visa wizard (EX-01 to EX-17)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import COUNTRY, NO_RETURN_REASONS, TRAVEL_PAPERS, word

_STATES = {
    "destination": COUNTRY,
    "issuer": COUNTRY,
    "state": COUNTRY,
    "states": COUNTRY,
    "airports": COUNTRY,
    "nationalities": COUNTRY,
    "territory": COUNTRY,
}
_ASK_CONSULATE = _("Ask the consulate of the destination before you travel.")
_CARRY = _("Carry this paper and your passport on the journey.")
_APPLY_SHORT = _("Apply for a short-stay visa before you travel.")
_APPLY_LONG = _("Apply for a long-stay visa, or shorten the stay to %(last_day)s at the latest.")
_LEAVE_BY = _("Leave on %(last_day)s at the latest.")

EXEMPT = {
    "AIRPORT_TRANSIT": Wording(
        _("You change planes without leaving the international zone. That needs no visa."),
        _("Stay in the zone. A hotel outside or a change of airport would need a visa."),
    ),
    "DIPLOMATIC_PASSPORT": Wording(
        _("A valid Algerian diplomatic passport opens France without a visa for a short stay."),
        _LEAVE_BY,
    ),
    "DIPLOMATIC_PASSPORT_DE": Wording(
        _(
            "A valid Algerian diplomatic passport opens Germany without a visa for a short stay "
            "without paid work."
        ),
        _LEAVE_BY,
    ),
    "SERVICE_PASSPORT": Wording(
        _("A valid Algerian service passport opens France without a visa for a short stay."),
        _LEAVE_BY,
    ),
    "OVERSEAS_RESIDENCE_HOLDER": Wording(
        _("You hold: %(kind)s, valid until %(valid_until)s. It opens this territory."),
        _CARRY,
        says={"kind": word(TRAVEL_PAPERS)},
    ),
    "FR_RESIDENCE_CARD": Wording(
        _(
            "Your French residence card is valid until %(valid_until)s, that day included. It "
            "allows you to return without a visa."
        ),
        _CARRY,
    ),
    "RENEWAL_RECEIPT_WITH_EXPIRED_CARD": Wording(
        _(
            "The renewal receipt, valid until %(valid_until)s, and the expired card together "
            "replace the residence card."
        ),
        _("Carry both, and your passport. The receipt alone is not enough."),
    ),
    "DCEM": Wording(
        _("The child's DCEM is valid until %(valid_until)s and allows the return to France."),
        _("The child also needs a valid passport of their own."),
    ),
    "TIR": Wording(
        _("The child's TIR is valid until %(valid_until)s and allows the return to France."),
        _("The child also needs a valid passport of their own."),
    ),
    "VISA_D": Wording(
        _(
            "Your long-stay visa is valid until %(valid_until)s. Until then you may enter as "
            "often as you want, without another visa."
        ),
        _CARRY,
    ),
    "DESTINATION_STATE_CARD": Wording(
        _("You hold a residence card of the country you travel to, valid until %(valid_until)s."),
        _CARRY,
    ),
    "OTHER_STATE_RESIDENCE_CARD": Wording(
        _(
            "Your residence card of another Schengen state is valid until %(valid_until)s. With "
            "proof of purpose, conditions and means it opens a short stay without a visa."
        ),
        _LEAVE_BY,
    ),
    "SCHENGEN_VISA": Wording(
        _("Your Schengen visa is valid until %(valid_until)s. You need no other visa."),
        _CARRY,
    ),
}

REQUIRED = {
    "AIRPORT_TRANSIT_VISA": Wording(
        _("This country asks Algerian nationals for a visa even in its airports: %(state)s."),
        _("Apply for an airport transit visa, or change planes elsewhere."),
    ),
    "TRANSIT_LEAVES_ZONE": Wording(
        _(
            "You leave the international zone, or fly from one Schengen state to another. That "
            "is an entry, and it needs an ordinary visa."
        ),
        _APPLY_SHORT,
    ),
    "DIPLOMATIC_OVER_3_MONTHS": Wording(
        _("Without a visa a diplomatic passport allows a stay until %(last_day)s."), _APPLY_LONG
    ),
    "SERVICE_OVER_3_MONTHS": Wording(
        _("Without a visa a service passport allows a stay until %(last_day)s."), _APPLY_LONG
    ),
    "RETURN_VISA": Wording(
        _("You live in France and need a return visa: %(reasons)s."),
        _("Apply for a return visa at the consulate."),
        says={"reasons": word(NO_RETURN_REASONS)},
    ),
    "OTHER_STATE_CARD_OVER_3_MONTHS": Wording(
        _("With a residence card of another Schengen state you may stay until %(last_day)s."),
        _APPLY_LONG,
    ),
    "VISA_TERRITORIALLY_LIMITED": Wording(
        _("The sticker of your visa says “%(territory)s”. That does not include: %(destination)s."),
        _("Apply for a visa that is valid there."),
        says={"destination": COUNTRY},
    ),
    "DEFAULT": Wording(
        _("Algerian nationals need a visa for this journey, however short it is."),
        _("Apply before you travel, at the post of the country you mainly visit."),
    ),
}

OTHERWISE = {
    "DUAL_NATIONAL": Wording(
        _(
            "You are a French national. On entering France you show a French passport or "
            "identity card, even if you left Algeria on the Algerian passport."
        ),
        _("Do not apply for a visa. Ask the French consulate for a French document."),
    ),
    "FRENCH_NATIONAL": Wording(
        _("You are a French national. On entering France you show a French document."),
        _("Do not apply for a visa. Ask the French consulate for a French document."),
    ),
    "PASSPORT_NOT_VALID": Wording(
        _("You need a passport that is valid on the day of entry, %(entry)s."),
        _("Renew the passport before you travel."),
    ),
    "OTHER_STATE_CARD_PROOFS_MISSING": Wording(
        _(
            "With a residence card of another Schengen state you must prove the purpose, the "
            "conditions and the means of your stay."
        ),
        _("Collect these proofs and carry them. Without them you may be refused entry."),
    ),
    "OTHER_NATIONALITY": Wording(
        _("The sources here answer for Algerian nationals only, not for: %(nationalities)s."),
        _ASK_CONSULATE,
    ),
    "OUTSIDE_SCHENGEN": Wording(
        _("This country does not belong to the Schengen area on that day: %(destination)s."),
        _("Ask the consulate of that country which visa it needs."),
    ),
    "NO_SCHENGEN_AIRPORT": Wording(
        _("None of the airports lies in the Schengen area on that day."),
        _("Ask the consulates of the countries where you change planes."),
    ),
    "DIPLOMATIC_OTHER_STATE": Wording(
        _(
            "The agreement on diplomatic passports binds France only. The sources do not say "
            "what holds for: %(destination)s."
        ),
        _ASK_CONSULATE,
    ),
    "OVERSEAS_TEXT": Wording(
        _("This territory has rules of its own: %(territory)s. Text: %(order)s."),
        _("Ask the French consulate. A Schengen visa does not open this territory."),
    ),
    "MINOR_WITH_ADULT_CARD": Wording(
        _(
            "The sources know residence cards of adults only. A minor with a card, valid until "
            "%(valid_until)s, must be looked at by a person."
        ),
        _("Ask the French consulate before you book a journey."),
    ),
    "DCEM_HOLDER_18": Wording(
        _(
            "The DCEM is valid until %(valid_until)s, but its holder is of age. Practice differs "
            "from one prefecture to another."
        ),
        _("Ask the French consulate before you book a journey."),
    ),
    "STAY_LENGTH_UNKNOWN": Wording(
        _(
            "You have not said when you leave. A stay until %(last_day)s needs a short-stay visa, "
            "a longer one a long-stay visa."
        ),
        _("Decide how long you want to stay before you apply."),
    ),
}

BESIDE = {
    "FIRST_TRIP_SHOULD_BE_TO_ISSUING_STATE": Wording(
        _(
            "The first journey on a visa for several entries should go to the country that "
            "issued it: %(issuer)s. The border police take it for your main destination."
        ),
        _("Go there first, or be ready to explain your journey at the border."),
    ),
    "VISA_D_LENGTH_UNUSUAL": Wording(
        _(
            "A long-stay visa of an Algerian national is usually valid for %(shortest)s to "
            "%(longest)s months. This one is not."
        ),
        _("Compare both dates with the sticker in the passport."),
    ),
    "TIR_ABOLISHED": Wording(
        _("The TIR is no longer issued. After %(last_day)s hardly any can still be valid."),
        _("Compare the date with the paper, and ask the prefecture for a DCEM."),
    ),
    "VISA_ENDS_BEFORE_EXIT": Wording(
        _("Your visa ends on %(valid_until)s, before you plan to leave on %(exit)s."),
        _("Leave on %(valid_until)s at the latest, or apply for a longer visa."),
    ),
    "SHOW_ITINERARY": Wording(
        _("At the border you may be asked for an itinerary in: %(destination)s.")
    ),
    "SEE_OVERSEAS_TEXT": Wording(
        _("This territory has rules of its own: %(territory)s. Text: %(order)s.")
    ),
    "UNION_DOCUMENT": Wording(
        _(
            "You also hold a nationality that travels freely: %(states)s. Travel on the document "
            "of that country."
        )
    ),
    "OTHER_PASSPORT": Wording(
        _("This answer is for the Algerian passport, not for the one of: %(states)s.")
    ),
    "ADULT_TAKEN_FOR_GRANTED": Wording(
        _("This answer is for somebody of %(age)s years or more. A minor needs other papers.")
    ),
    "FIRST_RECEIPT_NO_RETURN": Wording(
        _(
            "The receipt of a first application never allows the return to France. Do not travel "
            "before you have the card."
        )
    ),
    "NO_DELAY_PROMISED": Wording(
        _("Nobody can promise how long a return visa takes. Do not book before you have it.")
    ),
    "ONE_RETURN_VISA_PER_CHILD": Wording(
        _(
            "Every child needs a return visa of their own. It takes several weeks, because the "
            "prefecture must agree."
        )
    ),
    "SLOW_SEASON": Wording(
        _("In July and August, and from the end of December to early January, it takes longer.")
    ),
    "MAY_HAVE_TO_APPLY_ANEW": Wording(
        _(
            "For a paper that has already expired a return visa may be refused. Then you may "
            "have to apply as a new applicant."
        )
    ),
}

VISA_REQUIREMENT = {
    code: Wording(wording.sentence, wording.remedy, says={**_STATES, **wording.says})
    for table in (EXEMPT, REQUIRED, OTHERWISE, BESIDE)
    for code, wording in table.items()
}
VISA_REQUIREMENT["VISA_TERRITORIALLY_LIMITED"] = REQUIRED["VISA_TERRITORIALLY_LIMITED"]
