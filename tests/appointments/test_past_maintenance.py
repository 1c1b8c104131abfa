"""The public page of past closings: honest numbers, and none that speaks of one person."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from appointments.models import AppointmentMove, MovePlan
from appointments.move_aftermath import aftermath, timeline
from appointments.operations import counter_choice, return_offers
from appointments.operations import maintenance as closing
from appointments.past_maintenance import past_closings
from portal.accounts.roles import Role
from portal.outbox.models import Message
from tests.actors import staff_client
from tests.factories import CentreFactory

from .moves import applied, at, maintenance, manager, planned, window, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def after():
    return at(5)


def moved(people, free=None):
    _people, _later, row = world(people, free)
    assert applied(planned(row))
    return row


def test_it_counts_whom_a_closing_moved_by_how_much_and_whom_it_reached():
    moved(7)
    mails = list(Message.objects.filter(kind="appointment_moved").order_by("pk"))
    Message.objects.filter(pk__in=[one.pk for one in mails[:5]]).update(state="sent")
    Message.objects.filter(pk=mails[5].pk).update(state="telephoned")
    Message.objects.filter(pk=mails[6].pk).update(state="not_reached")
    AppointmentMove.objects.update(opened_at=timezone.now())
    minutes = sorted(AppointmentMove.objects.values_list("minutes", flat=True))
    (one,) = past_closings(after())
    (centre,) = one.centres
    assert (centre.moved.number, centre.median, centre.largest) == (7, minutes[3], minutes[-1])
    assert (centre.sent.number, centre.telephoned.few, centre.noted.number) == (5, True, 7)
    assert not centre.all_reached
    assert past_closings(at(-1)) == []


def test_what_a_plan_did_outlives_the_appointments():
    moved(6)
    AppointmentMove.objects.all().delete()
    (one,) = past_closings(after())
    (centre,) = one.centres
    assert (centre.moved.number, centre.sent) == (6, None)
    assert centre.median
    assert centre.largest


def test_small_numbers_are_not_told():
    moved(4, free=3)
    (one,) = past_closings(after())
    (centre,) = one.centres
    assert (centre.moved.few, centre.unplaced.few) == (True, True)
    assert (centre.median, centre.largest, centre.sent) == (None, None, None)


def test_a_closing_that_was_called_off_stays_on_the_page(client):
    row = moved(5)
    closing.call_off(maintenance_id=row.pk, actor=manager())
    text = client.get(reverse("maintenance:past"), headers={"accept-language": "en"})
    text = text.content.decode()
    assert "Called off." in text
    assert "<bdi>5</bdi>" in text
    assert row.note not in text or not row.note
    (one,) = past_closings()
    assert (one.called_off, one.centres[0].moved.number) == (True, 5)


def test_it_takes_a_constant_number_of_queries(django_assert_max_num_queries):
    moved(5)
    with django_assert_max_num_queries(5):
        past_closings(after())
    assert MovePlan.objects.count() == 1


# --- the same for staff -------------------------------------------------------------------------


def test_the_page_of_an_applied_plan_counts_and_names_every_step():
    people, _later, row = world(3)
    plan = planned(row)
    assert applied(plan)
    mails = list(Message.objects.filter(bulk=plan.bulk).order_by("pk"))
    Message.objects.filter(pk=mails[0].pk).update(state="bounced")
    Message.objects.filter(pk=mails[1].pk).update(state="sent")
    owner = people[0].application.owner
    counter_choice.note_seen(appointment_id=people[0].pk, owner=owner)
    closing.call_off(maintenance_id=row.pk, actor=manager())
    return_offers.offer_due()
    return_offers.accept(appointment_id=people[0].pk, owner=owner)
    found = aftermath(plan)
    assert (found.people, found.reached, found.bounced, found.noted) == (3, 1, 1, 1)
    assert sorted(count for _state, count in found.offers) == [1, 2]
    client = staff_client(Role.CENTRE_MANAGER, row.mission)
    page = client.get(
        reverse("admin:appointments_moveplan_change", args=[plan.pk]),
        headers={"accept-language": "en"},
    )
    text = page.content.decode()
    for said in ("Whom it reached", "1 message came back.", "Plan computed", "Everybody moved"):
        assert said in text
    assert f"bulk__exact={plan.bulk}" in text
    steps = timeline(row)
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert len([one for one in steps if one.about == people[0].reference]) == 3  # offered, answered


def test_hours_that_took_place_are_not_called_off_with_those_that_did_not(client):
    """Ended early: the first hours stay as they were, the second ones never came."""
    centre = CentreFactory()
    now = timezone.now()
    row = maintenance(centre, now - timedelta(hours=2), now + timedelta(hours=2))
    window(row, centre, at(hour=8), at(hour=9))
    closing.call_off(maintenance_id=row.pk, actor=manager())
    (one,) = past_closings(timezone.now() + timedelta(seconds=1))
    assert [hours.given_up for hours in one.hours] == [False, True]
    assert not one.called_off
    text = client.get(reverse("maintenance:past"), headers={"accept-language": "en"})
    assert text.content.decode().count("Called off.") == 1
