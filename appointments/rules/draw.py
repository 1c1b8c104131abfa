"""The draw: requests for a centre, service and period, settled by lots that anyone can redraw.

In order: publish an `Announcement` (with the commitment to a secret seed and the name of a public
value that nobody knows yet); collect requests; at closing publish `closing_digest`; when the
public value is there, `draw`; publish the transcript.  docs/fairness.md has the whole recipe.

Chances are equal per person.  Each household has one ticket, whatever its size, so each of its
members has the chance of somebody who comes alone; the last seats of a half day are drawn for in
proportion (`seating.SeatingPlan`).  Tickets for missed draws come on top (`DrawRule.tickets`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from portal.dates import civil_date

from .draw_inputs import (
    Announcement,
    DayPart,
    DrawRule,
    DrawSlot,
    Preferences,
    PublicValue,
    Request,
    Traveller,
    in_order,
)
from .lots import Lots, commitment, derived_key
from .seating import Seating, SeatingPlan, Seats, seats_among, stretches
from .transcripts import Fault, differences, digest

__all__ = [
    "Announcement",
    "DayPart",
    "DrawError",
    "DrawResult",
    "DrawRule",
    "DrawSlot",
    "Fault",
    "Offer",
    "Preferences",
    "PublicValue",
    "Request",
    "Seats",
    "Traveller",
    "check_public_value",
    "closing_digest",
    "draw",
    "next_from_waiting",
    "next_missed",
    "verify_draw",
]

VERSION = "guichet-draw-1"


class DrawError(ValueError):
    """The draw must not take place; `faults` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.code} at {fault.path}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class DrawResult:
    """Who got which seats, who waits in which order, and all that proves it.

    `order` holds the references in drawn order, `seating` those who got seats, `waiting` the
    others in drawn order, `void` the references of requests that were not drawn.
    """

    announcement: Announcement
    public_value: PublicValue
    secret: bytes
    requests: tuple[Request, ...]
    slots: tuple[DrawSlot, ...]
    order: tuple[str, ...]
    seating: Seating
    waiting: tuple[str, ...]
    void: tuple[str, ...]

    def transcript(self) -> dict[str, Any]:
        """Return what is published: pseudonyms, numbers and times, and nothing about a person."""
        announcement, value = self.announcement, self.public_value
        return {
            "version": VERSION,
            "announcement": announcement.as_json(),
            "requests": [request.as_json() for request in self.requests],
            "slots": [slot.as_json() for slot in self.slots],
            "closing_digest": closing_digest(announcement, self.requests, self.slots),
            "public_value": value.as_json(),
            "secret": self.secret.hex(),
            "seed": final_seed(announcement, value, self.secret).hex(),
            "void": list(self.void),
            "order": list(self.order),
            "results": [
                {
                    "reference": reference,
                    "seats": [
                        {"slot": part.slot, "seats": part.seats} for part in self.seating[reference]
                    ],
                }
                for reference in sorted(self.seating)
            ],
            "waiting": list(self.waiting),
        }


def closing_digest(
    announcement: Announcement, requests: Sequence[Request], slots: Sequence[DrawSlot]
) -> str:
    """Return the hash to publish when requests close, before the public value exists.

    From then on no request, seat or rule can be slipped in or changed unseen.
    """
    by_reference, by_start = in_order(requests, slots)
    return digest(
        f"{VERSION}:closing",
        {
            "announcement": announcement.as_json(),
            "requests": [request.as_json() for request in by_reference],
            "slots": [slot.as_json() for slot in by_start],
        },
    )


def check_public_value(announcement: Announcement, value: PublicValue) -> list[Fault]:
    """Refuse a value that anybody could have known before requests closed.

    Codes: ``named_too_late`` (the source was named after closing), ``known_before_closing``,
    ``other_source`` (not the one announced), ``empty_value``.
    Boundaries: a value that came to be in the second of closing: accepted, for requests close
    just before it; one second earlier: refused.
    """
    path = "public_value"
    faults = []
    if announcement.announced_at >= announcement.closes_at:
        faults.append(Fault("named_too_late", "announcement.announced_at"))
    if value.value_at < announcement.closes_at:
        faults.append(Fault("known_before_closing", f"{path}.value_at"))
    named = (announcement.source, announcement.announced_at)
    if (value.source, value.announced_at) != named:
        faults.append(Fault("other_source", f"{path}.source", announcement.source, value.source))
    if not value.value.strip():
        faults.append(Fault("empty_value", f"{path}.value"))
    return faults


def final_seed(announcement: Announcement, value: PublicValue, secret: bytes) -> bytes:
    """Mix the secret seed with the public value: neither side alone can choose the outcome."""
    moment = value.as_json()["value_at"]
    return derived_key(
        secret, f"{VERSION}:seed", announcement.draw_id, value.source, value.value, moment
    )


def draw(
    announcement: Announcement,
    requests: Sequence[Request],
    slots: Sequence[DrawSlot],
    *,
    closed_with: str,
    public_value: PublicValue,
    secret: bytes,
) -> DrawResult:
    """Settle all requests at once; the order in which they are given changes nothing.

    `closed_with` is the digest published at closing, `secret` the 32 bytes of the committed seed.
    Raises DrawError if one of them, or the public value, is not what was announced; ValueError
    for a reference, slot or start that occurs twice, or a slot outside the period.

    Rule: RD-08
    Source: 001 (fairness); Hakimov, Heller, Kübler, Kurino 2021 (lots instead of a race)
    Boundaries: one person in two requests: both are void; a household larger than any half day:
    waits.
    """
    faults = _broken_promises(announcement, requests, slots, closed_with, secret)
    faults += check_public_value(announcement, public_value)
    if faults:
        raise DrawError(faults)
    return _draw(announcement, requests, slots, public_value, secret)


def _broken_promises(
    announcement: Announcement,
    requests: Sequence[Request],
    slots: Sequence[DrawSlot],
    closed_with: str,
    secret: bytes,
) -> list[Fault]:
    closing = closing_digest(announcement, requests, slots)
    committed = commitment(secret)
    faults = []
    if closing != closed_with:
        faults.append(Fault("other_inputs", "closing_digest", closing, closed_with))
    if committed != announcement.commitment:
        path = "announcement.commitment"
        faults.append(Fault("other_secret", path, committed, announcement.commitment))
    return faults


def _draw(
    announcement: Announcement,
    requests: Sequence[Request],
    slots: Sequence[DrawSlot],
    value: PublicValue,
    secret: bytes,
) -> DrawResult:
    by_reference, by_start = in_order(requests, slots)
    _inside_period(announcement, by_start)
    lots = Lots(final_seed(announcement, value, secret))
    void = _void(by_reference)
    order = _drawn([one for one in by_reference if one.reference not in void], announcement, lots)
    where = stretches(by_start, announcement.rule.afternoon_starts)
    seating = SeatingPlan(order, where, lots).fill()
    references = tuple(request.reference for request in order)
    return DrawResult(
        announcement=announcement,
        public_value=value,
        secret=secret,
        requests=tuple(by_reference),
        slots=tuple(by_start),
        order=references,
        seating=seating,
        waiting=tuple(reference for reference in references if reference not in seating),
        void=tuple(sorted(void)),
    )


def _inside_period(announcement: Announcement, slots: Sequence[DrawSlot]) -> None:
    for slot in slots:
        if not announcement.first_day <= civil_date(slot.starts_at) <= announcement.last_day:
            raise ValueError(f"slot {slot.key} lies outside the period")


def _void(requests: Sequence[Request]) -> frozenset[str]:
    """Return the requests in which somebody stands who stands anywhere else, or there twice."""
    named = Counter(person.key for request in requests for person in request.travellers)
    return frozenset(
        request.reference
        for request in requests
        if any(named[person.key] > 1 for person in request.travellers)
    )


def _drawn(requests: Sequence[Request], announcement: Announcement, lots: Lots) -> list[Request]:
    """Sort by the lowest ticket: one lot for each ticket of each household."""

    def lowest(request: Request) -> tuple[int, str]:
        tickets = range(announcement.rule.tickets(request))
        number = min(lots.number("ticket", request.reference, one) for one in tickets)
        return number, request.reference

    return sorted(requests, key=lowest)


# --- proof ------------------------------------------------------------------------------------


def verify_draw(
    transcript: Mapping[str, Any], published: Mapping[str, str] | None = None
) -> list[Fault]:
    """Draw again from the inputs of the transcript alone, and name all that differs.

    `published` may hold what was written down before the draw: ``commitment`` and
    ``closing_digest``.  Without it a transcript is only shown to be consistent in itself.
    Never raises: what cannot be read is the fault ``unreadable``.

    Codes: ``unreadable``, ``other_secret``, ``other_inputs``, those of `check_public_value`,
    ``not_as_published``, and ``different``, ``missing``, ``unknown`` with the path of the field.
    """
    try:
        redrawn = _redraw(transcript)
        said = transcript["closing_digest"], transcript["announcement"]["commitment"]
        faults = _broken_promises(
            redrawn.announcement, redrawn.requests, redrawn.slots, said[0], redrawn.secret
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return [Fault("unreadable", "", found=str(error))]
    faults += check_public_value(redrawn.announcement, redrawn.public_value)
    faults += differences(redrawn.transcript(), dict(transcript))
    for name, value in zip(("closing_digest", "commitment"), said, strict=True):
        if published is not None and published.get(name) != value:
            faults.append(Fault("not_as_published", name, published.get(name), value))
    return faults


def _redraw(transcript: Mapping[str, Any]) -> DrawResult:
    return _draw(
        Announcement.from_json(transcript["announcement"]),
        [Request.from_json(value) for value in transcript["requests"]],
        [DrawSlot.from_json(value) for value in transcript["slots"]],
        PublicValue.from_json(transcript["public_value"]),
        bytes.fromhex(transcript["secret"]),
    )


# --- moving up --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """Freed seats for the next who waits."""

    reference: str
    seats: tuple[Seats, ...]


def next_from_waiting(
    waiting: Sequence[Request],
    freed: Sequence[DrawSlot],
    settled: Collection[str] = (),
    *,
    afternoon_starts: time,
) -> Offer | None:
    """Return the first in drawn order who can use the freed seats, or None.

    `waiting` stands in drawn order; `freed` are slots with the number of seats that came back;
    `settled` are references that have been offered something, gave up, or booked otherwise.  A
    household that does not fit keeps its place.  Call again with what is left for the one after.

    Rule: RD-08
    Source: 001 (one rule for all, in an order that can be proved)
    Boundaries: two seats freed, three wanted by the first who waits: the second is asked, and the
    first stays first.
    """
    where = stretches(sorted(freed, key=lambda slot: slot.starts_at), afternoon_starts)
    for request in waiting:
        if request.reference not in settled:
            seats = seats_among(where, request)
            if seats:
                return Offer(request.reference, seats)
    return None


def next_missed(result: DrawResult) -> dict[str, int]:
    """Return by traveller key how many missed draws count from now on (RD-08).

    Whoever got a seat begins again at nothing; whoever waits has one more; a void request
    changes nothing.
    """
    void = frozenset(result.void)
    return {
        person.key: 0 if request.reference in result.seating else person.missed + 1
        for request in result.requests
        if request.reference not in void
        for person in request.travellers
    }
