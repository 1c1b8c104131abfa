"""Writers and sealers at the same time, each with a connection of its own.

A server counts the transactions of all its databases together, so that a test of a neighbouring
worker holds the sealer back here: how much is sealed is only certain once `neighbours_ended`.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from portal.audit import operations as audit
from portal.audit import sealing
from portal.audit.models import Entry, Seal
from portal.audit.sealing import seal_all, transactions
from portal.audit.verifying import Tally, faults
from portal.missions.models import Mission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mission():
    return Mission.objects.create(code="fr-oran", state="FR", post="oran", names={"en": "Oran"})


def neighbours_ended(patience=120):
    """Wait until all transactions of the server that began before now have ended."""
    _oldest, next_to_begin = transactions()
    until = time.monotonic() + patience
    while transactions()[0] < next_to_begin:
        assert time.monotonic() < until, "a transaction of before does not end"
        time.sleep(0.02)


def told():
    return [(fault.where, fault.what) for fault in faults(Tally())]


def test_a_row_that_commits_late_is_sealed_though_its_id_is_low(mission):
    wrote, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            audit.record(actor=None, action="slow", subject=mission)
            wrote.set()
            may_end.wait(10)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow)
        wrote.wait(10)
        quick = audit.record(actor=None, action="quick", subject=mission)
        # The slow one may still commit below the quick one, so neither is sealed, and nobody waits.
        assert seal_all() == 0
        may_end.set()
        done.result()
    neighbours_ended()
    assert seal_all() == 2
    assert Entry.objects.get(action="slow").pk < quick.pk
    assert told() == []


def test_writers_and_sealers_at_the_same_time_lose_and_repeat_nothing(mission):
    stop = threading.Event()

    def write(number):
        for turn in range(12):
            with transaction.atomic():
                audit.record(actor=None, action=f"w{number}", subject=mission)
                if turn % 3 == 0:
                    audit.record_all(actor=None, action="bulk", subjects=[mission] * 3)
                if turn % 5 == 4:
                    transaction.set_rollback(True)
        connection.close()

    def seal():
        count = 0
        while not stop.is_set():
            count += seal_all(batch=7)
        connection.close()
        return count

    with ThreadPoolExecutor(6) as pool:
        sealers = [pool.submit(seal) for _ in range(2)]
        writers = [pool.submit(write, number) for number in range(4)]
        for writer in writers:
            writer.result()
        stop.set()
        sealed = sum(sealer.result() for sealer in sealers)
    neighbours_ended()
    sealed += seal_all()
    keys = [key for seal in Seal.objects.all() for key in seal.ids]
    assert sorted(keys) == list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert sealed == len(keys)
    assert told() == []


def test_a_sealer_that_dies_leaves_whole_seals_and_the_next_goes_on(mission, monkeypatch):
    audit.record_all(actor=None, action="bulk", subjects=[mission] * 10)
    neighbours_ended()
    append = sealing._append

    def dies(table, place, lines):
        seal = append(table, place, lines)
        if seal.number == 2:
            raise KeyboardInterrupt
        return seal

    monkeypatch.setattr(sealing, "_append", dies)
    with pytest.raises(KeyboardInterrupt):
        seal_all(batch=4)
    monkeypatch.setattr(sealing, "_append", append)
    assert Seal.objects.count() == 1
    assert seal_all(batch=4) == 6
    assert [len(seal.ids) for seal in Seal.objects.order_by("number")] == [4, 4, 2]
    assert told() == []
