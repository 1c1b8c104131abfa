"""The service fee of an appointment, and the payments that came for it (AT-02, RD-03).

No card, no account and no name of a payer is kept: the provider has them, we have its word.
"""

from __future__ import annotations

import uuid
from functools import partial

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.references import new_reference

from ..enums import HoldState, NoticeResult, PaymentState
from .appointment import Appointment
from .centre import Centre


@pghistory.track(fields=["state", "refund_due", "refunded", "paid_at"], model_name="PaymentHistory")
class Payment(models.Model):
    """One attempt to pay the fees of one or several appointments of an account at a centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "P")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="payments"
    )
    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="payments", verbose_name=_("centre")
    )
    # Where the money came in: a provider of portal.payments, or the counter.
    provider = models.CharField(_("paid through"), max_length=40)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=10, choices=PaymentState.choices, default=PaymentState.BEGUN
    )
    # What has to go back, and what went back already.
    refund_due = models.DecimalField(
        _("to be paid back"), max_digits=8, decimal_places=2, default=0
    )
    refunded = models.DecimalField(_("paid back"), max_digits=8, decimal_places=2, default=0)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("payment of a service fee")
        verbose_name_plural = _("payments of service fees")
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                name="payment_state_is_known", condition=Q(state__in=PaymentState.values)
            ),
            models.CheckConstraint(
                name="no_more_goes_back_than_came",
                condition=Q(
                    refund_due__gte=0, refunded__gte=0, amount__gte=F("refund_due") + F("refunded")
                ),
            ),
            models.CheckConstraint(
                name="a_paid_payment_has_its_moment",
                condition=~Q(state=PaymentState.PAID) | Q(paid_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@pghistory.track(fields=["state", "due_at", "paid_by"], model_name="FeeHoldHistory")
class FeeHold(models.Model):
    """The fee that keeps an appointment, written with the booking where the switch is on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.OneToOneField(
        Appointment, models.CASCADE, related_name="fee_hold", verbose_name=_("appointment")
    )
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    # Half-open: whoever pays at this very moment pays too late. By the clock of the database.
    due_at = models.DateTimeField(_("payable until"))
    state = models.CharField(
        _("state"), max_length=10, choices=HoldState.choices, default=HoldState.OPEN
    )
    # The payment that kept the place; it stays when the appointment is cancelled afterwards.
    paid_by = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="kept",
        verbose_name=_("paid by"),
    )
    payments = models.ManyToManyField(Payment, related_name="holds")
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("service fee of an appointment")
        verbose_name_plural = _("service fees of appointments")
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], name="open_fees_by_due", condition=Q(state=HoldState.OPEN)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="fee_state_is_known", condition=Q(state__in=HoldState.values)
            ),
            # Paid and released exclude each other, whatever the code does.
            models.CheckConstraint(
                name="a_paid_fee_has_its_payment",
                condition=(
                    Q(state=HoldState.PAID, paid_by__isnull=False)
                    | Q(state=HoldState.ENDED)
                    | Q(state__in=[HoldState.OPEN, HoldState.EXPIRED], paid_by__isnull=True)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.appointment.reference


class PaymentNotice(models.Model):
    """What a provider told us, once each, and what followed from it."""

    provider = models.CharField(_("paid through"), max_length=40)
    event = models.CharField(_("number of the notice"), max_length=80)
    reference = models.CharField(_("reference"), max_length=40)
    outcome = models.CharField(_("says"), max_length=10)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    payment = models.ForeignKey(
        Payment, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    result = models.CharField(_("what followed"), max_length=12, choices=NoticeResult.choices)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("notice of a payment provider")
        verbose_name_plural = _("notices of payment providers")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event"], name="one_notice_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event}"
