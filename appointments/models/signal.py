"""What is noticed about bookings, what is asked because of it, and what people object (AT-05).

Nothing here shuts anybody out.  Networks and phones rest as keyed hashes and go after 30 days
(DP-04).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField
from portal.rules.findings import Finding

from ..enums import ObjectionState, PrecautionKind, SignalState
from ..rules.law import LAW
from ..rules.signals import SignalKind, signal
from ..wording import SIGNAL_KINDS
from .appointment import Appointment


class BookingTrace(models.Model):
    """How one appointment came to be booked: as little as the signals need, for 30 days."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="trace")
    at = models.DateTimeField(db_index=True)
    network_key = models.BinaryField()
    phone_key = models.BinaryField(null=True)  # None: no phone was named
    # From showing the page to its button; 0: its page was never shown; None: not to be told.
    seconds = models.FloatField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.appointment_id)


class Signal(models.Model):
    """Something counted over a mark, on the day on which it last happened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mission = models.ForeignKey(
        "missions.Mission", models.CASCADE, related_name="+", verbose_name=_("mission")
    )
    kind = models.CharField(_("what was noticed"), max_length=20)
    # "account 12", "accounts 12 15", "network <hash>", "phone <hash>".
    subject = models.CharField(max_length=80, editable=False)
    day = models.DateField(_("day"))  # civil day in Algiers of the last event
    numbers = models.JSONField(default=dict, editable=False)
    appointments = models.ManyToManyField(
        Appointment, related_name="signals", verbose_name=_("appointments")
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    state = models.CharField(
        _("state"), max_length=20, choices=SignalState.choices, default=SignalState.NEW
    )
    note = models.TextField(_("what was found"), blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-last_seen_at"]
        constraints = [
            models.CheckConstraint(
                name="signal_state_is_known", condition=Q(state__in=SignalState.values)
            ),
            models.CheckConstraint(
                name="signal_kind_is_known", condition=Q(kind__in=[str(k) for k in SignalKind])
            ),
            models.UniqueConstraint(
                fields=["mission", "kind", "subject", "day"], name="one_signal_per_subject_and_day"
            ),
        ]
        indexes = [models.Index(fields=["last_seen_at"], name="signals_by_age")]

    def __str__(self) -> str:
        return f"{SIGNAL_KINDS[SignalKind(self.kind)]} · {self.day}"

    @property
    def finding(self) -> Finding | None:
        """What was noticed and by which number, as the law of its day says it."""
        return signal(SignalKind(self.kind), self.numbers, LAW.on(self.day))


class Precaution(models.Model):
    """Something that is asked of an account for a while; it ends by itself."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="precautions"
    )
    signal = models.ForeignKey(Signal, models.CASCADE, related_name="precautions")
    kind = models.CharField(max_length=20, choices=PrecautionKind.choices)
    reason = models.TextField()  # the person reads it
    valid = DateTimeRangeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="precaution_kind_is_known", condition=Q(kind__in=PrecautionKind.values)
            ),
            models.CheckConstraint(
                name="a_precaution_ends",
                condition=Q(valid__lower_inf=False, valid__upper_inf=False),
            ),
            ExclusionConstraint(
                name="one_precaution_of_a_kind_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind}"


class Objection(models.Model):
    """What a person says to a signal, and what an agent answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signal = models.ForeignKey(
        Signal, models.CASCADE, related_name="objections", verbose_name=_("signal")
    )
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="objections")
    text = EncryptedTextField(_("what the person says"))
    answer = EncryptedTextField(_("answer"))
    state = models.CharField(
        _("state"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("objection to a signal")
        verbose_name_plural = _("objections to signals")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="objection_state_is_known", condition=Q(state__in=ObjectionState.values)
            ),
            models.UniqueConstraint(
                fields=["signal", "account"], name="one_objection_per_signal_and_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
