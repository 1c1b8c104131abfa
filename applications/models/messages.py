"""What the applicant and the agents write to each other inside a file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from .application import Application


class FileMessage(models.Model):
    """One message of the conversation about one file."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="messages", verbose_name=_("application")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    from_staff = models.BooleanField(_("from the consulate"))
    text = EncryptedTextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("message in a file")
        verbose_name_plural = _("messages in files")
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(
                fields=["application", "from_staff"],
                condition=Q(read_at__isnull=True),
                name="unread_messages",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.sent_at:%Y-%m-%d %H:%M}"
