"""Bookings per second beside pgbench driving the same statements: `python -m bench.booking`.

Three ways, each spread over many slots and on one hot slot: the statements alone through
pgbench, the operation in Python processes, and the whole page (a POST over HTTP).
"""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bench import _load, _world

CLIENTS = 16
BOOKINGS = 800  # per way and shape; a multiple of CLIENTS
PROCESSES = 2

# The statements of `appointments.operations.book`, in its order.
STATEMENTS = """
\\set n :client_id * {share} + :i
\\set i :i + 1
SELECT application_id AS app, slot_id AS slot, tkey FROM bench_pool WHERE n = :n \\gset
BEGIN;
SELECT * FROM applications_application a JOIN missions_mission m ON m.id = a.mission_id
  JOIN accounts_user u ON u.id = a.owner_id WHERE a.id = :app::uuid FOR UPDATE OF a;
SELECT * FROM appointments_slot s JOIN appointments_centre c ON c.id = s.centre_id
  WHERE s.id = :slot;
INSERT INTO appointments_appointment (id, reference, application_id, slot_id, state_code,
  traveller_key, state, version, booked_at, updated_at)
  VALUES (gen_random_uuid(), left(md5(random()::text), 12), :app::uuid, :slot, 'FR',
  :tkey::bytea, 'booked', 1, now(), now());
SELECT state FROM applications_application WHERE id = :app::uuid FOR UPDATE;
UPDATE applications_application SET state = 'booked', updated_at = now() WHERE id = :app::uuid;
INSERT INTO audit_entry (at, actor_id, actor_label, subject_type, subject_id, mission_id, action,
  reason, details) VALUES (now(), 1, 'applicant 1', 'applications.application', :app::text, 1,
  'application.book', '', '{{"from": "submitted", "to": "booked"}}');
UPDATE applications_application SET passport_verdict = :verdict WHERE id = :app::uuid;
INSERT INTO audit_entry (at, actor_id, actor_label, subject_type, subject_id, mission_id, action,
  reason, details) VALUES (now(), 1, 'applicant 1', 'appointments.appointment', :app::text, 1,
  'appointment.book', '', '{{"slot": 1}}');
INSERT INTO outbox_message (kind, subject, version, channel, mission_id, recipient, recipient_key,
  language, context, message_id, created_at, state, attempts, due_at, last_error)
  VALUES ('appointment_confirmed', 'appointment:' || :app::text, 1, 'email', 1, :sealed::bytea,
  :tkey::bytea, 'fr', :sealed::bytea, md5(random()::text), now(), 'queued', 0, now(), '');
UPDATE appointments_slot SET taken = taken + 1 WHERE id = :slot AND taken < released;
COMMIT;
"""


def main() -> None:
    """Print one table."""
    _world.start_servers()
    _world.prepare_database()
    site = _world.Site()
    rows = []
    for shape, slots in (("spread", 200), ("one hot slot", 1)):
        pgbench = _through_pgbench(slots)
        rows.append([shape, "statements through pgbench", f"{pgbench:.0f}", "1.00", "-", "-"])
        rate = _through_operation(slots)
        rows.append([shape, "operation", f"{rate:.0f}", f"{rate / pgbench:.2f}", "-", "-"])
        load = _through_pages(site, slots)
        waits = [f"{load.percentile(share):.0f}" for share in (0.5, 0.95)]
        rows.append(
            [shape, "page (POST)", f"{load.rate:.0f}", f"{load.rate / pgbench:.2f}", *waits]
        )
    _world.table(
        f"{BOOKINGS} bookings each, {CLIENTS} clients, nothing oversold: {_seats_agree()}",
        ["slots", "way", "bookings/s", "share of pgbench", "p50 ms", "p95 ms"],
        rows,
    )


def _pairs(slots: int) -> list[tuple[str, int]]:
    """Return applications that can be booked, each with the slot it will ask for."""
    ids = _world.submitted_applications(BOOKINGS)
    slot_ids = _world.wide_slots(slots, 1 + BOOKINGS // slots)
    return [(one, slot_ids[n % slots]) for n, one in enumerate(ids)]


def _through_pgbench(slots: int) -> float:
    from django.db import connection

    share = BOOKINGS // CLIENTS
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_pool")
        cursor.execute(
            "CREATE TABLE bench_pool (n int PRIMARY KEY, application_id uuid, slot_id int, "
            "tkey text)"
        )
        cursor.executemany(
            "INSERT INTO bench_pool SELECT %s, id, %s, traveller_key::text "
            "FROM applications_application WHERE id = %s",
            [(n, slot, one) for n, (one, slot) in enumerate(_pairs(slots))],
        )
    script = STATEMENTS.format(share=share)
    script = script.replace(":verdict", "'" + '{"outcome": "admissible"}' + "'")
    script = script.replace(":sealed", "'" + "x" * 900 + "'")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(_world.PGBENCH), "--no-vacuum", "-M", "extended", "-D", "i=0"]
        command += ["-c", str(CLIENTS), "-j", "2", "-t", str(share), "-f", file.name]
        url = urlsplit(os.environ["DATABASE_URL"])
        environment = os.environ | {"PGPASSWORD": url.password or ""}
        command += ["-h", url.hostname, "-p", str(url.port), "-U", url.username, url.path[1:]]
        answer = subprocess.run(command, capture_output=True, text=True, env=environment)
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return float(re.search(r"tps = ([\d.]+)", answer.stdout)[1])


def _through_operation(slots: int) -> float:
    pairs = _pairs(slots)
    shares = [pairs[n::PROCESSES] for n in range(PROCESSES)]
    context = multiprocessing.get_context("spawn")
    ready, go = context.Barrier(PROCESSES + 1), context.Barrier(PROCESSES + 1)
    workers = [context.Process(target=_book_all, args=(share, ready, go)) for share in shares]
    for worker in workers:
        worker.start()
    ready.wait()
    begin = time.perf_counter()
    go.wait()
    for worker in workers:
        worker.join()
    return BOOKINGS / (time.perf_counter() - begin)


def _book_all(pairs: list[tuple[str, int]], ready: object, go: object) -> None:
    import django

    django.setup()
    from django.db import connection

    from applications.models import Application
    from appointments.operations import book

    owners = {str(row.pk): row.owner for row in Application.objects.select_related("owner")}

    def book_one(pair: tuple[str, int]) -> None:
        book(application_id=pair[0], slot_id=pair[1], owner=owners[pair[0]])

    def open_connection() -> None:
        connection.ensure_connection()

    with ThreadPoolExecutor(CLIENTS // PROCESSES, initializer=open_connection) as pool:
        ready.wait()
        go.wait()
        list(pool.map(book_one, pairs))


def _through_pages(site: _world.Site, slots: int) -> _load.Load:
    """POST the confirmation page of each application, signed in as its owner."""
    pairs = _pairs(slots)
    cookies = _sessions([one for one, _slot in pairs])
    requests = [
        _load.post(
            f"/appointments/for/{one}/choose/{slot}/",
            f"csrfmiddlewaretoken={TOKEN}",
            {"Cookie": f"sessionid={cookies[one]}; csrftoken={TOKEN}", "Origin": ORIGIN},
        )
        for one, slot in pairs
    ]
    load = _load.run(site.port, [requests[n::CLIENTS] for n in range(CLIENTS)])
    if load.statuses != {302: BOOKINGS}:
        raise SystemExit(f"not every page booked: {dict(load.statuses)}")
    return load


TOKEN = "a" * 32
ORIGIN = "http://localhost"


def _sessions(application_ids: list[str]) -> dict[str, str]:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from applications.models import Application

    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookies = {}
    for row in Application.objects.filter(pk__in=application_ids).select_related("owner"):
        session = store()
        session[SESSION_KEY] = str(row.owner_id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = row.owner.get_session_auth_hash()
        session.create()
        cookies[str(row.pk)] = session.session_key
    return cookies


def _seats_agree() -> str:
    from django.db.models import Count, F

    from appointments.models import Slot

    wrong = (
        Slot.objects.annotate(rows=Count("appointments")).exclude(taken=F("rows")).count()
        + Slot.objects.filter(taken__gt=F("capacity")).count()
    )
    return "yes" if wrong == 0 else f"NO, {wrong} slots differ"


if __name__ == "__main__":
    main()
