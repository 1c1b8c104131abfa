"""Sentences of the remedies and their deadlines (RC-03 to RC-06)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .words import UNITS, appeal_body, word

_SAYS = {"body": appeal_body, "unit": word(UNITS)}
_CHECK = _("Look at the paper you received.")

APPEAL = {
    "APPEAL_UNTIL": Wording(
        _(
            "You were notified on %(notified)s and have %(period)s %(unit)s. The appeal goes to "
            "%(body)s and must arrive there by %(last_day)s."
        ),
        says=_SAYS,
    ),
    "DEADLINE_PASSED": Wording(
        _(
            "You were notified on %(notified)s and had %(period)s %(unit)s for an appeal to "
            "%(body)s. The last day was %(last_day)s."
        ),
        _("You may make a new application at any time."),
        says=_SAYS,
    ),
    "PAPER_PREVAILS": Wording(
        _("The paper you received prevails, if it names another authority or another day.")
    ),
    "MOVED_TO_WORKING_DAY": Wording(
        _(
            "The term ends on %(nominal_deadline)s, which is not a working day there. The last "
            "day is therefore %(last_day)s."
        )
    ),
    "TO_FEDERAL_POLICE_NOT_EMBASSY": Wording(
        _(
            "Write to the German Federal Police, not to the embassy: against the refusal of "
            "entry, or to have the annulment of the visa and the entry ban lifted."
        )
    ),
    "SEND_EARLIER": Wording(
        _("Send it so that it arrives well before %(last_day)s: courts count these days strictly.")
    ),
    "NEW_APPLICATION_ANY_TIME": Wording(_("You may make a new application at any time.")),
    "SILENCE_IS_REJECTION": Wording(
        _(
            "No answer within %(months)s months means that the appeal is rejected. Then you can "
            "go to court: %(court)s."
        )
    ),
    "NOTIFICATION_DATE_MISSING": Wording(
        _("Without the day on which you were told of the refusal nothing can be computed."),
        _("Look for this day on the paper or its envelope and enter it."),
    ),
    "NOTIFIED_IN_FUTURE": Wording(_("This day lies in the future."), _CHECK),
    "VISA_CLASS_MISSING": Wording(
        _("In France the way to appeal depends on the length of the visa."),
        _("Choose the visa that was refused."),
    ),
    "DATE_OUT_OF_RANGE": Wording(_("This day is too far away."), _CHECK),
}

# Beside a decision nobody is asked for a day: the day is what the consulate recorded.
DECISION_REMEDIES = APPEAL | {
    "NOTIFICATION_DATE_MISSING": Wording(
        _(
            "The time to appeal runs from the day on which the decision is handed to you. That "
            "day is not recorded yet, so no last day can be told."
        ),
        _("Read the paper you receive with the decision, and note the day you received it."),
    ),
    "REMEDY_ON_THE_PAPER": Wording(
        _("Who decides on an appeal against this, and until when, is named on the paper you get."),
        _("Look for the part about remedies on that paper, and keep the day you received it."),
    ),
}
