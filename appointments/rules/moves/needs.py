"""What would place the people who found no seat: seats in slots that the calendar has."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from .arrangement import NOWHERE, arrange, wishes_of
from .desk import Desk
from .facts import FreeSlot
from .line import Place
from .outcome import Need, Unplaced


def needs_of(desk: Desk, given: list[int]) -> tuple[list[Unplaced], list[Need]]:
    """Return who has no place, with the slot where a seat is wanted, and the seats in sum.

    Seats are asked for as counters are added: one more in every slot, then two, four …, until
    everybody sits; of these, only the seats that are used are named, nearest to the old times.
    """
    missing = [number for number in desk.waiting() if given[number] == NOWHERE]
    wanted = _wanted(desk, given, missing) if missing and desk.places else {}
    rest = Counter(place for place in given if place >= 0)
    asked = Counter(wanted.values())
    needs = [
        Need(
            desk.centre,
            desk.service,
            desk.slots[place].id,
            desk.slots[place].start,
            rest[place] + count - desk.places[place].free,
        )
        for place, count in sorted(asked.items())
        if rest[place] + count > desk.places[place].free
    ]
    unplaced = [_unplaced(desk, number, wanted.get(number)) for number in missing]
    unplaced += [_refused(desk, number) for number in sorted(desk.refused)]
    return unplaced, needs


def _wanted(desk: Desk, given: list[int], missing: list[int]) -> dict[int, int]:
    """Return the place that each of the missing would get if counters were added."""
    rest = Counter(place for place in given if place >= 0)
    more, most = 1, 2 * len(missing)
    found: dict[int, int] = {}
    while len(found) < len(missing) and more <= most:
        places = [
            Place(place.at, place.day, place.free - rest[number] + more)
            for number, place in enumerate(desk.places)
        ]
        found = _places_of(_only(desk, missing, places), missing)
        more *= 2
    return found


def _only(desk: Desk, missing: list[int], places: list[Place]) -> Desk:
    """Return the desk as if the missing were alone there."""
    known = {number: new for new, number in enumerate(missing)}
    return replace(
        desk,
        items=[desk.items[number] for number in missing],
        people=[desk.people[number] for number in missing],
        places=places,
        blocks=[
            replace(block, members=[known[number] for number in block.members])
            for block in desk.blocks
            if block.members[0] in known
        ],
        fixed={},
        kept=set(),
        refused={},
    )


def _places_of(desk: Desk, missing: list[int]) -> dict[int, int]:
    wishes = wishes_of(desk)
    given = arrange(desk, wishes)
    return {missing[new]: place for new, place in enumerate(given) if place >= 0}


def _unplaced(desk: Desk, number: int, wanted: int | None) -> Unplaced:
    family = any(number in block.members for block in desk.blocks)
    if wanted is None:
        reason = "NO_SLOT_ALLOWED"
    else:
        reason = "NO_SEATS_TOGETHER" if family else "NO_SEAT_LEFT"
    return _row(desk, number, reason, None if wanted is None else desk.slots[wanted])


def _refused(desk: Desk, number: int) -> Unplaced:
    return _row(desk, number, desk.refused[number], None)


def _row(desk: Desk, number: int, reason: str, wanted: FreeSlot | None) -> Unplaced:
    item = desk.items[number]
    return Unplaced(
        id=item.id,
        centre=item.centre,
        service=item.service,
        old=item.start,
        reason=reason,
        family=item.family,
        arrival=item.arrival,
        wanted=wanted.id if wanted else None,
        wanted_at=wanted.start if wanted else None,
    )
