"""Maintenance: when which centres close, and what waits meanwhile (RD-04, RD-05)."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.formats import moment as in_words
from portal.references import new_reference

from ..enums import MaintenanceReason, MaintenanceState, Suspended
from ..rules import maintenance as rules
from .centre import Centre


@pghistory.track(
    fields=["state", "suspends", "announce_at", "reason"], model_name="MaintenanceHistory"
)
class Maintenance(models.Model):
    """One closure of the platform for centres of a mission: announced, shortened or called off.

    People see it from `announce_at` on; an emergency is announced the moment it is declared.
    """

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=partial(new_reference, "M")
    )
    mission = models.ForeignKey(
        "missions.Mission", models.PROTECT, related_name="+", verbose_name=_("mission")
    )
    reason = models.CharField(
        _("reason"),
        max_length=20,
        choices=MaintenanceReason.choices,
        default=MaintenanceReason.UPDATE,
    )
    suspends = ArrayField(
        models.CharField(max_length=20, choices=Suspended.choices), verbose_name=_("suspended")
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=MaintenanceState.choices,
        default=MaintenanceState.DRAFT,
    )
    announce_at = models.DateTimeField(_("shown to everybody from"), null=True, blank=True)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    note = models.TextField(_("note for staff"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("planned"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("maintenance")
        verbose_name_plural = _("maintenance")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="maintenance_state_is_known", condition=Q(state__in=MaintenanceState.values)
            ),
            models.CheckConstraint(
                name="maintenance_suspends_something", condition=~Q(suspends=[])
            ),
            models.CheckConstraint(
                name="announced_maintenance_has_its_moment",
                condition=Q(state=MaintenanceState.DRAFT) | Q(announce_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@pghistory.track(fields=["hours", "in_force"], model_name="MaintenanceWindowHistory")
class MaintenanceWindow(models.Model):
    """The hours [start, end) in which one centre is closed, in Africa/Algiers (RD-04).

    `in_force` follows the state of its maintenance, since a constraint sees one row only.
    """

    maintenance = models.ForeignKey(
        Maintenance, models.CASCADE, related_name="windows", verbose_name=_("maintenance")
    )
    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="maintenance_windows", verbose_name=_("centre")
    )
    hours = DateTimeRangeField(_("hours"), help_text=_("Start included, end excluded"))
    in_force = models.BooleanField(_("in force"), default=False, editable=False)

    class Meta:
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        ordering = ["hours", "centre"]
        constraints = [
            models.CheckConstraint(
                name="window_has_start_and_end",
                condition=Q(hours__isempty=False, hours__lower_inf=False, hours__upper_inf=False),
            ),
            ExclusionConstraint(
                name="announced_windows_of_a_centre_do_not_overlap",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("hours", RangeOperators.OVERLAPS),
                ],
                condition=Q(in_force=True),
            ),
            ExclusionConstraint(
                name="windows_of_one_maintenance_do_not_overlap",
                expressions=[
                    ("maintenance", RangeOperators.EQUAL),
                    ("centre", RangeOperators.EQUAL),
                    ("hours", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.hours.lower)} – {in_words(self.hours.upper)}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check as the database does; forms leave out `in_force`, which the condition needs."""
        super().validate_constraints(exclude={*(exclude or ())} - {"in_force"})

    def as_rule(self) -> rules.Window:
        """Return the window as the rules read it."""
        return rules.Window(self.hours.lower, self.hours.upper, self.pk or 0)
