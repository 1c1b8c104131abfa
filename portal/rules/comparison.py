"""One question under both readings of the law: what applies here, and what the other one says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .findings import Finding, Verdict, plain
from .parameters import ParameterRow, Ruleset

OTHER = {Ruleset.SEED: Ruleset.CURRENT, Ruleset.CURRENT: Ruleset.SEED}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict that applies, beside the verdict of the other ruleset on the same day."""

    applied: Verdict
    other: Verdict

    @property
    def differs(self) -> bool:
        """Whether a person would read another answer: outcome, findings or named results."""
        return _read(self.applied) != _read(self.other)

    @property
    def only_other(self) -> tuple[Finding, ...]:
        """What only the other reading finds."""
        known = {_finding(finding) for finding in self.applied.findings}
        return tuple(f for f in self.other.findings if _finding(f) not in known)

    @property
    def rows(self) -> tuple[ParameterRow, ...]:
        """The rows that make the other reading another one: its values, days and articles."""
        rows = rows_apart(self.other, self.applied)
        rules = {finding.rule_id for finding in self.only_other}
        if self.applied.outcome != self.other.outcome or not rules:
            return rows
        return tuple(row for row in rows if row.rule in rules)


def compare(judge: Callable[[Ruleset], Verdict], ruleset: Ruleset) -> Comparison:
    """Judge under `ruleset`, which applies, and under the other one.

    Raises FactError as `judge` does.
    """
    return Comparison(judge(ruleset), judge(OTHER[ruleset]))


def rows_apart(verdict: Verdict, other: Verdict) -> tuple[ParameterRow, ...]:
    """Return the rows of the law that `verdict` rests on and `other` does not."""
    known = {_row(row) for row in other.used}
    return tuple(row for row in verdict.used if _row(row) not in known)


def _read(verdict: Verdict) -> tuple[object, ...]:
    findings = sorted(_finding(finding) for finding in verdict.findings)
    return verdict.outcome, findings, plain(verdict.results)


def _finding(finding: Finding) -> str:
    return f"{finding.code} {plain(finding.params)}"


def _row(row: ParameterRow) -> str:
    return repr(row.as_json())
