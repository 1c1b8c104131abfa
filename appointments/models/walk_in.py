"""People who come without an appointment, as RD-01 lets holders of a retiree card do."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import WALK_IN_LIVE, WalkInState
from .centre import Centre


@pghistory.track(fields=["state"], model_name="WalkInHistory")
class WalkIn(models.Model):
    """A ticket of the day for a file that is handed in without an appointment (RD-01)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        related_name="walk_ins",
        verbose_name=_("application"),
    )
    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="walk_ins", verbose_name=_("centre")
    )
    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("ticket number"))
    state = models.CharField(
        _("state"), max_length=20, choices=WalkInState.choices, default=WalkInState.WAITING
    )
    arrived_at = models.DateTimeField(_("arrived"), default=timezone.now)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    counter = models.PositiveSmallIntegerField(_("counter"), null=True, blank=True)

    class Meta:
        verbose_name = _("walk-in")
        verbose_name_plural = _("walk-ins")
        ordering = ["day", "number"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="walk_in_state_is_known", condition=Q(state__in=WalkInState.values)
            ),
            models.UniqueConstraint(
                fields=["centre", "day", "number"], name="one_walk_in_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=WALK_IN_LIVE),
                name="one_live_walk_in_per_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.number}"

    @property
    def is_live(self) -> bool:
        """Whether the person is still in the house."""
        return self.state in WALK_IN_LIVE
