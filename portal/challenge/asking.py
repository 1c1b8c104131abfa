"""Ask a challenge, check its answer once, and let the person pass.

The shared store keeps which challenges were answered, who passed and how often somebody failed.
While it is away nothing is checked: `answer` and `is_passed` raise redis.RedisError and the caller
refuses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from redis.exceptions import RedisError

from portal.attempts import Counter, count, forget, store
from portal.rules.challenge import Measures

from . import questions, work
from .occasions import Occasion
from .questions import Kind, Question
from .refusals import ChallengeExpired, ChallengeRefused, ChallengeUsed, ChallengeWrong

# Names of the fields of templates/challenge/_challenge.html.
WORK, QUESTION, TYPED = "challenge_work", "challenge_question", "challenge_answer"
REMEMBERED = timedelta(hours=1)  # how long failures are
LATE = timedelta(minutes=5)  # by which the clocks of two web nodes may differ


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge as a page shows it."""

    work: dict[str, Any]
    tries: int
    question: Question
    question_first: bool
    typed: str = ""

    @property
    def work_as_json(self) -> str:
        """The work as the script of the page reads it."""
        return json.dumps(self.work)


def ask(occasion: Occasion, measures: Measures, sent: Mapping[str, str] | None = None) -> Asked:
    """Return a new challenge; a question in `sent` that nobody could check is asked again.

    Needs no store: while it is away the page can be read, and only sending it is refused.
    """
    now = timezone.now()
    turns = _failures(occasion) // measures.failures
    kept, typed = _kept(occasion, sent or {})
    kind = Kind.WORD if turns % 2 else Kind.SUM
    return Asked(
        work.make(occasion, measures, now=now),
        measures.tries,
        kept or questions.make(occasion, measures, kind, now=now),
        question_first=bool(typed) or bool(turns % 2),
        typed=typed,
    )


def is_answer(sent: Mapping[str, str]) -> bool:
    """Tell whether a form brings an answer, right or wrong."""
    return WORK in sent or QUESTION in sent


def answer(occasion: Occasion, measures: Measures, sent: Mapping[str, str]) -> None:
    """Check an answer; returns if it is right, for the first and only time.

    Raises a ChallengeRefused, or redis.RedisError while the store is away.
    """
    try:
        if done := sent.get(WORK, ""):
            _claim(work.nonce_of(occasion, done), measures)
        else:
            _check_question(occasion, measures, sent)
    except ChallengeRefused:
        count([_counter(occasion)])
        raise
    store().set(occasion.pass_key, "yes", ex=measures.passed_for)
    forget([_counter(occasion)])


def is_passed(occasion: Occasion) -> bool:
    """Tell whether a right answer for this occasion still holds."""
    return bool(store().exists(occasion.pass_key))


def use_up(occasion: Occasion) -> bool:
    """End a pass; False if there was none, so that of two at once one goes on."""
    return bool(store().delete(occasion.pass_key))


def _check_question(occasion: Occasion, measures: Measures, sent: Mapping[str, str]) -> None:
    now = timezone.now()
    question = questions.opened(occasion, sent.get(QUESTION, ""), now=now)
    # Claimed before it is read: a question that was answered wrongly is no chance to try others.
    _claim(question.nonce, measures)
    too_fast = now.timestamp() < question.asked_at + measures.read_for.total_seconds()
    if too_fast or not question.is_answered_by(sent.get(TYPED, "")):
        raise ChallengeWrong


def _claim(nonce: str, measures: Measures) -> None:
    """Raise ChallengeUsed unless this is the first answer with a signed nonce."""
    key = f"{settings.STORE_PREFIX}:challenge:answered:{nonce}"
    if not store().set(key, "yes", nx=True, ex=measures.lasts + LATE):
        raise ChallengeUsed


def _kept(occasion: Occasion, sent: Mapping[str, str]) -> tuple[Question | None, str]:
    typed = sent.get(TYPED, "").strip()[:100]
    if not typed:
        return None, ""
    try:
        return questions.opened(occasion, sent.get(QUESTION, ""), now=timezone.now()), typed
    except ChallengeExpired:
        return None, ""


def _failures(occasion: Occasion) -> int:
    try:
        return int(store().get(_counter(occasion).key) or 0)
    except RedisError:
        return 0


def _counter(occasion: Occasion) -> Counter:
    return Counter("challenge", occasion.person, REMEMBERED)
