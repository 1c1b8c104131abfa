"""Why somebody whom the administration moved does not get the time they asked for (RD-07)."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class NoChoice(Refused):
    """Nobody moved this appointment, or its one choice is used or over."""

    code = "NO_CHOICE"
    rule_id = "AT-03"
    message = _("The time of this appointment cannot be changed. Nothing was changed.")
    remedy = _(
        "Another time can be chosen once, after the centre moved an appointment, and within the "
        "time limit. You can still cancel the appointment."
    )


class TimeGone(Refused):
    """The seats went to somebody else, or the time is not open any more."""

    code = "TIME_GONE"
    rule_id = "RD-07"
    message = _("This time was taken while you were choosing. You keep the appointment you have.")
    remedy = _("Choose one of the free times below. Your choice is not used up.")


class SameTime(Refused):
    """The time chosen is the one that everybody concerned has already."""

    code = "SAME_TIME"
    rule_id = "RD-07"
    message = _("You have this time already. Nothing was changed.")
    remedy = _("Choose another time, or keep this one: then there is nothing to do.")


class OfferIsOver(Refused):
    """The old time was not offered, or cannot be taken back any more."""

    code = "OFFER_IS_OVER"
    rule_id = "RD-07"
    message = _("The old time cannot be taken back any more. You keep the appointment you have.")
    remedy = _("The page of the appointment shows the time that holds.")
