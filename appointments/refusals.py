"""Why an appointment cannot be booked, moved or cancelled: each with its rule and a way on."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class SlotTaken(Refused):
    """The last seat went to somebody else, or the slot is not open any more."""

    code = "SLOT_TAKEN"
    message = _("This time was taken while you were choosing. Nothing was booked for you.")
    remedy = _("Choose one of the next free times below.")


class SlotUnknown(Refused):
    """The slot does not exist, or belongs to another mission or service."""

    code = "SLOT_UNKNOWN"
    message = _("This time does not belong to your application. Nothing was booked.")
    remedy = _("Choose one of the free times below.")


class AlreadyBooked(Refused):
    """The application already holds a seat."""

    code = "ALREADY_BOOKED"
    rule_id = "AT-03"
    message = _(
        "This application already has an appointment. An appointment cannot be changed, "
        "only cancelled."
    )
    remedy = _("To choose another time, cancel the appointment first.")


class TravellerAlreadyBooked(Refused):
    """The same traveller holds a seat for the same state through another application."""

    code = "TRAVELLER_ALREADY_BOOKED"
    rule_id = "RD-09"
    message = _(
        "The holder of this passport already has an appointment for this state. "
        "Each traveller can hold one."
    )
    remedy = _("Keep that appointment, or cancel it before you book another one.")


class NotReadyToBook(Refused):
    """The application is a draft, or already with the authority."""

    code = "NOT_READY_TO_BOOK"
    message = _("No appointment can be booked for this application at the moment.")
    remedy = _("Open the application to see what it needs.")


class ApplicationChanged(Refused):
    """The application was changed by somebody else in the moment of booking."""

    code = "APPLICATION_CHANGED"
    message = _("This application was changed in the meantime. Nothing was booked.")
    remedy = _("Open the application, check it, and book again.")


class NoAdjacentSeats(Refused):
    """The slot and those right after it have no room for everybody."""

    code = "NO_ADJACENT_SEATS"
    rule_id = "AP-01"
    message = _("There are not enough places next to each other at this time. Nothing was booked.")
    remedy = _("Choose another time below: only times with room for all of you are shown.")


class WalkInOnly(Refused):
    """A retiree card is handed in without an appointment."""

    code = "WALK_IN"
    rule_id = "RD-01"
    message = _("You do not need an appointment: retiree cards are handed in without one.")
    remedy = _("Go to the centre during its opening hours with your papers.")


class TooLateToCancel(Refused):
    """The appointment has begun."""

    code = "TOO_LATE_TO_CANCEL"
    message = _("This appointment has already begun, so it cannot be cancelled here.")
    remedy = _("If you could not come, book a new appointment once the centre has closed this one.")


class NotBegun(Refused):
    """Nobody can have missed what is still to come."""

    code = "NOT_BEGUN"
    message = _("This appointment has not begun yet, so nobody can have missed it.")
    remedy = _("Cancel it for the centre if it cannot take place.")


class SeatsTaken(Refused):
    """More seats are taken than a slot would have left."""

    code = "SEATS_TAKEN"
    message = _("More places of this time are taken by now than would be left.")
    remedy = _("Load the page again and choose a higher number.")


class HoursChanged(Refused):
    """The hours or the bookings changed since the comparison was shown."""

    code = "HOURS_CHANGED"
    message = _("Somebody booked, or changed the hours, since this comparison was made.")
    remedy = _("Look at the new comparison below and apply it again.")


class AnotherPerson(Refused):
    """What is called a typing error would give the appointment to somebody else."""

    code = "ANOTHER_PERSON"
    rule_id = "AT-03"
    message = _("This reads like another person, not like a typing error. Nothing was changed.")
    remedy = _("Cancel the appointment; the other person can book one.")


class CorrectionNeedsReason(Refused):
    """A correction at the desk without a word on why."""

    code = "CORRECTION_NEEDS_REASON"
    rule_id = "AT-03"
    message = _("A correction needs a reason: it stays with the appointment.")
    remedy = _("Write in one sentence what was mistyped.")


class NothingCorrected(Refused):
    """The correction says what was there already."""

    code = "NOTHING_CORRECTED"
    message = _("Nothing differs from what is there already.")
    remedy = _("Change what was mistyped.")
