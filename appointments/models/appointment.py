"""Seats that are bound to travellers."""

from __future__ import annotations

import uuid
from functools import partial

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.references import new_reference

from ..enums import LIVE_STATES, AppointmentState
from .slot import Slot


@pghistory.track(fields=["state", "slot", "version"], model_name="AppointmentHistory")
class Appointment(models.Model):
    """A seat that is bound to one traveller's application and passport (AT-03)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "R")
    )
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("application"),
    )
    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="appointments", verbose_name=_("slot")
    )
    # Kept here so that the database itself refuses a second live appointment (RD-09).
    state_code = models.CharField(_("state of destination"), max_length=2)
    traveller_key = models.BinaryField()
    state = models.CharField(
        _("state"), max_length=20, choices=AppointmentState.choices, default=AppointmentState.BOOKED
    )
    # Shared by the appointments that a household booked in one go: they stay together when moved.
    party = models.UUIDField(_("booked together"), null=True, blank=True, db_index=True)
    # The person agreed that a maintenance may move it to an earlier time, too (RD-06).
    earlier_ok = models.BooleanField(_("an earlier time would suit"), default=False)
    # SEQUENCE of the calendar file is version - 1; every change of time or state counts.
    version = models.PositiveIntegerField(_("version"), default=1)
    # The day at the counter: who waits since when, and who was called where.
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True, editable=False)
    called_at = models.DateTimeField(_("called"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    counter = models.PositiveSmallIntegerField(_("counter"), null=True, blank=True, editable=False)
    booked_at = models.DateTimeField(_("booked"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-booked_at"]
        constraints = [
            models.CheckConstraint(
                name="appointment_state_is_known", condition=Q(state__in=AppointmentState.values)
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_appointment_per_application",
            ),
            # Per state and not per mission: RD-09 reads "per passport number and per state",
            # which is stricter, as a state may have several missions.
            models.UniqueConstraint(
                fields=["state_code", "traveller_key"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_appointment_per_traveller_and_state",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_booked(self) -> bool:
        """Whether its traveller is still expected, so that it can be cancelled."""
        return self.state == AppointmentState.BOOKED

    @property
    def is_live(self) -> bool:
        """Whether it holds its seat."""
        return self.state in LIVE_STATES


class Board(Appointment):
    """The appointments of a day as the counter works through them; a page, no table."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("day board")
        verbose_name_plural = _("day board")
