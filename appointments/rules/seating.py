"""Who sits where: households in drawn order on half days, then side by side on slots.

Times are announced all at once, so the half day is settled first and the place in it last.  That
way no seat is lost between two households, and whoever was drawn earlier comes earlier.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import zip_longest

from portal.dates import ALGIERS

from .draw_inputs import DayPart, DrawSlot, Preferences, Request
from .lots import Lots


@dataclass(frozen=True, slots=True)
class Seats:
    """How many seats of one slot a household has."""

    slot: str
    seats: int


Seating = dict[str, tuple[Seats, ...]]  # by the reference of the request


@dataclass(slots=True)
class Stretch:
    """Slots of one half day that follow each other without a gap: neighbours can sit there."""

    day: date
    part: DayPart
    slots: list[DrawSlot]
    free: int = 0
    places: dict[int, Request] = field(default_factory=dict)  # by the place in the drawn order
    singles: list[int] = field(default_factory=list)  # places of those who come alone, rising
    last_seats_drawn: bool = False

    def seat(self, place: int, request: Request) -> None:
        """Take `request` in."""
        self.places[place] = request
        self.free -= request.size
        if request.size == 1:
            self.singles.append(place)

    def has_room(self, size: int) -> bool:
        """Tell whether a household of `size` fits in."""
        return self.free >= size

    def takes(self, size: int) -> bool:
        """Tell whether there is room; once the last seats were drawn for, only for one alone."""
        return self.has_room(size) and (size == 1 or not self.last_seats_drawn)

    def can_end_with(self, size: int) -> bool:
        """Tell whether its last seats can be drawn for by a household of `size`."""
        sendable = self.free + len(self.singles)
        return bool(self.free) and not self.last_seats_drawn and sendable >= size

    def give_up_singles(self, count: int) -> list[int]:
        """Send away those who came alone and were drawn last; return their places."""
        self.singles.sort()
        leaving = self.singles[-count:]
        del self.singles[-count:]
        for place in leaving:
            del self.places[place]
        self.free += count
        return leaving


def stretches(slots: Iterable[DrawSlot], afternoon_starts: time) -> list[Stretch]:
    """Cut `slots`, sorted by start, into stretches without a gap, each within one half day."""
    found: list[Stretch] = []
    for slot in slots:
        local = slot.starts_at.astimezone(ALGIERS)
        part = DayPart.AFTERNOON if local.time() >= afternoon_starts else DayPart.MORNING
        last = found[-1] if found else None
        if last is None or (last.day, last.part) != (local.date(), part) or not _meets(last, slot):
            last = Stretch(local.date(), part, [])
            found.append(last)
        last.slots.append(slot)
        last.free += slot.seats
    return found


def _meets(stretch: Stretch, slot: DrawSlot) -> bool:
    before = stretch.slots[-1]
    return before.starts_at + timedelta(minutes=before.minutes) == slot.starts_at


class SeatingPlan:
    """Fills stretches in drawn order.

    A household gets the earliest half day that it can use and that has room for all of it.  Where
    there is none, the last seats of one half day are drawn for (`_draw_for_last_seats`).
    """

    def __init__(self, order: Sequence[Request], where: list[Stretch], lots: Lots) -> None:
        self._order = order
        self._stretches = where
        self._lots = lots
        self._people = sum(request.size for request in order)
        self._kinds = list(_kinds(order, where))

    def fill(self) -> Seating:
        """Settle everybody; whoever is not in the result waits."""
        before = 0
        for place, request in enumerate(self._order):
            if not self._place(place, request):
                self._draw_for_last_seats(place, request, before)
            before += request.size
        self._fill_up()
        seating: Seating = {}
        for stretch in self._stretches:
            seating |= side_by_side(stretch)
        return seating

    def _place(self, place: int, request: Request) -> bool:
        return self._seat_in("open", place, request, Stretch.takes)

    def _fill_up(self) -> None:
        """Let no seat go to waste: whoever still fits comes in, in drawn order."""
        seated = {place for stretch in self._stretches for place in stretch.places}
        for place, request in enumerate(self._order):
            if place not in seated:
                self._seat_in("rest", place, request, Stretch.has_room)

    def _seat_in(
        self, search: str, place: int, request: Request, good: Callable[[Stretch, int], bool]
    ) -> bool:
        stretch = self._first(search, place, good)
        if stretch is not None:
            stretch.seat(place, request)
        return stretch is not None

    def _draw_for_last_seats(self, place: int, request: Request, before: int) -> None:
        """Let a household that meets a few last seats, too few for it, in by a lot of its own.

        Without this, households would have less chance than those who come alone, who take every
        last seat.  `before` counts the people who stand before it in drawn order.  Letting n in
        where r seats are left costs the n − r who came alone and were drawn last their seat in
        this half day; they are placed again where they can, or wait with the best places.  Each
        half day draws once, and then takes only people who come alone: they gave or get the seats.
        """
        size = request.size
        stretch = self._first("last seats", place, Stretch.can_end_with)
        if stretch is None:
            return
        stretch.last_seats_drawn = True
        wins, of = self._last_chance(size, before + stretch.free)
        if self._lots.below(of, "last seats", request.reference) < wins:
            leaving = stretch.give_up_singles(size - stretch.free)
            stretch.seat(place, request)
            for other in leaving:
                self._place(other, self._order[other])

    def _last_chance(self, size: int, ahead: int) -> tuple[int, int]:
        """Return the chance with which the members get just what somebody alone gets.

        With p the share of all people who stand ahead of where the seats end, and m the mean size
        of the other households, it is 1 − p + (p − ½)(m − 1)/(n − 1), as a fraction of whole
        numbers.  Below 0 it never wins, above 1 it always does.  docs/fairness.md derives it.
        """
        people, others = self._people, len(self._order) - 1
        of = 2 * (size - 1) * people * others
        alone = 2 * (size - 1) * (people - ahead) * others
        return alone + (2 * ahead - people) * (people - size - others), of

    def _first(
        self, search: str, place: int, good: Callable[[Stretch, int], bool]
    ) -> Stretch | None:
        # What is not good for a household will never be good for one like it: seats do not come
        # back. So each search goes on where the last one of its kind ended.
        kind = self._kinds[place]
        usable, size = kind.usable, kind.size
        at = kind.reached.get(search, 0)
        while at < len(usable) and not good(usable[at], size):
            at += 1
        kind.reached[search] = at
        return usable[at] if at < len(usable) else None


@dataclass(slots=True)
class _Kind:
    """Households of one size with the same wishes, and how far each search for them has come."""

    size: int
    usable: list[Stretch]
    reached: dict[str, int] = field(default_factory=dict)


def _kinds(order: Iterable[Request], where: Iterable[Stretch]) -> Iterator[_Kind]:
    """Yield the kind of each household, the same object for the same kind."""
    known: dict[tuple[Preferences, int], _Kind] = {}
    where = tuple(where)
    for request in order:
        wish = request.preferences
        key = (wish, request.size)
        if key not in known:
            usable = [one for one in where if wish.allow(one.day, one.part)]
            known[key] = _Kind(request.size, usable)
        yield known[key]


def side_by_side(stretch: Stretch) -> Seating:
    """Seat the households of a stretch, slot after slot, in one slot each wherever it can be.

    Each slot takes the first household in drawn order that fits into what is left of it.  If none
    does, its last seats stay free as long as the stretch has seats to spare; otherwise the first
    household in drawn order takes them and goes on in the next slot.
    """
    line = _Line(stretch.places)
    spare, left, reference = stretch.free, 0, ""
    seats: dict[str, list[Seats]] = defaultdict(list)
    for slot, after in zip_longest(stretch.slots, stretch.slots[1:]):
        free = slot.seats
        while free:
            if not left:
                request = line.next_for(free, after.seats if after and spare >= free else 0)
                if request is None:
                    spare -= free
                    break
                left, reference = request.size, request.reference
            here = min(left, free)
            seats[reference].append(Seats(slot.key, here))
            free, left = free - here, left - here
    return {reference: tuple(parts) for reference, parts in seats.items()}


class _Line:
    """Households that stand in drawn order, one line for each size."""

    def __init__(self, places: Mapping[int, Request]) -> None:
        self._lines: dict[int, deque[tuple[int, Request]]] = defaultdict(deque)
        for place in sorted(places):
            self._lines[places[place].size].append((place, places[place]))

    def next_for(self, free: int, room_after: int) -> Request | None:
        """Take out the first that fits into `free` seats, or the first of all.

        None if nobody is left, or if the first of all would rather sit whole in the next slot.
        """
        fitting = [size for size in self._lines if size <= free]
        if fitting:
            return self._take(fitting)
        if not self._lines or self._foremost(self._lines) <= room_after:
            return None
        return self._take(self._lines)

    def _foremost(self, sizes: Iterable[int]) -> int:
        return min(sizes, key=lambda size: self._lines[size][0][0])

    def _take(self, sizes: Iterable[int]) -> Request:
        size = self._foremost(sizes)
        _, request = self._lines[size].popleft()
        if not self._lines[size]:
            del self._lines[size]
        return request


def seats_among(freed: list[Stretch], request: Request) -> tuple[Seats, ...]:
    """Return neighbouring seats for `request` among freed ones, or nothing.

    One slot with room for all, the earliest; else the earliest slots that follow each other.
    """
    usable = [one for one in freed if request.preferences.allow(one.day, one.part)]
    for slot in (slot for one in usable for slot in one.slots):
        if slot.seats >= request.size:
            return (Seats(slot.key, request.size),)
    stretch = next((one for one in usable if one.free >= request.size), None)
    return tuple(_from_the_start(stretch.slots, request.size)) if stretch else ()


def _from_the_start(slots: Iterable[DrawSlot], needed: int) -> Iterator[Seats]:
    for slot in slots:
        if needed:
            here = min(needed, slot.seats)
            needed -= here
            yield Seats(slot.key, here)
