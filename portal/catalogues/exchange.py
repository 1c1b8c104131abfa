"""Hand texts to translators as JSON, and take them back.

A text is `{"English": "translation"}`. One with plural forms is
`{"one": {"plural": "many", "numbers": ["for 0", …], "forms": ["", …]}}`, where `numbers` shows
what each form is used for. A context stands before its text, parted by U+0004, as in .mo files.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import c2py  # undocumented, and stable since Python 2
from typing import Any

from babel.messages.catalog import Catalog, Message

from .faults import disagreement, is_translated, texts, translations

CONTEXT_END = "\x04"
NUMBERS = 200  # enough to meet every plural form of the languages that have six


def exported(
    catalog: Catalog, *, missing: bool, part: int = 1, parts: int = 1
) -> dict[str, str | dict[str, Any]]:
    """Return the texts of a catalogue, or only those without translation.

    `part` of `parts` takes a share of them, so that several people can work at once.
    """
    wanted = [one for one in catalog if one.id and not (missing and is_translated(one))]
    share = range((part - 1) * len(wanted) // parts, part * len(wanted) // parts)
    return {_key(wanted[at]): _entry(wanted[at], catalog) for at in share}


def take(catalog: Catalog, entries: Mapping[str, Any]) -> list[str]:
    """Put translations into a catalogue; return what was refused, and why.

    Empty translations are passed over. What was refused leaves the catalogue as it was.
    """
    refused = []
    for key, entry in entries.items():
        context, _, text = key.rpartition(CONTEXT_END)
        message = catalog.get(text, context or None)
        problem = "there is no such text" if message is None else _take(message, entry)
        if problem:
            refused.append(f"{problem}: {key!r}")
    return refused


def _take(message: Message, entry: Any) -> str:
    forms = entry.get("forms") if isinstance(entry, dict) else [entry]
    if not isinstance(forms, list) or not all(isinstance(form, str) for form in forms):
        return "a translation is a text, or an object with a list of forms"
    if len(forms) != len(translations(message)) or message.pluralizable != isinstance(entry, dict):
        return f"{len(translations(message))} form(s) wanted"
    if not any(forms):
        return ""
    problem = "a form is empty" if not all(forms) else disagreement(texts(message), forms)
    if not problem:
        message.string = tuple(forms) if message.pluralizable else forms[0]
        message.flags.discard("fuzzy")
    return problem


def _key(message: Message) -> str:
    text = texts(message)[0]
    return f"{message.context}{CONTEXT_END}{text}" if message.context else text


def _entry(message: Message, catalog: Catalog) -> str | dict[str, Any]:
    if not message.pluralizable:
        return translations(message)[0]
    return {
        "plural": texts(message)[1],
        "numbers": _numbers(catalog),
        "forms": list(translations(message)),
    }


def _numbers(catalog: Catalog) -> list[str]:
    form_of = c2py(catalog.plural_expr)
    samples: list[list[str]] = [[] for _ in range(catalog.num_plurals)]
    for number in range(NUMBERS):
        samples[form_of(number)].append(str(number))
    return [f"for {', '.join(some[:4])}{', …' if len(some) > 4 else ''}" for some in samples]
