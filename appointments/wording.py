"""Sentences of the appointment rules (RD-01, RD-05, RD-09)."""

from django.utils.translation import gettext_lazy as _

from portal.wording import Wording

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

MAINTENANCE = {
    "FORM_PORTAL_SUSPENDED": Wording(
        _("Forms cannot be sent from %(start)s to %(until)s. What you typed is kept."),
        _("Send the form after %(until)s. Help, calculators and appointments stay open."),
    ),
}
