"""Two readings of the law side by side: what applies here, and what the other one says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .findings import Severity, Verdict, plain
from .parameters import ParameterRow, Ruleset


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A verdict under the ruleset that was not asked for, and the rows that make it differ."""

    verdict: Verdict
    rows: tuple[ParameterRow, ...]  # each with its dates and its citation


def other_reading(judge: Callable[[Ruleset], Verdict], verdict: Verdict) -> OtherReading | None:
    """Return what the other ruleset answers to the same question, or None if it says the same.

    Two verdicts differ when their outcome, their named results, or the codes of what weighs
    more than advice differ.
    """
    current = verdict.ruleset is Ruleset.CURRENT
    other = judge(Ruleset.SEED if current else Ruleset.CURRENT)
    if _weight(other) == _weight(verdict):
        return None
    return OtherReading(other, tuple(row for row in other.used if row not in verdict.used))


def _weight(verdict: Verdict) -> tuple[object, ...]:
    heavy = verdict.codes(Severity.BLOCKING, Severity.REVIEW, Severity.WARNING)
    return verdict.outcome, heavy, plain(verdict.results)
