"""Is a paper recent enough on the day it is handed in? Only where a source says so (DO-11).

The passport, the undertaking of a host and the insurance have modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portal.dates import add_months
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import Law

STATEMENTS = "bank_statements"


def asks_issue_date(kind: str, law: Law) -> bool:
    """Tell whether a rule depends on the day on which a paper of `kind` was issued."""
    return kind == STATEMENTS and law.row("DO-11", "statements_reach_back") is not None


def age_findings(kind: str, issued_on: date | None, law: Law) -> Iterator[Finding]:
    """Bank statements show the last three months before the file is handed in.

    Rule: DO-11
    Source: Commission decision C(2021) 6062, annex; 001 names no age
    Boundaries: issued three months before by the same day number → fresh; a day earlier → too
        old; not issued yet or no date told → nothing; seed ruleset → nothing
    """
    row = law.row("DO-11", "statements_reach_back")
    if kind != STATEMENTS or row is None or issued_on is None:
        return
    last = add_months(issued_on, row.value)
    if law.reference_date > last:
        yield Finding.by(
            row,
            "STATEMENTS_TOO_OLD",
            Severity.WARNING,
            issued=issued_on,
            handed_in=law.reference_date,
            months=row.value,
            last_day=last,
        )
