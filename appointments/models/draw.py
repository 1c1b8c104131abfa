"""Draws: what is announced, who asks for seats, and how often somebody was unlucky (RD-08).

The seed rests encrypted until the draw is over.  What becomes public names nobody: references
and keys are made for one draw alone.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField
from portal.formats import short_date
from portal.references import new_reference

from ..enums import DRAW_IN_FORCE, DrawState, RequestState, Service
from ..rules.draw_inputs import Preferences
from .centre import Centre


class Draw(models.Model):
    """Seats of a centre, service and days that are drawn for; fixed on announcing.

    `closing_digest` and `seats` (the slots as they are drawn for) are fixed on closing;
    `transcript` when it is drawn, `faults` by checking that transcript.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="draws", verbose_name=_("centre")
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    days = DateRangeField(
        _("days of the appointments"), help_text=_("First day included, last day excluded")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=DrawState.choices, default=DrawState.ANNOUNCED
    )
    announced_at = models.DateTimeField(_("announced"))
    opens_at = models.DateTimeField(_("requests from"))
    closes_at = models.DateTimeField(_("requests until"))
    acceptance_hours = models.PositiveSmallIntegerField(
        _("hours to accept"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(14 * 24)],
    )
    source = models.CharField(_("public value"), max_length=300)
    rule = models.JSONField(default=dict, editable=False)  # DrawRule.as_json
    seed = EncryptedTextField(editable=False)  # 32 bytes in hexadecimal
    commitment = models.CharField(_("commitment"), max_length=64, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closing_digest = models.CharField(
        _("fingerprint at closing"), max_length=64, blank=True, editable=False
    )
    seats = models.JSONField(default=list, editable=False)  # DrawSlot.as_json each
    value = models.CharField(_("value"), max_length=300, blank=True)
    value_at = models.DateTimeField(_("value known since"), null=True, blank=True)
    transcript = models.JSONField(null=True, blank=True, editable=False)
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True, editable=False)
    faults = models.JSONField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["-announced_at"]
        constraints = [
            models.CheckConstraint(
                name="draw_state_is_known", condition=Q(state__in=DrawState.values)
            ),
            models.CheckConstraint(
                name="draw_has_first_and_last_day",
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
            ),
            models.CheckConstraint(
                name="draw_is_announced_before_it_closes",
                condition=Q(announced_at__lte=F("opens_at"), opens_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="no_public_value_before_closing",
                condition=Q(value_at=None)
                | Q(value_at__gte=F("closes_at"), closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_drawn_has_a_transcript",
                condition=Q(drawn_at=None, transcript__isnull=True)
                | Q(drawn_at__isnull=False, transcript__isnull=False, value_at__isnull=False),
            ),
            ExclusionConstraint(
                name="one_draw_per_centre_service_and_day",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=DRAW_IN_FORCE),
            ),
        ]

    def __str__(self) -> str:
        first, last = self.days.lower, self.days.upper - timedelta(days=1)
        return f"{self.centre.name}, {short_date(first)} – {short_date(last)}"


class DrawRequest(models.Model):
    """A household that asks for seats side by side; drawn as one, whenever it came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="requests")
    # Empty once the account is closed: the draw goes on without knowing whose it was.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="draw_requests"
    )
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "D")
    )
    preferences = models.JSONField(default=dict)  # rules.draw_inputs.Preferences.as_json
    state = models.CharField(
        _("state"), max_length=20, choices=RequestState.choices, default=RequestState.REQUESTED
    )
    # Whether it was there at closing: then it is drawn, even if it is withdrawn afterwards.
    is_drawn = models.BooleanField(default=True)
    waiting_position = models.PositiveIntegerField(null=True)  # from 1, in drawn order
    offered = models.JSONField(default=list)  # [{"slot": id, "seats": n}]
    offer_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("request in a draw")
        verbose_name_plural = _("requests in draws")
        default_permissions = ()
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="request_state_is_known", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(
                name="an_offer_has_seats_and_an_end",
                condition=~Q(state=RequestState.OFFERED)
                | (Q(offer_expires_at__isnull=False) & ~Q(offered=[])),
            ),
            models.UniqueConstraint(
                fields=["draw", "waiting_position"], name="one_request_per_place_of_a_waiting_list"
            ),
        ]
        indexes = [
            models.Index(
                fields=["offer_expires_at"],
                name="offers_to_expire",
                condition=Q(state=RequestState.OFFERED),
            ),
            models.Index(fields=["draw", "state"], name="requests_of_a_draw"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def wishes(self) -> Preferences:
        """When the household can come."""
        return Preferences.from_json(self.preferences)


class DrawTraveller(models.Model):
    """One person of a request; the row goes when the request is withdrawn before closing."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="travellers")
    request = models.ForeignKey(DrawRequest, models.CASCADE, related_name="travellers")
    application = models.ForeignKey(
        "applications.Application", models.SET_NULL, null=True, related_name="draw_places"
    )
    key = models.CharField(max_length=64)  # a pseudonym for this draw alone
    carry_key = models.BinaryField(null=True)  # leads to MissedDraw
    missed = models.PositiveSmallIntegerField(default=0)  # fixed at closing

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "key"], name="one_request_per_traveller_in_a_draw"
            ),
            models.UniqueConstraint(
                fields=["draw", "application"], name="one_request_per_application_in_a_draw"
            ),
        ]

    def __str__(self) -> str:
        return self.key[:8]


class MissedDraw(models.Model):
    """How many draws for a state a traveller went through in vain since the last seat."""

    key = models.BinaryField(unique=True)  # a keyed hash; names nobody
    missed = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.missed)
