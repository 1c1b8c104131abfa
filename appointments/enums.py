"""The words an appointment is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Service(models.TextChoices):
    """What a desk does; each has its own slots."""

    SHORT_STAY = "short_stay", _("Short-stay visa application")
    LONG_STAY = "long_stay", _("Long-stay or return visa application")


class AppointmentState(models.TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", pgettext_lazy("an appointment", "Arrived")
    CALLED = "called", pgettext_lazy("an appointment", "Called to the counter")
    CANCELLED = "cancelled", _("Cancelled")
    SERVED = "served", _("Served")
    NO_SHOW = "no_show", _("Did not come")
    NOT_ACCEPTED = "not_accepted", _("File not accepted")


# States in which the appointment holds its seat and bars a second one (RD-09).
LIVE_STATES = (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.CALLED)


class WalkInState(models.TextChoices):
    """Where somebody stands who came without an appointment, as a retiree card may (RD-01)."""

    WAITING = "waiting", pgettext_lazy("a person at the centre", "Waiting")
    CALLED = "called", pgettext_lazy("an appointment", "Called to the counter")
    SERVED = "served", _("Served")
    NOT_ACCEPTED = "not_accepted", _("File not accepted")
    LEFT = "left", _("Left before being served")


# States in which a walk-in is still in the house.
WALK_IN_LIVE = (WalkInState.WAITING, WalkInState.CALLED)


class ClosureKind(models.TextChoices):
    """A day on which a centre does not follow its calendar."""

    CLOSED = "closed", _("Closed")
    OPEN = "open", _("Open in spite of the calendar")


class PlanState(models.TextChoices):
    """Where a release plan stands (AT-07)."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")


# States in which a plan holds the seats of its days.
PLAN_IN_FORCE = (PlanState.PUBLISHED, PlanState.RUNNING)


class FreedBy(models.TextChoices):
    """How a seat came to be free; never shown with a moment that is still to come."""

    CANCELLING = "cancelling", _("Given back")
    ADDING = "adding", _("Added later")


class Switch(models.TextChoices):
    """A rule that a centre may switch on or off, from a day to a day."""

    RETURNS_AT_RANDOM = "returns_at_random", _("Places given back come back at a random moment")
    CODE = "code", _("A mailed code confirms a booking")
    BUDGETS = "budgets", _("Attempts are counted, and many of them slowed down")
    CHALLENGE = "challenge", _("Everybody solves a challenge before booking")
    PREPAYMENT = "prepayment", _("The service fee is paid in advance, or the place is released")


# What holds on days for which a centre says nothing.
ON_BY_DEFAULT = frozenset({Switch.RETURNS_AT_RANDOM, Switch.BUDGETS})


class DrawState(models.TextChoices):
    """Where a draw stands (RD-08)."""

    ANNOUNCED = "announced", _("Announced")
    COLLECTING = "collecting", _("Requests are collected")
    CLOSED = "closed", _("Closed, to be drawn")
    DRAWN = "drawn", _("Drawn, places are offered")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Called off")


# States in which requests can be made, once the draw has opened and until it closes.
DRAW_TAKES_REQUESTS = (DrawState.ANNOUNCED, DrawState.COLLECTING)

# States in which a draw holds the seats of its days.
DRAW_IN_FORCE = (*DRAW_TAKES_REQUESTS, DrawState.CLOSED, DrawState.DRAWN)


class RequestState(models.TextChoices):
    """Where a household's request in a draw stands."""

    REQUESTED = "requested", _("In the draw")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OFFERED = "offered", _("Places offered")
    ACCEPTED = "accepted", _("Accepted and booked")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not accepted in time")
    WAITING = "waiting", _("On the waiting list")
    VOID = "void", _("Not drawn")


class TipOffState(models.TextChoices):
    """Whether somebody has looked at what was told of a tout."""

    NEW = "new", _("New")
    SEEN = "seen", _("Looked at")


class Suspended(models.TextChoices):
    """What waits while a maintenance window is open (RD-05); reading never does."""

    NEW_FORMS = "new_forms", _("New forms")
    PREPARING = "preparing", _("Preparing and sending files")
    BOOKING = "booking", _("Booking and cancelling appointments")
    ALL_WRITES = "all_writes", _("Everything that changes something")


class MaintenanceReason(models.TextChoices):
    """Why the site closes, as people are told in their language."""

    UPDATE = "update", _("an update of the visa platform")
    BREAKDOWN = "breakdown", _("a technical breakdown")
    PREMISES = "premises", _("works in the centre")
    SAFETY = "safety", _("the safety of visitors and staff")


class MaintenanceState(models.TextChoices):
    """Where a maintenance stands; whether it is going on is a matter of the clock."""

    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    CALLED_OFF = "called_off", pgettext_lazy("a maintenance", "Called off")


class MovePlanState(models.TextChoices):
    """Where a plan of new times stands (RD-06)."""

    COMPUTING = "computing", _("Being computed")
    READY = "ready", _("Ready to be looked at")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    SET_ASIDE = "set_aside", _("Replaced by another plan")
    FAILED = "failed", _("Could not be computed")


class MoveKind(models.TextChoices):
    """Who gave an appointment its new time, and why (RD-07)."""

    MAINTENANCE = "maintenance", _("Moved because of a maintenance")
    CHOICE = "choice", _("Another time chosen by the traveller")
    RETURN = "return", _("Back to the old time, which is free again")


class OfferState(models.TextChoices):
    """What became of an old time that was offered back."""

    OPEN = "open", pgettext_lazy("an offer", "Open")
    ACCEPTED = "accepted", pgettext_lazy("an offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("an offer", "Declined")
    LAPSED = "lapsed", pgettext_lazy("an offer", "Not answered in time")
    # Its person has cancelled or chosen by then, or the old time is too near or has no seat.
    NOT_OFFERED = "not_offered", pgettext_lazy("an offer", "Not offered")


class HoldState(models.TextChoices):
    """Where the service fee of an appointment stands (AT-02)."""

    OPEN = "open", pgettext_lazy("a fee", "To be paid")
    PAID = "paid", pgettext_lazy("a fee", "Paid")
    EXPIRED = "expired", pgettext_lazy("a fee", "Not paid in time")
    ENDED = "ended", pgettext_lazy("a fee", "No longer to be paid")


class PaymentState(models.TextChoices):
    """Where one attempt at paying stands."""

    BEGUN = "begun", pgettext_lazy("a payment", "Begun")
    PAID = "paid", pgettext_lazy("a payment", "Paid")
    FAILED = "failed", pgettext_lazy("a payment", "Failed")
    DIFFERS = "differs", pgettext_lazy("a payment", "Another amount came in")
    REFUNDED = "refunded", pgettext_lazy("a payment", "Paid back")


class NoticeResult(models.TextChoices):
    """What followed from a notice of the payment provider."""

    TAKEN = "taken", pgettext_lazy("a payment notice", "Taken")
    UNKNOWN = "unknown", pgettext_lazy("a payment notice", "About no payment we know")
    DIFFERS = "differs", pgettext_lazy("a payment notice", "Another amount than ours")
    OUT_OF_ORDER = "out_of_order", pgettext_lazy("a payment notice", "Overtaken by another one")


class SignalState(models.TextChoices):
    """What a person made of a signal (AT-05)."""

    NEW = "new", pgettext_lazy("a signal", "New")
    LOOKED_AT = "looked_at", pgettext_lazy("a signal", "Looked at")
    CLEARED = "cleared", pgettext_lazy("a signal", "Cleared: nothing is wrong")
    ACTED_ON = "acted_on", pgettext_lazy("a signal", "Something is asked for a while")


class PrecautionKind(models.TextChoices):
    """What is asked of an account for a while after a signal; nobody is shut out (AT-05)."""

    CODE = "code", _("A mailed code confirms each booking")
    DESK = "desk", _("The desk asks who booked, before the file is taken")


class ObjectionState(models.TextChoices):
    """Whether somebody answered an objection to a signal."""

    OPEN = "open", pgettext_lazy("an objection", "To be answered")
    ANSWERED = "answered", pgettext_lazy("an objection", "Answered")
