"""An outsider's checker, written from docs/fairness.md alone, finds the same (AT-07, RD-08)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from .test_draw import SAMPLE as DRAWN
from .test_release_record import SAMPLE as RELEASED


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def key(seed: str, *labels: str) -> bytes:
    return hmac.new(bytes.fromhex(seed), canonical(labels), hashlib.sha256).digest()


def lot(under: bytes, *labels: str | int) -> int:
    return int.from_bytes(hmac.new(under, canonical(labels), hashlib.sha256).digest(), "big")


def lot_below(bound: int, under: bytes, *labels: str | int) -> int:
    counter = 0
    while lot(under, *labels, counter) >= 2**256 // bound * bound:
        counter += 1
    return lot(under, *labels, counter) % bound


def published(name: str, value: Any) -> str:
    return hashlib.sha256(name.encode() + b"\0" + canonical(value)).hexdigest()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_what_was_published_before_the_draw() -> None:
    secret = bytes.fromhex(DRAWN["secret"])
    committed = hashlib.sha256(b"guichet:commitment:v1\0" + secret).hexdigest()
    assert committed == DRAWN["announcement"]["commitment"]
    closing = {name: DRAWN[name] for name in ("announcement", "requests", "slots")}
    assert published("guichet-draw-1:closing", closing) == DRAWN["closing_digest"]


def test_the_drawn_order() -> None:
    value, announced = DRAWN["public_value"], DRAWN["announcement"]
    labels = (announced["draw_id"], value["source"], value["value"], value["value_at"])
    seed = key(DRAWN["secret"], "guichet-draw-1:seed", *labels)
    assert seed.hex() == DRAWN["seed"]

    def lowest(request: dict[str, Any]) -> int:
        people, rule = request["travellers"], announced["rule"]
        missed = sum(one["missed"] for one in people) // len(people)
        tickets = min(1 + missed * rule["tickets_per_missed_draw"], rule["most_tickets"])
        return min(lot(seed, "ticket", request["reference"], one) for one in range(tickets))

    asked = [one for one in DRAWN["requests"] if one["reference"] not in DRAWN["void"]]
    assert [one["reference"] for one in sorted(asked, key=lowest)] == DRAWN["order"]


def test_the_seconds_of_the_release() -> None:
    plan, seats = RELEASED["plan"], RELEASED["seats"]
    together, windows = plan["rule"]["seats_opened_together"], plan["windows"]
    under = key(RELEASED["seed"], "guichet-release-1", plan["centre"], plan["day"])
    batches = [
        (one["slot"], one["numbers"][first : first + together])
        for one in seats
        for first in range(0, len(one["numbers"]), together)
    ]
    batches.sort(key=lambda batch: lot(under, "order", batch[0], batch[1][0]))
    total, shares = sum(len(one["numbers"]) for one in seats), [one["share"] for one in windows]
    found, before = [], 0
    for slot, numbers in batches:
        window = next(
            one
            for index, one in enumerate(windows)
            if before < total * sum(shares[: index + 1]) // sum(shares)
        )
        before += len(numbers)
        start, end = moment(window["start"]), moment(window["end"])
        seconds = lot_below(
            (end - start) // timedelta(seconds=1), under, "moment", slot, numbers[0]
        )
        found.append((start + timedelta(seconds=seconds), slot, numbers))
    drawn = [(moment(one["opens_at"]), one["slot"], one["numbers"]) for one in RELEASED["schedule"]]
    assert sorted(found) == drawn


def test_the_second_of_a_freed_seat() -> None:
    plan, (freed,) = RELEASED["plan"], RELEASED["returned"]
    under = key(RELEASED["seed"], "guichet-release-1", plan["centre"], plan["day"])
    first = moment(freed["freed_at"]) + timedelta(seconds=plan["rule"]["shortest_return"])
    end = moment(freed["freed_at"]) + timedelta(seconds=plan["rule"]["longest_return"])
    possible = [
        second
        for window in plan["windows"]
        for at in range((moment(window["end"]) - moment(window["start"])) // timedelta(seconds=1))
        if first <= (second := moment(window["start"]) + timedelta(seconds=at)) < end
    ]
    picked = possible[lot_below(len(possible), under, "return", freed["event"])]
    assert picked == moment(freed["opens_at"])
