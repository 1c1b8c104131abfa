"""A challenge is good once, for one person and one thing, for a while (AT-04)."""

from __future__ import annotations

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
import time_machine
from django.conf import settings as site
from django.utils import timezone
from django.utils.translation import override

from portal.challenge import asking, questions
from portal.challenge.occasions import Occasion
from portal.challenge.questions import Kind
from portal.challenge.refusals import (
    ChallengeExpired,
    ChallengeRefused,
    ChallengeUsed,
    ChallengeWrong,
)
from portal.rules.challenge import Measures
from tests.challenges import after_reading, right_answer, store_away, worked

MINUTES = timedelta(minutes=1)
EASY = Measures(
    rounds=10,
    tries=20,
    lasts=20 * MINUTES,
    failures=3,
    read_for=timedelta(seconds=2),
    passed_for=20 * MINUTES,
)


@pytest.fixture
def occasion(request) -> Occasion:
    made = Occasion("booking", ("session of", request.node.name), ("slot 7",))
    asking.use_up(made)
    asking.forget([asking._counter(made)])
    return made


def by_device(asked: asking.Asked) -> dict[str, str]:
    return {asking.WORK: worked(asked.work)}


def by_hand(asked: asking.Asked, answer: str | None = None) -> dict[str, str]:
    typed = right_answer(asked.question) if answer is None else answer
    return {asking.QUESTION: asked.question.sealed, asking.TYPED: typed}


def answer(occasion: Occasion, sent: dict[str, str]) -> bool:
    """Answer after having read, and tell whether the person passed."""
    with after_reading():
        asking.answer(occasion, EASY, sent)
    return asking.is_passed(occasion)


WAYS = pytest.mark.parametrize("way", [by_device, by_hand])


@WAYS
def test_who_solves_it_goes_on_once(occasion, way):
    assert not asking.is_passed(occasion)
    assert answer(occasion, way(asking.ask(occasion, EASY)))
    assert asking.use_up(occasion)
    assert not asking.use_up(occasion)


@WAYS
def test_the_same_answer_does_not_count_twice(occasion, way):
    sent = way(asking.ask(occasion, EASY))
    answer(occasion, sent)
    with pytest.raises(ChallengeUsed):
        answer(occasion, sent)


def test_work_written_otherwise_is_the_same_work(occasion):
    sent = by_device(asking.ask(occasion, EASY))[asking.WORK]
    answer(occasion, {asking.WORK: sent})
    content = json.loads(base64.b64decode(sent))
    content["solution"]["time"], content["more"] = 12.5, "fields"
    again = base64.b64encode(json.dumps(content, indent=1).encode()).decode()
    with pytest.raises(ChallengeUsed):
        answer(occasion, {asking.WORK: again})


@WAYS
def test_of_eight_who_send_one_answer_at_once_one_gets_through(occasion, way):
    sent = way(asking.ask(occasion, EASY))

    def attempt(_number: int) -> bool:
        try:
            asking.answer(occasion, EASY, sent)
        except ChallengeUsed:
            return False
        return True

    with after_reading(), ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


@WAYS
def test_an_answer_is_taken_until_its_time_is_over(occasion, way):
    begun = timezone.now()
    sent = [way(asking.ask(occasion, EASY)) for _ in range(2)]
    with time_machine.travel(begun + EASY.lasts - timedelta(seconds=2)):
        asking.answer(occasion, EASY, sent[0])
    late = time_machine.travel(begun + EASY.lasts + timedelta(seconds=2))
    with late, pytest.raises(ChallengeExpired):
        asking.answer(occasion, EASY, sent[1])


@WAYS
@pytest.mark.parametrize(
    "other",
    [
        Occasion("booking", ("session of", "somebody else"), ("slot 7",)),
        Occasion("search", ("session of", "me"), ("slot 7",)),
        Occasion("booking", ("session of", "me"), ("slot 8",)),
    ],
    ids=["person", "purpose", "time"],
)
def test_an_answer_is_good_for_nothing_else(other, way):
    mine = Occasion("booking", ("session of", "me"), ("slot 7",))
    asking.use_up(other)
    with pytest.raises(ChallengeExpired):
        answer(other, way(asking.ask(mine, EASY)))
    assert not asking.is_passed(other)


def forged(sent: str, **changes: object) -> str:
    content = json.loads(base64.b64decode(sent))
    content["challenge"]["parameters"].update(changes)
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_nobody_makes_the_work_easier_or_new(occasion):
    asked = asking.ask(occasion, EASY)
    done = by_device(asked)[asking.WORK]
    undone = {"challenge": asked.work, "solution": {"counter": 0, "derivedKey": "00" * 32}}
    for sent in (
        forged(done, cost=1),
        forged(done, nonce="00" * 16),
        base64.b64encode(json.dumps(undone).encode()).decode(),
        "junk",
        "bnVsbA==",
        "[" * 9000,
    ):
        with pytest.raises(ChallengeWrong):
            answer(occasion, {asking.WORK: sent})
    assert not asking.is_passed(occasion)


@pytest.mark.parametrize("sealed", ["", "junk", "gAAAAA", "é"])
def test_nobody_makes_a_question_of_their_own(occasion, sealed):
    with pytest.raises(ChallengeExpired):
        answer(occasion, {asking.QUESTION: sealed, asking.TYPED: "7"})


def test_a_wrong_answer_uses_the_question_up(occasion):
    asked = asking.ask(occasion, EASY)
    with pytest.raises(ChallengeWrong):
        answer(occasion, by_hand(asked, "1"))
    with pytest.raises(ChallengeUsed):
        answer(occasion, by_hand(asked))


def test_nobody_answers_before_they_can_have_read(occasion):
    with pytest.raises(ChallengeWrong):
        asking.answer(occasion, EASY, by_hand(asking.ask(occasion, EASY)))


def fail(occasion: Occasion) -> None:
    with pytest.raises(ChallengeRefused):
        answer(occasion, {asking.WORK: "junk"})


def test_after_three_failures_the_alternative_comes_first(occasion):
    for _ in range(2):
        fail(occasion)
    asked = asking.ask(occasion, EASY)
    assert (asked.question_first, asked.question.kind) == (False, Kind.SUM)
    fail(occasion)
    asked = asking.ask(occasion, EASY)
    assert (asked.question_first, asked.question.kind) == (True, Kind.WORD)
    for _ in range(3):
        fail(occasion)
    assert not asking.ask(occasion, EASY).question_first
    answer(occasion, by_hand(asking.ask(occasion, EASY)))
    assert asking._failures(occasion) == 0


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_a_question_is_read_and_answered_in_any_language(occasion, kind, language):
    question = questions.make(occasion, EASY, kind, now=timezone.now())
    with override(language):
        assert question.text
        typed = right_answer(question)
    with override("fr"):
        assert question.is_answered_by(f" {typed.upper()} ")
        assert not question.is_answered_by("")
        assert not question.is_answered_by(" ".join(question.words) or "0")


def test_digits_of_an_arabic_keyboard_are_digits(occasion):
    question = questions.make(occasion, EASY, Kind.SUM, now=timezone.now())
    typed = str(sum(question.parts)).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert question.is_answered_by(typed)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_constant_is_often_the_answer(occasion, kind):
    made = [questions.make(occasion, EASY, kind, now=timezone.now()) for _ in range(300)]
    assert Counter(right_answer(one) for one in made).most_common(1)[0][1] < 90


def test_no_two_words_of_a_question_mean_the_same():
    for language, _name in site.LANGUAGES:
        with override(language):
            words = [str(word) for _text, right in questions._KINDS for word in right]
            words += map(str, questions._THINGS)
            assert len({questions._plain(word) for word in words}) == len(words)


def test_while_the_store_is_away_nothing_counts_and_what_was_typed_stays(occasion, settings):
    asked = asking.ask(occasion, EASY)
    sent = by_hand(asked)
    with store_away(settings), after_reading():
        with pytest.raises(redis.RedisError):
            asking.answer(occasion, EASY, sent)
        again = asking.ask(occasion, EASY, sent)
    assert (again.typed, again.question) == (sent[asking.TYPED], asked.question)
    assert not asking.is_passed(occasion)
    assert answer(occasion, by_hand(again))


def test_the_question_does_not_hold_its_answer(occasion):
    sealed = asking.ask(occasion, EASY).question.sealed
    assert b"sum" not in base64.urlsafe_b64decode(sealed)
