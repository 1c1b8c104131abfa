"""Rules that a centre may switch on or off, from a day to a day."""

from __future__ import annotations

from datetime import date

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ..enums import ON_BY_DEFAULT, Switch
from .centre import Centre


@pghistory.track(fields=["is_on", "valid", "name", "centre"], model_name="CentreSwitchHistory")
class CentreSwitch(models.Model):
    """Says that a rule holds at a centre, or does not, on some days.

    On days without a row `enums.ON_BY_DEFAULT` answers.
    """

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="switches", verbose_name=_("centre")
    )
    name = models.CharField(_("rule"), max_length=40, choices=Switch.choices)
    is_on = models.BooleanField(_("switched on"), default=True)
    valid = DateRangeField(_("valid"), help_text=_("First day included, last day excluded"))

    class Meta:
        verbose_name = _("switch of a centre")
        verbose_name_plural = _("switches of centres")
        ordering = ["centre", "name", "valid"]
        constraints = [
            models.CheckConstraint(
                name="switch_is_known", condition=models.Q(name__in=Switch.values)
            ),
            ExclusionConstraint(
                name="one_position_of_a_switch_at_a_time",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre.name}, {self.get_name_display()}"


def is_on(centre_id: int, switch: Switch, day: date) -> bool:
    """Tell whether a rule holds at a centre on `day` (civil day in Algiers)."""
    said = (
        CentreSwitch.objects.filter(centre=centre_id, name=switch, valid__contains=day)
        .values_list("is_on", flat=True)
        .first()
    )
    return switch in ON_BY_DEFAULT if said is None else bool(said)


def position_of(switch: Switch, day: date) -> Coalesce:
    """Return whether a rule holds on `day`, as a column of a query about centres."""
    said = CentreSwitch.objects.filter(
        centre=models.OuterRef("pk"), name=switch, valid__contains=day
    ).values("is_on")[:1]
    return Coalesce(models.Subquery(said), models.Value(switch in ON_BY_DEFAULT))


def switches_at(slot_id: int, day: date) -> frozenset[Switch]:
    """Return the rules that hold at the centre of a slot on `day`; one query."""
    said = {
        Switch(name): on
        for name, on in CentreSwitch.objects.filter(
            centre__slots=slot_id, valid__contains=day
        ).values_list("name", "is_on")
    }
    return frozenset(one for one in Switch if said.get(one, one in ON_BY_DEFAULT))
