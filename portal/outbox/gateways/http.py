"""A provider over HTTP: one JSON POST for each text, with a bearer key.

    POST path            {"to": "+213551234567", "from": "Guichet", "text": "…"}
    Authorization: Bearer …        Idempotency-Key: the message's key
    2xx                  {"id": "…"}

An answer in the two-hundreds without an `id` is not believed: a proxy's page would look the same.
Asking again is safe, because the provider drops a key it knows.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import unquote, urlsplit

from django.conf import settings

from portal.outbox.failures import GatewayFailed

from . import Text

MOST_BYTES = 65_536  # of an answer that is read
# Not the fault of the number or the text: a key or an account that somebody will mend, a provider
# that is busy, or one that still works on an earlier try.
TEMPORARY = frozenset({401, 402, 403, 407, 408, 409, 423, 425, 429})
OF_ONE_TEXT = frozenset({408, 409, 423, 425})  # says nothing about the next one


class HttpGateway:
    """Sends to settings.SMS_URL; the bearer key is the password in that address."""

    def __init__(self) -> None:
        self._address = urlsplit(settings.SMS_URL)

    def send(self, text: Text) -> str:
        """Hand a text over and return the provider's number for it; raises GatewayFailed."""
        connection = self._connection()
        try:
            connection.request("POST", self._path(), self._content(text), self._headers(text))
            answer = connection.getresponse()
            content = answer.read(MOST_BYTES)
        except (OSError, HTTPException) as error:
            raise GatewayFailed(type(error).__name__, is_away=True) from error
        finally:
            connection.close()
        return _number(answer, content)

    def _connection(self) -> HTTPConnection:
        # No redirect is followed: the key is for this host alone.
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        return kind(self._address.hostname or "", self._address.port, timeout=settings.SMS_TIMEOUT)

    def _path(self) -> str:
        query = f"?{self._address.query}" if self._address.query else ""
        return (self._address.path or "/") + query

    def _content(self, text: Text) -> bytes:
        told = {"to": text.number, "from": settings.SMS_FROM, "text": text.body}
        return json.dumps(told, ensure_ascii=False).encode()

    def _headers(self, text: Text) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {unquote(self._address.password or '')}",
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Idempotency-Key": text.key,
        }


def _number(answer: HTTPResponse, content: bytes) -> str:
    status = answer.status
    if 400 <= status < 500 and status not in TEMPORARY:
        raise GatewayFailed(str(status), is_permanent=True)
    if not 200 <= status < 300:
        pause = _pause(answer.headers.get("Retry-After", ""))
        raise GatewayFailed(str(status), pause=pause, is_away=status not in OF_ONE_TEXT)
    try:
        number = json.loads(content)["id"]
    except (ValueError, TypeError, KeyError) as error:
        raise GatewayFailed("without a number") from error
    return str(number)[:100]


def _pause(told: str) -> timedelta | None:
    """Read Retry-After: seconds, or a moment."""
    if told.strip().isdecimal():
        return timedelta(seconds=min(int(told), 10**6))
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - datetime.now(UTC), timedelta())
