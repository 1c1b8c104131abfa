"""The people one account files for (AP-01)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedDateField, EncryptedTextField

from ..enums import PassportDefect, Relation


class Traveller(models.Model):
    """A person of the household, entered once and reused in every application.

    An application keeps its own copy of these data: what was submitted does not change when the
    household is edited later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="travellers",
        verbose_name=_("account"),
    )
    relation = models.CharField(_("relation"), max_length=20, choices=Relation.choices)
    guardian = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="wards",
        verbose_name=_("guardian"),
    )
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
    # Counts saves, so that a second tab notices that the first one was faster.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("traveller")
        verbose_name_plural = _("travellers")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="nobody_is_their_own_guardian",
                condition=Q(guardian__isnull=True) | ~Q(guardian=F("id")),
            ),
            models.CheckConstraint(
                name="traveller_passport_expires_after_issue",
                condition=Q(passport_expires_on__gt=F("passport_issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Traveller not named yet"))

    @property
    def name(self) -> str:
        """The name as printed in the passport."""
        return f"{self.given_names} {self.family_name}".strip()
