"""Attempts counted on the shared store, for every web node alike.

Whom an attempt belongs to rests as a keyed hash and is forgotten when its window ends.  Where the
store is away nobody can be counted, so `count` raises and the caller refuses: a defence that
falls silent in a rush would be no defence.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import redis
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing to count: a kind, whom it belongs to, and for how long."""

    kind: str
    whose: str
    window: timedelta

    @property
    def key(self) -> str:
        """The name in the store; it tells nobody whose it is."""
        secret, text = settings.LOOKUP_KEY.encode(), f"{self.kind}\x1f{self.whose}"
        digest = hmac.digest(secret, text.encode(), "sha256").hex()
        return f"{settings.STORE_PREFIX}:attempts:{self.kind}:{digest}"


def count(counters: Sequence[Counter]) -> list[int]:
    """Count one attempt for each of `counters` and return the sums within their windows.

    One round trip.  A window begins with its first attempt.  Raises redis.RedisError while the
    store is away.
    """
    pipeline = store().pipeline(transaction=True)
    for one in counters:
        pipeline.incr(one.key)
        pipeline.expire(one.key, one.window, nx=True)
    return [int(answer) for answer in pipeline.execute()[::2]]


def forget(counters: Sequence[Counter]) -> None:
    """Begin to count anew, as after an appeal that was right."""
    if counters:
        store().delete(*(one.key for one in counters))


def network_of(address: str) -> str:
    """Return the network of an address: the first 24 bits of IPv4, the first 56 of IPv6.

    What is no address counts as one network, so that nobody gets a budget by sending junk.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    bits = 56 if parsed.version == 6 else 24
    return str(ip_network(f"{parsed}/{bits}", strict=False))


@lru_cache(maxsize=1)
def store() -> Any:
    """Return the client of the shared store; it keeps its connections."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
    )
