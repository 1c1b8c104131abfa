"""Does a complaint read like an appeal? CP-04.

Whoever contests a refusal through the complaint form loses the time of their remedy.  So a text
with marks of an appeal stops before it is sent, and its writer chooses.  The marks are dated data;
they warn, and decide nothing.  The reference date is the day of writing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.rules.findings import Finding, Severity, Verdict
from portal.rules.parameters import Law, ParameterRow, Ruleset

from .law import LAW
from .own_words import sentences, unquoted

LANGUAGES = ("fr", "de", "en", "ar")  # whatever is accepted: who writes otherwise is warned too


def triage_verdict(text: str, reference: date, ruleset: Ruleset = Ruleset.SEED) -> Verdict:
    """Look for the marks that hold on the day of writing."""
    return check_triage(text, LAW.on(reference, ruleset))


def check_triage(text: str, law: Law) -> Verdict:
    """Stop a text that reads like an appeal, split one that is both, let a complaint go on.

    Outcomes: complaint, appeal, both.  Results: ``appeal_parts`` and ``complaint_parts`` (the
    sentences, as they stand in the text), ``marks`` (what was found, in plain letters).
    Quotations do not count, nor does a mark that is negated.

    Rule: CP-04
    Source: 001 (no appeal through the complaint form, in particular no « recours gracieux »)
    Boundaries: “je conteste le refus”: appeal; “rude at the desk”: complaint; both: two parts; “I
    do not contest the refusal, the guard was rude”: complaint; “my visa was refused and nobody
    told me”: complaint, with a word on appeals.
    """
    signs = _signs(law)
    appeals: list[str] = []
    complaints: list[str] = []
    marks: list[str] = []
    mentioned = False
    for sentence in sentences(unquoted(text)):
        found, decision, plain = _read(sentence, signs)
        marks += found
        mentioned = mentioned or decision
        if found:
            appeals.append(sentence)
        if plain:
            complaints.append(sentence)
    row = law.need("CP-04", "contests_no_decision")
    outcome = "complaint"
    if appeals:
        outcome = "both" if complaints else "appeal"
    return Verdict(
        outcome=outcome,
        findings=tuple(_findings(outcome, mentioned, row)),
        reference_date=law.reference_date,
        ruleset=law.ruleset,
        results={
            "appeal_parts": tuple(appeals),
            "complaint_parts": tuple(complaints),
            "marks": tuple(dict.fromkeys(marks)),
        },
        used=law.used,
    )


def _findings(outcome: str, mentioned: bool, row: ParameterRow) -> Iterator[Finding]:
    if outcome == "appeal":
        yield Finding.by(row, "READS_LIKE_APPEAL", Severity.WARNING)
    elif outcome == "both":
        yield Finding.by(row, "COMPLAINT_AND_APPEAL", Severity.WARNING)
    elif mentioned:
        yield Finding.by(row, "DECISION_MENTIONED", Severity.ADVICE)


# --- reading a sentence -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Signs:
    """The marks of one language; phrases are patterns over plain words."""

    remedy: re.Pattern[str]
    contest: re.Pattern[str]
    decision: re.Pattern[str]
    complaint: re.Pattern[str]
    joins: re.Pattern[str]
    negations: frozenset[str]
    before: int  # words
    after: int


def _read(sentence: str, signs: Sequence[_Signs]) -> tuple[list[str], bool, bool]:
    """Return the marks of an appeal in a sentence, and whether it names a decision or a trouble."""
    marks: list[str] = []
    decision = trouble = False
    text = _plain(sentence)
    for language in signs:
        for clause in _clauses(text, language):
            decided = language.decision.search(clause) is not None
            decision = decision or decided
            marked = [*_standing(language.remedy, clause, language)]
            if decided:
                marked += _standing(language.contest, clause, language)
            marks += marked
            trouble = trouble or (not marked and language.complaint.search(clause) is not None)
    return marks, decision, trouble


def _clauses(text: str, language: _Signs) -> Iterator[str]:
    """Cut at commas and at words that begin a new clause: no negation reaches across."""
    for part in re.split(r"[,;:.!?()،؛؟\n]+", text):
        for clause in language.joins.split(part):
            if clause.strip():
                yield f" {' '.join(clause.split())} "


def _standing(marks: re.Pattern[str], clause: str, language: _Signs) -> Iterator[str]:
    """Yield the marks in a clause that are not negated."""
    for found in marks.finditer(clause):
        before = clause[: found.start()].split()[-language.before :]
        after = clause[found.end() :].split()[: language.after]
        if language.negations.isdisjoint(before + after):
            yield found.group().strip()


# --- the marks as patterns --------------------------------------------------------------------


def _signs(law: Law) -> tuple[_Signs, ...]:
    """Gather the marks; a negation of any language counts, for mixed texts and shared stems."""
    negations = frozenset(
        _plain(word) for language in LANGUAGES for word in law.value("CP-04", "negations", language)
    )
    return tuple(_signs_of(law, language, negations) for language in LANGUAGES)


def _signs_of(law: Law, language: str, negations: frozenset[str]) -> _Signs:
    def pattern(name: str) -> re.Pattern[str]:
        return _pattern(tuple(law.value("CP-04", name, language)))

    return _Signs(
        remedy=pattern("remedy_words"),
        contest=pattern("contest_words"),
        decision=pattern("decision_words"),
        complaint=pattern("complaint_words"),
        joins=pattern("joins"),
        negations=negations,
        before=law.value("CP-04", "negation_before", language),
        after=law.value("CP-04", "negation_after", language),
    )


@lru_cache(maxsize=128)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of `phrases` as whole words; a star stands for any ending."""
    forms = {form for phrase in phrases for form in _spellings(phrase)}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(r"(?<=\s)(?:" + "|".join(map(_as_pattern, longest_first)) + r")(?=\s|$)")


def _as_pattern(form: str) -> str:
    return re.escape(form).replace(r"\*", r"\w*")


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _spellings(phrase: str) -> set[str]:
    """Return a phrase in plain letters; of a German one also with ae, oe and ue."""
    return {_plain(phrase), _plain(phrase.translate(_UMLAUTS))}


_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ـ": "", "ß": "ss"})
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670]")


def _plain(text: str) -> str:
    """Return `text` in small letters without accents, an elided article as a word of its own."""
    folded = text.translate(_ALEF).casefold()
    decomposed = _MARKS.sub("", unicodedata.normalize("NFKD", folded))
    return _APOSTROPHES.sub(" ", decomposed)
