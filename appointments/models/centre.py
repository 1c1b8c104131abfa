"""Centres, their opening hours and closed days."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.missions.models import in_language

from ..enums import ClosureKind, Service


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
    is_exception = models.BooleanField(
        _("instead of the usual hours"),
        default=False,
        help_text=_("While these hours hold, the usual hours of the service do not."),
    )

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
