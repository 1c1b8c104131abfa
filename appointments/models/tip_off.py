"""What people tell of touts (AT-01)."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from ..enums import TipOffState
from .centre import Centre


@pghistory.track(fields=["state"], model_name="TipOffHistory")
class TipOff(models.Model):
    """Somebody was asked for money for an appointment, and says so; a name is not needed."""

    centre = models.ForeignKey(
        Centre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tip_offs",
        verbose_name=_("centre"),
    )
    text = EncryptedTextField(_("what happened"))
    contact = EncryptedTextField(_("how to reach the person"))
    state = models.CharField(
        _("state"), max_length=10, choices=TipOffState.choices, default=TipOffState.NEW
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("report of a tout")
        verbose_name_plural = _("reports of touts")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M}"
