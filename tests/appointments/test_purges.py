"""What draws keep of people ends by itself; the transcript stays checkable (DP-04)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from appointments.enums import DrawState
from appointments.models import Draw, DrawRequest, DrawTraveller, MissedDraw
from appointments.purges import old_draw_requests, old_missed_draws
from portal.data_rights.purges import purges, run
from portal.dates import add_years, civil_date
from tests.appointments.draws import announced, asked, drawn

pytestmark = pytest.mark.django_db
TODAY = civil_date(timezone.now())


@pytest.fixture
def request_of_a_draw():
    row = announced()
    request = asked(row)
    drawn(row)
    return request


@pytest.mark.parametrize(("days", "due"), [(90, 0), (91, 1)])
@pytest.mark.parametrize("state", [DrawState.SETTLED, DrawState.CANCELLED])
def test_requests_are_kept_for_ninety_days_after_the_last_day(request_of_a_draw, state, days, due):
    end = TODAY - timedelta(days=days - 1)  # the day after the last one
    Draw.objects.update(state=state, days=DateRange(end - timedelta(days=3), end))
    assert old_draw_requests(TODAY).count() == due
    run(today=TODAY, only=["draw_request"])
    assert DrawRequest.objects.count() == DrawTraveller.objects.count() == 1 - due
    assert Draw.objects.get().transcript["requests"]


def test_a_draw_that_is_not_over_keeps_its_requests(request_of_a_draw):
    end = TODAY - timedelta(days=200)
    Draw.objects.update(days=DateRange(end - timedelta(days=3), end))
    assert not old_draw_requests(TODAY).exists()


@pytest.mark.parametrize(("later", "due"), [(0, 0), (1, 1)])
def test_an_advantage_that_nobody_used_for_a_year_is_forgotten(later, due):
    MissedDraw.objects.create(key=b"x" * 32, missed=2)
    MissedDraw.objects.update(changed_at=timezone.now())
    day = add_years(TODAY, 1) + timedelta(days=later)
    assert old_missed_draws(day).count() == due


def test_every_kind_is_registered():
    names = {one.name for one in purges()}
    assert {"booking_trace", "signal", "draw_request", "missed_draw", "tip_off"} <= names
