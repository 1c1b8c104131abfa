"""The outgoing mail of a development machine, readable in the browser.

It shows every message to everyone, so it answers only where settings.MAIL_DIR keeps mail back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import cast

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

SEPARATOR = b"-" * 79 + b"\n"  # what Django's file backend writes after each message
NEWEST = 200  # messages on the list
CODE = re.compile(r"^\W*(\d{6})\W*$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One message in one file of the mail folder."""

    file: str
    number: int
    raw: bytes
    kept_at: datetime

    @cached_property
    def parsed(self) -> EmailMessage:
        """The message as the standard library reads it."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        """The subject line."""
        return str(self.parsed["Subject"] or "")

    @property
    def recipient(self) -> str:
        """Whom it is for."""
        return str(self.parsed["To"] or "")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header, as it would be sent."""
        return [(name, str(value)) for name, value in self.parsed.items()]

    @cached_property
    def text(self) -> str:
        """The body as plain text."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The body as a page, or ""."""
        return self._body("html")

    @property
    def code(self) -> str:
        """The sign-in code that stands on a line of its own, or ""."""
        found = CODE.search(self.text)
        return found.group(1) if found else ""

    @cached_property
    def attachments(self) -> list[EmailMessage]:
        """The files that came along."""
        return cast("list[EmailMessage]", list(self.parsed.iter_attachments()))

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and type of each file; templates cannot ask an EmailMessage, which has any key."""
        return [(part.get_filename() or "", part.get_content_type()) for part in self.attachments]

    def _body(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        return str(part.get_content()) if part else ""


def _mails() -> Iterator[Mail]:
    """Yield what lies in the mail folder, newest first."""
    files = [(file.stat().st_mtime_ns, file) for file in Path(settings.MAIL_DIR).glob("*.log")]
    for _written, file in sorted(files, reverse=True):
        yield from reversed(_kept_in(file))


def _kept_in(file: Path) -> list[Mail]:
    """Return the messages of one file, in the order of writing."""
    kept_at = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    pieces = file.read_bytes().split(SEPARATOR)[:-1]
    return [Mail(file.stem, at, raw.strip(b"\n"), kept_at) for at, raw in enumerate(pieces)]


def _mail(file: str, number: int) -> Mail:
    """Return one message; `file` is a slug, so it leads nowhere but into the folder."""
    path = Path(settings.MAIL_DIR) / f"{file}.log"
    mails = _kept_in(path) if path.is_file() else []
    if number >= len(mails):
        raise Http404
    return mails[number]


def _require_mail_folder() -> None:
    if not settings.MAIL_DIR:
        raise Http404


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the newest messages, with the code of those that bring one."""
    _require_mail_folder()
    mails = [mail for _, mail in zip(range(NEWEST), _mails(), strict=False)]
    return render(request, "dev/mail.html", {"mails": mails})


@require_safe
def message(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show one message with its headers and files."""
    _require_mail_folder()
    return render(request, "dev/mail_message.html", {"mail": _mail(file, number)})


@require_safe
@csp_replace({"style-src": ["'unsafe-inline'"], "sandbox": True})  # type: ignore[arg-type]
def page(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show the HTML body as a mail program would, without any right to do something."""
    _require_mail_folder()
    html = _mail(file, number).html
    if not html:
        raise Http404
    return HttpResponse(html)


@require_safe
def attachment(request: HttpRequest, file: str, number: int, index: int) -> HttpResponse:
    """Download one file of a message."""
    _require_mail_folder()
    attachments = _mail(file, number).attachments
    if index >= len(attachments):
        raise Http404
    part = attachments[index]
    content = cast(bytes, part.get_payload(decode=True))
    response = HttpResponse(content, content_type=str(part["Content-Type"]))
    response["Content-Disposition"] = str(part["Content-Disposition"])
    return response


urlpatterns = [
    path("", listing, name="devmail"),
    path("<slug:file>/<int:number>/", message, name="devmail_message"),
    path("<slug:file>/<int:number>/page/", page, name="devmail_page"),
    path("<slug:file>/<int:number>/<int:index>/", attachment, name="devmail_attachment"),
]
