"""What only a complaint has."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

from .case import Case


class Complaint(models.Model):
    """The label as it was sent, the language as it was judged, and what it is about.

    `label` keeps the name of the provider of that day (CP-01, CV-07).  `language_verdict` is
    `Verdict.as_json`; `language_insisted` says that the person confirmed it against the detector.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="complaint")
    label = models.CharField(_("subject"), max_length=200)
    declared_language = models.CharField(_("language, as declared"), max_length=2)
    language_verdict = models.JSONField(default=dict, editable=False)
    language_insisted = models.BooleanField(_("confirmed by the person"), default=False)
    application = models.ForeignKey(
        "applications.Application",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file"),
    )
    # As typed or chosen; this app does not know appointments.
    appointment_reference = models.CharField(_("appointment"), max_length=20, blank=True)
    # Counter it is about, as the slug of the centre.
    counter = models.SlugField(_("centre concerned"), blank=True)
    # The people of that counter do not see it: the text tells of them, under whatever subject.
    hidden_from_counter = models.BooleanField(default=False, editable=False)
    # The other half of a text that was two complaints, or a complaint and an appeal.
    twin = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent with")
    )

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")

    def __str__(self) -> str:
        return self.label


class Concerned(models.Model):
    """A member of staff whom a complaint is about: they do not see it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="concerned")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("person concerned by a complaint")
        verbose_name_plural = _("persons concerned by complaints")
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="concerned_once_by_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class ComplaintDraft(models.Model):
    """What somebody typed and has not sent: nothing typed is lost (CP-02, DP-04).

    Its number lies in the session of whoever typed it; `data` is the raw form as JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    data = EncryptedTextField(_("typed"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unsent complaint")
        verbose_name_plural = _("unsent complaints")

    def __str__(self) -> str:
        return str(self.pk)
