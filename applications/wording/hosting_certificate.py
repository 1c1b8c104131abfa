"""Sentences of the host's undertaking (HO-01 to HO-09)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

_MEANS = {
    "proven": _("You prove your own means, so you may hand in the undertaking or not."),
    "partly": _("You prove only part of the means, so the undertaking is needed."),
    "none": _("You prove no means of your own, so the undertaking is needed."),
}


def _because(own_means: object) -> str:
    return str(_MEANS[str(own_means)])


HOSTING_CERTIFICATE = {
    "STALE": Wording(
        _(
            "The undertaking was confirmed on %(confirmed)s. It could be handed in until "
            "%(last_deposit_date)s, %(months)s months later, and not on %(deposit)s."
        ),
        _("Ask your host to have a new undertaking confirmed: their means may have changed."),
    ),
    "DEPOSITED_BEFORE_CONFIRMATION": Wording(
        _("The undertaking is handed in on %(deposit)s, before its confirmation on %(confirmed)s."),
        _("Compare the date of confirmation with the paper."),
    ),
    "NOT_ORIGINAL": Wording(
        _("Only the original is taken, not a copy."),
        _("Have the original sent to you, bring it to the appointment, and carry it on the trip."),
    ),
    "DOES_NOT_COVER_WHOLE_STAY": Wording(
        _(
            "You stay from %(stay_first)s to %(stay_last)s. The undertaking covers %(cover_first)s "
            "to %(cover_last)s, which is not the whole stay."
        ),
        _("Ask your host for an undertaking that covers every day."),
    ),
    "COVER_NOT_STATED": Wording(
        _("For a long stay the days of the stay and the days covered are needed."),
        _("Enter both."),
    ),
    "DATE_OUT_OF_RANGE": Wording(
        _("One of the dates is too far away."), _("Compare the dates with the paper.")
    ),
    "DECISION_AFTER_SIX_MONTHS": Wording(
        _(
            "The decision is expected on %(expected_decision)s, after %(last_day)s. Today's "
            "practice asks that the visa be issued within %(months)s months of the declaration."
        ),
        _("Ask your host for a newer undertaking, or hand in the application earlier."),
    ),
    "CERTIFICATE_REQUIRED": Wording(_("%(own_means)s"), says={"own_means": _because}),
    "CERTIFICATE_OPTIONAL": Wording(_("%(own_means)s"), says={"own_means": _because}),
    "LAST_DAY_IS_CLOSED": Wording(
        _(
            "The last day, %(last_deposit_date)s, is not a working day, and the term is not "
            "extended. Book an appointment by %(last_working_day)s."
        )
    ),
    "DOES_NOT_PROVE_RETURN": Wording(
        _(
            "The undertaking does not prove that you will return. Show your ties: family, work, "
            "property."
        )
    ),
}
