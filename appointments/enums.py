"""The words an appointment is described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Service(models.TextChoices):
    """What a desk does; each has its own slots."""

    SHORT_STAY = "short_stay", _("Short-stay visa application")
    LONG_STAY = "long_stay", _("Long-stay or return visa application")


class AppointmentState(models.TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked", _("Booked")
    CANCELLED = "cancelled", _("Cancelled")
    SERVED = "served", _("Served")
    NO_SHOW = "no_show", _("Did not come")
    NOT_ACCEPTED = "not_accepted", _("File not accepted")


# States in which the appointment holds its seat and bars a second one (RD-09).
LIVE_STATES = (AppointmentState.BOOKED,)


class ClosureKind(models.TextChoices):
    """A day on which a centre does not follow its calendar."""

    CLOSED = "closed", _("Closed")
    OPEN = "open", _("Open in spite of the calendar")
