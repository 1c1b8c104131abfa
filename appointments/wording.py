"""Sentences of the appointment rules (RD-01, RD-05, RD-09)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

from .rules.signals import SignalKind

DUTY = {
    "APPOINTMENT_REQUIRED": Wording(
        _("You come by appointment. Booking it is free and only possible online.")
    ),
    "WALK_IN": Wording(_("For this card you come without an appointment, during opening hours.")),
    "ONE_APPOINTMENT_PER_PERSON": Wording(
        _("Every person needs an appointment: %(count)s persons, %(count)s appointments.")
    ),
}

HOLDING = {
    "ACTIVE_APPOINTMENT_EXISTS": Wording(
        _("This traveller already has an appointment: %(reference)s."),
        _("Keep it, or cancel it before you book another one."),
    ),
    "ACTIVE_APPOINTMENT_OTHER_STATE": Wording(
        _(
            "This traveller also has an appointment for another country: %(reference)s. Only one "
            "country is responsible for one journey."
        ),
        _("Check where you must apply, and cancel the other appointment."),
    ),
}

IDENTITY = {
    "ANOTHER_PERSON": Wording(
        _(
            "More than %(signs)s signs differ: this reads like another person. An appointment "
            "cannot be handed on."
        ),
        _("Cancel the appointment; the other person can book one."),
    ),
}

MAINTENANCE = {
    "FORM_PORTAL_SUSPENDED": Wording(
        _("Forms cannot be sent from %(start)s to %(until)s. What you typed is kept."),
        _("Send the form after %(until)s. Help, calculators and appointments stay open."),
    ),
}

# Why this time, what a choice by hand breaks, and why somebody has no new time (RD-06, RD-08).
MOVES = {
    "MOVED_SAME_DAY": Wording(
        _("This is the nearest later time of the same day that is free for you.")
    ),
    "MOVED_NEXT_FREE": Wording(
        _(
            "This is the nearest later time. Times before it are taken, or went to people who "
            "waited longer or could stay on their own day."
        )
    ),
    "MOVED_AFTER_NOTICE": Wording(
        _(
            "Nobody is moved at less than %(hours)s hours' notice. This is the nearest time after "
            "that."
        )
    ),
    "MOVED_EARLIER_SAME_DAY": Wording(
        _(
            "This time is nearer to the old one than any later one. It is earlier on the same "
            "day, which the centre allows."
        )
    ),
    "MOVED_EARLIER_AGREED": Wording(
        _(
            "This time is nearer to the old one than any later one. You agreed to come earlier if "
            "need be."
        )
    ),
    "MOVED_TOGETHER": Wording(_("This is the nearest time at which your family stays together.")),
    "MOVED_BY_HAND": Wording(_("A member of staff chose this time for you.")),
    "PIN_SHORT_NOTICE": Wording(
        _("The time chosen by hand leaves less than %(hours)s hours' notice."),
        _("Choose a later time, or make sure that the person knows."),
    ),
    "PIN_EARLIER": Wording(
        _("The time chosen by hand is earlier than the old one, and nobody agreed to that."),
        _("Ask the person first, or choose a later time."),
    ),
    "FAMILY_APART": Wording(
        _("Times chosen by hand separate people of one family."),
        _("Choose times in one slot or one after the other, or ask the family."),
    ),
    "NO_SEAT_LEFT": Wording(
        _("No seat is left that the rules allow."),
        _("Add a seat on %(wanted)s, or choose a time by hand."),
    ),
    "NO_SEATS_TOGETHER": Wording(
        _("No seats are left at which the family stays together."),
        _("Add a seat on %(wanted)s, or choose times by hand."),
    ),
    "NO_SLOT_ALLOWED": Wording(
        _("The calendar has no time that the rules allow."),
        _("Release times on further days, then compute the plan again."),
    ),
    "PIN_FULL": Wording(
        _("The time chosen by hand has no free seat."),
        _("Choose another time, or add a seat to it."),
    ),
    "PIN_NOT_POSSIBLE": Wording(
        _("The time chosen by hand is closed, or belongs to another centre or service."),
        _("Choose another time."),
    ),
}

# What became of a planned time when the plan met later bookings.
REPLAN = {
    "REPLAN_NEW": Wording(
        _("This appointment was not in the plan: it was booked since."),
        _("Look at its new time."),
    ),
    "REPLAN_GONE": Wording(
        _("This appointment need not move any more: it was cancelled or lies outside now."),
        _("Nothing to do."),
    ),
    "REPLAN_OLD_TIME": Wording(
        _("The appointment itself is at another time or place than when it was planned."),
        _("Look at its new time."),
    ),
    "REPLAN_SLOT_TAKEN": Wording(
        _("The seat planned for %(planned)s was booked by somebody else."),
        _("Look at its new time."),
    ),
    "REPLAN_SLOT_CLOSED": Wording(
        _("The time planned for %(planned)s is closed now."),
        _("Look at its new time."),
    ),
    "REPLAN_NOTICE": Wording(
        _("The time planned for %(planned)s is now less than %(hours)s hours away."),
        _("Look at its new time."),
    ),
    "REPLAN_LEAVE": Wording(
        _("The time planned for %(planned)s is earlier than the old one: not allowed now."),
        _("Look at its new time."),
    ),
    "REPLAN_BY_HAND": Wording(
        _("A choice by hand was made or withdrawn since."),
        _("Look at its new time."),
    ),
    "REPLAN_FAMILY": Wording(
        _("The time planned for %(planned)s would separate the family now."),
        _("Look at its new time."),
    ),
    "REPLAN_FOR_OTHERS": Wording(
        _("Without moving this appointment again somebody else would find no seat."),
        _("Look at its new time."),
    ),
    "REPLAN_SEAT_FOUND": Wording(
        _("There was no seat for this appointment, and now there is one."),
        _("Look at its new time."),
    ),
}

# What was noticed about bookings; staff and the person concerned read the same words.
SIGNALS = {
    "SIGNAL_REBOOKING": Wording(
        _(
            "One account cancelled and booked again: %(count)s times within %(days)s days. The "
            "mark is %(mark)s."
        ),
        _("There can be good reasons, such as illness or a moved journey. A person looks at it."),
    ),
    "SIGNAL_HANDED_ON": Wording(
        _(
            "Times that one account gave back were booked by one and the same other account: "
            "%(count)s times within %(days)s days. The mark is %(mark)s."
        ),
        _("Friends and relatives can be the reason. A person looks at it."),
    ),
    "SIGNAL_NETWORK": Wording(
        _(
            "From one network %(count)s households booked for %(people)s travellers within "
            "%(hours)s hours. The mark is %(mark)s households."
        ),
        _(
            "A café, a hostel or a mobile operator looks like this too, so nobody is suspected "
            "for it. A person looks at it."
        ),
    ),
    "SIGNAL_PHONE": Wording(
        _(
            "%(count)s households with %(people)s travellers named one phone number within "
            "%(days)s days. The mark is %(mark)s households."
        ),
        _("A relative or neighbour who helps looks like this too. A person looks at it."),
    ),
    "SIGNAL_SPEED": Wording(
        _(
            "The last page before a booking was sent faster than anybody can read it: "
            "%(count)s times within %(hours)s hours. The mark is %(mark)s."
        ),
        _("A double tap or a slow line can be the reason. A person looks at it."),
    ),
}
SIGNAL_KINDS = {
    SignalKind.REBOOKING: _("Cancelled and booked again"),
    SignalKind.HANDED_ON: _("Given back and taken by the same account"),
    SignalKind.NETWORK: _("Many households, one network"),
    SignalKind.PHONE: _("Several households, one phone"),
    SignalKind.SPEED: _("Faster than anybody reads"),
}
