"""Challenges solved as a device and as a person solve them, from what stands on a page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import altcha.v2 as altcha
import time_machine
from django.http import HttpResponse
from django.utils import timezone

from portal import attempts
from portal.challenge.questions import Kind, Question
from portal.encryption import decrypt
from tests.pages import held_by_form


def worked(task: dict[str, Any]) -> str:
    """Do the work of a challenge, as static/js/challenge-worker.js does, and return the answer."""
    challenge = altcha.Challenge.from_dict(task)
    solution = altcha.solve_challenge(challenge)
    return altcha.Payload(challenge, solution).to_base64()


def work_of(page: HttpResponse) -> dict[str, Any]:
    """Return the work that a page asks for."""
    found = re.search(r'data-challenge="([^"]+)"', page.content.decode())
    return json.loads(html.unescape(found[1]))


def by_device(page: HttpResponse) -> dict[str, str]:
    """Return what a browser with JavaScript sends for the challenge of a page."""
    return {"challenge_work": worked(work_of(page))}


def by_hand(page: HttpResponse) -> dict[str, str]:
    """Return what a person sends who answers the question of a page."""
    sealed = held_by_form(page)["challenge_question"][0]
    return {"challenge_question": sealed, "challenge_answer": right_answer(question_in(sealed))}


def question_in(sealed: str) -> Question:
    """Open a question as the site does."""
    kind, parts, *bound = json.loads(decrypt(sealed.encode()))
    return Question(Kind(kind), tuple(parts), *bound)


def right_answer(question: Question) -> str:
    """Return what a person answers."""
    if question.kind is Kind.SUM:
        return str(sum(question.parts))
    return question.words[question.parts[2]]


@contextmanager
def after_reading() -> Iterator[None]:
    """Live some seconds later, when a person has read the question."""
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        yield


@contextmanager
def store_away(settings: Any) -> Iterator[None]:
    """Live while nothing answers where the shared store was; sessions are not concerned."""
    before = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    attempts.store.cache_clear()
    try:
        yield
    finally:
        settings.REDIS_URL = before
        attempts.store.cache_clear()
