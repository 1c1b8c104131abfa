"""The counters of a mission, told by whoever keeps them.

A complaint may name the counter it is about, and complaints know nothing of centres.  Whoever
keeps counters registers a source in its `ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Source = Callable[[int], Iterable[tuple[str, str]]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask `source` from now on: it is given a mission's id, and returns slugs with names."""
    _sources.append(source)


def counters_of(mission_id: int) -> list[tuple[str, str]]:
    """Return slug and name of each counter of a mission, named in the active language."""
    return [counter for source in _sources for counter in source(mission_id)]
