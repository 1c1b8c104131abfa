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
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import redis
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing to count: a kind, whom it belongs to, and for how long.

    With `different`, what is counted is how many different ones of them there were.
    """

    kind: str
    whose: str
    window: timedelta
    different: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name in the store; it tells nobody whose it is."""
        return f"{settings.STORE_PREFIX}:attempts:{self.kind}:{self._hashed(self.whose)}"

    @property
    def members(self) -> list[str]:
        """The different ones as they rest in the store, and nowhere else the same."""
        return [self._hashed(f"{self.whose}\x1f{one}")[:32] for one in self.different]

    def _hashed(self, text: str) -> str:
        secret, named = settings.LOOKUP_KEY.encode(), f"{self.kind}\x1f{text}"
        return hmac.digest(secret, named.encode(), "sha256").hex()


# In a rush everybody is counted in seven ways at once: one command, whatever is counted.
_COUNT = """
local sums, at = {}, 1
for i, key in ipairs(KEYS) do
  local seconds, different = ARGV[at], tonumber(ARGV[at + 1])
  if different > 0 then
    redis.call('SADD', key, unpack(ARGV, at + 2, at + 1 + different))
    sums[i] = redis.call('SCARD', key)
  else
    sums[i] = redis.call('INCR', key)
  end
  redis.call('EXPIRE', key, seconds, 'NX')
  at = at + 2 + different
end
return sums
"""


def count(counters: Sequence[Counter]) -> list[int]:
    """Count one attempt for each of `counters` and return the sums within their windows.

    One round trip, all or none.  A window begins with its first attempt.  Raises
    redis.RedisError while the store is away.
    """
    keys, said = [], []
    for one in counters:
        members = one.members
        keys.append(one.key)
        said += [int(one.window.total_seconds()), len(members), *members]
    return [int(one) for one in _script(_COUNT)(keys=keys, args=said, client=store())]


# One command again: between two, another request could end a wait and a third begin the next.
_WAIT = """
local clock, till = redis.call('TIME'), redis.call('GET', KEYS[1])
local now = clock[1] + clock[2] / 1e6
if not till then
  redis.call('SET', KEYS[1], string.format('%.6f', now + ARGV[1]), 'EX', ARGV[2])
  return 0
end
if now < tonumber(till) then
  return 0
end
return redis.call('DEL', KEYS[1])
"""


def has_waited(counter: Counter, lasts: timedelta) -> bool:
    """Tell whether somebody who was told to wait for `lasts` has done so; then they go on once.

    The first question begins the wait.  By the clock of the store, so that web nodes agree.
    Raises redis.RedisError while the store is away.
    """
    kept_for = int((lasts + counter.window).total_seconds())
    said = [lasts.total_seconds(), kept_for]
    return bool(_script(_WAIT)(keys=[f"{counter.key}:wait"], args=said, client=store()))


_TAKE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
"""


def take(key: str, value: str) -> bool:
    """Take `value` out of the store if `key` still holds it; of many at once, one does.

    Raises redis.RedisError while the store is away.
    """
    return bool(_script(_TAKE)(keys=[key], args=[value], client=store()))


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


@cache
def _script(text: str) -> Any:
    """Return what runs a script in the store as one command; the store keeps its text."""
    return store().register_script(text)


@lru_cache(maxsize=1)
def store() -> Any:
    """Return the client of the shared store; it keeps its connections."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
    )
