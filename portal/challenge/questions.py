"""Short questions in words, made of data: a sum, or which of some words is a day of the week.

They can be read aloud, need no picture and no sound, and are the same in four languages: an answer
is right in any of them. A question travels sealed, so that its answer does not lie in the page.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.encryption import DecryptionError, decrypt, encrypt
from portal.rules.challenge import Measures

from .occasions import Occasion
from .refusals import ChallengeExpired

_NUMBERS = {
    2: pgettext_lazy("a number in words", "two"),
    3: pgettext_lazy("a number in words", "three"),
    4: pgettext_lazy("a number in words", "four"),
    5: pgettext_lazy("a number in words", "five"),
    6: pgettext_lazy("a number in words", "six"),
    7: pgettext_lazy("a number in words", "seven"),
    8: pgettext_lazy("a number in words", "eight"),
    9: pgettext_lazy("a number in words", "nine"),
}
_KINDS = (
    (_("Which of these words is a day of the week?"), tuple(WEEKDAYS.values())),
    (
        _("Which of these words is a colour?"),
        (
            pgettext_lazy("a word in a question", "red"),
            pgettext_lazy("a word in a question", "green"),
            pgettext_lazy("a word in a question", "blue"),
            pgettext_lazy("a word in a question", "yellow"),
        ),
    ),
    (
        _("Which of these words is an animal?"),
        (
            pgettext_lazy("a word in a question", "cat"),
            pgettext_lazy("a word in a question", "horse"),
            pgettext_lazy("a word in a question", "camel"),
            pgettext_lazy("a word in a question", "fish"),
        ),
    ),
)
_THINGS = (
    pgettext_lazy("a word in a question", "bread"),
    pgettext_lazy("a word in a question", "chair"),
    pgettext_lazy("a word in a question", "window"),
    pgettext_lazy("a word in a question", "shoe"),
    pgettext_lazy("a word in a question", "lamp"),
    pgettext_lazy("a word in a question", "spoon"),
    pgettext_lazy("a word in a question", "key"),
    pgettext_lazy("a word in a question", "table"),
)
_WORDS_SHOWN = 4


class Kind(StrEnum):
    """The two kinds of question; whoever fails at one is asked the other."""

    SUM = "sum"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it is bound to; `parts` are places in the lists above.

    Of a sum: the two numbers. Of a word: kind, right word, its place among the others, the others.
    """

    kind: Kind
    parts: tuple[int, ...]
    nonce: str
    occasion: str
    asked_at: float
    expires_at: float

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        if self.kind is Kind.WORD:
            return str(_KINDS[self.parts[0]][0])
        one, other = (_NUMBERS[part] for part in self.parts)
        return gettext("How much is %(one)s plus %(other)s?") % {"one": one, "other": other}

    @property
    def words(self) -> list[str]:
        """The words to choose from; none for a sum."""
        if self.kind is Kind.SUM:
            return []
        kind, right, place, *others = self.parts
        words = [str(_THINGS[other]) for other in others]
        words.insert(place, str(_KINDS[kind][1][right]))
        return words

    @property
    def sealed(self) -> str:
        """The question as it travels through the page and back."""
        fields: list[Any] = [self.kind, self.parts, self.nonce, self.occasion]
        return encrypt(json.dumps([*fields, self.asked_at, self.expires_at])).decode()

    def is_answered_by(self, typed: str) -> bool:
        """Tell whether `typed` is right, in digits or letters of any language of the site."""
        if self.kind is Kind.SUM:
            digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
            return digits == str(sum(self.parts))
        kind, right, *_others = self.parts
        for language, _name in settings.LANGUAGES:
            with override(language):
                if _plain(typed) == _plain(str(_KINDS[kind][1][right])):
                    return True
        return False


def make(occasion: Occasion, measures: Measures, kind: Kind, *, now: datetime) -> Question:
    """Return a new question."""
    return Question(
        kind,
        _parts(kind),
        secrets.token_hex(16),
        occasion.name,
        now.timestamp(),
        (now + measures.lasts).timestamp(),
    )


def opened(occasion: Occasion, sealed: str, *, now: datetime) -> Question:
    """Return the question that was asked; raises ChallengeExpired if it does not hold here."""
    try:
        kind, parts, *bound = json.loads(decrypt(sealed.encode()))
        question = Question(Kind(kind), tuple(parts), *bound)
    except (DecryptionError, ValueError, TypeError) as error:
        raise ChallengeExpired from error
    if question.occasion != occasion.name or now.timestamp() >= question.expires_at:
        raise ChallengeExpired
    return question


def _parts(kind: Kind) -> tuple[int, ...]:
    chance = secrets.SystemRandom()
    if kind is Kind.SUM:
        return tuple(chance.sample(sorted(_NUMBERS), 2))
    asked = chance.randrange(len(_KINDS))
    right = chance.randrange(len(_KINDS[asked][1]))
    others = chance.sample(range(len(_THINGS)), _WORDS_SHOWN - 1)
    return (asked, right, chance.randrange(_WORDS_SHOWN), *others)


def _plain(text: str) -> str:
    """Leave out case, accents, blanks and signs, as people type."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())
