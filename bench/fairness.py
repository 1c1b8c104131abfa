"""What chance the members of small and large households have in the draw.

    python -m bench.fairness

Prints, for each household size, by how much the chance of one person differs from seats/people:
once if the last seats simply go to whoever fits, once by the rule with its lot for them.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta

from appointments.rules.draw_inputs import DayPart, DrawSlot, Preferences, Request, Traveller
from appointments.rules.lots import Lots
from appointments.rules.seating import SeatingPlan, stretches

NOON = time(12)
SIZES, WEIGHTS = (1, 2, 3, 4, 6), (60, 15, 10, 10, 5)


class WhoeverFits(SeatingPlan):
    """The plan without a lot for the last seats."""

    def _draw_for_last_seats(self, place: int, request: Request, before: int) -> None:
        return


def households(count: int, choosy: bool) -> list[Request]:
    chance = random.Random(7)
    wishes = (Preferences(), *(Preferences(part=part) for part in DayPart))
    return [
        Request(
            f"r{index}",
            tuple(Traveller(f"r{index}.{one}") for one in range(size)),
            chance.choice(wishes) if choosy else Preferences(),
        )
        for index, size in enumerate(chance.choices(SIZES, WEIGHTS, k=count))
    ]


def slots(half_days: int, seats: int) -> list[DrawSlot]:
    """Half days of five slots, mornings and afternoons in turn."""
    first = datetime(2026, 1, 4, 8, tzinfo=UTC)
    starts = [first + timedelta(days=half // 2, hours=half % 2 * 4) for half in range(half_days)]
    return [
        DrawSlot(f"{start:%d %H}-{at}", start + timedelta(minutes=30 * at), 30, seats)
        for start in starts
        for at in range(5)
    ]


def deviations(
    plan: type[SeatingPlan], requests: list[Request], where: list[DrawSlot], draws: int
) -> str:
    chance = random.Random(11)
    served: Counter[int] = Counter()
    for number in range(draws):
        order = chance.sample(requests, len(requests))
        seating = plan(order, stretches(where, NOON), Lots(number.to_bytes(32, "big"))).fill()
        served.update(request.size for request in requests if request.reference in seating)
    asked = Counter(request.size for request in requests)
    fair = sum(slot.seats for slot in where) / sum(request.size for request in requests)
    shares = {size: served[size] / draws / asked[size] / fair - 1 for size in sorted(asked)}
    return "  ".join(f"{size}: {share:+6.1%}" for size, share in shares.items())


def main() -> None:
    for half_days, seats, count, choosy, draws in (
        (1, 4, 40, False, 10_000),
        (1, 4, 200, False, 5_000),
        (10, 4, 400, True, 1_000),
    ):
        requests, where = households(count, choosy), slots(half_days, seats)
        people = sum(request.size for request in requests)
        wishes = "half of them mornings or afternoons only" if choosy else "any time"
        print(f"{half_days * 5 * seats} seats, {people} people, {wishes}, {draws} draws")
        print("  whoever fits ", deviations(WhoeverFits, requests, where, draws))
        print("  by the rule  ", deviations(SeatingPlan, requests, where, draws), flush=True)


if __name__ == "__main__":
    main()
