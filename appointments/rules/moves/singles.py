"""Single people onto the seats of one line: the least total, exactly."""

from __future__ import annotations

from .line import Person, Place, taken_seats
from .matching import match
from .proof import improved_seats, needs_proof


def place_singles(people: list[Person], places: list[Place]) -> list[int]:
    """Return the place of each person, or -1; people and places sorted by `at`."""
    found = match(people, places, taken_seats(people, places))
    if not needs_proof(people):
        return found
    return match(people, places, improved_seats(people, places, found))
