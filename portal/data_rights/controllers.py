"""Who answers for the data of a visa, state by state: read from data, never code (DP-05)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "controllers.toml"


@dataclass(frozen=True, slots=True)
class Office:
    """An office and where to write to; `language` is that of its name."""

    name: str
    address: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """The two offices of a state: `controller` for wishes, `authority` for complaints."""

    state: str
    controller: Office
    authority: Office
    citation: str


@lru_cache(maxsize=1)
def responsible() -> dict[str, Responsible]:
    """Return the offices of every state in the file, by its code."""
    with _FILE.open("rb") as file:
        rows = tomllib.load(file)["state"]
    return {
        row["state"]: Responsible(
            row["state"], Office(**row["controller"]), Office(**row["authority"]), row["citation"]
        )
        for row in rows
    }
