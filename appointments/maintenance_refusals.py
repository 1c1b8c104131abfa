"""Why a maintenance is not planned, announced, or changed, in words to act on (RD-04…06)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class NoWindows(Refused):
    """A maintenance without hours, or without a centre."""

    code = "NO_WINDOWS"
    rule_id = "RD-04"
    message = _("A maintenance needs at least one centre and one row of hours.")
    remedy = _("Choose the centres, and enter from when until when they close.")


class WindowEndsFirst(Refused):
    """Hours whose end is not after their start."""

    code = "WINDOW_ENDS_FIRST"
    rule_id = "RD-04"
    message = _("The hours from %(start)s on end before they start.")
    remedy = _("Correct the hours. The end itself is outside: at that minute all is open again.")


class TooManyWindows(Refused):
    """A recurrence that goes on for longer than anybody plans."""

    code = "TOO_MANY_WINDOWS"
    rule_id = "RD-04"
    message = _("These would be more than %(most)s windows for one centre.")
    remedy = _("Let the recurrence end earlier, and plan the rest later.")


class WindowsOverlap(Refused):
    """Two windows of one centre share some time."""

    code = "WINDOWS_OVERLAP"
    rule_id = "RD-04"
    message = _("Two maintenance windows of one centre would overlap.")
    remedy = _("Look at the windows announced for this centre, and extend or shorten one of them.")


class WindowIsOver(Refused):
    """A window that lies wholly in the past."""

    code = "WINDOW_IS_OVER"
    rule_id = "RD-04"
    message = _("The hours from %(start)s on are over already: nobody can be told beforehand.")
    remedy = _("Plan the maintenance again with hours that are still to come.")


class ToldTooLate(Refused):
    """An announcement that people would see only after it began."""

    code = "TOLD_TOO_LATE"
    rule_id = "RD-06"
    message = _("People would see it only from %(told)s on, after it has begun.")
    remedy = _("Show it earlier, or leave the field empty to show it at once.")


class NotEarlier(Refused):
    """A new end that does not shorten the hours, or lies in the past."""

    code = "NOT_EARLIER"
    rule_id = "RD-04"
    message = _("The new end must lie between now and the old end, %(end)s.")
    remedy = _("To give up hours that have not begun, call the maintenance off.")


class NotLater(Refused):
    """A new end that does not extend the hours, or hours that are over."""

    code = "NOT_LATER"
    rule_id = "RD-04"
    message = _("The new end must lie after the old one, %(end)s, which is not over yet.")
    remedy = _("Plan another maintenance for hours that come later.")


class NotInForce(Refused):
    """Hours that were never announced, or are given up."""

    code = "NOT_IN_FORCE"
    rule_id = "RD-04"
    message = _("These hours are not announced, or were given up meanwhile. Nothing was changed.")
    remedy = _("Load the page again to see how the maintenance stands.")


class NothingLeftToCallOff(Refused):
    """All hours of the maintenance are over."""

    code = "NOTHING_LEFT_TO_CALL_OFF"
    rule_id = "RD-04"
    message = _("All hours of this maintenance are over, so nothing is left to call off.")
    remedy = _("What took place stays in the record.")


class DrawHoldsTheseTimes(Refused):
    """Places in these hours are promised to those who took part in a draw that has closed."""

    code = "DRAW_HOLDS_THESE_TIMES"
    rule_id = "RD-08"
    message = _("The draw of %(centre)s for %(days)s has closed and holds places in these hours.")
    remedy = _(
        "Wait until it is settled, call it off as long as its value is not known, or choose hours "
        "without its days."
    )


class TimeInMaintenance(Refused):
    """A time that lies in an announced maintenance window."""

    code = "TIME_IN_MAINTENANCE"
    rule_id = "RD-06"
    message = _("This time lies in an announced maintenance, so nothing can be booked in it.")
    remedy = _("Choose one of the other free times.")


class SeatsInMaintenance(Refused):
    """Staff open seats of a time in an announced maintenance window."""

    code = "SEATS_IN_MAINTENANCE"
    rule_id = "RD-06"
    message = _("This time lies in an announced maintenance: no place of it can open.")
    remedy = _("Leave as many released as are taken, or shorten the maintenance first.")
