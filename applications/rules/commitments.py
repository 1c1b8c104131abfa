"""What an applicant takes note of before submitting, by version of the text (AP-07)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from portal.dates import DateRange
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import LawError

Text = TypeVar("Text", "Commitments", "Notice")

_FILE = Path(__file__).with_name("commitments.toml")


@dataclass(frozen=True, slots=True)
class Commitments:
    """One version of the text: the ids of its sentences, in order."""

    version: str
    effective: DateRange
    ids: tuple[str, ...]
    rule_id: str
    citation: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of the notice on data protection.

    `years` is how long the Visa Information System keeps the data at most; `readers` are the
    groups of authorities that read them, `under_conditions` those that do only then.
    """

    version: str
    effective: DateRange
    years: int
    readers: tuple[str, ...]
    under_conditions: tuple[str, ...]
    rule_id: str
    citation: str


def _common(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": entry["id"],
        "effective": DateRange(entry["from"], entry.get("until")),
        "rule_id": entry["rule"],
        "citation": entry["citation"],
    }


def _commitments(entry: dict[str, Any]) -> Commitments:
    return Commitments(ids=tuple(entry["commitments"]), **_common(entry))


def _notice(entry: dict[str, Any]) -> Notice:
    return Notice(
        years=entry["years"],
        readers=tuple(entry["readers"]),
        under_conditions=tuple(entry["under_conditions"]),
        **_common(entry),
    )


def _apart(versions: tuple[Text, ...]) -> tuple[Text, ...]:
    for index, version in enumerate(versions):
        if any(version.effective.overlaps(other.effective) for other in versions[:index]):
            raise LawError(f"{_FILE.name}: {version.version} overlaps another version")
    return versions


with _FILE.open("rb") as _file:
    _TABLE = tomllib.load(_file)
VERSIONS = _apart(tuple(_commitments(entry) for entry in _TABLE["version"]))
NOTICES = _apart(tuple(_notice(entry) for entry in _TABLE["notice"]))


def notice_on(day: date) -> Notice:
    """Return the notice that holds on `day`; the first one for the days before it.

    Rule: DP-01, DP-02
    Source: 001
    Boundaries: submit without acknowledgement → refused; with → stored with version; text
        changed → asked again
    """
    return next((notice for notice in NOTICES if day in notice.effective), NOTICES[0])


def commitments_on(day: date) -> Commitments:
    """Return the version that holds on `day`; the first one for the days before it."""
    return next((version for version in VERSIONS if day in version.effective), VERSIONS[0])


def check_commitments(accepted_version: str | None, day: date) -> Finding | None:
    """An application is submitted only after its commitments were accepted in today's version.

    Rule: AP-07
    Source: 001
    Boundaries: box unticked → cannot submit; ticked → stored with the text version; new text
        version → asked again
    """
    wanted = commitments_on(day)
    if accepted_version == wanted.version:
        return None
    code = "COMMITMENTS_NOT_ACCEPTED" if accepted_version is None else "COMMITMENTS_CHANGED"
    params = {"version": wanted.version, "accepted": accepted_version}
    return Finding(code, Severity.BLOCKING, wanted.rule_id, wanted.citation, params)
