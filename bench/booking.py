"""Bookings per second beside pgbench driving the same statement: `python -m bench.booking [table]`.

First the transaction: through pgbench, from Python, and inside the whole operation, spread over
many slots, on one hot slot, and there also on a slow disk.  Then a rush for too few seats through
the pages, and the page of free times while it runs.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psutil

from bench import _load, _world

CLIENTS = 16
BOOKINGS = 800  # per way and shape; a multiple of CLIENTS
PROCESSES = 2

# The one statement of `appointments.operations.booking`, with the request it was given.
STATEMENT = """
\\set n :client_id * {share} + :i
\\set i :i + 1
SELECT appointments_take_seats(request) FROM bench_pool WHERE n = :n;
"""
FLUSH = 2000  # microseconds that the simulated disk needs to flush


def main() -> None:
    """Print the tables, or those that are named: statement, disk, rush, page."""
    asked = sys.argv[1:] or TABLES
    os.environ["GUICHET_PROXIES"] = "1"  # so that clients can come from many networks
    _world.start_servers()
    _world.prepare_database()
    site = _world.Site()
    for name in asked:
        TABLES[name](site)
    print(f"\n  oversold: {_oversold()}")


def _statement_table(_site: _world.Site) -> None:
    _world.table(
        f"{BOOKINGS} bookings each, {CLIENTS} clients",
        ["slots", "way", "bookings/s", "share of pgbench"],
        [row for shape, slots in SHAPES for row in _ways(shape, slots)],
    )


def _disk_table(_site: _world.Site) -> None:
    _slow_disk(True)
    _world.table(
        f"One hot slot on a disk that needs {FLUSH / 1000:.0f} ms to flush",
        ["slots", "way", "bookings/s", "share of pgbench"],
        _ways("one hot slot", 1),
    )
    _slow_disk(False)


def _rush_table(site: _world.Site) -> None:
    _world.table(
        f"Whole pages, {CONNECTIONS} connections",
        [
            *("who", "booked", "told to choose again", "errors", "booked/s", "answers/s"),
            *("p50 ms", "p95 ms", "p99 ms", "CPU ms per answer: site", "database", "clients"),
        ],
        [_rush(site, rush) for rush in RUSHES],
    )


def _page_table(site: _world.Site) -> None:
    _world.table(
        "The slot page, 64 connections",
        ["meanwhile", "requests/s", "p50 ms", "p95 ms", "not 200"],
        _slot_page(site),
    )


TABLES = {
    "statement": _statement_table,
    "disk": _disk_table,
    "rush": _rush_table,
    "page": _page_table,
}
SHAPES = (("spread", 200), ("one hot slot", 1))
CONNECTIONS = 64


@dataclass(frozen=True)
class Rush:
    """So many people at once for so many seats in so many slots; and how many pages each opens."""

    name: str
    people: int
    seats: int
    slots: int
    pages: int = 1  # the last page's button; 3: also the free times and the last page itself


RUSHES = (
    Rush("5,000 for 500 seats in 50 slots", 5000, 500, 50),
    Rush("5,000 for 500 seats in one slot", 5000, 500, 1),
    Rush("1,500 for 1,500 seats in 50 slots", 1500, 1500, 50),
    Rush("1,500 for 1,500 seats in one slot", 1500, 1500, 1),
    Rush("600 for 600 seats, three pages each", 600, 600, 50, pages=3),
)


def _ways(shape: str, slots: int) -> list[list[object]]:
    pgbench = _through_pgbench(slots)
    transaction = _in_processes(_write_all, _requests(slots))
    operation = _in_processes(_book_all, _pairs(slots))
    return [
        [shape, "the statement through pgbench", f"{pgbench:.0f}", "1.00"],
        [shape, "the statement from Python", f"{transaction:.0f}", f"{transaction / pgbench:.2f}"],
        [shape, "the whole operation", f"{operation:.0f}", f"{operation / pgbench:.2f}"],
    ]


def _slow_disk(slow: bool) -> None:
    """Make each commit wait as for an ordinary disk; PostgreSQL's own delay does just that."""
    from django.db import connection

    with connection.cursor() as cursor:
        for name, value in (("commit_delay", FLUSH if slow else 0), ("commit_siblings", 0)):
            cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cursor.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def _pairs(slots: int) -> list[tuple[str, int]]:
    """Return applications that can be booked, each with the slot it will ask for."""
    ids = _world.submitted_applications(BOOKINGS)
    slot_ids = _world.wide_slots(slots, 1 + BOOKINGS // slots)
    return [(one, slot_ids[n % slots]) for n, one in enumerate(ids)]


def _requests(slots: int) -> list[str]:
    """Return what the operation hands to its statement, made ready beforehand."""
    from applications.models import Application
    from appointments.models import Slot
    from appointments.operations import booking

    pairs = _pairs(slots)
    rows = Application.objects.select_related("mission", "owner").in_bulk([a for a, _s in pairs])
    times = Slot.objects.select_related("centre").in_bulk({s for _a, s in pairs})
    by_id = {str(key): row for key, row in rows.items()}
    seats = [booking.Seat(by_id[one], times[slot]) for one, slot in pairs]
    return [
        json.dumps(booking._request([s], [booking._appointment(s, None)], s.application.owner))
        for s in seats
    ]


def _through_pgbench(slots: int) -> float:
    from django.db import connection

    share = BOOKINGS // CLIENTS
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_pool")
        cursor.execute("CREATE TABLE bench_pool (n int PRIMARY KEY, request jsonb)")
        cursor.executemany(
            "INSERT INTO bench_pool VALUES (%s, %s::jsonb)", list(enumerate(_requests(slots)))
        )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(STATEMENT.format(share=share))
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


def _in_processes(work: Callable[..., None], items: list[Any]) -> float:
    """Share `items` among processes of several threads each; return how many per second."""
    shares = [items[n::PROCESSES] for n in range(PROCESSES)]
    context = multiprocessing.get_context("spawn")
    ready, go = context.Barrier(PROCESSES + 1), context.Barrier(PROCESSES + 1)
    workers = [context.Process(target=work, args=(share, ready, go)) for share in shares]
    for worker in workers:
        worker.start()
    ready.wait()
    begin = time.perf_counter()
    go.wait()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a process failed")
    return len(items) / (time.perf_counter() - begin)


def _write_all(requests: list[str], ready: Any, go: Any) -> None:
    import django

    django.setup()
    from appointments.operations import booking

    _threads(booking._write, requests, ready, go)


def _book_all(pairs: list[tuple[str, int]], ready: Any, go: Any) -> None:
    import django

    django.setup()
    from applications.models import Application
    from appointments.operations import book

    ids = [one for one, _slot in pairs]
    rows = Application.objects.filter(pk__in=ids).select_related("owner")
    owners = {str(row.pk): row.owner for row in rows}

    def book_one(pair: tuple[str, int]) -> None:
        book(application_id=pair[0], slot_id=pair[1], owner=owners[pair[0]])

    _threads(book_one, pairs, ready, go)


def _threads(work: Callable[[Any], object], items: list[Any], ready: Any, go: Any) -> None:
    """Do `work` for each item in threads with a connection each; connect before the start."""
    from django.db import connection

    with ThreadPoolExecutor(
        CLIENTS // PROCESSES, initializer=lambda: connection.ensure_connection()
    ) as pool:
        list(pool.map(lambda _n: time.sleep(0.05), range(CLIENTS)))
        ready.wait()
        go.wait()
        list(pool.map(work, items))


# --- whole pages ----------------------------------------------------------------------------------


def _rush(site: _world.Site, rush: Rush) -> list[object]:
    """Send everybody to the confirmation page at once, signed in."""
    requests = _posts(rush)
    before = _processor_time(site)
    load = _load.run(site.port, requests)
    used = [after - less for after, less in zip(_processor_time(site), before, strict=True)]
    booked, full = load.statuses[302], load.statuses[409]
    waits = [f"{load.percentile(share):.0f}" for share in (0.5, 0.95, 0.99)]
    return [
        *(rush.name, booked, full, rush.people - booked - full),
        *(f"{booked / load.seconds:.0f}", f"{load.rate:.0f}", *waits),
        *(f"{1000 * one / len(load.latencies):.1f}" for one in used),
    ]


def _processor_time(site: _world.Site) -> list[float]:
    """Return the seconds of processor that site, database and this process used so far."""
    parent = psutil.Process(site.process.pid)
    web = [parent, *parent.children()]
    database = [one for one in psutil.process_iter(["name"]) if one.info["name"] == "postgres"]
    return [_used(web), _used(database), _used([psutil.Process()])]


def _used(processes: list[psutil.Process]) -> float:
    total = 0.0
    for one in processes:
        with suppress(psutil.NoSuchProcess):  # a short-lived process of the database
            total += sum(one.cpu_times()[:2])
    return total


def _posts(rush: Rush) -> list[list[bytes]]:
    ids = _world.submitted_applications(rush.people)
    slot_ids = _world.wide_slots(rush.slots, rush.seats // rush.slots)
    cookies = _sessions(ids)
    people = []
    for n, one in enumerate(ids):
        headers = {
            "Cookie": f"sessionid={cookies[one]}; csrftoken={TOKEN}",
            "Origin": ORIGIN,
            "Accept-Encoding": "gzip",
            # Everybody from a network of their own, or the budgets of one stop the rush.
            "X-Forwarded-For": f"10.{n >> 8}.{n & 255}.1",
        }
        times = f"/appointments/for/{one}/choose/"
        last = f"{times}{slot_ids[n % rush.slots]}/"
        looks = [_load.get(times, headers), _load.get(last, headers)][: rush.pages - 1]
        people.append([*looks, _load.post(last, f"csrfmiddlewaretoken={TOKEN}", headers)])
    lines = [people[n::CONNECTIONS] for n in range(CONNECTIONS)]
    return [[request for person in line for request in person] for line in lines]


def _slot_page(site: _world.Site) -> list[list[object]]:
    """Load the page of free times, alone and while a rush runs."""
    quiet = _load.run(site.port, _page_requests())
    busy_posts = _posts(RUSHES[0])
    with ThreadPoolExecutor(1) as pool:
        rush = pool.submit(_load.run, site.port, busy_posts)
        busy = _load.run(site.port, _page_requests())
        rush.result()
    return [_page_row("nothing", quiet), _page_row("the rush", busy)]


def _page_requests() -> list[list[bytes]]:
    request = _load.get(
        "/appointments/centres/fr-algiers/", {"Accept-Encoding": "gzip", "Accept-Language": "fr"}
    )
    return [[request] * 100] * 64


def _page_row(meanwhile: str, load: _load.Load) -> list[object]:
    wrong = sum(load.statuses.values()) - load.statuses[200]
    waits = [f"{load.percentile(share):.1f}" for share in (0.5, 0.95)]
    return [meanwhile, f"{load.rate:.0f}", *waits, wrong]


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


def _oversold() -> int:
    """Return how many slots have more appointments than seats, or another number than taken."""
    from django.db.models import Count, F

    from appointments.models import Slot

    counted = Slot.objects.annotate(rows=Count("appointments"))
    return (counted.exclude(taken=F("rows")) | counted.filter(taken__gt=F("capacity"))).count()


if __name__ == "__main__":
    main()
