"""Seals: what the portal remembers of a paper it issued, and nothing of what it says."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField


class Seal(models.Model):
    """One paper. The code rests encrypted and is found by its keyed hash.

    What is printed is kept as a keyed digest alone: dates and numbers are few enough to be
    guessed from a plain one.
    """

    code = EncryptedTextField(_("code"))
    code_key = models.BinaryField(max_length=32, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=50)
    subject_ref = models.CharField(_("subject"), max_length=100)
    facts_digest = models.BinaryField(max_length=32, editable=False)
    reference_key = models.BinaryField(max_length=32, editable=False)
    language = models.CharField(_("language"), max_length=2)
    issued_at = models.DateTimeField(_("issued at"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_ref"],
                condition=models.Q(replaced_at=None, revoked_at=None),
                name="one_valid_seal_per_paper",
            )
        ]
        indexes = [models.Index(fields=["subject_ref"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_ref}"

    @property
    def url(self) -> str:
        """The address in the QR code."""
        return settings.BASE_URL + reverse("paper:check", args=[self.code])

    @property
    def is_valid(self) -> bool:
        """Tell whether this is the paper that counts today."""
        return self.replaced_at is None and self.revoked_at is None
