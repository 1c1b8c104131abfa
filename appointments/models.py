"""Centres, their opening hours and slots, and the appointments in them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.missions.models import in_language
from portal.references import new_reference

from .enums import LIVE_STATES, AppointmentState, ClosureKind, Service


@pghistory.track(fields=["is_active", "horizon_days", "notice_hours"], model_name="CentreHistory")
class Centre(models.Model):
    """A place where files are handed in (RD-02)."""

    mission = models.ForeignKey(
        "missions.Mission", models.PROTECT, related_name="centres", verbose_name=_("mission")
    )
    code = models.SlugField(_("code"), unique=True)
    names = models.JSONField(_("names"), help_text=_("Name in each language"))
    addresses = models.JSONField(_("addresses"), help_text=_("Address in each language"))
    post = models.SlugField(_("city"), help_text=_("City by which the provider is looked up"))
    horizon_days = models.PositiveSmallIntegerField(
        _("days bookable in advance"), default=42, validators=[MaxValueValidator(400)]
    )
    notice_hours = models.PositiveSmallIntegerField(_("shortest notice in hours"), default=24)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["mission", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self.names)

    @property
    def address(self) -> str:
        """The address in the active language."""
        return in_language(self.addresses)


class OpeningHours(models.Model):
    """When a centre serves on a weekday, with how many counters, from when until when."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="opening_hours", verbose_name=_("centre")
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"), help_text=_("No slot starts at or after this time"))
    counters = models.PositiveSmallIntegerField(_("counters"), validators=[MinValueValidator(1)])
    minutes = models.PositiveSmallIntegerField(
        _("minutes per case"), validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    valid = DateRangeField(_("valid"), help_text=_("First day included, last day excluded"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["centre", "service", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                name="opens_before_it_closes", condition=Q(opens__lt=F("closes"))
            ),
            models.UniqueConstraint(
                fields=["centre", "service", "weekday", "opens", "valid"],
                name="one_row_per_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """A day on which a centre is closed, or open, whatever the calendar says (CV-05)."""

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="closures", verbose_name=_("centre")
    )
    day = models.DateField(_("day"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=ClosureKind.choices, default=ClosureKind.CLOSED
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["centre", "day"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "day"], name="one_closure_per_centre_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("capacity", "released")),
    fields=["capacity", "released"],
    model_name="SlotHistory",
)
class Slot(models.Model):
    """A time at a desk with its seats: taken of released of capacity."""

    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="slots", verbose_name=_("centre")
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    capacity = models.PositiveSmallIntegerField(_("capacity"))
    released = models.PositiveSmallIntegerField(_("released"), default=0)
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="seats_within_capacity",
                condition=Q(taken__gte=0)
                & Q(taken__lte=F("released"))
                & Q(released__lte=F("capacity")),
            ),
            models.UniqueConstraint(
                fields=["centre", "service", "starts_at"], name="one_slot_per_centre_and_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["centre", "service", "starts_at"],
                name="free_slots",
                condition=Q(taken__lt=F("released")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        """The first instant after the slot."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def free(self) -> int:
        """How many seats can be booked now."""
        return self.released - self.taken


@pghistory.track(fields=["state", "slot", "version"], model_name="AppointmentHistory")
class Appointment(models.Model):
    """A seat that is bound to one traveller's application and passport (AT-03)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "R")
    )
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("application"),
    )
    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="appointments", verbose_name=_("slot")
    )
    # Kept here so that the database itself refuses a second live appointment (RD-09).
    state_code = models.CharField(_("state of destination"), max_length=2)
    traveller_key = models.BinaryField()
    state = models.CharField(
        _("state"), max_length=20, choices=AppointmentState.choices, default=AppointmentState.BOOKED
    )
    # SEQUENCE of the calendar file is version - 1; every change of time or state counts.
    version = models.PositiveIntegerField(_("version"), default=1)
    booked_at = models.DateTimeField(_("booked"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-booked_at"]
        constraints = [
            models.CheckConstraint(
                name="appointment_state_is_known", condition=Q(state__in=AppointmentState.values)
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_appointment_per_application",
            ),
            # Per state and not per mission: RD-09 reads "per passport number and per state",
            # which is stricter, as a state may have several missions.
            models.UniqueConstraint(
                fields=["state_code", "traveller_key"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_appointment_per_traveller_and_state",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        """Whether it holds its seat."""
        return self.state in LIVE_STATES
