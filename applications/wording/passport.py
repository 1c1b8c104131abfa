"""Sentences of the passport rules (PA-01 to PA-13)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

_RENEW = _(
    "Ask the authority that issued it for a new passport before you hand in the application."
)
_LATER = _("Renew the passport, so that it is valid at least until %(threshold)s.")
_CHECK_INPUT = _("Compare the answer with the passport and correct it.")

PASSPORT = {
    "BLANK_PAGES": Wording(
        _("Blank pages in the passport: %(pages)s. At least %(needed)s are needed."), _RENEW
    ),
    "ISSUED_10Y_OR_MORE": Wording(
        _(
            "The passport was issued on %(issued)s. On the day you hand in the application it "
            "must be less than %(years)s years old, even if it is still valid."
        ),
        _RENEW,
    ),
    "PASSPORT_EXPIRED": Wording(
        _("The passport expired on %(expiry)s, before the day you hand in the application."),
        _RENEW,
    ),
    "VALIDITY_SHORT_3M": Wording(
        _(
            "The passport is valid until %(expiry)s. It must be valid for %(months)s months after "
            "your last departure on %(counted_from)s, that is until %(threshold)s."
        ),
        _("Renew the passport, or leave earlier, if your plans allow it."),
    ),
    "VALIDITY_SHORT_BEFORE_DEPARTURE": Wording(
        _(
            "The passport expires on %(expiry)s, before your last departure on %(counted_from)s. "
            "It must be valid until %(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_LONG_8M": Wording(
        _(
            "The passport is valid until %(expiry)s. For a long stay it must be valid for "
            "%(months)s months from the day you hand in the application, that is until "
            "%(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_FAMILY_12M": Wording(
        _(
            "The passport is valid until %(expiry)s. For family reunification it must be valid "
            "for %(months)s months from the day you hand in the application, that is until "
            "%(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_RETURN_4M": Wording(
        _(
            "The passport is valid until %(expiry)s. For a return visa it must be valid for "
            "%(months)s months from the day you hand in the application, that is until "
            "%(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_OTHER_14M": Wording(
        _(
            "The passport is valid until %(expiry)s. For the one-year long-stay visa it must be "
            "valid for %(months)s months from the day you hand in the application, that is until "
            "%(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_OTHER_12M_AFTER_ARRIVAL": Wording(
        _(
            "The passport is valid until %(expiry)s. For the one-year long-stay visa it must be "
            "valid for %(months)s months from your arrival on %(counted_from)s, that is until "
            "%(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_LONG_6M_AT_ISSUE": Wording(
        _(
            "The passport is valid until %(expiry)s. When a long-stay visa is issued, it must be "
            "valid for another %(months)s months, that is until %(threshold)s."
        ),
        _LATER,
    ),
    "VALIDITY_LONG_3M_AFTER_VISA_END": Wording(
        _(
            "The passport is valid until %(expiry)s. It must be valid for %(months)s months after "
            "the end of the visa on %(counted_from)s, that is until %(threshold)s."
        ),
        _LATER,
    ),
    "CONDITION_FILM": Wording(
        _("The transparent film over the photo is missing or lifted."),
        _("Ask the authority that issued the passport to secure it again."),
    ),
    "CONDITION_LAMINATED": Wording(
        _("The passport was laminated in a shop. That makes it invalid."),
        _("Ask the authority that issued it for a new passport."),
    ),
    "CONDITION_ALTERED": Wording(
        _("Something in the passport was scratched, erased or corrected."),
        _("Ask the authority that issued it for a new passport."),
    ),
    "URGENCY_DEROGATION_POSSIBLE": Wording(
        _(
            "For a justified urgency the consulate may accept a shorter validity. It never does "
            "so by itself, and for nothing but the validity."
        ),
        _("Bring proof of the urgency. The consulate must agree before the file is taken."),
    ),
    "RULE_NOT_STATED_FOR_OTHER_NATIONALITIES": Wording(
        _(
            "The published rules do not say how long the passport of another nationality must be "
            "valid for this visa."
        ),
        _("Ask the consulate before you book."),
    ),
    "RULE_NOT_STATED_FOR_THIS_STATE": Wording(
        _("The sources do not say how long the passport must be valid for this visa there."),
        _("Ask the consulate before you book."),
    ),
    "ISSUED_10Y_AT_ENTRY": Wording(
        _(
            "On %(anniversary)s the passport will be %(years)s years old, before your entry on "
            "%(entry)s. At the border it must be younger."
        ),
        _("Travel before that day, or travel with a new passport."),
    ),
    "WAITS_FOR_CONSULATE": Wording(
        _("The counter does not take the file until the consulate has said yes.")
    ),
    "NOT_ACCEPTED_IS_NOT_REFUSED": Wording(
        _(
            "A file that the counter does not accept is not refused: no decision is taken, and "
            "you may book again with a passport that meets the rules."
        )
    ),
    "PAPERS_AND_FEE_RETURNED": Wording(
        _("If the file is not admissible, your papers are given back and the fee is refunded.")
    ),
    "SPOUSE_NAME_ACCEPTED": Wording(
        _(
            "The name of a spouse printed in the passport is accepted as it is. You need to do "
            "nothing about it."
        )
    ),
    "VALIDITY_SHORT_OF_VISA_END": Wording(
        _(
            "If you ask for a visa that ends on %(visa_end)s, a passport valid until "
            "%(threshold)s is safer: some read the rule from the end of the visa."
        )
    ),
    "PASSPORT_LIFETIME_UNUSUAL": Wording(
        _("A passport issued on %(issued)s and valid until %(expiry)s is unusual."), _CHECK_INPUT
    ),
    "INVALID_DATES": Wording(
        _(
            "The dates of the passport cannot be right: it must be issued before it is handed "
            "in, and expire after it was issued."
        ),
        _CHECK_INPUT,
    ),
    "DATE_OUT_OF_RANGE": Wording(_("One of the dates is too far away."), _CHECK_INPUT),
    "DEPARTURE_DATE_MISSING": Wording(
        _("The day of your last departure is missing."), _("Enter when you plan to leave.")
    ),
    "DEPARTURE_BEFORE_FILING": Wording(
        _("Your departure is planned before the day you hand in the application."),
        _("Check both dates."),
    ),
    "ARRIVAL_DATE_MISSING": Wording(
        _("The day of your arrival is missing."), _("Enter when you plan to arrive.")
    ),
    "VISA_END_MISSING": Wording(
        _("The last day of the visa you ask for is missing."), _("Enter until when you need it.")
    ),
    "VISA_ISSUE_DATE_MISSING": Wording(
        _("The day on which the visa is issued is missing."), _("Enter that day.")
    ),
    "INVALID_BLANK_PAGES": Wording(_("The number of blank pages cannot be right."), _CHECK_INPUT),
}
