"""The mailbox of mail that came back, read over IMAP."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.conf import settings

TIMEOUT = 20  # seconds


def unseen_mails() -> Iterator[bytes]:
    """Yield the unseen mails of settings.BOUNCES_IMAP_URL; each is marked seen after its turn.

    The address is imaps://user:password@host/folder; imap:// without encryption is for localhost.
    Raises ValueError without an address, OSError or imaplib's error where the server fails.
    """
    address = urlsplit(settings.BOUNCES_IMAP_URL)
    if not address.hostname:
        raise ValueError("GUICHET_BOUNCES_IMAP_URL is not set")
    kind = imaplib.IMAP4_SSL if address.scheme == "imaps" else imaplib.IMAP4
    port = address.port or (993 if address.scheme == "imaps" else 143)
    with kind(address.hostname, port, timeout=TIMEOUT) as server:
        server.login(unquote(address.username or ""), unquote(address.password or ""))
        server.select(unquote(address.path.strip("/")) or "INBOX")
        _status, found = server.uid("SEARCH", "UNSEEN")
        for number in found[0].split():
            _status, answer = server.uid("FETCH", number.decode(), "(BODY.PEEK[])")
            for part in answer:
                if isinstance(part, tuple):
                    yield part[1]
            server.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")
