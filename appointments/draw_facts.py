"""From the rows of a draw to what its rules read.  Requests come one by one, in one query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction

from portal.encryption import lookup_key

from .models import Draw, DrawTraveller, Slot
from .rules.draw_inputs import (
    Announcement,
    DrawRule,
    DrawSlot,
    Preferences,
    PublicValue,
    Request,
    Traveller,
)
from .rules.transcripts import instant, second_of

_AT_ONCE = 2000  # rows that the database hands over together


def announcement_of(draw: Draw) -> Announcement:
    """Return what was published when the draw was announced."""
    return Announcement(
        draw_id=str(draw.pk),
        centre=draw.centre.code,
        service=str(draw.service),
        first_day=draw.days.lower,
        last_day=draw.days.upper - timedelta(days=1),
        commitment=draw.commitment,
        source=draw.source,
        announced_at=draw.announced_at,
        closes_at=draw.closes_at,
        rule=DrawRule.from_json(draw.rule),
    )


def public_value_of(draw: Draw) -> PublicValue:
    """Return the public value as it was entered; ValueError while there is none."""
    if draw.value_at is None:
        raise ValueError("the public value is not known yet")
    return PublicValue(draw.source, draw.announced_at, draw.value, second_of(draw.value_at))


def drawn_slots(draw: Draw) -> list[DrawSlot]:
    """Return the slots as they were fixed at closing."""
    return [DrawSlot.from_json(one) for one in draw.seats]


def slot_key(slot: Slot) -> str:
    """Return what transcripts call a slot: its start, which is unique in a draw."""
    return instant(second_of(slot.starts_at))


def requests_of(draw: Draw) -> Iterator[Request]:
    """Yield the requests that are drawn, by reference; they cannot change after closing."""
    wishes: dict[str, Preferences] = {}
    with transaction.atomic():  # a cursor of the server lives in a transaction
        rows = (
            DrawTraveller.objects.filter(draw=draw, request__is_drawn=True)
            .order_by("request__reference", "pk")
            .values_list("request__reference", "request__preferences", "key", "missed")
        )
        for reference, people in groupby(rows.iterator(_AT_ONCE), lambda row: row[0]):
            yield _request(reference, people, wishes)


def _request(
    reference: str, people: Iterable[tuple[Any, ...]], wishes: dict[str, Preferences]
) -> Request:
    found = list(people)
    # Most people wish alike: equal wishes are one object, which keeps a large draw small.
    text = json.dumps(found[0][1], sort_keys=True)
    wish = wishes.setdefault(text, Preferences.from_json(found[0][1]))
    travellers = tuple(Traveller(key, missed) for _reference, _wish, key, missed in found)
    return Request(reference, travellers, wish)


def draw_key(draw: Draw, traveller_key: bytes) -> str:
    """Return the pseudonym of a traveller for one draw; it tells nothing about another."""
    return lookup_key("traveller in a draw", str(draw.pk), bytes(traveller_key).hex()).hex()


def carry_key(state: str, traveller_key: bytes) -> bytes:
    """Return the keyed hash under which missed draws for a state are counted."""
    return lookup_key("missed draws", state, bytes(traveller_key).hex())
