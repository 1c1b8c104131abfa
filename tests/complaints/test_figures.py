"""Public figures: counted in the database, small numbers hidden, nobody in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from complaints.figures import FEWEST, figures_of
from complaints.models import Case
from portal.dates import ALGIERS
from portal.shared_pages import IS_SHARED
from tests.complaints.conftest import appeal, complaint
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ALGIERS)


def many(mission, count, day, *, answered=None, category="provider", hour=12):
    made = [
        complaint(mission, at=at(day, hour), category=category, text=str(n)) for n in range(count)
    ]
    if answered:
        Case.objects.filter(pk__in=[one.pk for one in made]).update(
            state="closed", closed_at=at(answered)
        )


def shown(mission, category=1):
    subject = figures_of(mission, TODAY).subjects[category]
    return {
        month: cell.shown
        for month, cell in zip(figures_of(mission, TODAY).months, subject.months, strict=True)
    }


def test_complaints_are_counted_in_their_month_on_the_clock_of_algiers(mission):
    many(mission, 5, date(2026, 10, 31), hour=23)  # still October there, and so in UTC
    many(mission, 6, date(2026, 11, 1), hour=0)  # November there, October in UTC
    many(mission, 7, date(2026, 11, 3), category="staff")
    counts = shown(mission)
    assert (counts[date(2026, 10, 1)], counts[date(2026, 11, 1)]) == (5, 6)
    assert shown(mission, 0)[date(2026, 11, 1)] == 7


def test_twelve_months_are_shown_and_what_is_older_is_not(mission):
    many(mission, 5, date(2025, 12, 1))
    many(mission, 5, date(2025, 11, 30))
    counts = shown(mission)
    assert len(counts) == 12
    assert min(counts) == date(2025, 12, 1)
    assert counts[date(2025, 12, 1)] == 5


@pytest.mark.parametrize(("count", "number"), [(0, 0), (1, None), (FEWEST - 1, None), (FEWEST, 5)])
def test_small_numbers_are_hidden(mission, count, number):
    many(mission, count, date(2026, 11, 3))
    assert shown(mission)[date(2026, 11, 1)] == number


def test_other_missions_count_for_themselves(mission):
    many(mission, 5, date(2026, 11, 3))
    other = MissionFactory(code="fr-oran", state="FR", post="oran")
    assert set(shown(other).values()) == {0}


def test_the_median_counts_working_days_between_arrival_and_answer(mission):
    # Friday and Saturday are the weekend; 1 November is a holiday.
    many(mission, 2, date(2026, 10, 19), answered=date(2026, 10, 20))  # 1
    many(mission, 1, date(2026, 10, 21), answered=date(2026, 10, 25))  # Wed to Sun: 2
    many(mission, 2, date(2026, 10, 29), answered=date(2026, 11, 3))  # Thu to Tue: 2
    many(mission, 5, date(2026, 11, 20))  # waits, and counts in no median
    assert figures_of(mission, TODAY).subjects[1].median == 2.0


def test_of_fewer_than_five_answers_no_median_is_told(mission):
    many(mission, FEWEST - 1, date(2026, 10, 19), answered=date(2026, 10, 20))
    many(mission, 5, date(2026, 10, 19))
    assert figures_of(mission, TODAY).subjects[1].median is None


def test_appeals_are_those_of_the_register(mission):
    for _ in range(FEWEST):
        appeal(mission)
    assert [(year, cell.shown) for year, cell in figures_of(mission, TODAY).appeals] == [(2026, 5)]


def test_two_queries_however_many_there_are(mission, django_assert_num_queries):
    many(mission, 30, date(2026, 11, 3))
    with django_assert_num_queries(2):
        figures_of(mission, TODAY)


def test_the_page_is_for_everybody_shared_and_without_a_person(mission):
    this_month = date.today().replace(day=1)
    many(mission, 9, this_month - timedelta(days=3))
    many(mission, 2, this_month - timedelta(days=3), category="staff")
    answer = Client(HTTP_ACCEPT_LANGUAGE="en").get("/complaints/figures/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer.wsgi_request.META[IS_SHARED]
    assert not answer.cookies
    assert "<td>9</td>" in text
    assert "fewer than 5" in text
    assert "Amina" not in text
    assert "style=" not in text
    assert Client().get("/complaints/figures/?mission=nowhere").status_code == 404
