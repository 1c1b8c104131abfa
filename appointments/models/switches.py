"""Rules that a centre may switch on or off, from a day to a day."""

from __future__ import annotations

from datetime import date

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import rows

from ..enums import ON_BY_DEFAULT, PrecautionKind, Switch
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


_CENTRE = rows.Columns(Centre, "c")
_SWITCH = rows.Columns(CentreSwitch, "w")
_OF_MISSION = rows.select(
    """
    FROM appointments_centre c
    LEFT JOIN appointments_centreswitch w
      ON w.centre_id = c.id AND w.name = %s AND w.valid @> %s::date
    WHERE c.mission_id = %s AND c.is_active ORDER BY c.code
    """,
    _CENTRE,
    _SWITCH,
)


def centres_with(switch: Switch, mission_id: int, day: date) -> list[tuple[Centre, bool]]:
    """Return the active centres of a mission, and whether a rule holds on `day`; one query."""
    found = rows.read(_OF_MISSION, [switch.value, day, mission_id], _CENTRE, _SWITCH)
    default = switch in ON_BY_DEFAULT
    return [(centre, default if said.pk is None else said.is_on) for centre, said in found]


# A measure against one account begins and ends by the clock of the database.
_AT_SLOT = """
    SELECT w.name, w.is_on FROM appointments_slot s
    JOIN appointments_centreswitch w ON w.centre_id = s.centre_id AND w.valid @> %s::date
    WHERE s.id = %s
    UNION ALL
    SELECT 'precaution', true FROM appointments_precaution
    WHERE account_id = %s AND kind = %s AND valid @> statement_timestamp()
"""


def switches_at(slot_id: int, account_id: int, day: date) -> frozenset[Switch]:
    """Return the rules that hold for an account at the centre of a slot on `day`; one query.

    A precaution may ask an account for the mailed code where its centre does not (AT-06).
    """
    params = [day, slot_id, account_id, PrecautionKind.CODE.value]
    said = dict(rows.values(_AT_SLOT, params))
    on = {one for one in Switch if said.get(one.value, one in ON_BY_DEFAULT)}
    return frozenset(on | {Switch.CODE} if "precaution" in said else on)
