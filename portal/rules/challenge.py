"""How hard a challenge is, and how long it holds; whoever asks reads it from their law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of a challenge.

    rounds      of hashing in one try of the work; a browser does some thousands in a millisecond
    tries       the most that the work may need; on average it is half of them
    lasts       how long an answer is taken
    failures    after so many the other way is shown first
    read_for    whoever answers a question faster has not read it
    passed_for  how long a right answer holds for its occasion
    """

    rounds: int
    tries: int
    lasts: timedelta
    failures: int
    read_for: timedelta
    passed_for: timedelta
