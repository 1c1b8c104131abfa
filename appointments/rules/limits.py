"""How often somebody may try to book before something is asked of them: AT-05.

Every attempt is counted for the network, the account, the household, the phone and the passport
it comes from.  For the network and the account different travellers are counted too: a program
that books for many identities needs few attempts for each.  Over a first mark a challenge is asked
for, over a second the answer waits, over a third it is refused for a while that is told.  A
network is many people (a café, a mobile carrier): its marks are far apart and its pause is short,
and it always ends by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.rules.parameters import Law


class Budget(StrEnum):
    """For whom attempts are counted."""

    NETWORK = "network"
    ACCOUNT = "account"
    HOUSEHOLD = "household"
    PHONE = "phone"
    PASSPORT = "passport"
    NETWORK_TRAVELLERS = "network_travellers"
    ACCOUNT_TRAVELLERS = "account_travellers"


class Answer(StrEnum):
    """What happens to an attempt, mildest first."""

    GO_ON = "go_on"
    CHALLENGE = "challenge"
    WAIT = "wait"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one budget: attempts, or travellers, in `window` until an answer is given."""

    window: timedelta
    challenge: int
    wait: int
    pause: int
    pause_for: timedelta

    @classmethod
    def by(cls, law: Law, budget: Budget) -> Marks:
        """Read the marks from the law of a day; raises LawError where it is silent."""
        return cls(
            window=timedelta(minutes=law.value("AT-05", "window", budget)),
            challenge=law.value("AT-05", "challenge", budget),
            wait=law.value("AT-05", "wait", budget),
            pause=law.value("AT-05", "pause", budget),
            pause_for=timedelta(minutes=law.value("AT-05", "pause_for", budget)),
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to an attempt, and the budget that gave it (None if nothing is asked)."""

    answer: Answer
    budget: Budget | None = None
    lasts: timedelta = timedelta(0)


def judge(
    attempts: Mapping[Budget, int], marks: Mapping[Budget, Marks], *, solved: bool = False
) -> Judgement:
    """Return the strictest answer that any budget gives to an attempt, this one counted.

    `solved`: the challenge was solved for this attempt, so it is not asked for again.

    Rule: AT-05
    Source: 002 (recurring addresses are blocked)
    Boundaries: as many attempts as the mark: go on; one more: challenge first, later a pause.
    """
    judged = (_of_one(budget, count, marks[budget], solved) for budget, count in attempts.items())
    strictness = list(Answer)
    return max(
        judged, key=lambda one: strictness.index(one.answer), default=Judgement(Answer.GO_ON)
    )


def _of_one(budget: Budget, attempts: int, marks: Marks, solved: bool) -> Judgement:
    if attempts > marks.pause:
        return Judgement(Answer.PAUSE, budget, marks.pause_for)
    if attempts > marks.wait:
        # A second more for each attempt over the mark, and never more than ten.
        return Judgement(Answer.WAIT, budget, timedelta(seconds=min(10, attempts - marks.wait)))
    if attempts > marks.challenge and not solved:
        return Judgement(Answer.CHALLENGE, budget)
    return Judgement(Answer.GO_ON)
