"""The .po files: read, brought up to date, written whole, compiled."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

# A date that changed with every extraction would make every branch conflict.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "# Guichet. Written by `manage.py catalogues`; the msgids are the English texts."

# The order of forms that Arabic translators know, which is also that of Django's own catalogue.
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
}


def path_of(folder: Path, language: str) -> Path:
    """Return where a language's catalogue lies."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read(folder: Path, language: str) -> Catalog | None:
    """Return the catalogue of a language, or None where there is none yet."""
    path = path_of(folder, language)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


@contextmanager
def alone(folder: Path, language: str) -> Iterator[None]:
    """Keep others from rewriting a language's catalogue meanwhile."""
    place = path_of(folder, language).parent
    place.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def brought_up_to_date(template: Catalog, old: Catalog | None, language: str) -> Catalog:
    """Return a catalogue with exactly the texts of `template`, and what `old` says of them."""
    catalog = Catalog(
        locale=language,
        project="Guichet",
        version="1",
        msgid_bugs_address="-",
        header_comment=HEADER,
        charset="utf-8",
        creation_date=BEGINNING,
        revision_date=BEGINNING,
        last_translator="Guichet",
        language_team=language,
        fuzzy=False,
    )
    if language in PLURAL_FORMS:
        catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]
    for message in template:
        if message.id:
            known = old.get(_first(message.id), message.context) if old else None
            _add(catalog, message, known)
    return catalog


def write(folder: Path, language: str, catalog: Catalog) -> bool:
    """Write a catalogue; tell whether it differs from the one that was there."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, include_lineno=False, ignore_obsolete=True)
    return _replace(path_of(folder, language), buffer.getvalue())


def compile_one(folder: Path, language: str) -> bool:
    """Write the .mo of a language, unless it is newer than its .po; tell whether it was."""
    source = path_of(folder, language)
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return False
    catalog = read(folder, language)
    assert catalog is not None
    buffer = BytesIO()
    write_mo(buffer, catalog)
    _replace(target, buffer.getvalue(), always=True)
    return True


def _first(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _add(catalog: Catalog, message: Message, known: Message | None) -> None:
    same = known is not None and _same_text(known, message)
    catalog.add(
        message.id,
        known.string if known is not None and same else _empty(catalog, message),
        locations=message.locations,
        flags={"fuzzy"} if known is not None and same and known.fuzzy else set(),
        auto_comments=message.auto_comments,
        user_comments=known.user_comments if known is not None else (),
        context=message.context,
    )


def _same_text(known: Message, message: Message) -> bool:
    if isinstance(message.id, str):
        return isinstance(known.id, str)
    return not isinstance(known.id, str) and tuple(known.id) == tuple(message.id)


def _empty(catalog: Catalog, message: Message) -> str | tuple[str, ...]:
    return ("",) * catalog.num_plurals if message.pluralizable else ""


def _replace(path: Path, content: bytes, *, always: bool = False) -> bool:
    """Put a whole file in place at once: other processes may be reading the old one."""
    if not always and path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
    return True
