"""What is wrong with a catalogue: gaps, guesses, and placeholders that do not agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from babel.messages.catalog import Catalog, Message

SOURCE_LANGUAGE = "en"  # its msgids are the texts: nothing need be translated

PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa%])")
NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")
OPENED = re.compile(r"%\(\w+\)")
BRACED = re.compile(r"\{(\w+)\}")


def faults(template: Catalog, catalog: Catalog | None, language: str) -> list[str]:
    """Return one line per fault of a language's catalogue against the texts of the code."""
    if catalog is None:
        return ["there is no catalogue"]
    found = []
    for message in template:
        if message.id:
            known = catalog.get(texts(message)[0], message.context)
            found += [f"{what}: {_shown(message)}" for what in _problems(message, known, language)]
    return found


def is_translated(message: Message) -> bool:
    """Tell whether every form of a text is there and none was guessed."""
    return all(translations(message)) and not message.fuzzy


def texts(message: Message) -> tuple[str, ...]:
    """Return the English text, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    """Return the translated text, or all its plural forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def disagreement(originals: Sequence[str], forms: Sequence[str]) -> str:
    """Say which placeholders of `forms` do not agree with those of `originals`, or return "".

    The last form needs them all, and so does each from the fourth on (Arabic for 3 and more);
    the first ones may leave some out, where the word itself says "none", "one" or "two".
    """
    named = any(NAMED.search(text) for text in originals)
    wanted = set().union(*(placeholders(text, named=named) for text in originals))
    for at, form in enumerate(forms):
        present = placeholders(form, named=named)
        if strange := present - wanted:
            return f"unknown placeholder {', '.join(sorted(strange))}"
        lost = placeholders(originals[-1], named=named) - present
        if lost and (at >= 3 or at == len(forms) - 1):
            return f"lost placeholder {', '.join(sorted(lost))}"
    return ""


def placeholders(text: str, *, named: bool = True) -> set[str]:
    """Return what is filled in at run time; where nothing is named, a lone % is only a sign."""
    braced = {match.group(0) for match in BRACED.finditer(text)}
    if not named:
        return braced | {match.group(0) for match in OPENED.finditer(text)}
    filled = {match.group(0) for match in PERCENT.finditer(text) if match.group(2) != "%"}
    # "%(date)" without its s, or a lone %, would fail when the text is filled.
    remainder = PERCENT.sub("", text)
    return braced | filled | ({"%"} if "%" in remainder else set())


def _problems(message: Message, known: Message | None, language: str) -> Iterator[str]:
    if known is None or len(texts(known)) != len(texts(message)):
        yield "not in the catalogue"
        return
    if not any(translations(known)) and language == SOURCE_LANGUAGE:
        return
    if not all(translations(known)):
        yield "missing"
    elif known.fuzzy:
        yield "only guessed"
    elif problem := disagreement(texts(message), translations(known)):
        yield problem


def _shown(message: Message) -> str:
    places = ", ".join(sorted({place for place, _line in message.locations}))
    context = f" [{message.context}]" if message.context else ""
    return f"{texts(message)[0]!r}{context} ({places})"
