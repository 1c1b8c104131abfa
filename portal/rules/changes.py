"""What a change of law changes: the same cases by the law of two days, and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .cases import Adapter, Case
from .findings import plain
from .parameters import ParameterRow, law_as_of


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value of an answer by the law of both days."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case whose answer differs, and the rows that only one of the two days knows."""

    case: Case
    values: tuple[ChangedValue, ...]
    rows_before: tuple[ParameterRow, ...]
    rows_after: tuple[ParameterRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "module": self.case.module,
            "id": self.case.id,
            "values": [{"key": v.key, "before": v.before, "after": v.after} for v in self.values],
            "rows_before": [plain(row.as_json()) for row in self.rows_before],
            "rows_after": [plain(row.as_json()) for row in self.rows_after],
        }


def changed_cases(
    cases: Iterable[Case], adapters: Mapping[str, Adapter], before: date, after: date
) -> Iterator[ChangedCase]:
    """Yield the cases that are answered otherwise by the law of `after` than by that of `before`.

    The facts stay as they are, their dates too; only the law's day changes.  A module without an
    adapter is passed over.
    """
    for case in cases:
        adapter = adapters.get(case.module)
        if adapter is not None:
            changed = _compared(case, adapter, before, after)
            if changed.values:
                yield changed


def _compared(case: Case, adapter: Adapter, before: date, after: date) -> ChangedCase:
    old, old_rows = _answer(case, adapter, before)
    new, new_rows = _answer(case, adapter, after)
    keys = dict.fromkeys((*old, *new))
    values = (ChangedValue(key, old.get(key), new.get(key)) for key in keys)
    return ChangedCase(
        case,
        tuple(value for value in values if value.before != value.after),
        tuple(row for key, row in old_rows.items() if key not in new_rows),
        tuple(row for key, row in new_rows.items() if key not in old_rows),
    )


def _answer(
    case: Case, adapter: Adapter, day: date
) -> tuple[dict[str, Any], dict[tuple[Any, ...], ParameterRow]]:
    with law_as_of(day) as rows:
        try:
            answer = plain(adapter(case.inputs, case.ruleset))
        except Exception as error:  # a law that is silent on a day is an answer, too
            answer = {"error": f"{type(error).__name__}: {error}"}
    return answer, rows
