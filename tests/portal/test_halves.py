"""Two halves at the same time give what one after the other gives, whatever befalls the child."""

import os
import signal

import psutil
import pytest
from billiard.pool import Pool

from portal import halves
from portal.halves import in_halves

MANY = range(2 * halves.WORTH_IT)


@pytest.fixture(autouse=True)
def _two_processors_and_no_child_left(monkeypatch):
    monkeypatch.setattr(halves, "_has_two_processors", lambda: True)
    before = set(psutil.Process().children())
    yield
    assert set(psutil.Process().children()) == before


def test_both_halves_come_in_order_and_from_two_processes():
    parts = in_halves(lambda some: (os.getpid(), list(some)), MANY)
    assert [number for _, some in parts for number in some] == list(MANY)
    assert len({process for process, _ in parts}) == 2
    assert parts[0][0] == os.getpid()


def in_a_process_of_celery():
    return [len(part) for part in in_halves(list, MANY)], os.getpid()


def test_the_processes_of_celery_may_have_a_half():
    with Pool(1) as pool:
        sizes, process = pool.apply(in_a_process_of_celery)
    assert sizes == [halves.WORTH_IT] * 2
    assert process != os.getpid()


def test_few_are_not_worth_a_process():
    assert in_halves(lambda some: os.getpid(), range(halves.WORTH_IT - 1)) == [os.getpid()]


def test_an_answer_larger_than_the_pipe():
    parts = in_halves(lambda some: [b"x" * 2000 for _ in some], MANY)
    assert [len(part) for part in parts] == [halves.WORTH_IT] * 2


def killed(some):
    os.kill(os.getpid(), signal.SIGKILL)


def unpicklable(some):
    return lambda: some


@pytest.mark.parametrize("fault", [killed, unpicklable, lambda some: 1 / 0])
def test_a_child_that_fails_has_its_half_made_here(fault):
    here = os.getpid()
    parts = in_halves(lambda some: list(some) if os.getpid() == here else fault(some), MANY)
    assert [number for part in parts for number in part] == list(MANY)


def test_what_the_work_raises_raises_and_leaves_no_child():
    with pytest.raises(ZeroDivisionError):
        in_halves(lambda some: 1 / 0, MANY)
