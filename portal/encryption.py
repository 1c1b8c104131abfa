"""Personal data at rest: encrypted columns, and keyed hashes that make them findable.

Keys come from `settings.FIELD_KEYS`, newest first: writing uses the first, reading tries all,
so a key is changed by putting a new one in front and re-saving the rows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class DecryptionError(Exception):
    """A stored value that none of the configured keys opens."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(plain: str) -> bytes:
    """Seal `plain` with the newest key."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(plain.encode())


def decrypt(sealed: bytes) -> str:
    """Open what `encrypt` sealed; raises DecryptionError, never returns sealed text."""
    try:
        return _fernet(tuple(settings.FIELD_KEYS)).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise DecryptionError("no configured key opens this value") from error


def lookup_key(purpose: str, *parts: str) -> bytes:
    """Hash `parts` with the lookup key (32 bytes); equal parts give equal hashes per purpose.

    Parts are compared without case, accents, spaces or punctuation, as people type them.
    """
    message = "\x1f".join([purpose, *(_comparable(part) for part in parts)])
    return hmac.digest(settings.LOOKUP_KEY.encode(), message.encode(), hashlib.sha256)


def _comparable(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, decomposed))


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # not subscriptable when run
    """Text that rests encrypted; the empty text is stored as nothing.

    It cannot be searched: keep a `lookup_key` column beside it.
    """

    empty: str | None = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", bytes)
        super().__init__(*args, **kwargs)

    def get_default(self) -> Any:
        return self.empty

    def to_python(self, value: Any) -> Any:
        return self.opened(bytes(value)) if isinstance(value, (bytes, memoryview)) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.opened(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or isinstance(value, (bytes, memoryview)):
            return super().get_db_prep_value(value, connection, prepared)
        return super().get_db_prep_value(self.sealed(value), connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def sealed(self, value: Any) -> bytes:
        """Return what goes into the column."""
        return encrypt(value) if value != self.empty else b""

    def opened(self, value: bytes) -> Any:
        """Return what comes out of the column."""
        return decrypt(bytes(value)) if value else self.empty


class EncryptedDateField(EncryptedTextField):
    """A date that rests encrypted; None is stored as nothing."""

    empty = None

    def sealed(self, value: date | None) -> bytes:
        return encrypt(value.isoformat()) if value else b""

    def opened(self, value: bytes) -> date | None:
        return date.fromisoformat(decrypt(bytes(value))) if value else None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = b"" if value is None else value
        return super().get_db_prep_value(sealed, connection, prepared)


class EncryptedJSONField(EncryptedTextField):
    """A JSON object that rests encrypted."""

    def get_default(self) -> dict[str, Any]:
        return {}

    def sealed(self, value: Any) -> bytes:
        return encrypt(json.dumps(value, ensure_ascii=False))

    def opened(self, value: bytes) -> Any:
        return json.loads(decrypt(bytes(value))) if value else {}
