"""One centre and service while it is planned."""

from __future__ import annotations

from dataclasses import dataclass, field

from .facts import Affected, FreeSlot
from .families import Block
from .line import Person, Place


@dataclass(slots=True)
class Desk:
    """One centre and service: its slots that the rules allow, and the people to place there.

    `items[n]` is the appointment of `people[n]`, `slots[p]` the slot of `places[p]`; slots are
    in order of time, people in order of old time, then of booking.  `blocks` hold families;
    whoever is in none is single.  `fixed` are people whose slot staff chose or an earlier plan
    gave (`kept`), `refused` those whose choice cannot be kept; `seated` names whoever found
    the seat of an earlier plan still free.
    """

    centre: str
    service: str
    items: list[Affected]
    people: list[Person]
    slots: list[FreeSlot]
    places: list[Place]
    ends: list[int]
    blocks: list[Block] = field(default_factory=list)
    fixed: dict[int, FreeSlot] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    seated: set[str] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)

    def waiting(self) -> list[int]:
        """Return the numbers of the people who are still to be placed."""
        settled = self.fixed.keys() | self.refused.keys()
        return [number for number in range(len(self.items)) if number not in settled]

    def singles(self) -> list[int]:
        """Return the numbers of the people who move alone."""
        grouped = {number for block in self.blocks for number in block.members}
        return [number for number in self.waiting() if number not in grouped]

    def place_of(self) -> dict[int, int]:
        """Return the number of the place of each slot, by the slot's id."""
        return {slot.id: number for number, slot in enumerate(self.slots)}
