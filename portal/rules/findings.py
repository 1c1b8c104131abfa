"""What a rule answers: findings, gathered in a verdict that can be explained years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .parameters import ParameterRow, Ruleset


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKING = "blocking"  # the thing asked for cannot go on like this
    REVIEW = "review"  # a person at the authority must look
    WARNING = "warning"  # it can go on, and trouble is foreseeable
    ADVICE = "advice"  # good to know


class FactError(ValueError):
    """A fact that no rule can judge: names the `field`, a `code` to word it, and a message.

    `field` is a path such as ``itinerary.0.days``; `params` are the values the sentence needs.
    """

    def __init__(self, field: str, code: str, message: str, **params: Any) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found.

    `code` keys the wording (``wording.py`` of the app); `params` are the values that the
    sentence needs (dates, numbers, short codes: JSON-able by `Verdict.as_json`); `rule_id` is
    the sheet's id such as PA-03; `citation` names the source text and article.
    """

    code: str
    severity: Severity
    rule_id: str
    citation: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def by(cls, row: ParameterRow, code: str, severity: Severity, **params: Any) -> Finding:
        """Return a finding under the rule and citation of the parameter row it rests on."""
        return cls(code, severity, row.rule, row.citation, params)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one rule module to one question (CV-06).

    `outcome` is the module's own word (``admissible``, ``EXEMPT`` …); `results` holds its named
    values (``threshold``, ``last_deposit_date`` …); `used` are the parameter rows the answer
    rests on.  A verdict never decides: the authority does.
    """

    outcome: str
    findings: tuple[Finding, ...]
    reference_date: date
    ruleset: Ruleset
    results: Mapping[str, Any] = field(default_factory=dict)
    used: tuple[ParameterRow, ...] = ()

    def codes(self, *severities: Severity) -> list[str]:
        """Return the sorted codes of the findings, of all severities if none is named."""
        return sorted(
            finding.code
            for finding in self.findings
            if not severities or finding.severity in severities
        )

    def having(self, *severities: Severity) -> tuple[Finding, ...]:
        """Return the findings of the named severities, in the order they were found."""
        return tuple(finding for finding in self.findings if finding.severity in severities)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored beside the thing judged: plain values, dates as ISO 8601."""
        return {
            "outcome": self.outcome,
            "reference_date": self.reference_date.isoformat(),
            "ruleset": self.ruleset.value,
            "results": plain(self.results),
            "findings": [
                {
                    "code": finding.code,
                    "severity": finding.severity.value,
                    "rule_id": finding.rule_id,
                    "citation": finding.citation,
                    "params": plain(finding.params),
                }
                for finding in self.findings
            ],
            "used": [row.as_json() for row in self.used],
        }


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: dates as ISO 8601, enums as their words, sets sorted."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value
