"""Plans of new times, and every move that an appointment made (RD-06, RD-07)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import MoveKind, MovePlanState, OfferState
from .appointment import Appointment
from .maintenance import Maintenance
from .slot import Slot


class MovePlan(models.Model):
    """New times for everybody in the windows of one maintenance, frozen with a hash.

    `plan` is `rules.moves.Plan.as_json`, `digest` its hash.  `pins` maps an appointment's id to
    the slot that staff chose for it; `added` maps a slot's id to seats that staff add for this
    plan when it is applied.  `bulk` is what the messages of this plan are counted by.  `totals` is
    what pages show of it (`move_numbers`); `applied_by` who last asked to apply it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    maintenance = models.ForeignKey(
        Maintenance, models.PROTECT, related_name="plans", verbose_name=_("maintenance")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=MovePlanState.choices,
        default=MovePlanState.COMPUTING,
    )
    notice_hours = models.PositiveSmallIntegerField(_("notice in hours"))
    earlier_centres = models.JSONField(_("earlier on the same day at"), default=list, blank=True)
    pins = models.JSONField(default=dict, editable=False)
    added = models.JSONField(default=dict, editable=False)
    plan = models.JSONField(null=True, editable=False)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)
    totals = models.JSONField(default=dict, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    of = models.PositiveIntegerField(default=0, editable=False)
    error = models.CharField(max_length=200, blank=True, editable=False)
    bulk = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    computed_at = models.DateTimeField(_("computed"), null=True, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("plan of new times")
        verbose_name_plural = _("plans of new times")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="move_plan_state_is_known", condition=Q(state__in=MovePlanState.values)
            ),
            models.UniqueConstraint(
                fields=["maintenance", "number"], name="one_move_plan_per_number"
            ),
            models.CheckConstraint(
                name="only_an_applied_plan_has_its_moment",
                condition=Q(state=MovePlanState.APPLIED, applied_at__isnull=False)
                | (~Q(state=MovePlanState.APPLIED) & Q(applied_at=None)),
            ),
            models.CheckConstraint(
                name="a_ready_plan_is_frozen",
                condition=~Q(state__in=[MovePlanState.READY, MovePlanState.APPLIED])
                | (Q(plan__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maintenance} / {self.number}"

    @property
    def mission_id(self) -> int:
        """The mission whose staff see the plan."""
        return self.maintenance.mission_id

    @property
    def notice(self) -> timedelta:
        """How long before a new time somebody must know of it."""
        return timedelta(hours=self.notice_hours)


class AppointmentMove(models.Model):
    """One change of time of one appointment: from where, to where, by whom, and why.

    `version` is the appointment's version that the move made (SEQUENCE is one less).  A move by
    the administration gives its person one choice of another time (`chosen_at` says it is
    used), until `choice_until`.  `opened_at` says when the person first saw the new time on the
    site.
    """

    appointment = models.ForeignKey(
        Appointment,
        models.CASCADE,
        related_name="moves",
        verbose_name=_("appointment"),
        db_index=False,  # found by the constraint that begins with it
    )
    plan = models.ForeignKey(
        MovePlan, models.PROTECT, null=True, related_name="moves", verbose_name=_("plan")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MoveKind.choices)
    old_slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="moves_away", verbose_name=_("old time")
    )
    new_slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="moves_here", verbose_name=_("new time")
    )
    minutes = models.IntegerField(_("minutes later"))  # negative if earlier
    why = models.CharField(max_length=40, blank=True)  # a code of rules.moves.explain
    version = models.PositiveIntegerField(_("version"))
    moved_at = models.DateTimeField(_("moved"))
    choice_until = models.DateTimeField(_("another time may be chosen until"), null=True)
    chosen_at = models.DateTimeField(_("choice used"), null=True)
    opened_at = models.DateTimeField(_("seen by its person"), null=True)

    class Meta:
        verbose_name = _("move of an appointment")
        verbose_name_plural = _("moves of appointments")
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="move_kind_is_known", condition=Q(kind__in=MoveKind.values)
            ),
            models.UniqueConstraint(
                fields=["appointment", "version"], name="one_move_per_version_of_an_appointment"
            ),
            models.UniqueConstraint(
                fields=["appointment", "plan"],
                condition=Q(kind=MoveKind.MAINTENANCE),
                name="one_move_per_appointment_and_plan",
            ),
            models.CheckConstraint(
                name="a_move_leads_elsewhere", condition=~Q(old_slot=F("new_slot"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.minutes:+d}"


class ReturnOffer(models.Model):
    """The old time, offered back because the maintenance was shortened or called off.

    Its seat waits for this person until `until` and is then given back (AT-07).
    """

    move = models.OneToOneField(
        AppointmentMove, models.CASCADE, related_name="offer", verbose_name=_("move")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=OfferState.choices, default=OfferState.OPEN
    )
    offered_at = models.DateTimeField(_("offered"))
    until = models.DateTimeField(_("to be answered until"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("old time offered back")
        verbose_name_plural = _("old times offered back")
        ordering = ["-offered_at"]
        constraints = [
            models.CheckConstraint(
                name="offer_state_is_known", condition=Q(state__in=OfferState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move_id} {self.state}"

    @property
    def mission_id(self) -> int:
        """The mission whose staff see the offer."""
        mission: int = self.move.appointment.application.mission_id
        return mission
