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


# What holds on days for which a centre says nothing.
ON_BY_DEFAULT = frozenset({Switch.RETURNS_AT_RANDOM})
