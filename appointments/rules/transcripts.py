"""Transcripts: one way to write them, one way to hash them, and every difference by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a transcript that is not as it must be.

    `code` names the kind (lower case), `path` the place such as ``results.3.seats.0.slot``;
    `expected` is what recomputing gives and `found` what the transcript says (None: nothing).
    """

    code: str
    path: str
    expected: Any = None
    found: Any = None


def canonical(value: Any) -> bytes:
    """Write `value` as JSON in one way only: keys sorted, no blanks, other than ASCII escaped.

    Raises TypeError or ValueError for what JSON cannot hold.
    """
    return _ENCODER.encode(value).encode("ascii")


def digest(domain: str, value: Any) -> str:
    """Return SHA-256 in hexadecimal of the domain, a zero byte and the canonical JSON."""
    return hashlib.sha256(domain.encode() + b"\0" + canonical(value)).hexdigest()


def instant(moment: datetime) -> str:
    """Write an aware moment in UTC to the second, such as ``2026-01-05T08:00:00Z``.

    Raises ValueError for a naive moment or one between two seconds.
    """
    if moment.tzinfo is None or moment.microsecond:
        raise ValueError(f"{moment} is not an aware moment of whole seconds")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def second_of(moment: datetime) -> datetime:
    """Drop what is less than a second: transcripts keep whole seconds only."""
    return moment.replace(microsecond=0)


def read_instant(text: str) -> datetime:
    """Read what `instant` writes, and nothing else; ValueError otherwise."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_day(text: str) -> date:
    """Read a date such as ``2026-01-05``; ValueError otherwise."""
    return datetime.strptime(text, "%Y-%m-%d").date()


def text(value: Any) -> str:
    """Return `value` if it is text; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def whole_number(value: Any) -> int:
    """Return `value` if it is a whole number, which true and 1.0 are not; TypeError otherwise."""
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


def differences(expected: Any, found: Any, path: str = "") -> Iterator[Fault]:
    """Yield each place where `found` is not what it must be: missing, unknown or different."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        yield from _of_objects(expected, found, path)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _of_lists(expected, found, path)
    elif type(expected) is not type(found) or expected != found:
        yield Fault("different", path, expected, found)


def _of_objects(
    expected: Mapping[str, Any], found: Mapping[str, Any], path: str
) -> Iterator[Fault]:
    for key in sorted({*map(str, expected), *map(str, found)}):
        here = _join(path, key)
        if key not in found:
            yield Fault("missing", here, expected=expected[key])
        elif key not in expected:
            yield Fault("unknown", here, found=found[key])
        else:
            yield from differences(expected[key], found[key], here)


def _of_lists(expected: list[Any], found: list[Any], path: str) -> Iterator[Fault]:
    for index in range(max(len(expected), len(found))):
        here = _join(path, str(index))
        if index >= len(found):
            yield Fault("missing", here, expected=expected[index])
        elif index >= len(expected):
            yield Fault("unknown", here, found=found[index])
        else:
            yield from differences(expected[index], found[index], here)


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
