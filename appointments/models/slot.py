"""Times at a desk, with their seats."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import Service
from .centre import Centre


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("capacity", "released")),
    fields=["capacity", "released"],
    model_name="SlotHistory",
)
class Slot(models.Model):
    """A time at a desk with its seats: taken of released of capacity."""

    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="slots", verbose_name=_("centre"), db_index=False
    )  # found by the constraint that begins with it: a seat that is taken writes every index
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    capacity = models.PositiveSmallIntegerField(_("capacity"))
    released = models.PositiveSmallIntegerField(_("released"), default=0)
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)
    # Kept for those whom a draw seats, and released for nobody else (RD-08).
    held = models.PositiveSmallIntegerField(_("held for a draw"), default=0, editable=False)

    # It starts in an announced maintenance window: nothing in it is free (RD-06).
    is_suspended = models.BooleanField(_("suspended"), default=False, editable=False)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="seats_within_capacity",
                condition=Q(taken__gte=0)
                & Q(taken__lte=F("released"))
                & Q(released__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="held_seats_within_capacity",
                condition=Q(released__lte=F("capacity") - F("held")),
            ),
            models.CheckConstraint(
                name="nothing_is_free_in_a_maintenance_window",
                condition=Q(is_suspended=False) | Q(released=F("taken"), held=0),
            ),
            models.UniqueConstraint(
                fields=["centre", "service", "starts_at"], name="one_slot_per_centre_and_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["centre", "service", "starts_at"],
                name="free_slots",
                condition=Q(taken__lt=F("released")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """The first instant after the slot."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def free(self) -> int:
        """How many seats can be booked now."""
        return self.released - self.taken
