"""Guesses at the language of a text, made on this machine (CP-02).

The model takes about a second and 75 MB to load.  Web processes load it before they fork, so
that all share its pages (`LOADED_BEFORE_FORKING`); any other loads it when it is first asked.
It is a guess and nothing else: what follows from it is decided in `rules/language.py`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from .rules.language import Guess, Guesses, to_read

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# What a mission accepts, what else people here write, and neighbours of these as decoys: among
# fewer languages, unknown text would be pushed into French or German.
LANGUAGES = ("fr", "de", "en", "ar", "es", "it", "tr", "nl", "pt", "kab", "ary", "zxx")


def read_languages(text: str, day: date) -> Guesses:
    """Guess the language of what `text` says in its own words, as a whole and by passages."""
    reading = to_read(text, day)
    return Guesses(
        whole=_guess(reading.whole),
        passages=tuple(_guess(passage) for passage in reading.passages),
    )


def load() -> None:
    """Load the model now: for a process that is about to fork."""
    _identifier()


def _guess(text: str) -> Guess:
    return dict(_identifier().rank(text))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(LANGUAGES)
    # The library keeps the columns of all its languages for a later choice; ours is made.
    found._full_model = (found.nb_ptc, found.nb_pc, found.nb_classes)
    return found
