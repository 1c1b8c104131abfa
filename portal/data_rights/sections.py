"""What an app holds about a person: one section of the export, registered by the app.

    register_section("appointments", appointments_of, subjects=…)

`collect` returns plain values of one account and of nobody else.  `files` yields what lies in the
store.  `subjects` says which rows are the person's, so that the trail about them can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export; `path` is made of our own words and numbers, never of a name."""

    path: str
    chunks: Callable[[], Iterator[bytes]]


Collect = Callable[[User], Any]
Files = Callable[[User], Iterable[ExportFile]]
Subjects = Callable[[User], Iterable[QuerySet[Any]]]


def _nothing(_user: User) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what is held about a person."""

    name: str
    collect: Collect
    files: Files = _nothing
    subjects: Subjects = _nothing


_SECTIONS: dict[str, Section] = {}


def register_section(
    name: str, collect: Collect, *, files: Files = _nothing, subjects: Subjects = _nothing
) -> None:
    """Add what an app holds; registering a name again replaces it."""
    _SECTIONS[name] = Section(name, collect, files, subjects)


def sections() -> list[Section]:
    """Return every section, in the order of registration."""
    return list(_SECTIONS.values())


def subjects_of(user: User) -> list[tuple[str, list[str]]]:
    """Return kind and keys of all rows that belong to `user`."""
    found: dict[type[Model], list[str]] = {User: [str(user.pk)]}
    for section in sections():
        for rows in section.subjects(user):
            keys = found.setdefault(rows.model, [])
            keys.extend(str(key) for key in rows.values_list("pk", flat=True))
    return [(model._meta.label_lower, keys) for model, keys in found.items()]
