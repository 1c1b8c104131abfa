"""Files of rule cases: read them, evaluate them, tell what differs.

A file is ``{"cases": [{"module", "id", "inputs", "expected", "ruleset"}, …]}``.  Each module has
an adapter, ``evaluate(inputs, ruleset) -> dict``, that turns the plain inputs into facts and
the verdict into the words of the file.  Only the keys that `expected` names are compared; an
expected null is met by None and by an absent key alike; a list is compared without regard to
order, because no rule answers an ordered one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.dates import ALGIERS

from .findings import Severity, Verdict, plain
from .parameters import Ruleset

Adapter = Callable[[Mapping[str, Any], Ruleset], Mapping[str, Any]]

# The domain sheet calls today's law "modern" in one place and "current" in all others.
_RULESETS = {"seed": Ruleset.SEED, "current": Ruleset.CURRENT, "modern": Ruleset.CURRENT}


class CaseFileError(ValueError):
    """A file of cases that cannot be read; the message is a sentence for a person."""


class NotADateError(ValueError):
    """An input that should be a calendar date and is none; the message names the field."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the answer that must come out."""

    module: str
    id: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class Difference:
    """One expected value that did not come out."""

    case_id: str
    key: str
    expected: Any
    got: Any


@dataclass(slots=True)
class ModuleReport:
    """How many cases of one module hold, and what differs; `missing` if nothing evaluates it."""

    module: str
    total: int = 0
    held: int = 0
    missing: bool = False
    differences: list[Difference] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every case of the module holds."""
        return not self.missing and self.held == self.total


# --- reading ----------------------------------------------------------------------------------


def load_cases(path: Path) -> list[Case]:
    """Read a file of cases; raises CaseFileError with a clear sentence."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CaseFileError(f"{path} is not well-formed JSON in UTF-8: {error}.") from error
    entries = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(entries, list) or not entries:
        raise CaseFileError(f"{path} holds no list of cases under the key “cases”.")
    return [_case(entry, number) for number, entry in enumerate(entries, 1)]


def _case(entry: Any, number: int) -> Case:
    if not isinstance(entry, dict):
        raise CaseFileError(f"Case number {number} is not an object.")
    label = f"Case number {number} ({entry.get('id', 'without id')})"
    for key, kind in (("module", str), ("id", str), ("inputs", dict), ("expected", dict)):
        if not isinstance(entry.get(key), kind):
            raise CaseFileError(f"{label} lacks a well-formed “{key}”.")
    ruleset = _RULESETS.get(str(entry.get("ruleset", "seed")))
    if ruleset is None:
        raise CaseFileError(f"{label} names the unknown ruleset “{entry['ruleset']}”.")
    return Case(entry["module"], entry["id"], entry["inputs"], entry["expected"], ruleset)


# --- evaluating -------------------------------------------------------------------------------


def check_cases(cases: Iterable[Case], adapters: Mapping[str, Adapter]) -> list[ModuleReport]:
    """Evaluate `cases` and report per module, in the order in which the modules appear."""
    by_module: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_module[case.module].append(case)
    return [_report(module, found, adapters.get(module)) for module, found in by_module.items()]


def _report(module: str, cases: list[Case], adapter: Adapter | None) -> ModuleReport:
    report = ModuleReport(module, total=len(cases), missing=adapter is None)
    for case in cases if adapter else ():
        differences = differences_of(case, adapter)
        report.differences += differences
        report.held += not differences
    return report


def differences_of(case: Case, adapter: Adapter | None) -> list[Difference]:
    """Return what `adapter` answers differently from what `case` expects."""
    if adapter is None:
        return [Difference(case.id, "(module)", case.module, "no adapter")]
    try:
        got = adapter(case.inputs, case.ruleset)
    except Exception as error:  # a case that breaks a rule is a result, not the end of the run
        return [Difference(case.id, "(inputs)", "an answer", f"{type(error).__name__}: {error}")]
    return [
        Difference(case.id, key, expected, plain(got.get(key)))
        for key, expected in case.expected.items()
        if not _same(expected, plain(got.get(key)))
    ]


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, list) and isinstance(got, list):
        return sorted(map(repr, expected)) == sorted(map(repr, got))
    return bool(expected == got)


# --- what adapters share ----------------------------------------------------------------------


def answer(verdict: Verdict) -> dict[str, Any]:
    """Return the named results of `verdict`, with the code of its input error if it has one."""
    errors = verdict.codes(Severity.BLOCKING) if verdict.outcome == "invalid_input" else []
    return {"error": next(iter(errors), None), **verdict.results}


def day(inputs: Mapping[str, Any], key: str) -> date:
    """Return the ISO date under `key`; raises NotADateError that names the field."""
    found = optional_day(inputs, key)
    if found is None:
        raise NotADateError(f"“{key}” is missing")
    return found


def optional_day(inputs: Mapping[str, Any], key: str) -> date | None:
    """Return the ISO date under `key`, or None where it is absent or null."""
    return None if inputs.get(key) is None else _iso(inputs[key], key)


def days(inputs: Mapping[str, Any], key: str) -> tuple[date, ...]:
    """Return the ISO dates listed under `key`, none where it is absent."""
    return tuple(_iso(text, key) for text in listed(inputs, key))


def listed(inputs: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    """Return what is listed under `key`: none where absent or null, one where it stands alone."""
    found = inputs.get(key) or ()
    return (found,) if isinstance(found, str) else tuple(found)


def moment(text: str) -> datetime:
    """Return the instant that ISO `text` names; without an offset it is Algiers time (CV-02)."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=ALGIERS)


def _iso(text: Any, key: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise NotADateError(f"“{key}” holds {text!r}, which is not a date") from error
