"""What the components are given: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list; without `url` it cannot be opened yet."""

    title: str
    state: str  # neutral, progress, done, attention, problem
    label: str  # the state in words
    url: str = ""
    hint: str = ""
    reference: str = ""  # a number or code, which keeps its direction in Arabic


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of a summary list, and where to change it.

    `change_label` is read out after the word "Change", so that each link says what it changes.
    """

    key: str
    value: str
    change_url: str = ""
    change_label: str = ""
    ltr: bool = False  # numbers and codes keep their direction in Arabic


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in the reader's language.

    `severity` is blocking, review, warning or advice, as in `portal.rules.findings.Severity`.
    """

    severity: str
    sentence: str
    rule_id: str
    citation: str
    remedy: str = ""
    deadline: date | None = None
    link_url: str = ""
    link_label: str = ""
