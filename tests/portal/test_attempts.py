"""Attempts are counted on the shared store, hashed, and forgotten when their window ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest

from portal.attempts import Counter, count, forget, has_waited, network_of, store, take

HOUR = timedelta(hours=1)


@pytest.fixture
def counter(request) -> Counter:
    made = Counter("test", request.node.name, HOUR)
    forget([made])
    return made


def test_each_attempt_counts_once_even_when_many_come_at_once(counter):
    with ThreadPoolExecutor(16) as pool:
        sums = list(pool.map(lambda _n: count([counter])[0], range(64)))
    assert sorted(sums) == list(range(1, 65))


def test_several_budgets_are_counted_together(counter):
    other = Counter("test", "somebody else", HOUR)
    forget([other])
    assert count([counter, other]) == [1, 1]
    assert count([counter]) == [2]


def test_different_ones_are_counted_once_each(request, counter):
    kinds = {"kind": "test of many", "whose": request.node.name, "window": HOUR}
    forget([Counter(**kinds)])
    assert count([counter, Counter(**kinds, different=("a", "b")), counter]) == [1, 2, 2]
    assert count([Counter(**kinds, different=("b", "c"))]) == [3]
    assert 0 < store().ttl(Counter(**kinds).key) <= 3600


def test_a_wait_begins_with_the_first_question_and_ends_in_its_time(counter):
    store().delete(f"{counter.key}:wait")
    short = timedelta(seconds=0.2)
    assert not has_waited(counter, short)
    assert not has_waited(counter, short)
    sleep(0.25)
    assert has_waited(counter, short)
    assert not has_waited(counter, short)


@pytest.mark.race
def test_a_wait_ends_once_for_whoever_waited(counter):
    with ThreadPoolExecutor(8) as pool:
        for _round in range(200):
            store().set(f"{counter.key}:wait", 1)  # it ended long ago
            assert sum(pool.map(lambda _n: has_waited(counter, HOUR), range(8))) == 1


def test_a_value_is_taken_once_and_only_while_it_is_there(counter):
    store().set(counter.key, "old")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _n: take(counter.key, "old"), range(8))) == 1
    store().set(counter.key, "new")
    assert not take(counter.key, "old")
    assert store().get(counter.key) == "new"


def test_a_window_begins_with_its_first_attempt_and_is_not_prolonged(counter):
    count([counter])
    store().expire(counter.key, 100)
    count([counter])
    assert 0 < store().ttl(counter.key) <= 100


def test_the_store_does_not_learn_whose_attempts_they_are(counter):
    assert counter.whose not in counter.key


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("197.200.14.7", "197.200.14.0/24"),
        ("::ffff:197.200.14.7", "197.200.14.0/24"),
        ("2c0f:f698:1:2ff:aaaa::1", "2c0f:f698:1:200::/56"),
        ("", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_a_network_is_recognised_by_its_prefix(address, network):
    assert network_of(address) == network
