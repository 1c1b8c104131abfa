"""Every finding has its words, every value its source, every rule of the sheet a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.functional import Promise

import appointments.wording
import complaints.wording
from applications.views.guidance.tool import FACT_ERRORS
from applications.wording import (
    checklist,
    filing,
    hosting_certificate,
    household,
    main_destination,
    mrz,
    passport,
    remedies,
    retention,
    short_stay,
    visa_requirement,
)
from portal.rule_book.contents import rule_book
from portal.rules.parameters import ParameterRow
from portal.wording import Wording

ROOT = Path(__file__).parent.parent
APPS = ("applications", "appointments", "complaints")
WORDING_MODULES = (
    appointments.wording,
    complaints.wording,
    checklist,
    filing,
    hosting_certificate,
    household,
    main_destination,
    passport,
    remedies,
    retention,
    short_stay,
    visa_requirement,
)
# Words in capitals that name no finding: why an appointment is needed, and codes of persons.
NO_FINDINGS = {
    "GENERALISED_2025_11_01",
    "BEFORE_2025_11_01",
    "RETIREE_CARD",
    "ALWAYS_BY_APPOINTMENT",
    "USE_FRENCH_DOCUMENT",
    "VISA_REQUIRED",
    "EXEMPT",
    "NOT_READY",
    "REFER",
    "REVIEW",
    "MEMBERSHIPS",
}
# Said by the visa tool itself, beside the question.
SAID_BY_A_PAGE = {"AFTER_END", "UNREADABLE_TERRITORY"} | set(mrz.PROBLEMS)


def tables() -> dict[str, Wording]:
    found: dict[str, Wording] = dict(FACT_ERRORS)
    for module in WORDING_MODULES:
        for value in vars(module).values():
            if isinstance(value, dict):
                found |= {k: v for k, v in value.items() if isinstance(v, Wording)}
    return found


def codes_in_rules() -> set[str]:
    code = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|STALE|OVERLAP|DCEM|TIR|DEFAULT)"')
    files = (path for app in APPS for path in (ROOT / app / "rules").rglob("*.py"))
    return {found for path in files for found in code.findall(path.read_text())}


@pytest.mark.parametrize("code", sorted(codes_in_rules() - NO_FINDINGS - SAID_BY_A_PAGE))
def test_finding_has_a_wording(code):
    assert code in tables()


@pytest.mark.parametrize(("code", "wording"), sorted(tables().items()))
def test_wording_can_be_translated(code, wording):
    assert isinstance(wording.sentence, Promise)
    assert wording.remedy == "" or isinstance(wording.remedy, Promise)


def weighty_codes() -> set[str]:
    """Find the codes of findings that stop, or that foresee trouble."""
    finding = re.compile(
        r'Finding(?:\.by)?\(\s*[^()"]*?(?:\([^()]*\)[^()"]*?)*"([A-Z0-9_]+)"[^()]*?'
        r"Severity\.(?:BLOCKING|REVIEW|WARNING)",
        re.DOTALL,
    )
    files = (path for app in APPS for path in (ROOT / app / "rules").rglob("*.py"))
    return {found for path in files for found in finding.findall(path.read_text())}


@pytest.mark.parametrize("code", sorted(weighty_codes()))
def test_finding_that_weighs_says_what_to_do(code):
    assert str(tables()[code].remedy)


def rows() -> list[ParameterRow]:
    return [row for entry in rule_book().entries for row in entry.rows]


def test_every_value_has_a_source_and_a_kind():
    assert [row for row in rows() if not row.citation.strip()] == []
    assert {row.source_kind for row in rows()} <= {"seed", "law", "practice"}


def sheet_rules() -> list[str]:
    """Return the ids that the rule book holds: what the code says it applies."""
    return [entry.id for entry in rule_book().entries]


@pytest.fixture(scope="module")
def all_tests() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("rule", sheet_rules())
def test_rule_has_a_test_that_names_it(rule, all_tests):
    family, _, number = rule.partition("-")
    named = rf"(?<![a-z]){family}[-_]?{number}(?!\d)"
    assert re.search(named, all_tests, re.IGNORECASE)


@pytest.mark.parametrize(
    "entry", [e for e in rule_book().entries if e.statements], ids=lambda e: e.id
)
def test_rule_function_names_source_and_boundaries(entry):
    for statement in entry.statements:
        assert statement.source, statement.function
        assert statement.boundaries, statement.function
