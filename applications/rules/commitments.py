"""What an applicant takes note of before submitting, by version of the text (AP-07)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.dates import DateRange
from portal.rules.findings import Finding, Severity
from portal.rules.parameters import LawError

_FILE = Path(__file__).with_name("commitments.toml")


@dataclass(frozen=True, slots=True)
class Commitments:
    """One version of the text: the ids of its sentences, in order."""

    version: str
    effective: DateRange
    ids: tuple[str, ...]
    rule_id: str
    citation: str


def _read() -> tuple[Commitments, ...]:
    with _FILE.open("rb") as file:
        entries = tomllib.load(file)["version"]
    versions = tuple(
        Commitments(
            version=entry["id"],
            effective=DateRange(entry["from"], entry.get("until")),
            ids=tuple(entry["commitments"]),
            rule_id=entry["rule"],
            citation=entry["citation"],
        )
        for entry in entries
    )
    for index, version in enumerate(versions):
        if any(version.effective.overlaps(other.effective) for other in versions[:index]):
            raise LawError(f"{_FILE.name}: {version.version} overlaps another version")
    return versions


VERSIONS = _read()


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
