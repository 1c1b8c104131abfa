"""A centre with two days of slots and a draw for them, lived through by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from appointments.enums import DrawState
from appointments.models import Draw
from appointments.operations import draw, draw_offers, draw_requests, draw_results
from appointments.rules.draw_inputs import Preferences
from tests.appointments.releases import at
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory

# Sunday 7 and Monday 8 March 2027; announced and open on the 1st, closed on the 3rd.
DAYS = (date(2027, 3, 7), date(2027, 3, 8))
ANNOUNCED = datetime(2027, 3, 1, 9, tzinfo=UTC)
ASKED = datetime(2027, 3, 2, 10, tzinfo=UTC)
CLOSES = datetime(2027, 3, 3, 9, tzinfo=UTC)
CLOSED = CLOSES + timedelta(seconds=7)
VALUE_AT = datetime(2027, 3, 3, 20, tzinfo=UTC)
DRAWN = datetime(2027, 3, 3, 21, tzinfo=UTC)
HOURS = 24


def wish_for(centre, **changes):
    given = {
        "service": "short_stay",
        "first_day": DAYS[0],
        "last_day": DAYS[-1],
        "opens_at": ANNOUNCED,
        "closes_at": CLOSES,
        "source": "Numbers of the lottery of 3 March",
        "acceptance_hours": HOURS,
    }
    return draw.DrawWish(centre=centre, **{**given, **changes})


def slots_for(centre, seats=2):
    """Two slots without a gap on each day, in the morning."""
    return [
        SlotFactory(
            centre=centre,
            seats=seats,
            starts_at=datetime(day.year, day.month, day.day, 9, minute, tzinfo=UTC),
        )
        for day in DAYS
        for minute in (0, 20)
    ]


def announced(centre=None, seats=2, **changes):
    """An announced draw over new slots."""
    centre = centre or CentreFactory()
    if not centre.slots.exists():
        slots_for(centre, seats)
    with at(ANNOUNCED):
        return draw.announce(wish=wish_for(centre, **changes), actor=UserFactory(is_staff=True))


def household(row, people=1, owner=None):
    """Applications of one account that can take part."""
    owner = owner or UserFactory()
    return [
        ApplicationFactory(submitted=True, owner=owner, mission=row.centre.mission)
        for _person in range(people)
    ]


def asked(row, people=1, wish=None, applications=None, moment=ASKED):
    """A request of a new household, or of `applications`."""
    applications = applications or household(row, people)
    with at(moment):
        return draw_requests.ask(
            draw_id=row.pk,
            application_ids=[one.pk for one in applications],
            preferences=wish or Preferences(),
            owner=applications[0].owner,
        )


def closed(row):
    with at(CLOSED):
        return draw.begin_or_close(draw_id=row.pk)


def valued(row, value="3 14 15 92 65"):
    row = closed(row)
    with at(DRAWN):
        return draw.enter_value(
            draw_id=row.pk, value=value, value_at=VALUE_AT, actor=UserFactory(is_staff=True)
        )


def drawn(row):
    """Close, give the public value, draw and check."""
    valued(row)
    with at(DRAWN):
        assert draw_results.run(draw_id=row.pk)
        draw_results.check(draw_id=row.pk)
    row = Draw.objects.get(pk=row.pk)
    assert row.state == DrawState.DRAWN
    return row


def advanced(row, moment=DRAWN):
    with at(moment):
        draw_offers.advance(draw_id=row.pk)
    return Draw.objects.get(pk=row.pk)


def accepted(request, moment=DRAWN):
    with at(moment):
        return draw_offers.accept(request_id=request.pk, owner=request.owner)
