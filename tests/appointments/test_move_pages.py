"""The pages of a plan of new times: looked at, changed by hand, confirmed."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils.translation import override

from appointments.enums import MovePlanState
from appointments.models import AppointmentMove, MovePlan
from appointments.move_charts import distribution
from appointments.move_preview import harmless, span
from appointments.operations import move_applying, move_plans
from portal.accounts.roles import Role
from portal.audit.models import Access
from tests.actors import staff_client
from tests.factories import MissionFactory

from .moves import applied, at, manager, planned, traveller, world

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def page(name, plan, *more):
    return reverse(f"admin:appointments_moveplan_{name}", args=[plan.pk, *more])


@pytest.fixture
def seen():
    """A plan of two people for one seat, and a manager of its mission."""
    people, later, row = world(2, free=1)
    return planned(row), people, later, staff_client(Role.CENTRE_MANAGER, row.mission)


def test_a_manager_begins_a_plan_from_the_maintenance():
    _people, _later, row = world(1)
    client = staff_client(Role.CENTRE_MANAGER, row.mission)
    address = reverse("admin:appointments_moveplan_add")
    asked = client.get(address, {"maintenance": row.pk}, **ENGLISH).content.decode()
    assert f'value="{row.pk}" selected' in asked
    assert 'value="48"' in asked
    answer = client.post(address, {"maintenance": row.pk, "notice_hours": 24})
    plan = MovePlan.objects.get()
    assert answer["Location"] == page("change", plan)
    waiting = client.get(page("change", plan), **ENGLISH)
    assert waiting["Refresh"]
    assert "A worker begins in a moment." in waiting.content.decode()


def test_the_page_says_who_moves_where_and_why_and_what_is_missing(seen):
    plan, people, _later, client = seen
    answer = client.get(page("change", plan), **ENGLISH)
    text = answer.content.decode()
    assert "Refresh" not in answer
    assert all(one.reference in text for one in people)
    assert "1 gets a new time." in text
    assert "1 finds no seat." in text
    assert "This is the nearest later time." in text
    assert "What would place them" in text
    assert text.count('class="moves-chart"') == 2
    assert "style=" not in text[text.index("moves-chart") : text.rindex("</figure>")]
    assert Access.objects.filter(what="plan of new times", subject_id=plan.pk).count() == 1


def test_the_page_takes_a_constant_number_of_queries(seen, django_assert_max_num_queries):
    plan, _people, _later, client = seen
    client.get(page("change", plan))
    with django_assert_max_num_queries(16):
        client.get(page("change", plan))


def test_seats_that_are_needed_are_added_with_one_button(seen):
    plan, _people, later, client = seen
    client.post(page("seats", plan))
    plan.refresh_from_db()
    assert (plan.state, plan.added) == (MovePlanState.COMPUTING, {str(later[0].pk): 1})
    assert move_plans.compute(plan_id=plan.pk)
    assert "2 get a new time." in client.get(page("change", plan), **ENGLISH).content.decode()


def test_a_time_is_chosen_by_hand_and_what_it_breaks_stands_beside_it(seen):
    plan, people, later, client = seen
    without = plan.plan["unplaced"][0][0]
    offered = client.get(page("pin", plan, without), **ENGLISH).content.decode()
    assert f'value="{later[0].pk}"' in offered
    client.post(page("pin", plan, without), {"slot": later[0].pk})
    assert move_plans.compute(plan_id=plan.pk)
    plan.refresh_from_db()
    assert {move[0] for move in plan.plan["moves"]} == {without}
    assert len(people) == plan.totals["moved"] + plan.totals["unplaced"]


def test_hours_are_added_by_a_form(seen):
    plan, _people, later, client = seen
    told = {
        "centre": later[0].centre_id,
        "service": "short_stay",
        "day": later[0].starts_at.date().isoformat(),
        "opens": "17:00",
        "closes": "18:00",
        "minutes": "30",
        "counters": "1",
    }
    assert client.post(page("hours", plan), told).status_code == 302
    assert client.post(page("hours", plan), told).status_code == 302  # it is being computed
    plan.refresh_from_db()
    assert list(plan.added.values()) == [1, 1]


def test_the_plan_is_applied_with_the_fingerprint_that_was_shown(seen):
    plan, _people, _later, client = seen
    asked = client.get(page("apply", plan), **ENGLISH).content.decode()
    assert f'name="digest" value="{plan.digest}"' in asked
    client.post(page("apply", plan), {"digest": "another"})
    plan.refresh_from_db()
    assert plan.state == MovePlanState.READY
    client.post(page("apply", plan), {"digest": plan.digest})
    assert move_applying.carry_out(plan_id=plan.pk)
    assert AppointmentMove.objects.count() == 1
    assert client.get(page("apply", plan)).status_code == 302


def test_what_changed_since_is_said_in_words(seen):
    plan, _people, later, client = seen
    client.post(page("apply", plan), {"digest": plan.digest})
    traveller(later[0])
    assert not move_applying.carry_out(plan_id=plan.pk)
    text = client.get(page("change", plan), **ENGLISH).content.decode()
    assert "is not as in the plan before" in text
    assert "was booked by somebody else" in text
    assert "Nobody has been moved by this plan yet." in text


def test_what_had_changed_is_not_said_of_a_plan_that_is_applied():
    people, later, row = world(1, free=2)
    plan = planned(row)
    chosen = {"appointment_id": people[0].pk, "slot_id": later[1].pk}
    move_plans.pin(plan_id=plan.pk, actor=manager(), **chosen)
    assert move_plans.compute(plan_id=plan.pk)
    plan.refresh_from_db()
    assert plan.totals["changed"] == 1
    assert applied(plan)
    client = staff_client(Role.CENTRE_MANAGER, row.mission)
    text = client.get(page("change", plan), **ENGLISH).content.decode()
    assert "Whom it reached" in text
    assert "Nobody has been moved by this plan yet." not in text


def test_the_whole_plan_is_a_table_for_computers(seen):
    plan, people, _later, client = seen
    answer = client.get(page("csv", plan), **ENGLISH)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text))
    assert {line[0] for line in lines} == {one.reference for one in people}
    assert len({len(line) for line in [heading, *lines]}) == 1
    [(old, new)] = [line[3:5] for line in lines if line[4]]
    assert old == f"{at():%Y-%m-%d} 10:00+01:00"
    assert new == f"{at(1):%Y-%m-%d} 09:00+01:00"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "@x", "-1+2", "\tx", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


def test_a_number_with_its_sign_stays_a_number():
    assert harmless("-30") == "-30"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min later"),
        (90, "1 h 30 min later"),
        (-1440, "1 day earlier"),
        (4320, "3 days later"),
    ],
)
def test_a_shift_is_said_in_words(minutes, words):
    with override("en"):
        assert span(minutes) == words


def test_the_bars_are_as_high_as_their_people_are_many():
    bars = distribution([[60, 1], [240, 4], [None, 0]])
    assert [bar.height for bar in bars] == [35, 140, 0]


def test_nobody_sees_the_plans_of_another_mission(seen):
    plan, *_rest = seen
    other = plan.maintenance

    stranger = staff_client(Role.CENTRE_MANAGER, MissionFactory(state="DE"))
    assert stranger.get(page("csv", plan)).status_code == 404
    assert stranger.post(page("apply", plan), {"digest": plan.digest}).status_code == 404
    address = reverse("admin:appointments_moveplan_add")
    told = {"maintenance": other.pk, "notice_hours": 24}
    assert stranger.post(address, told).status_code == 422
