"""Hosting certificates: what a host signed before an authority (HO-01 to HO-09)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField, lookup_key

from .application import Application


def certificate_key(number: str) -> bytes:
    """Return the keyed hash by which a certificate's number is found, and its reuse noticed."""
    return lookup_key("hosting certificate", number)


class HostingCertificate(models.Model):
    """One certificate, which may serve a whole family.

    The host's income has no place here: the authority checks it, not the portal (HO-09).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="hosting_certificates",
        verbose_name=_("account"),
    )
    state = models.CharField(_("state of destination"), max_length=2)
    host_name = EncryptedTextField(_("host"))
    authority = models.CharField(_("authority that confirmed it"), max_length=150)
    number = EncryptedTextField(_("number"))
    number_key = models.BinaryField(db_index=True)
    confirmed_on = models.DateField(_("confirmed on"))
    covers_from = models.DateField(_("covers from"), null=True, blank=True)
    covers_until = models.DateField(_("covers until"), null=True, blank=True)
    applications = models.ManyToManyField(
        Application,
        through="HostedApplication",
        related_name="hosting_certificates",
        verbose_name=_("covered applications"),
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("hosting certificate")
        verbose_name_plural = _("hosting certificates")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="certificate_covers_forward",
                condition=Q(covers_until__gte=F("covers_from")),
            ),
            models.UniqueConstraint(
                fields=["owner", "state", "number_key"],
                name="one_certificate_per_number_and_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def remember_key(self) -> None:
        """Set the keyed hash from the encrypted number."""
        self.number_key = certificate_key(self.number)


class HostedApplication(models.Model):
    """One application that a certificate covers; an application has one certificate at most."""

    certificate = models.ForeignKey(
        HostingCertificate, models.CASCADE, related_name="covered", verbose_name=_("certificate")
    )
    application = models.OneToOneField(
        Application, models.CASCADE, related_name="hosted", verbose_name=_("application")
    )
    # Seen at the counter: the original, or only a copy (HO-06); None until somebody has looked.
    original = models.BooleanField(_("original"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("covered application")
        verbose_name_plural = _("covered applications")
        constraints = [
            models.CheckConstraint(
                name="an_original_is_seen_at_a_time",
                condition=Q(original__isnull=True, seen_at__isnull=True)
                | Q(original__isnull=False, seen_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.application)
