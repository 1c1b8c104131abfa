"""Plans of new times: begun, computed, changed by hand, applied with all that belongs to it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from appointments import operations
from appointments.enums import MovePlanState
from appointments.models import Appointment, AppointmentMove, MaintenanceWindow, MovePlan, Slot
from appointments.move_refusals import (
    HoursNotPossible,
    NobodyToMove,
    NotAnnounced,
    NotInThePlan,
    PlanChanged,
    PlanNotReady,
    SlotNotForIt,
)
from appointments.operations import move_applying, move_plans
from portal.audit.models import Entry
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.factories import CentreFactory

from .moves import (
    applied,
    at,
    confirmed,
    family,
    maintenance,
    manager,
    planned,
    seats_and_rows_agree,
    slot,
    traveller,
    window,
    world,
)

pytestmark = pytest.mark.django_db


def moved_to(plan):
    return {move[0]: move[7] for move in plan.plan["moves"]}


# --- planning -----------------------------------------------------------------------------------


def test_a_plan_holds_everybody_with_its_hash_and_its_numbers():
    people, later, row = world(3)
    plan = planned(row)
    assert plan.state == MovePlanState.READY
    assert moved_to(plan).keys() == {str(one.pk) for one in people}
    assert sorted(moved_to(plan).values()) == [one.pk for one in later]
    assert (plan.totals["moved"], plan.totals["unplaced"], len(plan.digest)) == (3, 0, 64)
    assert (plan.done, plan.of) == (3, 3)


def test_rd_06_who_starts_at_the_end_of_the_window_stays():
    centre = CentreFactory()
    inside, outside = slot(at(hour=8), centre=centre), slot(at(hour=18), centre=centre)
    slot(at(1), centre=centre)
    concerned, _spared = traveller(inside), traveller(outside)
    assert moved_to(planned(maintenance(centre))).keys() == {str(concerned.pk)}


def test_a_maintenance_that_closes_nothing_has_no_plan():
    _people, _later, row = world(1)
    MaintenanceWindow.objects.update(in_force=False)
    with pytest.raises(NotAnnounced):
        planned(row)


def test_seats_that_are_held_or_not_released_are_left_alone():
    people, later, row = world(1, free=3)
    Slot.objects.filter(pk=later[0].pk).update(released=0)
    Slot.objects.filter(pk=later[1].pk).update(released=0, held=1)
    assert moved_to(planned(row)) == {str(people[0].pk): later[2].pk}


def test_a_family_stays_together():
    centre = CentreFactory()
    two = family(slot(at(hour=10), seats=2, centre=centre))
    slot(at(1, 9), centre=centre)
    together = slot(at(1, 11), seats=2, centre=centre)
    plan = planned(maintenance(centre))
    assert set(moved_to(plan).values()) == {together.pk}
    assert len(two) == len(moved_to(plan))


def test_slots_that_touch_any_window_are_not_offered():
    people, later, row = world(1, free=2)
    Slot.objects.filter(pk=later[0].pk).update(starts_at=at(1, 11, 45))
    window(maintenance(CentreFactory(code="elsewhere")), later[0].centre, at(1, 12), at(1, 13))
    assert moved_to(planned(row)) == {str(people[0].pk): later[1].pk}


def test_the_facts_take_a_constant_number_of_queries(django_assert_max_num_queries):
    _people, _later, row = world(8)
    plan = planned(row)
    with django_assert_max_num_queries(3):
        from appointments.move_facts import facts_of

        assert len(facts_of(plan, moment=timezone.now()).affected) == 8


def test_who_finds_no_seat_is_listed_with_what_would_help_and_seats_can_be_added():
    people, later, row = world(3, free=1)
    plan = planned(row)
    assert (plan.totals["moved"], plan.totals["unplaced"]) == (1, 2)
    needed = {need[2]: need[4] for need in plan.plan["needs"]}
    assert needed == {later[0].pk: 2}
    move_plans.add_seats(plan_id=plan.pk, seats=needed, actor=manager())
    assert move_plans.compute(plan_id=plan.pk)
    assert applied(plan)
    later[0].refresh_from_db()
    assert (later[0].taken, later[0].released, later[0].capacity) == (3, 3, 3)
    assert len(people) == AppointmentMove.objects.count()


def test_added_seats_come_into_being_only_as_far_as_somebody_sits_on_them():
    _people, later, row = world(2, free=1)
    plan = planned(row)
    move_plans.add_seats(plan_id=plan.pk, seats={later[0].pk: 5}, actor=manager())
    move_plans.compute(plan_id=plan.pk)
    assert applied(plan)
    later[0].refresh_from_db()
    assert (later[0].taken, later[0].released, later[0].capacity) == (2, 2, 2)


def an_evening(centre, days):
    """Return two more seats from 17:00 on, so many days from the closing's day."""
    return move_plans.ExtraHours(
        centre=centre,
        service="short_stay",
        day=at(days).date(),
        opens=at(hour=17).time(),
        closes=at(hour=18).time(),
        minutes=30,
        counters=1,
    )


def test_extra_hours_of_one_day_open_with_the_plan_alone():
    _people, later, row = world(3, free=1)
    plan = planned(row)
    move_plans.add_hours(plan_id=plan.pk, hours=an_evening(later[0].centre, 1), actor=manager())
    assert not Slot.objects.filter(starts_at__gte=at(1, 17), released__gt=0).exists()
    move_plans.compute(plan_id=plan.pk)
    assert applied(plan)
    added = Slot.objects.filter(starts_at__gte=at(1, 17)).order_by("starts_at")
    assert [(one.taken, one.capacity) for one in added] == [(1, 1), (1, 1)]


@pytest.mark.parametrize("days", [-30, 400])
def test_extra_hours_lie_within_the_calendar(days):
    _people, later, row = world(1)
    plan = planned(row)
    with pytest.raises(HoursNotPossible):
        move_plans.add_hours(
            plan_id=plan.pk, hours=an_evening(later[0].centre, days), actor=manager()
        )


def test_extra_hours_lie_in_no_other_closing_of_the_centre_either():
    """Nobody is moved into them, so they would come into being for nothing, and not closed."""
    _people, later, row = world(1)
    plan = planned(row)
    centre = later[0].centre
    maintenance(centre, at(1, 16), at(1, 18))
    with pytest.raises(HoursNotPossible):
        move_plans.add_hours(plan_id=plan.pk, hours=an_evening(centre, 1), actor=manager())
    assert not Slot.objects.filter(starts_at__gte=at(1, 17)).exists()


def test_a_choice_by_hand_is_kept_and_says_what_it_breaks():
    people, later, row = world(2, free=3)
    soon = slot(timezone.now().replace(second=0, microsecond=0) + timedelta(hours=20))
    plan = planned(row)
    before = moved_to(plan)
    move_plans.pin(plan_id=plan.pk, appointment_id=people[0].pk, slot_id=soon.pk, actor=manager())
    move_plans.compute(plan_id=plan.pk)
    plan.refresh_from_db()
    assert moved_to(plan)[str(people[0].pk)] == soon.pk
    assert moved_to(plan)[str(people[1].pk)] == before[str(people[1].pk)]
    assert (plan.totals["by_hand"], plan.totals["conflicts"]) == (1, 1)
    assert later[0].pk not in moved_to(plan).values() or later[1].pk in before.values()


def test_a_choice_by_hand_can_be_taken_back():
    people, later, row = world(1, free=2)
    plan = planned(row)
    for chosen in (later[1].pk, None):
        move_plans.pin(
            plan_id=plan.pk, appointment_id=people[0].pk, slot_id=chosen, actor=manager()
        )
        move_plans.compute(plan_id=plan.pk)
        plan.refresh_from_db()
        assert moved_to(plan)[str(people[0].pk)] == (chosen or later[0].pk)


def test_only_who_must_move_gets_a_time_by_hand_and_only_one_of_the_desk():
    people, later, row = world(1)
    stays = traveller(slot(at(5)))
    plan = planned(row)
    with pytest.raises(NotInThePlan):
        move_plans.pin(
            plan_id=plan.pk, appointment_id=stays.pk, slot_id=later[0].pk, actor=manager()
        )
    wrong = slot(at(1, 15), service="long_stay")
    with pytest.raises(SlotNotForIt):
        move_plans.pin(
            plan_id=plan.pk, appointment_id=people[0].pk, slot_id=wrong.pk, actor=manager()
        )


def test_choices_made_while_a_worker_computes_are_not_lost(monkeypatch):
    people, later, row = world(1, free=2)
    plan = move_plans.begin(
        maintenance_id=row.pk, notice_hours=48, earlier_centres=(), actor=manager()
    )
    real = move_plans.facts_of

    def meanwhile(*args, **kwargs):
        MovePlan.objects.filter(pk=plan.pk).update(pins={str(people[0].pk): later[1].pk})
        return real(*args, **kwargs)

    monkeypatch.setattr(move_plans, "facts_of", meanwhile)
    assert not move_plans.compute(plan_id=plan.pk)
    monkeypatch.undo()
    assert move_plans.compute(plan_id=plan.pk)
    plan.refresh_from_db()
    assert moved_to(plan) == {str(people[0].pk): later[1].pk}


def test_a_plan_that_cannot_be_computed_says_so_and_can_be_tried_again():
    _people, later, row = world(1)
    Slot.objects.filter(pk=later[0].pk).update(starts_at=at(1, 9) + timedelta(seconds=1))
    plan = move_plans.begin(
        maintenance_id=row.pk, notice_hours=48, earlier_centres=(), actor=manager()
    )
    assert move_plans.compute(plan_id=plan.pk)
    plan.refresh_from_db()
    assert plan.state == MovePlanState.FAILED
    assert plan.error
    Slot.objects.filter(pk=later[0].pk).update(starts_at=at(1, 9))
    move_plans.compute_again(plan_id=plan.pk, actor=manager())
    assert move_plans.compute(plan_id=plan.pk)


def test_a_plan_whose_worker_died_is_announced_again():
    _people, _later, row = world(1)
    plan = move_plans.begin(
        maintenance_id=row.pk, notice_hours=48, earlier_centres=(), actor=manager()
    )
    assert move_plans.resume() == 0
    MovePlan.objects.filter(pk=plan.pk).update(updated_at=timezone.now() - timedelta(minutes=2))
    assert move_plans.resume() == 1


# --- applying -----------------------------------------------------------------------------------


def test_rd_06_applying_moves_everybody_with_all_that_belongs_to_it():
    people, later, row = world(3)
    old = people[0].slot_id
    plan = planned(row)
    assert applied(plan)
    plan.refresh_from_db()
    assert plan.state == MovePlanState.APPLIED
    for person in people:
        before = person.slot_id
        person.refresh_from_db()
        move = person.moves.get()
        assert (person.slot_id, person.version) == (moved_to(plan)[str(person.pk)], 2)
        assert (move.old_slot_id, move.new_slot_id, move.version) == (before, person.slot_id, 2)
        assert move.choice_until == person.slot.starts_at - timedelta(hours=24)
        assert person.application.appointment_day == at(1).date()
    left = Slot.objects.get(pk=old)
    assert (left.taken, left.released, left.capacity) == (0, 0, 3)
    assert {one.taken for one in Slot.objects.filter(pk__in=[s.pk for s in later])} == {1}
    assert seats_and_rows_agree()


def test_messages_are_moves_times_channels_each_of_its_plan(settings):
    settings.SMS_GATEWAY = "portal.outbox.gateways.console.ConsoleGateway"
    people, _later, row = world(3)
    plan = planned(row)
    applied(plan)
    told = Message.objects.filter(bulk=plan.bulk)
    assert told.count() == 2 * len(people)
    for person in people:
        mine = told.filter(subject=f"appointment:{person.pk}", version=2)
        assert {one.channel for one in mine} == {"email", "sms"}
        assert {one.recipient for one in mine} == {person.application.owner.email, "+213551234567"}


def test_every_move_leaves_a_line_in_the_trail_with_actor_and_reason():
    people, _later, row = world(2)
    plan = planned(row)
    applied(plan)
    plan.refresh_from_db()
    lines = Entry.objects.filter(action="appointment.move")
    assert {line.subject_id for line in lines} == {str(one.pk) for one in people}
    assert {(line.actor_id, line.reason) for line in lines} == {(plan.applied_by_id, row.reference)}
    assert {line.subject_type for line in lines} == {"appointments.appointment"}
    assert Entry.objects.filter(action="moveplan.apply", subject_id=plan.pk).exists()


def test_the_message_tells_old_and_new_time_and_brings_the_calendar_up_to_date():
    (person,), _later, row = world(1)
    confirmation = Message.objects.get(kind="appointment_confirmed")
    applied(planned(row))
    moved = Message.objects.get(kind="appointment_moved", channel="email")
    before, after = (_event(compose(one)) for one in (confirmation, moved))
    person.refresh_from_db()
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1 == person.version - 1
    assert after.decoded("DTSTART") == person.slot.starts_at
    body = compose(moved).body
    assert "10:00" in body
    assert "09:00" in body
    assert "an update of the visa platform" in body


def test_calendar_files_read_out_of_order_end_at_the_present_time():
    (person,), _later, row = world(1, free=1)
    last = slot(at(2, 11))
    applied(planned(row))
    again = maintenance(start=at(1, 8), end=at(1, 18))
    applied(planned(again))
    person.refresh_from_db()
    mails = Message.objects.filter(subject=f"appointment:{person.pk}", channel="email")
    kept = {}
    for mail in mails.order_by("-version"):  # the newest arrives first
        event = _event(compose(mail))
        if event["SEQUENCE"] >= kept.get(event["UID"], event)["SEQUENCE"]:
            kept[event["UID"]] = event
    (event,) = kept.values()
    assert (mails.count(), event["SEQUENCE"]) == (3, 2)
    assert event.decoded("DTSTART") == person.slot.starts_at == last.starts_at


def test_what_was_not_sent_of_the_old_time_is_not_sent_any_more():
    from portal.outbox.delivery import deliver

    _people, _later, row = world(1)
    old = Message.objects.get(kind="appointment_confirmed")
    applied(planned(row))
    assert not deliver(old.pk)
    old.refresh_from_db()
    assert old.state == "expired"


def _event(mail):
    (content,) = [
        part.get_payload(decode=True)
        for part in mail.attachments
        if part.get_content_type() == "text/calendar"
    ]
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == "REQUEST"
    return calendar.walk("VEVENT")[0]


def test_a_window_that_swallows_a_week_moves_as_many_as_there_are_seats():
    centre = CentreFactory()
    people = [traveller(slot(at(day, 10), centre=centre)) for day in range(7)]
    for hour in range(9, 14):
        slot(at(8, hour), centre=centre)
    row = maintenance(centre, at(0, 0), at(7, 0))
    plan = planned(row)
    assert applied(plan)
    assert (plan.totals["moved"], plan.totals["unplaced"]) == (5, 2)
    assert AppointmentMove.objects.count() == len(people) - 2
    assert seats_and_rows_agree()


def test_a_plan_is_applied_only_as_it_was_looked_at():
    _people, _later, row = world(1)
    plan = planned(row)
    with pytest.raises(PlanChanged):
        move_applying.apply(plan_id=plan.pk, digest="0" * 64, actor=manager())
    confirmed(plan)
    with pytest.raises(PlanNotReady):
        move_applying.apply(plan_id=plan.pk, digest=plan.digest, actor=manager())


def test_a_plan_that_moves_nobody_is_not_applied():
    _people, _later, row = world(1, free=0)
    with pytest.raises(NobodyToMove):
        confirmed(planned(row))


def test_a_booking_since_the_preview_changes_that_one_move_and_asks_again():
    people, later, row = world(2, free=3)
    plan = planned(row)
    confirmed(plan)
    traveller(later[0])
    assert not move_applying.carry_out(plan_id=plan.pk)
    old_digest, before = plan.digest, moved_to(plan)
    plan.refresh_from_db()
    assert (plan.state, AppointmentMove.objects.count()) == (MovePlanState.READY, 0)
    assert not Message.objects.filter(kind="appointment_moved").exists()
    assert plan.digest != old_digest
    assert [one["cause"] for one in plan.totals["changes"]] == ["REPLAN_SLOT_TAKEN"]
    same = [key for key, chosen in moved_to(plan).items() if before[key] == chosen]
    assert len(same) == len(people) - 1
    assert applied(plan)
    assert seats_and_rows_agree()


def test_who_cancelled_since_the_preview_is_not_moved():
    people, _later, row = world(2)
    plan = planned(row)
    operations.cancel(appointment_id=people[0].pk, owner=people[0].application.owner)
    assert not applied(plan)
    plan.refresh_from_db()
    assert [one["cause"] for one in plan.totals["changes"]] == ["REPLAN_GONE"]
    assert applied(plan)
    assert list(AppointmentMove.objects.values_list("appointment", flat=True)) == [people[1].pk]
    assert seats_and_rows_agree()


def test_a_plan_that_lay_too_long_is_computed_for_the_notice_of_today():
    _people, _later, row = world(1, free=2)
    plan = planned(row)
    with time_machine.travel(at(1, 8) - timedelta(hours=47)):
        assert not applied(plan)
    plan.refresh_from_db()
    assert plan.state == MovePlanState.READY
    assert not AppointmentMove.objects.exists()


def test_a_called_off_maintenance_moves_nobody():
    _people, _later, row = world(1)
    plan = planned(row)
    MaintenanceWindow.objects.update(in_force=False)
    assert not applied(plan)
    assert not AppointmentMove.objects.exists()


def test_applying_sets_other_plans_of_the_maintenance_aside():
    _people, _later, row = world(1)
    first, second = planned(row), planned(row)
    assert applied(second)
    first.refresh_from_db()
    assert first.state == MovePlanState.SET_ASIDE


def test_a_plan_whose_worker_died_while_applying_is_ready_again():
    _people, _later, row = world(1)
    plan = confirmed(planned(row))
    MovePlan.objects.filter(pk=plan.pk).update(updated_at=timezone.now() - timedelta(minutes=2))
    assert move_applying.resume() == 1
    plan.refresh_from_db()
    assert plan.state == MovePlanState.READY
    assert Appointment.objects.get().version == 1
