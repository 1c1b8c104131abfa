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

from portal.encryption import (
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
    lookup_key,
)
from portal.references import new_reference

from ..enums import (
    ApplicationState,
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
    # Whose application it is, in the household of the account; the answers below are its copy.
    person = models.ForeignKey(
        "applications.Traveller",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("traveller of the household"),
    )

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

    # The answers that only some journeys need: occupation, means, host, earlier visas, contact.
    details = EncryptedJSONField(_("further answers"))
    # Why an agent should look at it before the counter does; never a reason to block.
    review_reasons = models.JSONField(_("to be reviewed because of"), default=list, blank=True)
    # The day on which the file will be handed in, told by the appointment; papers must be fresh
    # on it.  `filed_on` is the day on which it was accepted: the clock starts there (AP-05).
    appointment_day = models.DateField(_("day of the appointment"), null=True, blank=True)
    # The day for which its owner was told which papers are not fresh; see operations.paper_days.
    papers_judged_for = models.DateField(null=True, blank=True, editable=False)
    filed_on = models.DateField(_("handed in on"), null=True, blank=True)

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
        indexes = [
            models.Index(
                fields=["appointment_day"],
                name="papers_not_judged_yet",
                condition=Q(appointment_day__isnull=False)
                & (Q(papers_judged_for__isnull=True) | ~Q(papers_judged_for=F("appointment_day"))),
            ),
        ]
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
