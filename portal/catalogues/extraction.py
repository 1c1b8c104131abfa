"""Read every text that wants translation out of Python files and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOMS = ("portal", "applications", "appointments", "complaints", "templates")
TEMPLATE_ENDINGS = frozenset({".html", ".txt", ".xml"})
KEYWORDS: dict[str, Any] = {"_": None} | {
    name + ending: positions
    for name, positions in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for ending in ("", "_lazy", "_noop")
}
ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")


def extracted(root: Path) -> Catalog:
    """Return the texts of the project in `root`, in the order of files and lines.

    A text's place is its file alone: line numbers would change with every edit.
    """
    catalog = Catalog(charset="utf-8")
    for file in _files(root):
        place = (file.relative_to(root).as_posix(), 1)
        for _line, message, comments, context in _messages(file):
            catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def _files(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if "migrations" not in file.parts and _is_read(file, room):
                yield file


def _is_read(file: Path, room: str) -> bool:
    if not file.is_file():
        return False
    return file.suffix == ".py" if room != "templates" else file.suffix in TEMPLATE_ENDINGS


def _messages(file: Path) -> Iterator[Any]:
    text = file.read_text(encoding="utf-8")
    keywords = KEYWORDS
    if file.suffix == ".py":
        keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(text)}
    else:
        text = _as_python(text, file)
    yield from extract(
        "python",
        BytesIO(text.encode()),
        keywords=keywords,
        comment_tags=["Translators:"],
        options={"encoding": "utf-8"},
        strip_comment_tags=True,
    )


def _as_python(template: str, file: Path) -> str:
    """Turn a template into calls of gettext; indentation would end the tokenizer's patience."""
    lines = templatize(template, origin=str(file)).splitlines()
    return "\n".join(line.strip() for line in lines) + "\n"
