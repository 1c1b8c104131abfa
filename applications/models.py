"""The traveller's file."""

from __future__ import annotations

import uuid
from datetime import date
from functools import partial

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedDateField, EncryptedTextField, lookup_key
from portal.references import new_reference

from .enums import (
    ApplicationState,
    DocumentKind,
    DocumentState,
    PassportDefect,
    Purpose,
    VisaClass,
)


def traveller_key(passport_number: str, birth_date: date) -> bytes:
    """Return the keyed hash that recognises a traveller without storing who it is (RD-09)."""
    return lookup_key("traveller", passport_number, birth_date.isoformat())


def name_key(family_name: str) -> bytes:
    """Return the keyed hash by which staff find a family name."""
    return lookup_key("family name", family_name)


def passport_key(passport_number: str) -> bytes:
    """Return the keyed hash by which staff find a passport number."""
    return lookup_key("passport", passport_number)


@pghistory.track(
    fields=["state", "mission", "visa_class", "purpose", "submitted_at"],
    model_name="ApplicationHistory",
)
class Application(models.Model):
    """One traveller's application, whatever the traveller's age (AP-01)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "A")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="applications",
        verbose_name=_("account"),
    )
    mission = models.ForeignKey(
        "missions.Mission", models.PROTECT, related_name="applications", verbose_name=_("mission")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    visa_class = models.CharField(_("visa"), max_length=40, choices=VisaClass.choices)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, blank=True)
    retiree_card = models.BooleanField(_("retiree card"), default=False)

    arrives_on = models.DateField(_("arrival"), null=True, blank=True)
    departs_on = models.DateField(_("last departure"), null=True, blank=True)
    is_urgent = models.BooleanField(_("justified urgency"), default=False)
    urgency_reason = EncryptedTextField(_("reason of the urgency"))

    family_name = EncryptedTextField(_("family name"))
    given_names = EncryptedTextField(_("given names"))
    birth_date = EncryptedDateField(_("date of birth"))
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)

    passport_number = EncryptedTextField(_("passport number"))
    passport_issued_on = models.DateField(_("passport issued on"), null=True, blank=True)
    passport_expires_on = models.DateField(_("passport valid until"), null=True, blank=True)
    blank_pages = models.PositiveSmallIntegerField(
        _("blank pages"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    passport_defects = ArrayField(
        models.CharField(max_length=40, choices=PassportDefect.choices),
        verbose_name=_("passport defects"),
        default=list,
        blank=True,
    )
    passport_verdict = models.JSONField(_("passport verdict"), default=dict, blank=True)

    # Keyed hashes: how staff find, and the database recognises, what rests encrypted.
    traveller_key = models.BinaryField(null=True, db_index=True)
    name_key = models.BinaryField(null=True, db_index=True)
    passport_key = models.BinaryField(null=True, db_index=True)

    # What the person agreed to on submitting, by name of the text: its version and the time.
    agreed = models.JSONField(_("agreed texts"), default=dict, blank=True)
    # Counts saves, so that a second tab notices that the first one was faster.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="application_state_is_known",
                condition=Q(state__in=ApplicationState.values),
            ),
            models.CheckConstraint(
                name="passport_expires_after_issue",
                condition=Q(passport_expires_on__gt=F("passport_issued_on")),
            ),
            models.CheckConstraint(
                name="departure_not_before_arrival",
                condition=Q(departs_on__gte=F("arrives_on")),
            ),
            models.CheckConstraint(
                name="only_a_draft_lacks_its_traveller",
                condition=Q(traveller_key__isnull=False)
                | Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def traveller(self) -> str:
        """The traveller's name as printed in the passport."""
        return f"{self.given_names} {self.family_name}".strip()

    def remember_keys(self) -> None:
        """Set the keyed hashes from the encrypted fields."""
        self.name_key = name_key(self.family_name) if self.family_name else None
        self.passport_key = passport_key(self.passport_number) if self.passport_number else None
        self.traveller_key = (
            traveller_key(self.passport_number, self.birth_date)
            if self.passport_number and self.birth_date
            else None
        )


@pghistory.track(fields=["state", "reason"], model_name="DocumentHistory")
class Document(models.Model):
    """One paper that the file needs, and what an agent found when it was shown."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("paper"), max_length=20, choices=DocumentKind.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState.choices, default=DocumentState.EXPECTED
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Shown to the applicant")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="one_row_per_paper_of_a_file"
            ),
            models.CheckConstraint(
                name="an_unacceptable_paper_has_a_reason",
                condition=~Q(state=DocumentState.NOT_ACCEPTABLE) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
