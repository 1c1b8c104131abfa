"""Plans of new times applied while others act, and while servers die: all of it, or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from appointments import operations
from appointments.enums import MovePlanState
from appointments.models import Appointment, AppointmentMove, MovePlan, Slot
from appointments.operations import move_applying
from appointments.refusals import SlotTaken
from portal.audit.models import Entry
from portal.outbox.models import Message
from tests.factories import ApplicationFactory, booked

from .moves import applied, confirmed, planned, seats_and_rows_agree, world

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Run each work in a thread with a connection of its own; returns what came of them."""

    def alone(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


def carry_out(plan):
    return lambda: move_applying.carry_out(plan_id=plan.pk)


def test_of_two_plans_applied_at_once_one_wins_and_the_other_is_told():
    people, _later, row = world(6)
    plans = [confirmed(planned(row)) for _ in range(2)]
    assert sorted(together(*map(carry_out, plans))) == [False, True]
    assert AppointmentMove.objects.count() == len(people)
    assert Message.objects.filter(kind="appointment_moved", channel="email").count() == len(people)
    loser = MovePlan.objects.exclude(state=MovePlanState.APPLIED).get()
    assert loser.state in (MovePlanState.READY, MovePlanState.SET_ASIDE)
    if loser.state == MovePlanState.READY:
        assert (loser.totals["moved"], loser.totals["changed"]) == (0, len(people))
    assert seats_and_rows_agree()


def test_two_workers_that_apply_one_plan_apply_it_once():
    people, _later, row = world(4)
    plan = confirmed(planned(row))
    assert sorted(together(*[carry_out(plan)] * 3)) == [False, False, True]
    assert AppointmentMove.objects.count() == len(people)
    assert set(Appointment.objects.values_list("version", flat=True)) == {2}
    assert Entry.objects.filter(action="moveplan.apply").count() == 1


def test_people_who_cancel_while_they_are_moved_lose_no_seat_and_lock_nobody():
    people, _later, row = world(5)
    plan = confirmed(planned(row))

    def cancel(person):
        owner = person.application.owner
        return lambda: operations.cancel(appointment_id=person.pk, owner=owner).state

    done, *states = together(carry_out(plan), *[cancel(one) for one in people[:3]])
    assert states == ["cancelled"] * 3
    moves = AppointmentMove.objects.count()
    assert moves == (len(people) if done else 0)
    assert seats_and_rows_agree()
    # Each attempt meets who cancelled until then; some may have been slower than the first.
    assert done or any(applied(plan) for _attempt in range(3))
    assert seats_and_rows_agree()
    assert all(slot.taken <= slot.released for slot in Slot.objects.all())


def test_people_who_book_while_others_are_moved_never_share_a_seat():
    _people, later, row = world(4)
    plan = confirmed(planned(row))
    newcomers = [ApplicationFactory(submitted=True) for _ in later]

    def book(application, slot):
        def attempt():
            try:
                booked(application, slot)
            except SlotTaken:
                return False
            return True

        return attempt

    works = [book(*pair) for pair in zip(newcomers, later, strict=True)]
    done, *seated = together(carry_out(plan), *works)
    assert done is not any(seated)
    assert AppointmentMove.objects.count() == (4 if done else 0)
    assert seats_and_rows_agree()


@pytest.mark.parametrize("where", ["_check", "_finish"])
def test_a_connection_that_dies_in_the_middle_leaves_nothing_half_done(monkeypatch, where):
    people, later, row = world(3)
    plan = confirmed(planned(row))
    real = getattr(move_applying, where)

    def die(*args):
        real(*args)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(move_applying, where, die)

    def attempt():
        with pytest.raises(OperationalError):
            move_applying.carry_out(plan_id=plan.pk)

    together(attempt)
    monkeypatch.undo()
    assert not AppointmentMove.objects.exists()
    assert not Message.objects.filter(kind="appointment_moved").exists()
    assert not Entry.objects.filter(action="appointment.move").exists()
    assert set(Appointment.objects.values_list("version", flat=True)) == {1}
    assert not Slot.objects.filter(pk__in=[one.pk for one in later], taken__gt=0).exists()
    stopped = MovePlan.objects.get()
    assert (stopped.state, stopped.error) == (MovePlanState.READY, "OperationalError")
    assert applied(plan)
    assert AppointmentMove.objects.count() == len(people)
    assert seats_and_rows_agree()
