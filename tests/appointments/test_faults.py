"""Servers that go away in a rush, clocks that go back, people who meet in the middle (AT-05…07).

Real servers: a Valkey of our own that is killed, a PostgreSQL backend that is terminated between
the row and the seat.  Afterwards seats and rows agree, and the house goes on.
"""

from __future__ import annotations

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path

import psycopg
import pytest
import redis
import time_machine
from django.db import OperationalError, connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils import timezone

from applications.models import Application
from appointments import booking_codes, guard
from appointments.capacity import open_horizon
from appointments.enums import RequestState, Service
from appointments.models import (
    Appointment,
    Draw,
    DrawRequest,
    FreedSeat,
    OpeningHours,
    ReleaseBatch,
    Slot,
)
from appointments.operations import book_together, cancel, draw_requests, draw_results
from appointments.operations.opening import open_due
from appointments.replanning import apply, compare
from appointments.rules.limits import Answer
from portal import attempts
from portal.audit.models import Entry
from portal.dates import civil_date
from portal.devserver.addresses import EmbeddedAddresses
from portal.devserver.valkey import Valkey
from portal.outbox.models import Message
from portal.refusals import Refused
from tests.actors import applicant_client
from tests.appointments.draws import DRAWN, advanced, announced, asked, at, valued
from tests.appointments.releases import published
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


def seats_and_rows_agree() -> bool:
    """Each taken seat is a live appointment, and no slot has more than it has room for."""
    live = Appointment.objects.filter(state="booked")
    counts = {slot.pk: live.filter(slot=slot).count() for slot in Slot.objects.all()}
    wrong = [s for s in Slot.objects.all() if s.taken != counts[s.pk]]
    full = Slot.objects.exclude(taken__lte=F("released"), released__lte=F("capacity"))
    files = Application.objects.filter(state="booked").count()
    return not wrong and not full.exists() and files == live.count()


# --- The store that counts goes away in the middle of a rush ---


@pytest.fixture
def own_store(monkeypatch):
    """A Valkey of this test alone, which it may kill."""
    with tempfile.TemporaryDirectory(prefix="guichet-faults-") as folder:
        server = Valkey(Path(folder).resolve(), durable=False)
        server.start()
        client = redis.Redis.from_url(
            EmbeddedAddresses(server.state).redis_url,
            socket_timeout=2,
            socket_connect_timeout=1,
            decode_responses=True,
        )
        monkeypatch.setattr(attempts, "store", lambda: client)
        monkeypatch.setattr(booking_codes, "store", lambda: client)
        try:
            yield server
        finally:
            client.close()
            server.stop()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_at_05_a_store_killed_in_a_rush_stops_bookings_keeps_those_made_and_then_goes_on(own_store):
    slot = SlotFactory(seats=60)
    files = [ApplicationFactory(submitted=True) for _ in range(24)]
    clients = [applicant_client(one.owner) for one in files]
    killed, done = threading.Event(), threading.Semaphore(0)

    def press(number: int) -> tuple[bool, int]:
        if number >= 8:
            killed.wait(30)
        after = killed.is_set()
        try:
            address = f"/appointments/for/{files[number].pk}/choose/{slot.pk}/"
            return after, clients[number].post(address).status_code
        finally:
            done.release()
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(press, number) for number in range(24)]
        for _ in range(3):
            done.acquire()
        own_store.stop()
        killed.set()
        codes = [one.result() for one in answers]
    assert {code for _after, code in codes} <= {302, 503}
    assert [code for after, code in codes if after] == [503] * 16
    passed = sum(code == 302 for _after, code in codes)
    assert 3 <= passed <= 8
    assert Appointment.objects.count() == passed
    assert seats_and_rows_agree()
    own_store.start()
    again = clients[20].post(f"/appointments/for/{files[20].pk}/choose/{slot.pk}/")
    assert again.status_code == 302
    assert seats_and_rows_agree()


# --- PostgreSQL goes away between the row and the seat ---


def _another_connection() -> psycopg.Connection:
    settings = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        settings.pop(name, None)
    return psycopg.connect(**settings, autocommit=True)


def _waiting_backend(watcher: psycopg.Connection) -> int:
    """Return the backend that stands in the booking's statement, at the locked slot."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        row = watcher.execute(
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE %s AND datname = current_database()",
            ["%appointments_take_seats%"],
        ).fetchone()
        if row:
            return int(row[0])
        time.sleep(0.02)
    raise AssertionError("nobody waits for the seat")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [1, 3])
def test_a_connection_lost_between_row_and_seat_leaves_nothing_half_written(people):
    owner, slot = UserFactory(), SlotFactory(seats=5)
    family = [ApplicationFactory(submitted=True, owner=owner) for _ in range(people)]
    before = Entry.objects.count(), Message.objects.count()

    def book_all() -> str:
        try:
            book_together(application_ids=[f.pk for f in family], slot_id=slot.pk, owner=owner)
        except OperationalError:
            return "lost"
        finally:
            connection.close()
        return "booked"

    # The seat is taken last: whoever waits for its slot has written all the other rows.
    with _another_connection() as holder, _another_connection() as watcher:
        with holder.transaction():
            holder.execute("SELECT 1 FROM appointments_slot WHERE id = %s FOR UPDATE", [slot.pk])
            with ThreadPoolExecutor(1) as pool:
                outcome = pool.submit(book_all)
                victim = _waiting_backend(watcher)
                watcher.execute("SELECT pg_terminate_backend(%s, 10000)", [victim])
                assert outcome.result(timeout=20) == "lost"
        assert not Appointment.objects.exists()
        assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
        assert (Entry.objects.count(), Message.objects.count()) == before
        assert seats_and_rows_agree()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(book_all).result() == "booked"
    slot.refresh_from_db()
    assert slot.taken == people
    assert seats_and_rows_agree()


# --- Clocks that go back, or ahead, in one process ---


@pytest.mark.parametrize("hours", [-5, 5])
def test_at_07_no_seat_opens_early_by_the_clock_of_a_process(hours):
    """Moments are the database's: a worker that lives in the future opens nothing."""
    plan = published()
    soon = timezone.now() + timedelta(hours=2)
    ReleaseBatch.objects.filter(plan=plan).update(due_at=soon)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert open_due() == 0
    ReleaseBatch.objects.filter(plan=plan).update(due_at=soon - timedelta(hours=3))
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        assert open_due() == 24
    assert not ReleaseBatch.objects.filter(opened_at=None).exists()


def test_at_07_a_seat_given_back_waits_by_the_clock_of_the_database():
    plan = SlotFactory(seats=1, starts_at=timezone.now() + timedelta(days=20))
    appointment = booked(ApplicationFactory(submitted=True), plan)
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    freed = FreedSeat.objects.get()
    assert freed.return_at > timezone.now()
    with time_machine.travel(freed.return_at + timedelta(hours=1)):
        assert open_due() == 0
    plan.refresh_from_db()
    assert (plan.taken, plan.released) == (0, 0)


@pytest.mark.parametrize("hours", [-3, 3])
def test_at_06_a_code_lives_ten_minutes_whatever_a_process_thinks(hours):
    file, slot = ApplicationFactory(submitted=True), SlotFactory()
    wish = booking_codes.Wish("one", slot.pk, [file])
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        booking_codes.send(wish, language="fr")
        assert 590 < attempts.store().ttl(wish.key("code")) <= 600
    code = Message.objects.get(kind="booking_code").context["code"]
    booking_codes.use(wish, str(code))


@pytest.mark.parametrize("hours", [-3, 3])
def test_at_05_a_budget_neither_opens_early_nor_lasts_for_ever(hours):
    """The windows are the store's: a clock that jumps gives nobody a fresh budget."""
    file = ApplicationFactory(submitted=True)
    today = civil_date(timezone.now())
    address = "192.0.2.77"

    def judged() -> Answer:
        return guard.judge_attempt(address=address, applications=[file], day=today).answer

    for key in attempts.store().scan_iter(match="*attempts:*"):
        attempts.store().delete(key)
    answers = [judged() for _ in range(70)]
    assert (answers[0], answers[-1]) == (Answer.GO_ON, Answer.PAUSE)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert judged() is Answer.PAUSE
    lives = [attempts.store().ttl(key) for key in attempts.store().scan_iter("*attempts:*")]
    assert lives
    assert all(0 < one <= 24 * 3600 for one in lives)
    for key in attempts.store().scan_iter(match="*attempts:*"):
        attempts.store().delete(key)  # as when their windows end
    assert judged() is Answer.GO_ON


# --- People who meet in the middle ---


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_hours_are_changed_while_people_book():
    centre, today = _open_centre(counters=3), civil_date(timezone.now())
    slots = list(centre.slots.filter(starts_at__gt=timezone.now() + timedelta(days=3))[:3])
    files = [ApplicationFactory(submitted=True) for _ in range(16)]
    manager = UserFactory(is_staff=True)
    centre.opening_hours.update(counters=1)

    def live(number: int) -> str:
        try:
            if number % 4 == 3:
                seen = compare(centre=centre, today=today).fingerprint
                apply(centre=centre, today=today, seen=seen, actor=manager)
                return "applied"
            booked(files[number], slots[number % 3])
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(live, range(16)))
    assert outcomes.count("booked") == Appointment.objects.count() > 0
    assert set(outcomes) <= {"booked", "applied", "HOURS_CHANGED", "SLOT_TAKEN"}
    assert seats_and_rows_agree()
    seen = compare(centre=centre, today=today).fingerprint
    apply(centre=centre, today=today, seen=seen, actor=manager)
    assert all(slot.capacity == max(1, slot.taken) for slot in centre.slots.all())
    assert seats_and_rows_agree()


def _open_centre(counters: int):
    """Open 9 to 10 on every weekday, 20 minutes each, for ten days."""
    centre = CentreFactory(horizon_days=10)
    for weekday in OpeningHours.Weekday.values:
        OpeningHours.objects.create(
            centre=centre,
            service=Service.SHORT_STAY,
            weekday=weekday,
            opens=clock(9),
            closes=clock(10),
            counters=counters,
            minutes=20,
            valid=DateRange(date(2020, 1, 1), None),
        )
    open_horizon(centre=centre, today=civil_date(timezone.now()))
    return centre


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_rd_08_a_request_withdrawn_while_the_lots_are_drawn():
    for _round in range(2):
        row = announced(seats=1)
        requests = [asked(row, people) for people in (1, 2, 1, 1)]
        valued(row)

        def draw_lots(key=row.pk) -> None:
            try:
                with at(DRAWN):
                    draw_results.run(draw_id=key)
            finally:
                connection.close()

        def withdraw(request) -> None:
            try:
                with at(DRAWN):
                    draw_requests.withdraw(request_id=request.pk, owner=request.owner)
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            work = [pool.submit(draw_lots), *(pool.submit(withdraw, one) for one in requests[:2])]
            for one in work:
                one.result()
        row = advanced(row)
        draw_results.check(draw_id=row.pk)
        row = Draw.objects.get(pk=row.pk)
        assert row.faults == []
        assert len(row.transcript["requests"]) == 4
        gone = DrawRequest.objects.filter(pk__in=[one.pk for one in requests[:2]])
        # Who was faster: they left the lots, or what the lots had given them.
        assert {one.state for one in gone} <= {RequestState.WITHDRAWN, RequestState.DECLINED}
        held = sum(Slot.objects.values_list("held", flat=True))
        offered = DrawRequest.objects.filter(draw=row, state=RequestState.OFFERED)
        assert sum(one["seats"] for r in offered for one in r.offered) <= held
        assert seats_and_rows_agree()
        _wipe()


def _wipe() -> None:
    tables = "appointments_appointment, appointments_draw, appointments_slot"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
