"""Sentences of filing: window, decision, fee and biometrics (AP-02 to AP-06, DO-12, DO-13)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

_CHECK = _("Check the dates.")
_FAR = Wording(_("One of the dates is too far away."), _CHECK)

FILING_WINDOW = {
    "FILED_TOO_EARLY": Wording(
        _(
            "On %(filing)s it is too early: an application is taken at most %(months)s months "
            "before the journey, from %(earliest)s on."
        ),
        _("Book an appointment on %(earliest)s or later."),
    ),
    "FILED_AFTER_TRAVEL": Wording(
        _("The application would be handed in on %(filing)s, after the journey on %(travel)s."),
        _("Choose an earlier appointment or a later journey."),
    ),
    "FILED_LATE_NEEDS_URGENCY": Wording(
        _(
            "An application should be handed in %(days)s days before the journey, by %(latest)s. "
            "Later, only a justified urgency helps."
        ),
        _("Choose an earlier appointment, a later journey, or bring proof of the urgency."),
    ),
    "DATE_OUT_OF_RANGE": _FAR,
}

DECISION = {
    "DECISION_WITHIN": Wording(
        _(
            "A short-stay application is answered within %(days)s days, by %(target)s, unless "
            "more checks are needed. Weekends count."
        )
    ),
    "DECISION_AT_MOST": Wording(
        _("With more checks it may take %(days)s days in all, until %(until)s.")
    ),
    "EXTENDED_OR_LATE": Wording(
        _(
            "The usual time is over. The examination was extended or is late; you need to do "
            "nothing before %(until)s."
        )
    ),
    "DECISION_WITHOUT_DELAY": Wording(
        _("In a justified urgency the decision is taken without delay.")
    ),
    "DECISION_USUALLY_BETWEEN": Wording(
        _(
            "A long-stay application depends on the case. It usually takes %(from_months)s to "
            "%(to_months)s months: from %(first)s to %(last)s. That is experience, not a right."
        )
    ),
    "LONGER_THAN_USUAL": Wording(
        _("Your application takes longer than usual. No rule is broken by that.")
    ),
    "NO_CLOCK_BEFORE_ACCEPTANCE": Wording(
        _(
            "The time runs from the day on which the counter accepts your file, not from the day "
            "on which you send a form."
        )
    ),
    "LEGAL_MAXIMUM_PASSED": Wording(
        _("The longest time that the law allows ended on %(on)s."),
        _("Ask the consulate about your application, with its number."),
    ),
    "TODAY_BEFORE_ACCEPTANCE": Wording(
        _("The file cannot be accepted in the future."), _("Enter the day it was accepted.")
    ),
    "DATE_OUT_OF_RANGE": _FAR,
}

FEE = {
    "FEE_ADULT": Wording(_("The visa fee is %(euros)s euros.")),
    "FEE_CHILD": Wording(_("The visa fee for a child of this age is %(euros)s euros.")),
    "FEE_INFANT": Wording(_("For a child of this age the visa costs nothing.")),
    "FEE_ADULT_ASSUMED": Wording(_("No date of birth was given: this is the fee of an adult.")),
    "FEE_NOT_STATED": Wording(_("The sources do not name the fee on that day.")),
    "BORN_AFTER_FILING": Wording(
        _("The date of birth lies after the day of the application."), _CHECK
    ),
    "DATE_OUT_OF_RANGE": _FAR,
}

BIOMETRICS = {
    "FINGERPRINTS_EXEMPT": Wording(_("Children under %(age)s give no fingerprints.")),
    "FINGERPRINTS_REUSED": Wording(
        _(
            "Your fingerprints are still stored. They are used again for applications before "
            "%(before)s."
        )
    ),
    "FINGERPRINTS_COLLECTED": Wording(
        _("%(prints)s fingerprints are taken at the counter, so you come in person.")
    ),
    "INVALID_DATES": Wording(_("The dates contradict each other."), _CHECK),
    "DATE_OUT_OF_RANGE": _FAR,
}
