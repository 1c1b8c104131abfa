"""What a complaint may be about, and how it is called: CP-01; for whom: CP-03.

The reference date is the day of writing: it names the provider too, whom the caller looks up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, Ruleset

from .law import LAW


class Subject(StrEnum):
    """The three subjects, and no other (CP-01)."""

    STAFF = "staff"
    PROVIDER = "provider"
    PROCEDURE = "procedure"


def subject_label(subject: Subject, language: str, provider: str, day: date) -> str:
    """Return the exact label of `subject` in French or German, as it holds on `day`.

    `language` is "fr" or "de"; `provider` is the name on that day, "" if nobody is known: the
    label then ends before it.  A stored complaint keeps the label of its own day.

    Rule: CP-01
    Source: 001; sister missions Rabat and Erbil for the German labels
    Boundaries: provider, Acme, French: “… du prestataire de services externe Acme”;
    the provider renamed: the label of the new day follows; no provider known: no name.
    """
    label: str = LAW.on(day).value("CP-01", "label", f"{subject.value}/{language}")
    return label.replace("{provider}", provider).strip()


def recipient_label(day: date) -> str:
    """Return how the form calls its recipient, in German (CP-01)."""
    label: str = LAW.on(day).value("CP-01", "recipient")
    return label


def subjects_verdict(chosen: Iterable[str], reference: date, *, long_stay: bool = False) -> Verdict:
    """Judge the chosen subjects by the law of the day of writing."""
    return check_subjects(chosen, LAW.on(reference), long_stay=long_stay)


def check_subjects(chosen: Iterable[str], law: Law, *, long_stay: bool = False) -> Verdict:
    """Take one of three subjects; make two complaints of two; know no free one.

    Outcomes: accepted, split, refused, other_channel.  Results: ``subjects`` (in the order of the
    form).  The channel takes complaints about Schengen visas alone; no file number is needed.

    Rule: CP-01, CP-03
    Source: 001 (three subjects; Schengen visa applicants)
    Boundaries: one of three: accepted; free text: refused; two at once: two complaints; a long
    stay: another channel.
    """
    given = set(chosen)
    row = law.need("CP-01", "recipient")
    found = tuple(subject for subject in Subject if subject in given)
    if long_stay:
        scope = law.need("CP-03", "for_visas")
        finding = Finding.by(scope, "LONG_STAY_ELSEWHERE", Severity.BLOCKING)
        return _answer("other_channel", (finding,), found, law)
    if not found or given - set(Subject):
        finding = Finding.by(row, "SUBJECT_UNKNOWN", Severity.BLOCKING)
        return _answer("refused", (finding,), found, law)
    if len(found) > 1:
        finding = Finding.by(row, "ONE_SUBJECT_EACH", Severity.ADVICE, count=len(found))
        return _answer("split", (finding,), found, law)
    return _answer("accepted", (), found, law)


def _answer(
    outcome: str, findings: tuple[Finding, ...], subjects: tuple[Subject, ...], law: Law
) -> Verdict:
    return Verdict(
        outcome=outcome,
        findings=findings,
        reference_date=law.reference_date,
        ruleset=Ruleset.SEED,
        results={"subjects": subjects},
        used=law.used,
    )
