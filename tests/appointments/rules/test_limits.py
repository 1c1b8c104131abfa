"""How often somebody may try (AT-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appointments.rules.law import LAW
from appointments.rules.limits import Answer, Budget, Judgement, Marks, judge
from portal.rules.parameters import Ruleset

LAW_TODAY = LAW.on(date(2026, 11, 22), Ruleset.SEED)
MARKS = {budget: Marks(timedelta(hours=1), 3, 6, 9, timedelta(minutes=30)) for budget in Budget}


@pytest.mark.parametrize(
    ("attempts", "answer"),
    [
        (1, Answer.GO_ON),
        (3, Answer.GO_ON),
        (4, Answer.CHALLENGE),
        (6, Answer.CHALLENGE),
        (7, Answer.WAIT),
        (9, Answer.WAIT),
        (10, Answer.PAUSE),
    ],
)
def test_the_answer_grows_with_the_attempts(attempts, answer):
    assert judge({Budget.ACCOUNT: attempts}, MARKS).answer is answer


def test_a_solved_challenge_is_not_asked_for_again_but_ends_no_wait():
    assert judge({Budget.ACCOUNT: 5}, MARKS, solved=True).answer is Answer.GO_ON
    assert judge({Budget.ACCOUNT: 7}, MARKS, solved=True).answer is Answer.WAIT


def test_the_strictest_budget_answers():
    attempts = {Budget.NETWORK: 2, Budget.PASSPORT: 10, Budget.PHONE: 4}
    assert judge(attempts, MARKS) == Judgement(Answer.PAUSE, Budget.PASSPORT, timedelta(minutes=30))


def test_nobody_waits_longer_than_ten_seconds():
    marks = {Budget.NETWORK: Marks(timedelta(hours=1), 3, 6, 900, timedelta(minutes=30))}
    assert judge({Budget.NETWORK: 500}, marks).lasts == timedelta(seconds=10)


def test_no_attempts_are_no_reason():
    assert judge({}, MARKS) == Judgement(Answer.GO_ON)


@pytest.mark.parametrize("budget", list(Budget))
def test_the_marks_of_the_house_grow(budget):
    marks = Marks.by(LAW_TODAY, budget)
    assert 0 < marks.challenge < marks.wait < marks.pause


def test_a_network_is_many_people():
    network, account = (Marks.by(LAW_TODAY, one) for one in (Budget.NETWORK, Budget.ACCOUNT))
    assert network.pause >= 10 * account.pause
    assert network.pause_for < account.pause_for
