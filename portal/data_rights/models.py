"""Exports that people asked for, and the runs of the purge."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField


class DataExport(models.Model):
    """Everything about one person in one sealed file, for seven days."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("being prepared")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="data_exports",
        verbose_name=_("account"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    requested_at = models.DateTimeField(_("asked"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    blob_name = models.CharField(max_length=60, blank=True, editable=False)
    blob_key = EncryptedTextField(editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(state="requested"),
                name="one_export_at_a_time_per_account",
            ),
            models.CheckConstraint(
                condition=Q(state="ready") ^ Q(blob_name="", ready_at__isnull=True),
                name="only_a_ready_export_has_content",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PurgeRun(models.Model):
    """One run of the purge: how many rows of which kind went, and what the cap stopped."""

    day = models.DateField(_("day"))
    removed = models.JSONField(_("removed"), default=dict)
    refused = models.JSONField(_("refused"), default=dict)
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("purge run")
        verbose_name_plural = _("purge runs")
        ordering = ["-finished_at"]

    def __str__(self) -> str:
        return str(self.day)
