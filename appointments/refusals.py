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


class AnnouncedTooLate(Refused):
    """The first window of a plan begins too soon for people to learn of it."""

    code = "ANNOUNCED_TOO_LATE"
    rule_id = "AT-07"
    message = _("The first window begins before %(deadline)s. A plan is announced ahead.")
    remedy = _("Let the first window begin later.")


class WindowsTooLate(Refused):
    """Places would open when their day can no longer be booked."""

    code = "WINDOWS_TOO_LATE"
    rule_id = "AT-07"
    message = _(
        "The last window ends after %(deadline)s, when the first day can no longer be booked."
    )
    remedy = _("Let the windows end earlier, or begin with a later day.")


class NoWindow(Refused):
    """A plan without hours to open places in."""

    code = "NO_WINDOW"
    rule_id = "AT-07"
    message = _("This plan has no window.")
    remedy = _("Add at least one window in which places open.")


class NothingToOpen(Refused):
    """All places of the days are taken, or the hours give none."""

    code = "NOTHING_TO_OPEN"
    rule_id = "AT-07"
    message = _("There is no place to open on these days.")
    remedy = _("Choose other days, or enter the opening hours first.")


class DaysPlannedAlready(Refused):
    """Two plans for one day."""

    code = "DAYS_PLANNED_ALREADY"
    rule_id = "AT-07"
    message = _("Another published plan opens the places of one of these days.")
    remedy = _("Choose days that no other plan has, or close that plan first.")


class StillToOpen(Refused):
    """The seed would tell moments that are still to come."""

    code = "STILL_TO_OPEN"
    rule_id = "AT-07"
    message = _("This plan still has places to open, so its seed stays secret.")
    remedy = _("It is published by itself when the last place has opened.")


class HeldBack(Refused):
    """Seats would be opened by hand that open by a plan, or come back at random."""

    code = "HELD_BACK"
    rule_id = "AT-07"
    message = _(
        "Places of this time open at a moment that nobody chooses: by a published plan, or "
        "because they were given back."
    )
    remedy = _("Change the capacity only. To open all by hand, close the plan first.")


class CodeWrong(Refused):
    """The code is not the one that was mailed."""

    code = "CODE_WRONG"
    rule_id = "AT-06"
    message = _("This is not the code we mailed to you. Nothing was booked yet.")
    remedy = _("Type the six digits of the newest mail. After five tries you need a new code.")


class CodeExpired(Refused):
    """The code is older than ten minutes, was used, or was tried too often."""

    code = "CODE_EXPIRED"
    rule_id = "AT-06"
    message = _("This code does not work any more: it is good for ten minutes and five tries.")
    remedy = _("Ask for a new code.")


class TooManyCodes(Refused):
    """Several codes were mailed for one booking already."""

    code = "TOO_MANY_CODES"
    rule_id = "AT-06"
    message = _("We have mailed three codes for this booking already.")
    remedy = _("Use the newest one, or begin again in ten minutes.")


class TooManyAttempts(Refused):
    """Somebody tries to book so often that a pause is due."""

    code = "TOO_MANY_ATTEMPTS"
    rule_id = "AT-05"
    message = _("There were very many attempts to book, so booking pauses here for a while.")
    remedy = _("Nothing you entered is lost. Try again later; the pause ends by itself.")


class WaitALittle(Refused):
    """Somebody tries to book faster than a person does."""

    code = "WAIT_A_LITTLE"
    rule_id = "AT-05"
    message = _("There were many attempts to book in a short time. Nothing was booked yet.")
    remedy = _("Wait a few seconds, then press the button again.")


class CannotCount(Refused):
    """The store that counts attempts is away, so nobody can be let through fairly."""

    code = "CANNOT_COUNT"
    rule_id = "AT-05"
    message = _("Booking is not possible for a moment. Nothing was booked.")
    remedy = _("Appointments that are booked stay as they are. Try again in a minute.")


class DaysDrawnAlready(Refused):
    """A draw for days that another draw or a release plan has."""

    code = "DAYS_DRAWN_ALREADY"
    rule_id = "RD-08"
    message = _("Another draw, or a plan of random opening, has one of these days already.")
    remedy = _("Choose other days, or end the other one first.")


class DrawTimesWrong(Refused):
    """The times of a draw do not follow each other."""

    code = "DRAW_TIMES_WRONG"
    rule_id = "RD-08"
    message = _(
        "The times do not follow each other: requests open, requests close, places are accepted, "
        "and only then the first day begins."
    )
    remedy = _("Let requests open from now on, and close at least %(hours)s hours before.")


class NothingToDraw(Refused):
    """All places of the days are taken, or the hours give none."""

    code = "NOTHING_TO_DRAW"
    rule_id = "RD-08"
    message = _("There is no free place on these days, so there is nothing to draw for.")
    remedy = _("Choose other days, or enter the opening hours first.")


class DrawNotOpen(Refused):
    """Requests are not taken yet, or not any more."""

    code = "DRAW_NOT_OPEN"
    rule_id = "RD-08"
    message = _("This draw takes requests from %(opens)s until %(closes)s. Nothing was changed.")
    remedy = _("Look at the other draws, and at the free times of the centre.")


class AlreadyInDraw(Refused):
    """One person in two requests, which would make both void."""

    code = "ALREADY_IN_DRAW"
    rule_id = "RD-08"
    message = _(
        "One of these travellers is in a request for this draw already. With two requests neither "
        "would be drawn, so this one was not taken."
    )
    remedy = _("Open the request that is there, or withdraw it and ask again together.")


class NotForThisDraw(Refused):
    """The applications belong to another mission or service, or cannot be booked now."""

    code = "NOT_FOR_THIS_DRAW"
    rule_id = "RD-08"
    message = _("One of these applications cannot take part in this draw.")
    remedy = _("Open the application to see what it needs.")


class NoSuchDay(Refused):
    """Wishes that no day of the draw can meet."""

    code = "NO_SUCH_DAY"
    rule_id = "RD-08"
    message = _("No place of this draw is on such a day and half of it.")
    remedy = _("Choose more days, or say that any day is good.")


class OfferOver(Refused):
    """The time to accept is over, or there is no offer."""

    code = "OFFER_OVER"
    rule_id = "RD-08"
    message = _("These places are not offered to you any more. Nothing was booked.")
    remedy = _("Book one of the free times of the centre, or take part in the next draw.")


class RequestSettled(Refused):
    """The request has come to its end already."""

    code = "REQUEST_SETTLED"
    rule_id = "RD-08"
    message = _("This request has come to its end already. Nothing was changed.")
    remedy = _("To give back a booked place, cancel the appointment.")


class KnownBeforeClosing(Refused):
    """A public value that somebody could have known while requests were made."""

    code = "KNOWN_BEFORE_CLOSING"
    rule_id = "RD-08"
    message = _(
        "A value that existed before %(closed)s could have been known while requests were made."
    )
    remedy = _("Enter the value of the announced source that came to be after that moment.")


class ValueFromTheFuture(Refused):
    """A public value that does not exist yet."""

    code = "VALUE_FROM_THE_FUTURE"
    rule_id = "RD-08"
    message = _("This moment is still to come, so the value cannot exist yet.")
    remedy = _("Enter it when it has been published.")


class NotDrawnYet(Refused):
    """There is no transcript before the draw."""

    code = "NOT_DRAWN_YET"
    rule_id = "RD-08"
    message = _("This draw has not taken place yet, so it has no transcript.")
    remedy = _("Come back when requests have closed and the public value is known.")


class TooManyTipOffs(Refused):
    """Very many reports came from one network today."""

    code = "TOO_MANY_TIP_OFFS"
    message = _("Very many reports came from your network today, so this one was not kept.")
    remedy = _("What you wrote is still here. Send it again tomorrow, or from another network.")


class NotToday(Refused):
    """Somebody comes, or is called, on another day than that of the appointment."""

    code = "NOT_TODAY"
    rule_id = "CV-02"
    message = _("This belongs to %(day)s, not to today. Nothing was recorded.")
    remedy = _("Tell the traveller the day, or record on that day's board that nobody came.")


class AppointmentNeeded(Refused):
    """Somebody comes without an appointment who needs one."""

    code = "APPOINTMENT_NEEDED"
    rule_id = "RD-01"
    message = _(
        "This application is handed in by appointment only: since 1 November 2025 all "
        "applications are, except retiree cards."
    )
    remedy = _("Ask the traveller to book one of the free times on this site; booking is free.")


class NotAtThisCentre(Refused):
    """The file is for another mission."""

    code = "NOT_AT_THIS_CENTRE"
    rule_id = "RD-02"
    message = _("This application belongs to another mission, so it cannot be handed in here.")
    remedy = _("Send the traveller to a centre of that mission.")


class NotReadyToHandIn(Refused):
    """The file is a draft, or was handed in before."""

    code = "NOT_READY_TO_HAND_IN"
    rule_id = "RD-01"
    message = _(
        "This application cannot be handed in as it stands. Its present state is: %(state)s."
    )
    remedy = _("The traveller opens the application on this site and submits it first.")


class AlreadyHere(Refused):
    """The person has a ticket already."""

    code = "ALREADY_HERE"
    rule_id = "RD-01"
    message = _("This application has a ticket already: number %(number)s of %(day)s.")
    remedy = _("Look for it on the board of that day.")


class AskedAlready(Refused):
    """The same is asked of the account already."""

    code = "ASKED_ALREADY"
    rule_id = "AT-05"
    message = _("This is asked of the account already, and ends by itself. Nothing was changed.")
    remedy = _("Wait for its end, or choose the other measure.")


class SignalNeedsReason(Refused):
    """Something is asked of a person without a word on why."""

    code = "SIGNAL_NEEDS_REASON"
    rule_id = "AT-05"
    message = _("A reason is needed: the person concerned reads it.")
    remedy = _("Write in one or two sentences what you found.")


class NotConcerned(Refused):
    """The account has nothing to do with the signal."""

    code = "NOT_CONCERNED"
    rule_id = "AT-05"
    message = _("This account is not concerned by the signal. Nothing was changed.")
    remedy = _("Choose one of the accounts whose appointments the signal names.")


class ObjectedAlready(Refused):
    """A second objection to one signal."""

    code = "OBJECTED_ALREADY"
    rule_id = "AT-05"
    message = _("You have objected to this already; what you wrote is kept.")
    remedy = _("Wait for the answer: you get an e-mail, and it will stand on this page.")


class FeeNotOpen(Refused):
    """The fee is paid, ended, or its time is over."""

    code = "FEE_NOT_OPEN"
    rule_id = "RD-03"
    message = _("The service fee of this appointment cannot be paid any more, or is paid already.")
    remedy = _("The page of the appointment shows where it stands.")


class CannotPayNow(Refused):
    """The payment service does not answer, or there is none."""

    code = "CANNOT_PAY_NOW"
    rule_id = "AT-02"
    message = _("The payment service cannot be reached at the moment. Nothing was debited.")
    remedy = _("Try again in some minutes, or pay at the counter of the centre.")


class FeeNeedsReason(Refused):
    """Money was noted without saying on what proof."""

    code = "FEE_NEEDS_REASON"
    rule_id = "AT-02"
    message = _("Say in one sentence on what proof this is noted.")


class NothingToPayBack(Refused):
    """Nothing of the payment is due back."""

    code = "NOTHING_TO_PAY_BACK"
    rule_id = "AT-02"
    message = _("Nothing of this payment has to be paid back.")
