"""A mail from outside, taken apart without believing it.

Whatever bytes come, `read` returns something that can be kept: broken trees, unknown charsets and
thirty attachments are noted, and nothing raises.  Who sent a mail is never known from it: `sender`
is what it claims.  Notes are codes; `wording.MAIL_NOTES` has their sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import errors as defects
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage, Message
from email.utils import getaddresses
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_BYTES = 30_000_000  # of a mail; of a longer one the beginning is kept
BEGINNING = 200_000
MOST_PARTS = 300
MOST_FILES = 20
MOST_TEXT = 100_000  # signs
SMALL_PICTURE = 20_000  # bytes; a logo below a signature, which the text shows

_BROKEN = (
    defects.NoBoundaryInMultipartDefect,
    defects.StartBoundaryNotFoundDefect,
    defects.CloseBoundaryNotFoundDefect,
    defects.MultipartInvariantViolationDefect,
    defects.InvalidMultipartContentTransferEncodingDefect,
    defects.FirstHeaderLineIsContinuationDefect,
    defects.MissingHeaderBodySeparatorDefect,
)
_AUTOMATIC = ("bulk", "junk", "list", "auto_reply")
_NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailedFile:
    """An attachment: its name as it was sent, and its content."""

    name: str
    content: bytes


@dataclass(slots=True, kw_only=True)
class ReadMail:
    """What a mail holds; `digest` and `message_id` tell it from every other.

    `answer_to` is the address that may get one automatic answer, "" for nobody: neither a forged
    sender nor a machine nor a mailing list hears from us.
    """

    digest: str
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    files: list[MailedFile] = field(default_factory=list)
    attachments: int = 0
    notes: list[str] = field(default_factory=list)
    is_broken: bool = False
    is_doubted: bool = False
    answer_to: str = ""

    def note(self, code: str) -> None:
        """Add a code once."""
        if code not in self.notes:
            self.notes.append(code)


def read(raw: bytes, *, is_cut: bool = False) -> ReadMail:
    """Take a mail apart; `is_cut` says that only its beginning was fetched."""
    found = ReadMail(digest=sha256(raw).hexdigest())
    if is_cut:
        found.note("too_big")
        found.is_broken = True
    try:
        mail = cast(EmailMessage, message_from_bytes(raw, policy=policy.compat32))
        _read_head(mail, found)
        _read_parts(mail, found)
    except Exception as error:  # a parser before strangers' bytes: whatever it trips over
        found.note(f"unreadable:{type(error).__name__}"[:60])
        found.is_broken = True
    if found.is_broken:
        found.text = raw[:BEGINNING].decode("utf-8", "replace").replace("\0", "")
        found.answer_to = ""
    found.text = found.text[:MOST_TEXT]
    return found


# --- head ---------------------------------------------------------------------------------------


def _read_head(mail: Message, found: ReadMail) -> None:
    found.message_id = _plain(mail.get("Message-ID"))[:300]
    found.subject = _decoded(mail.get("Subject"))[:500]
    senders = [
        (name, address)
        for name, address in getaddresses([_decoded(one) for one in mail.get_all("From", [])])
        if address
    ]
    found.sender = "; ".join(f"{name} <{address}>".strip() for name, address in senders)[:500]
    if len(senders) != 1 or not _is_address(senders[0][1]):
        found.note("no_sender")
        found.is_doubted = True
    if _is_forged(mail):
        found.note("forged")
        found.is_doubted = True
    if _is_automatic(mail):
        found.note("automatic")
        found.is_doubted = True
    if not found.is_doubted and not _NOBODY.match(senders[0][1]):
        found.answer_to = senders[0][1]


def _is_forged(mail: Message) -> bool:
    """Read what our own mail server found: the topmost header; those below anybody can write."""
    told = _plain((mail.get_all("Authentication-Results") or [""])[0]).lower()
    return "dmarc=fail" in told or ("spf=fail" in told and "dkim=pass" not in told)


def _is_automatic(mail: Message) -> bool:
    submitted = _plain(mail.get("Auto-Submitted")).lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or _plain(mail.get("Precedence")).strip().lower() in _AUTOMATIC
        or any(name in mail for name in ("List-Id", "List-Unsubscribe", "X-Autoreply"))
        or _plain(mail.get("Return-Path")).strip() == "<>"
        or mail.get_content_type() == "multipart/report"
    )


# --- parts ----------------------------------------------------------------------------------------


def _read_parts(mail: Message, found: ReadMail) -> None:
    texts: list[str] = []
    pages: list[str] = []
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            found.note("too_many_parts")
            break
        if any(isinstance(defect, _BROKEN) for defect in part.defects):
            found.note("broken_tree")
            found.is_broken = True
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not _is_attached(part):
            texts.append(_text(part, found))
        elif kind == "text/html" and not _is_attached(part):
            pages.append(_text(part, found))
        else:
            _take_file(part, found)
    if not any(text.strip() for text in texts) and pages:
        found.note("only_html")
        texts = [_without_tags(page) for page in pages]
    found.text = "\n".join(texts).replace("\r\n", "\n").replace("\0", "").strip()


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _take_file(part: Message, found: ReadMail) -> None:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    picture = part.get_content_maintype() == "image" and "Content-ID" in part
    if not content or (picture and len(content) < SMALL_PICTURE):
        return
    found.attachments += 1
    if len(found.files) >= MOST_FILES:
        found.note("too_many_files")
        return
    found.files.append(MailedFile(_decoded(part.get_filename())[:200], content))


def _text(part: Message, found: ReadMail) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_content_charset() or "utf-8")
    for name in (charset, "utf-8"):
        try:
            text = content.decode(name)
            text.encode()  # some charsets know halves of signs, which nothing can store
        except (LookupError, UnicodeError):
            found.note("charset")
        else:
            return text
    return content.decode("latin-1")


class _Words(HTMLParser):
    """Keeps the text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.hidden += tag in ("style", "script", "head")
        if tag in ("p", "br", "div", "li", "tr"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "head") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def _without_tags(page: str) -> str:
    words = _Words()
    words.feed(page)
    lines = (" ".join(line.split()) for line in "".join(words.words).splitlines())
    return "\n".join(line for line in lines if line)


# --- headers --------------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r", "").replace("\n", " ")


def _decoded(value: Any) -> str:
    """Return a header in words; encoded words that are broken stay as they were sent."""
    parts: Iterator[tuple[Any, str | None]] = iter(decode_header(_plain(value)))
    text = ""
    for content, charset in parts:
        if isinstance(content, str):
            text += content
            continue
        try:
            text += content.decode(charset or "utf-8", "replace")
        except LookupError:
            text += content.decode("latin-1")
    return "".join(sign for sign in text if sign.isprintable()).strip()


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
