"""Release plans: which seats open in which published windows, and seats that come back (AT-07).

The moments and the seed are secret until they are over: nothing here is shown in a list, kept in
a history or written into the trail before its time.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date
from portal.encryption import EncryptedTextField
from portal.formats import short_date

from ..enums import PLAN_IN_FORCE, FreedBy, PlanState, Service
from ..rules import release as rules
from ..rules.transcripts import second_of
from .centre import Centre
from .slot import Slot


class ReleasePlan(models.Model):
    """What a centre announces: the days whose seats open, and (as rows) the windows.

    `rule`, `commitment` and `plan_digest` are fixed on publishing; `transcript` when all is over.
    """

    centre = models.ForeignKey(
        Centre, models.PROTECT, related_name="release_plans", verbose_name=_("centre")
    )
    service = models.CharField(_("service"), max_length=20, choices=Service.choices)
    days = DateRangeField(
        _("days of the appointments"), help_text=_("First day included, last day excluded")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=PlanState.choices, default=PlanState.DRAFT
    )
    seed = EncryptedTextField(editable=False)  # 32 bytes in hexadecimal
    rule = models.JSONField(default=dict, editable=False)  # ReturnRule.as_json
    commitment = models.CharField(_("commitment"), max_length=64, blank=True, editable=False)
    plan_digest = models.CharField(
        _("fingerprint of the plan"), max_length=64, blank=True, editable=False
    )
    transcript = models.JSONField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    revealed_at = models.DateTimeField(_("revealed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("release plan")
        verbose_name_plural = _("release plans")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_state_is_known", condition=Q(state__in=PlanState.values)
            ),
            models.CheckConstraint(
                name="plan_has_first_and_last_day",
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
            ),
            models.CheckConstraint(
                name="published_plan_is_committed",
                condition=Q(state=PlanState.DRAFT)
                | (Q(published_at__isnull=False) & ~Q(commitment="") & ~Q(plan_digest="")),
            ),
            models.CheckConstraint(
                name="only_a_closed_plan_is_revealed",
                condition=Q(revealed_at=None, transcript__isnull=True)
                | Q(revealed_at__isnull=False, transcript__isnull=False, state=PlanState.CLOSED),
            ),
            ExclusionConstraint(
                name="one_published_plan_per_centre_service_and_day",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=PLAN_IN_FORCE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre.name}, {short_date(self.days.lower)} – {short_date(self.last_day)}"

    @property
    def last_day(self) -> date:
        """The last day whose seats it opens."""
        day: date = self.days.upper - timedelta(days=1)
        return day

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check as the database does; forms leave out `state`, which the conditions need."""
        super().validate_constraints(exclude={*(exclude or ())} - {"state"})

    @property
    def mission_id(self) -> int:
        """The mission whose staff see the plan."""
        return self.centre.mission_id

    def announced(self) -> rules.ReleasePlan:
        """Return what is published, as the rules read it; ValueError without a window."""
        windows = tuple(one.as_rule() for one in self.windows.all())
        if not windows:
            raise ValueError("a plan without windows announces nothing")
        first_day = civil_date(min(one.start for one in windows))
        rule = rules.ReturnRule.from_json(self.rule)
        return rules.ReleasePlan(self.centre.code, first_day, windows, rule)

    @property
    def seed_bytes(self) -> bytes:
        """The secret seed; ValueError for a draft, which has none."""
        return bytes.fromhex(self.seed)

    @property
    def is_revealed(self) -> bool:
        """Whether the seed is public."""
        return self.revealed_at is not None


class ReleaseWindow(models.Model):
    """Hours inside which places open: new ones by `share`, those given back where it is 0."""

    plan = models.ForeignKey(ReleasePlan, models.CASCADE, related_name="windows")
    hours = DateTimeRangeField(_("hours"))
    share = models.PositiveSmallIntegerField(
        _("share"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("How many of the places open in it, in proportion to the other windows"),
    )

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["hours"]
        constraints = [
            models.CheckConstraint(
                name="window_has_begin_and_end",
                condition=Q(hours__isempty=False, hours__lower_inf=False, hours__upper_inf=False),
            ),
            ExclusionConstraint(
                name="windows_of_a_plan_do_not_overlap",
                expressions=[
                    ("plan", RangeOperators.EQUAL),
                    ("hours", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.hours)

    def as_rule(self) -> rules.Window:
        """Return the window as the rules read it, in whole seconds."""
        return rules.Window(second_of(self.starts_at), second_of(self.ends_at), self.share)

    @property
    def starts_at(self) -> datetime:
        """The first moment at which a place may open."""
        moment: datetime = self.hours.lower
        return moment

    @property
    def ends_at(self) -> datetime:
        """The first moment at which none opens any more."""
        moment: datetime = self.hours.upper
        return moment


class ReleaseBatch(models.Model):
    """Neighbouring seats of one slot that open together at a moment nobody knows before."""

    plan = models.ForeignKey(ReleasePlan, models.PROTECT, related_name="batches")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="batches")
    first_number = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_seats = models.PositiveSmallIntegerField(default=0)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                name="no_batch_opens_early",
                condition=Q(opened_at=None) | Q(opened_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="no_more_seats_open_than_a_batch_has",
                condition=Q(opened_seats__lte=F("seats"))
                & (Q(opened_seats=0) | Q(opened_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["plan", "slot", "first_number"], name="one_batch_per_first_seat"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="batches_to_open",
                condition=Q(opened_at=None, withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} from seat {self.first_number}"


class FreedSeat(models.Model):
    """Seats that were freed or added, and open again at a moment nobody knows before.

    It names no appointment: nobody can tell from it whose seat comes back.
    """

    # Made here and never taken from a request, so that nobody tries for a better moment.
    event = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReleasePlan, models.PROTECT, null=True, related_name="freed_seats")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="freed_seats")
    kind = models.CharField(max_length=20, choices=FreedBy.choices, default=FreedBy.CANCELLING)
    first_number = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField(default=1)
    freed_at = models.DateTimeField()
    return_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_seats = models.PositiveSmallIntegerField(default=0)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["freed_at"]
        constraints = [
            models.CheckConstraint(
                name="freed_seat_kind_is_known", condition=Q(kind__in=FreedBy.values)
            ),
            models.CheckConstraint(
                name="freed_seat_returns_later", condition=Q(return_at__gt=F("freed_at"))
            ),
            models.CheckConstraint(
                name="no_freed_seat_returns_early",
                condition=Q(returned_at=None) | Q(returned_at__gte=F("return_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["return_at"],
                name="freed_seats_to_return",
                condition=Q(returned_at=None, withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)
