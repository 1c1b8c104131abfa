"""From a rule's finding to the sentence a person reads.

Each app keeps its table (code to `Wording`) in its own `wording.py` or `wording/`; this room
fills in the values and formats dates for the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal import formats
from portal.display import ShownFinding
from portal.rules.findings import Finding

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Wording:
    """What is wrong, how to mend it, and which parameter says by when.

    Both texts may hold %(name)s placeholders named after the finding's params.  `says` names the
    params that are codes, with what puts each into words: a country's name, a kind of paper.
    """

    sentence: Text
    remedy: Text = ""
    deadline: str = ""
    says: Mapping[str, Callable[[Any], Text]] = field(default_factory=dict)


Table = Mapping[str, Wording]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")


def shown(finding: Finding, table: Table) -> ShownFinding:
    """Word one finding in the active language; raises KeyError for a code without wording."""
    return _shown(
        table[finding.code],
        severity=finding.severity.value,
        rule_id=finding.rule_id,
        citation=finding.citation,
        params=finding.params,
    )


def shown_all(findings: Iterable[Finding], table: Table) -> list[ShownFinding]:
    """Word findings, the weightiest first."""
    return sorted((shown(finding, table) for finding in findings), key=_weight)


def shown_stored(verdict: Mapping[str, Any], table: Table) -> list[ShownFinding]:
    """Word the findings of a verdict that was stored by `Verdict.as_json`."""
    return sorted(
        (
            _shown(
                table[finding["code"]],
                severity=finding["severity"],
                rule_id=finding["rule_id"],
                citation=finding["citation"],
                params={name: _revived(value) for name, value in finding["params"].items()},
            )
            for finding in verdict.get("findings", [])
        ),
        key=_weight,
    )


def _shown(
    wording: Wording, *, severity: str, rule_id: str, citation: str, params: Mapping[str, Any]
) -> ShownFinding:
    values = {name: _said(value, wording.says.get(name)) for name, value in params.items()}
    deadline = params.get(wording.deadline) if wording.deadline else None
    return ShownFinding(
        severity=severity,
        sentence=str(wording.sentence) % values if values else str(wording.sentence),
        remedy=str(wording.remedy) % values if values else str(wording.remedy),
        rule_id=rule_id,
        citation=citation,
        deadline=deadline if isinstance(deadline, date) else None,
    )


def _said(value: Any, says: Callable[[Any], Text] | None = None) -> str:
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.long_date(value)
    if isinstance(value, list | tuple | set | frozenset):
        return _(", ").join(_said(item, says) for item in value)
    if value is None:
        return ""
    return str(says(value) if says else value)


def _revived(value: Any) -> Any:
    if isinstance(value, str) and _ISO_DATE.match(value):
        return date.fromisoformat(value)
    return value


_ORDER = ("blocking", "review", "warning", "advice")


def _weight(item: ShownFinding) -> int:
    return _ORDER.index(item.severity)
