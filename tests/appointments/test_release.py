"""Random release: seats invisible before their moment, opened once, given back later (AT-07)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F, Sum
from django.utils import timezone

from appointments import operations, replanning
from appointments.capacity import free_slots, open_slots, set_seats
from appointments.enums import PlanState, Switch
from appointments.models import (
    Appointment,
    CentreSwitch,
    FreedSeat,
    ReleaseBatch,
    ReleasePlan,
    ReleaseWindow,
    Slot,
)
from appointments.operations import release, release_ending
from appointments.operations.opening import advance_plans, let_in_added, open_due
from appointments.refusals import (
    AnnouncedTooLate,
    DaysPlannedAlready,
    HeldBack,
    NothingToOpen,
    NoWindow,
    SlotTaken,
    StillToOpen,
    WindowsTooLate,
)
from appointments.rules.release_record import verify_release
from portal.audit.models import Entry
from portal.constraints import violated
from tests.appointments.releases import (
    ANNOUNCED,
    DAYS,
    OVER,
    WINDOWS,
    at,
    drafted,
    lived_through,
    published,
    slots_for,
)
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


def seats_agree():
    broken = Slot.objects.exclude(
        taken__gte=0, taken__lte=F("released"), released__lte=F("capacity")
    )
    return not broken.exists()


def released(plan):
    return release.slots_of(plan).aggregate(all=Sum("released"))["all"]


# --- Publishing ---


def test_publishing_closes_every_untaken_seat_and_keeps_the_taken():
    centre = CentreFactory()
    first, *_ = slots_for(centre)
    with at(ANNOUNCED):
        appointment = booked(ApplicationFactory(submitted=True), first)
        plan = drafted(centre)
        release.publish(plan_id=plan.pk, actor=UserFactory(is_staff=True))
        assert list(free_slots(centre, "short_stay", ANNOUNCED)) == []
    first.refresh_from_db()
    assert (first.taken, first.released, appointment.is_live) == (1, 1, True)
    assert plan.batches.aggregate(all=Sum("seats"))["all"] == 4 * 6 - 1


def test_what_is_published_commits_to_seed_and_seats_and_the_trail_keeps_it():
    plan = published()
    entry = Entry.objects.get(action="releaseplan.publish")
    assert entry.details["commitment"] == plan.commitment
    assert entry.details["plan_digest"] == plan.plan_digest
    assert len(plan.seed_bytes) == 32


def test_the_seed_rests_encrypted():
    plan = published()
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM appointments_releaseplan WHERE id = %s", [plan.pk])
        kept = bytes(cursor.fetchone()[0])
    assert plan.seed.encode() not in kept
    assert plan.seed_bytes not in kept


def test_publishing_opens_the_hours_of_its_days_without_releasing_them():
    centre = CentreFactory()
    centre.opening_hours.create(
        service="short_stay",
        weekday=DAYS[0].weekday(),
        opens="09:00",
        closes="10:00",
        counters=2,
        minutes=20,
        valid=DateRange(DAYS[0], None),
    )
    plan = drafted(centre)
    with at(ANNOUNCED):
        release.publish(plan_id=plan.pk, actor=UserFactory(is_staff=True))
    assert {(slot.capacity, slot.released) for slot in centre.slots.all()} == {(2, 0)}
    assert plan.batches.count() == 3


def _windows(hours_before, ends_at=None):
    start = ANNOUNCED + timedelta(hours=hours_before)
    return [(start, ends_at or start + timedelta(hours=1))]


MIDNIGHT = ANNOUNCED.replace(month=3, day=6, hour=23)  # in UTC, before Sunday 7 in Algiers


@pytest.mark.parametrize(
    ("windows", "refusal"),
    [
        ([], NoWindow),
        (_windows(23), AnnouncedTooLate),
        (_windows(24), None),
        (_windows(24, MIDNIGHT - timedelta(hours=24)), None),
        (_windows(24, MIDNIGHT - timedelta(hours=23)), WindowsTooLate),
    ],
    ids=["none", "23 h ahead", "24 h ahead", "ends in time", "ends too late"],
)
def test_windows_must_be_announced_ahead_and_end_in_time(windows, refusal):
    centre = CentreFactory(notice_hours=24)
    slots_for(centre)
    plan = drafted(centre, windows)
    with at(ANNOUNCED):
        if refusal is None:
            release.publish(plan_id=plan.pk, actor=UserFactory())
            return
        with pytest.raises(refusal):
            release.publish(plan_id=plan.pk, actor=UserFactory())
    plan.refresh_from_db()
    assert (plan.state, plan.seed, plan.batches.count()) == (PlanState.DRAFT, "", 0)
    assert released(plan) == 24


def test_a_plan_with_nothing_to_open_is_refused():
    with at(ANNOUNCED), pytest.raises(NothingToOpen):
        release.publish(plan_id=drafted().pk, actor=UserFactory())


def test_one_published_plan_per_centre_service_and_day():
    first = published()
    second = drafted(first.centre)
    Slot.objects.update(capacity=F("capacity") + 1)
    with at(ANNOUNCED), pytest.raises(DaysPlannedAlready):
        release.publish(plan_id=second.pk, actor=UserFactory())
    second.refresh_from_db()
    assert (second.state, second.batches.count()) == (PlanState.DRAFT, 0)


def test_the_database_refuses_windows_that_overlap_and_seats_that_open_early():
    plan = published()
    begin, end = WINDOWS[0]
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        ReleaseWindow.objects.create(plan=plan, hours=DateTimeTZRange(begin, end))
    assert violated(problem.value) == "windows_of_a_plan_do_not_overlap"
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        plan.batches.update(opened_at=F("due_at") - timedelta(seconds=1))
    assert violated(problem.value) == "no_batch_opens_early"


def test_freed_seats_have_hours_to_come_back_in_until_after_the_last_cancellation():
    plan = published()
    longest = plan.announced().rule.longest_return
    last_start = max(slot.starts_at for slot in plan.centre.slots.all())
    assert plan.announced().windows[-1].end > last_start + longest
    opening = [one for one in plan.announced().windows if one.share]
    assert [(one.start, one.end) for one in opening] == WINDOWS


# --- Opening ---


def test_at_07_a_seat_is_invisible_before_its_moment_and_there_at_it():
    plan = published()
    first = plan.batches.order_by("due_at").first()
    with at(first.due_at - timedelta(seconds=1)):
        assert open_due() == 0
        assert not free_slots(plan.centre, plan.service, timezone.now()).exists()
        with pytest.raises(SlotTaken):
            booked(ApplicationFactory(submitted=True), first.slot)
    with at(first.due_at):
        assert open_due() == first.seats
        assert booked(ApplicationFactory(submitted=True), first.slot).is_live
    assert seats_agree()


def test_opening_again_opens_nothing_more_and_a_clock_going_back_closes_nothing():
    plan = published()
    middle = plan.batches.order_by("due_at")[2].due_at
    with at(middle):
        opened = open_due()
        assert open_due() == 0
    with at(middle - timedelta(days=1)):
        assert open_due() == 0
    assert released(plan) == opened > 0


def test_all_seats_have_opened_after_the_last_window():
    plan = published()
    with at(WINDOWS[-1][1]):
        open_due()
    assert released(plan) == 24


def make_due(plan):
    """By the database's own clock."""
    ReleaseBatch.objects.filter(plan=plan).update(due_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_racing_workers_open_every_seat_exactly_once():
    plan = published()
    make_due(plan)

    def work(_):
        try:
            return open_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        opened = sum(pool.map(work, range(12)))
    assert (opened, released(plan)) == (24, 24)
    assert not plan.batches.filter(opened_at=None).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_its_seats_to_the_next():
    plan = published()
    make_due(plan)
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    settings.pop("context", None)
    victim = psycopg.connect(**settings)
    victim.execute("SELECT id FROM appointments_releasebatch LIMIT 3 FOR UPDATE")
    victim.execute("UPDATE appointments_releasebatch SET opened_at = now() WHERE opened_at IS NULL")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 20000)", [victim.info.backend_pid])
    victim.close()
    assert open_due() == 24
    assert released(plan) == 24


# --- Giving back ---


def test_at_07_a_cancelled_seat_is_not_bookable_at_once_and_comes_back_within_the_rule():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory(seats=1))
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    slot = Slot.objects.get(pk=appointment.slot_id)
    assert (slot.taken, slot.released, slot.capacity) == (0, 0, 1)
    with pytest.raises(SlotTaken):
        booked(ApplicationFactory(submitted=True), slot)
    freed = FreedSeat.objects.get()
    wait = freed.return_at - freed.freed_at
    assert timedelta(minutes=30) <= wait < timedelta(hours=48)
    assert 8 <= timezone.localtime(freed.return_at).hour < 20
    with at(freed.return_at - timedelta(seconds=1)):
        assert open_due() == 0
    with at(freed.return_at):
        assert (open_due(), open_due()) == (1, 0)
    assert booked(ApplicationFactory(submitted=True), slot).is_live
    assert seats_agree()


def test_a_seat_cancelled_by_staff_comes_back_later_too():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory(seats=2))
    operations.cancel_by_staff(
        appointment=appointment, actor=UserFactory(is_staff=True), reason="Power cut"
    )
    slot = Slot.objects.get(pk=appointment.slot_id)
    assert (slot.taken, slot.released) == (0, 1)


@pytest.mark.parametrize(
    ("days_from_now", "released_after"), [((-1, 1), 1), ((-2, 0), 0), ((1, 3), 0)]
)
def test_the_switch_of_the_centre_holds_on_its_days_only(days_from_now, released_after):
    slot = SlotFactory(seats=1)
    today = timezone.localdate()
    CentreSwitch.objects.create(
        centre=slot.centre,
        name=Switch.RETURNS_AT_RANDOM,
        is_on=False,
        valid=DateRange(*(today + timedelta(days=n) for n in days_from_now)),
    )
    appointment = booked(ApplicationFactory(submitted=True), slot)
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    slot.refresh_from_db()
    assert (slot.taken, slot.released) == (0, released_after)


def test_one_position_of_a_switch_on_a_day():
    centre = CentreFactory()
    rows = {"centre": centre, "name": Switch.RETURNS_AT_RANDOM}
    CentreSwitch.objects.create(**rows, valid=DateRange(DAYS[0], None))
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        CentreSwitch.objects.create(**rows, is_on=False, valid=DateRange(DAYS[1], None))
    assert violated(problem.value) == "one_position_of_a_switch_at_a_time"


def test_seats_that_wait_to_come_back_stay_out_of_a_new_plan():
    centre = CentreFactory()
    slot = slots_for(centre, seats=4)[0]
    with at(ANNOUNCED):
        appointment = booked(ApplicationFactory(submitted=True), slot)
        operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
        plan = drafted(centre)
        release.publish(plan_id=plan.pk, actor=UserFactory())
    assert plan.batches.filter(slot=slot).aggregate(all=Sum("seats"))["all"] == 3
    with at(OVER):
        open_due()
    slot.refresh_from_db()
    assert (slot.taken, slot.released, slot.capacity) == (0, 4, 4)


# --- The whole life of a plan, and its proof ---


def with_a_cancellation():
    plan = published()
    first = plan.batches.order_by("due_at").first()
    with at(first.due_at):
        open_due()
        appointment = booked(ApplicationFactory(submitted=True), first.slot)
    with at(first.due_at + timedelta(minutes=1, microseconds=7)):
        operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    return plan


def test_a_plan_that_is_over_is_revealed_and_verified():
    plan = lived_through(with_a_cancellation())
    assert plan.is_revealed
    transcript = release_ending.transcript(plan)
    announced = {"commitment": plan.commitment, "plan_digest": plan.plan_digest}
    assert verify_release(transcript, announced) == []
    assert len(transcript["returned"]) == 1
    assert released(plan) == 24


def test_a_plan_runs_from_its_first_window_on():
    plan = published()
    for moment, state in [
        (WINDOWS[0][0] - timedelta(seconds=1), PlanState.PUBLISHED),
        (WINDOWS[0][0], PlanState.RUNNING),
        (WINDOWS[-1][1], PlanState.RUNNING),
    ]:
        with at(moment):
            advance_plans()
        plan.refresh_from_db()
        assert plan.state == state


def test_nothing_is_revealed_while_something_is_to_come():
    plan = with_a_cancellation()
    with at(WINDOWS[-1][1]):
        open_due()
    with pytest.raises(StillToOpen):
        release_ending.reveal(plan_id=plan.pk)
    with pytest.raises(StillToOpen):
        release_ending.transcript(plan)


def test_a_plan_closed_early_keeps_its_seats_back_and_says_so():
    plan = lived_through(with_a_cancellation(), WINDOWS[0][1])
    with at(WINDOWS[0][1]):
        before = released(plan)
        release_ending.close(
            plan_id=plan.pk, actor=UserFactory(is_staff=True), reason="The desk moves"
        )
    with at(OVER):
        assert open_due() == 0
    plan.refresh_from_db()
    assert (released(plan), plan.state, plan.is_revealed) == (before, PlanState.CLOSED, True)
    transcript = release_ending.transcript(plan)
    assert verify_release(transcript) == []
    assert {one["reason"] for one in transcript["withdrawn"]} == {"The desk moves"}
    again = drafted(plan.centre, [(WINDOWS[1][0], WINDOWS[1][1])])
    with at(WINDOWS[0][1]):
        release.publish(plan_id=again.pk, actor=UserFactory())
    assert again.batches.aggregate(all=Sum("seats"))["all"] == 24


def test_seats_opened_late_or_tampered_with_are_named():
    plan = published()
    with at(OVER):
        open_due()
        advance_plans()
        plan.refresh_from_db()
    codes = {fault.code for fault in verify_release(release_ending.transcript(plan))}
    assert codes == {"too_late"}


# --- Hours and seats change while a plan runs ---


def with_hours(centre, counters):
    centre.opening_hours.all().delete()
    for weekday in range(7):
        centre.opening_hours.create(
            service="short_stay",
            weekday=weekday,
            opens="09:00",
            closes="10:00",
            counters=counters,
            minutes=20,
            valid=DateRange(DAYS[0], DAYS[-1] + timedelta(days=1)),
        )


def replanned(centre):
    today = ANNOUNCED.date()
    seen = replanning.compare(centre=centre, today=today).fingerprint
    replanning.apply(centre=centre, today=today, seen=seen, actor=UserFactory(is_staff=True))


@pytest.fixture
def running():
    """A plan over two days with three slots of four seats each, half way through."""
    centre = CentreFactory()
    with_hours(centre, 4)
    plan = drafted(centre)
    with at(ANNOUNCED):
        release.publish(plan_id=plan.pk, actor=UserFactory(is_staff=True))
    return lived_through(plan, WINDOWS[0][1])


def test_a_counter_more_lets_its_seats_in_at_random_too(running):
    with at(WINDOWS[0][1]):
        before = released(running)
        with_hours(running.centre, 6)
        replanned(running.centre)
        assert released(running) == before
        advance_plans()
        assert let_in_added(running) == 0
    added = running.freed_seats.filter(kind="adding")
    assert added.aggregate(all=Sum("seats"))["all"] == 6 * 2
    assert all(one.return_at > WINDOWS[0][1] for one in added)
    plan = lived_through(running)
    assert released(plan) == 6 * 6
    assert verify_release(release_ending.transcript(plan)) == []
    assert seats_agree()


def test_a_counter_less_never_opens_more_than_there_is(running):
    with at(WINDOWS[0][1]):
        with_hours(running.centre, 1)
        replanned(running.centre)
    plan = lived_through(running)
    assert released(plan) == 6
    assert seats_agree()
    assert verify_release(release_ending.transcript(plan)) == []


def test_a_day_that_opens_after_all_lets_its_seats_in_at_random():
    centre = CentreFactory()
    with_hours(centre, 4)
    holiday = centre.closures.create(day=DAYS[1])
    plan = drafted(centre)
    with at(ANNOUNCED):
        release.publish(plan_id=plan.pk, actor=UserFactory(is_staff=True))
        holiday.delete()
        assert open_slots(centre=centre, first_day=DAYS[1], last_day=DAYS[1]) == 3
    new = centre.slots.filter(batches=None)
    assert [(slot.capacity, slot.released) for slot in new] == [(4, 0)] * 3
    plan = lived_through(plan)
    assert released(plan) == 6 * 4
    assert verify_release(release_ending.transcript(plan)) == []


@pytest.mark.parametrize(("capacity", "seats", "held"), [(4, 1, True), (9, 0, False), (9, 5, True)])
def test_nobody_opens_by_hand_what_a_plan_opens(capacity, seats, held):
    slot = published().batches.first().slot
    manager = UserFactory(is_staff=True)
    slot.refresh_from_db()
    if held:
        with pytest.raises(HeldBack):
            set_seats(slot=slot, capacity=capacity, released=seats, actor=manager)
    else:
        set_seats(slot=slot, capacity=capacity, released=seats, actor=manager)


def test_nobody_opens_by_hand_what_was_given_back():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory(seats=2))
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    with pytest.raises(HeldBack):
        set_seats(slot=appointment.slot, capacity=2, released=2, actor=UserFactory(is_staff=True))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_people_book_and_cancel_while_workers_open_and_a_manager_closes():
    plan = published(seats=5)
    ReleaseBatch.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    slots = list(release.slots_of(plan))
    applications = [ApplicationFactory(submitted=True) for _ in range(12)]

    def live(n):
        try:
            if n % 3 == 0:
                open_due()
            if n == 17:
                release_ending.close(plan_id=plan.pk, actor=None, reason="Enough")
            appointment = booked(applications[n % 12], slots[n % 4])
            operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
        except Exception as problem:
            if not hasattr(problem, "remedy"):
                raise
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(live, range(24)))
    plan = ReleasePlan.objects.get(pk=plan.pk)
    assert seats_agree()
    assert not plan.freed_seats.filter(returned_at=None, withdrawn_because="").exists()
    taken = sum(Slot.objects.values_list("taken", flat=True))
    assert taken == Appointment.objects.filter(state="booked").count()
