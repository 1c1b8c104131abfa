# ruff: noqa: F811  # fixtures are found by their names
"""PostgreSQL restarts in the middle of applying a plan: all of it, or nothing (RD-06).

A whole server of our own, as durable as in operation, ends at once while a worker stands in its
transaction, and recovers from its log.  The worker dies of it, too: nobody cleans up.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from applications.models import Application
from appointments.enums import MovePlanState
from appointments.models import Appointment, AppointmentMove, MovePlan, Slot
from appointments.move_notifications import AppointmentMoved
from appointments.operations import move_applying
from portal.audit.models import Entry
from portal.devserver.addresses import DATABASE, HOST, EmbeddedAddresses
from portal.devserver.installation import installation_for
from portal.devserver.postgres import Postgres
from portal.devserver.servers import Servers, guard
from portal.outbox.models import Message
from tests import migrated
from tests.portal.outbox.conftest import process, provider, sample  # noqa: F401
from tests.servers import stop_servers

from .moves import applied, confirmed, planned, seats_and_rows_agree, world

pytestmark = pytest.mark.django_db(transaction=True)

_PROGRAM = (
    "import django; django.setup()\nimport uuid\n"
    "from appointments.operations import move_applying\n"
    "move_applying.carry_out(plan_id=uuid.UUID('{plan}'))\n"
)
# What somebody else holds, and the statement in which applying then waits: with messages and
# trail written; and with seats, appointments and days written as well.
_HELD = (
    ("SELECT FROM appointments_slot FOR UPDATE", "%appointments_slot%FOR NO KEY UPDATE%"),
    (
        "LOCK TABLE appointments_appointmentmove IN SHARE MODE",
        "%INSERT INTO appointments_appointmentmove%",
    ),
)


class OwnPostgres:
    """A server that this test may end; its database is migrated."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.url = EmbeddedAddresses(state).url_of_database(migrated.TEMPLATE)

    def end_at_once(self) -> None:
        """End without asking anybody, and without a checkpoint."""
        place = installation_for(self.state)
        place.run("pg_ctl", "stop", "--mode=immediate", f"--pgdata={place.home / 'postgres'}")

    def start(self) -> None:
        """Start as in operation: what was committed is on the disk."""
        Postgres(self.state, durable=True).start()

    def recoveries(self) -> int:
        """How often it found that it had not been shut down."""
        log = installation_for(self.state).home / "postgres.log"
        return log.read_text().count("was not properly shut down")


@pytest.fixture
def own_postgres(monkeypatch):
    """Let this process, and those it starts, work on a server of this test alone."""
    state = Path(tempfile.mkdtemp(prefix="guichet-restart-")).resolve()
    servers, watcher = Servers(state, durable=False, valkey=False), guard(state, remove=True)
    try:
        servers.start()
        connection.close()
        addresses = EmbeddedAddresses(state)
        monkeypatch.setenv(migrated.PROGRAMS, str(installation_for(state).programs))
        for name, value in {
            "HOST": HOST,
            "PORT": addresses.postgres_port,
            "USER": DATABASE,
            "PASSWORD": addresses.password("postgres"),
            "NAME": migrated.TEMPLATE,
        }.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        with psycopg.connect(addresses.database_url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {migrated.TEMPLATE}")
        migrated.fill()
        own = OwnPostgres(state)
        own.start()  # until now it took no time to write to the disk
        yield own
    finally:
        connection.close()
        monkeypatch.undo()
        stop_servers(servers, watcher)


def _rows():
    """Every row that applying writes, but the plan's own."""
    kept = (Application, Appointment, Slot, AppointmentMove, Message, Entry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kept}


def _wait_until_it_waits(watcher, statement):
    """Until a backend that has written waits for a lock in this statement."""
    until = time.monotonic() + 60
    while not watcher.execute(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND backend_xid IS NOT NULL AND query LIKE %s",
        [statement],
    ).fetchone():
        assert time.monotonic() < until, "nobody waits there"
        time.sleep(0.02)


def test_rd_06_postgresql_restarted_while_a_plan_is_applied_leaves_nothing_half_done(
    own_postgres, provider, process, settings
):
    people, _later, row = world(5, free=4)
    plan = planned(row)
    for times, (held, waiting) in enumerate(_HELD, start=1):
        confirmed(plan)
        before = _rows()
        holder = psycopg.connect(own_postgres.url)
        watcher = psycopg.connect(own_postgres.url, autocommit=True)
        try:
            holder.execute(held)
            worker = process(
                "-c",
                _PROGRAM.format(plan=plan.pk),
                DJANGO_SETTINGS_MODULE="portal.settings",
                GUICHET_SMS_URL=settings.SMS_URL,
            )
            _wait_until_it_waits(watcher, waiting)
            own_postgres.end_at_once()
            assert worker.wait(60) == 1  # it cannot even say that it stopped
        finally:
            holder.close()
            watcher.close()
        connection.close()
        own_postgres.start()
        assert own_postgres.recoveries() == times

        assert _rows() == before
        assert seats_and_rows_agree()
        assert MovePlan.objects.get().state == MovePlanState.APPLYING
        assert move_applying.resume() == 0  # its worker could be alive
        MovePlan.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
        assert move_applying.resume() == 1
        assert MovePlan.objects.get().state == MovePlanState.READY

    assert applied(plan)
    moved = AppointmentMove.objects.filter(plan=plan).count()
    assert moved == len(people) - plan.totals["unplaced"] == 4
    told = Message.objects.filter(bulk=plan.bulk)
    assert len(set(told.values_list("subject", "channel"))) == told.count()
    assert told.count() == moved * len(AppointmentMoved.channels) == 8
    assert Entry.objects.filter(action="appointment.move").count() == moved
    assert Entry.objects.filter(action="moveplan.apply").count() == 1
    assert sorted(Appointment.objects.values_list("version", flat=True)) == [1, 2, 2, 2, 2]
    assert seats_and_rows_agree()
