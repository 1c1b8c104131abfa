"""Two release plans to look at: one that runs, and one that is over, with its proof."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appointments.enums import Service
from appointments.freed_seats import give_back
from appointments.models import Centre, ReleasePlan, Slot
from appointments.operations import advance_plans, open_due, release
from portal.database_clock import rehearsed
from portal.dates import ALGIERS, civil_date


def load_release_plans() -> int:
    """Publish a plan to come, and live through one that is over; returns how many are new."""
    if ReleasePlan.objects.exists():
        return 0
    today = civil_date(timezone.now())
    coming = _drafted("fr-annaba", today + timedelta(days=8), today + timedelta(days=2), nights=3)
    release.publish(plan_id=coming.pk, actor=None)
    _live_through(_drafted("fr-oran", today - timedelta(days=10), today - timedelta(days=15)))
    return 2


def _drafted(centre: str, first_day: date, opens: date, nights: int = 2) -> ReleasePlan:
    """Draft five days of appointments whose places open on some mornings and evenings."""
    days = [opens + timedelta(days=n) for n in range(nights)]
    hours = [(time(9), time(12)), (time(18), time(21))]
    return release.draft(
        centre=Centre.objects.get(code=centre),
        service=Service.SHORT_STAY,
        first_day=first_day,
        last_day=first_day + timedelta(days=4),
        windows=[
            (datetime.combine(day, start, ALGIERS), datetime.combine(day, end, ALGIERS))
            for day, (start, end) in zip(days, hours * nights, strict=False)
        ],
        actor=None,
    )


def _live_through(plan: ReleasePlan) -> None:
    """Open each place at its moment, and give one back, as beat and an applicant would."""
    begin = plan.windows.order_by("hours")[0].starts_at
    with rehearsed(begin - timedelta(days=3)):
        release.publish(plan_id=plan.pk, actor=None)
    first = True
    while (moment := _next_moment(plan)) is not None:
        with rehearsed(moment + timedelta(seconds=4)):
            open_due()
            if first:
                _book_and_give_back(release.slots_of(plan).filter(released__gt=0)[0])
        first = False
    with rehearsed(timezone.now() - timedelta(days=1)):
        advance_plans()
        advance_plans()


def _next_moment(plan: ReleasePlan) -> datetime | None:
    batches = plan.batches.filter(opened_at=None).values_list("due_at", flat=True)
    freed = plan.freed_seats.filter(returned_at=None).values_list("return_at", flat=True)
    return min([*batches, *freed], default=None)


@transaction.atomic  # as cancelling does: giving back locks what may close the slot
def _book_and_give_back(slot: Slot) -> None:
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") + 1)
    give_back(slot)
