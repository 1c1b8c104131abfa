"""Records of which somebody must not even see the trace, such as a complaint about themselves.

An app says once, when it is loaded, which ids of a kind of record are kept from whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

_HIDDEN: dict[str, Callable[[Any], Iterable[Any]]] = {}


def hide(subject_type: str, kept_from: Callable[[Any], Iterable[Any]]) -> None:
    """Let the trail of `subject_type` leave out the ids that `kept_from(user)` returns."""
    _HIDDEN[subject_type] = kept_from


def without_hidden(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Keep the lines of the trail that `user` may know of; one query per registered kind."""
    for subject_type, kept_from in _HIDDEN.items():
        if ids := [str(one) for one in kept_from(user)]:
            rows = rows.exclude(subject_type=subject_type, subject_id__in=ids)
            # A list that somebody read names its rows.
            named = {"details__has_key": "ids", "details__ids__has_any_keys": ids}
            rows = rows.exclude(subject_type=subject_type, **named)
    return rows
