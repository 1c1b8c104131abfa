"""What a rule answers: CV-06."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import ParameterRow, Ruleset

ROW = ParameterRow("PA-01", "blank_pages", 2, Ruleset.SEED, "004 §1", "EU", "seed")


def verdict() -> Verdict:
    return Verdict(
        outcome="inadmissible",
        findings=(
            Finding.by(ROW, "LATE", Severity.WARNING, on=date(2026, 1, 2)),
            Finding.by(ROW, "BLANK_PAGES", Severity.BLOCKING, pages=1, kinds={"b", "a"}),
        ),
        reference_date=date(2026, 1, 1),
        ruleset=Ruleset.SEED,
        results={"until": datetime(2026, 1, 1, tzinfo=UTC), "rule": Ruleset.SEED},
        used=(ROW,),
    )


def test_a_finding_takes_rule_and_citation_from_its_row() -> None:
    finding = verdict().findings[1]
    assert (finding.rule_id, finding.citation) == ("PA-01", "004 §1")
    assert finding.params["pages"] == 1


def test_codes_are_sorted_and_can_be_asked_by_severity() -> None:
    assert verdict().codes() == ["BLANK_PAGES", "LATE"]
    assert verdict().codes(Severity.WARNING) == ["LATE"]
    assert [f.code for f in verdict().having(Severity.BLOCKING)] == ["BLANK_PAGES"]


def test_a_verdict_can_be_stored_and_explained_later() -> None:
    stored = json.loads(json.dumps(verdict().as_json()))
    assert stored["findings"][0]["params"] == {"on": "2026-01-02"}
    assert stored["findings"][1]["params"]["kinds"] == ["a", "b"]
    assert stored["results"] == {"until": "2026-01-01T00:00:00+00:00", "rule": "seed"}
    assert stored["used"][0]["citation"] == "004 §1"
    assert stored["ruleset"] == "seed"
