"""A centre with two days of slots and a plan for them, for tests of the random release."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import time_machine

from appointments.enums import PlanState
from appointments.models import ReleasePlan
from appointments.operations import release
from appointments.operations.opening import advance_plans, open_due
from portal.database_clock import rehearsed
from tests.factories import CentreFactory, SlotFactory, UserFactory

# Sunday 7 and Monday 8 March 2027; announced on the Monday before.
DAYS = (datetime(2027, 3, 7).date(), datetime(2027, 3, 8).date())
ANNOUNCED = datetime(2027, 3, 1, 9, tzinfo=UTC)
WINDOWS = [
    (datetime(2027, 3, 3, 8, tzinfo=UTC), datetime(2027, 3, 3, 11, tzinfo=UTC)),
    (datetime(2027, 3, 4, 15, tzinfo=UTC), datetime(2027, 3, 4, 18, tzinfo=UTC)),
]
OVER = datetime(2027, 3, 12, tzinfo=UTC)


@contextmanager
def at(moment):
    """Live at `moment`, on the clock of the database too."""
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(moment, tick=False))
        stack.enter_context(rehearsed(moment))
        yield


def slots_for(centre, seats=6):
    """Two slots on each day."""
    return [
        SlotFactory(
            centre=centre,
            seats=seats,
            starts_at=datetime(day.year, day.month, day.day, 9, minute, tzinfo=UTC),
        )
        for day in DAYS
        for minute in (0, 20)
    ]


def drafted(centre=None, windows=WINDOWS):
    return release.draft(
        centre=centre or CentreFactory(),
        service="short_stay",
        first_day=DAYS[0],
        last_day=DAYS[-1],
        windows=windows,
        actor=UserFactory(is_staff=True),
    )


def published(centre=None, seats=6):
    """A published plan over new slots."""
    centre = centre or CentreFactory()
    slots_for(centre, seats)
    plan = drafted(centre)
    with at(ANNOUNCED):
        return release.publish(plan_id=plan.pk, actor=UserFactory(is_staff=True))


def lived_through(plan, until=OVER):
    """Let beat work through all moments of a plan up to `until`, a second after each."""
    while (moment := _next_moment(plan)) is not None and moment < until:
        with at(moment + timedelta(seconds=1)):
            open_due()
            advance_plans()
    with at(until):
        open_due()
        advance_plans()
    plan = ReleasePlan.objects.get(pk=plan.pk)
    assert until < OVER or plan.state == PlanState.CLOSED
    return plan


def _next_moment(plan):
    batches = plan.batches.filter(opened_at=None).values_list("due_at", flat=True)
    freed = plan.freed_seats.filter(returned_at=None).values_list("return_at", flat=True)
    return min([*batches, *freed], default=None)
