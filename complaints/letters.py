"""Letters of the house: their texts in German and French, and the paper they become.

A template is a folder of `letter_texts` with one file per language.  Its blocks stand in the
order in which they are printed; an optional one stands there only if it was chosen.  Texts name
facts in braces; which there are, `facts_of` says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.dates import civil_date
from portal.formats import long_date
from portal.missions.models import Mission
from portal.paper.blocks import Paragraph
from portal.paper.letter import WINDOWS
from portal.paper.letter import Letter as Paper
from portal.paper.sheet import Letterhead

from .models import Appeal, Case, Letter
from .rules.admissibility import deficiency_deadline

TEXTS = Path(__file__).parent / "letter_texts"
LANGUAGES = ("de", "fr")
OWN_WORDS = "own_words"
DEFICIENCY = "appeal_deficient"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a letter; `name` is what the handler ticks if it is optional."""

    code: str
    text: str
    optional: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a letter in one language; `answers` says that it ends the case."""

    code: str
    language: str
    name: str
    answers: bool
    categories: tuple[str, ...]
    subject: str
    salutation: str
    closing: str
    blocks: tuple[Block, ...]

    @property
    def optional(self) -> tuple[Block, ...]:
        """The blocks that can be chosen."""
        return tuple(block for block in self.blocks if block.optional)

    def paragraphs(self, chosen: Collection[str], facts: Mapping[str, str]) -> list[str]:
        """Return the text of the letter; paragraphs that turn out empty are left out."""
        texts = [self.salutation]
        texts += [one.text for one in self.blocks if not one.optional or one.code in chosen]
        filled = [text.format_map(facts) for text in texts]
        return [part for text in filled for part in text.split("\n\n") if part.strip()]


@lru_cache
def templates() -> dict[str, dict[str, Template]]:
    """Return all templates by code and language; KeyError for a file that lacks a part."""
    return {
        folder.name: {language: _read(folder, language) for language in LANGUAGES}
        for folder in sorted(TEXTS.iterdir())
        if folder.is_dir()
    }


def template(code: str, language: str) -> Template:
    """Return one template; LookupError if there is none."""
    return templates()[code][language]


def templates_for(case: Case) -> list[Template]:
    """Return what can be written about a case, in its language."""
    return [
        texts[case.language] for texts in templates().values() if _fits(texts[case.language], case)
    ]


def _fits(one: Template, case: Case) -> bool:
    return case.category in one.categories


def facts_of(case: Case, language: str) -> dict[str, str]:
    """Return what a letter about `case` may name; what a case lacks is a dash."""
    facts = dict.fromkeys(("label", "number", "notified", "last_day", "mend_until"), "–")
    with override(language):
        facts |= {
            "name": case.name,
            "reference": case.reference,
            "received": long_date(civil_date(case.received_at)),
        }
        if case.is_appeal:
            appeal = case.appeal
            facts["number"] = str(appeal)
            facts |= {
                name: long_date(day)
                for name, day in (
                    ("notified", appeal.notified_on),
                    ("last_day", appeal.last_day),
                    ("mend_until", mend_until(appeal)),
                )
                if day
            }
        else:
            facts["label"] = case.complaint.label
    return facts


def mend_until(appeal: Appeal) -> date:
    """Return by when an appeal must be mended if a letter asks for it today (RC-01)."""
    mission = appeal.mission
    ruleset = mission.ruleset_for("RC")
    today = civil_date(timezone.now())
    return deficiency_deadline(today, mission.state, appeal.last_day, ruleset=ruleset)


def text_of(letter: Letter) -> list[str]:
    """Return the paragraphs of a letter: as fixed, or as a draft would be fixed now."""
    if letter.text:
        return str(letter.text).split("\n\n")
    facts = facts_of(letter.case, letter.language) | {OWN_WORDS: letter.own_words}
    return template(letter.template, letter.language).paragraphs(letter.blocks, facts)


def pdf_of(letter: Letter, *, today: date) -> bytes:
    """Return the letter as a PDF; a draft is dated `today`.

    Raises portal.paper.letter.AddressTooLongError.
    """
    return paper_of(letter, today=today).pdf()


def paper_of(letter: Letter, *, today: date) -> Paper:
    """Return the letter as content."""
    case, language = letter.case, letter.language
    mission: Mission = case.mission
    texts = template(letter.template, language)
    day = letter.dated or today
    with override(language):
        return Paper(
            language=language,
            title=texts.name,
            day=day,
            letterhead=Letterhead(mission.name, mission.letterhead.get(language, [])),
            address=address_lines(letter.address),
            window=WINDOWS[mission.envelope],
            details=[
                (_("Our reference"), letter.reference),
                (_("Your case"), str(case.appeal) if case.is_appeal else case.reference),
                (_("Date"), long_date(day)),
            ],
            subject=texts.subject.format_map(facts_of(case, language)),
            body=[Paragraph(text) for text in text_of(letter)],
            closing=[texts.closing],
            signed=[mission.name],
            footer=letter.reference,
        )


def address_lines(address: str) -> list[str]:
    """Return the lines of an address as they were typed, without empty ones."""
    return [line.strip() for line in address.splitlines() if line.strip()]


def _read(folder: Path, language: str) -> Template:
    with (folder / f"{language}.toml").open("rb") as file:
        given: dict[str, Any] = tomllib.load(file)
    return Template(
        code=folder.name,
        language=language,
        name=given["name"],
        answers=given["answers"],
        categories=tuple(given["for"]),
        subject=given["subject"],
        salutation=given["salutation"],
        closing=given["closing"],
        blocks=tuple(Block(**block) for block in given["block"]),
    )
