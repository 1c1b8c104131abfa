"""Make the e-mail or text of a message: with one Message-ID and date however often it is sent."""

from __future__ import annotations

from email.encoders import encode_base64
from email.message import Message as HeaderParser
from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.utils import translation
from django.utils.translation import get_language_bidi

from .models import Message
from .notifications import Attachment, of_kind
from .segments import thrifty


def compose(message: Message) -> EmailMultiAlternatives:
    """Render a message in its recipient's language; nothing is sent."""
    notification = of_kind(message.kind)
    with translation.override(message.language):
        shown = _surroundings(message) | notification.presented(message.context, message.language)
        email = EmailMultiAlternatives(
            subject=" ".join(_rendered(message.kind, "subject.txt", shown).split()),
            body=_rendered(message.kind, "body.txt", shown).strip() + "\n",
            to=[message.recipient],
            headers=_headers(message),
        )
        if html := _html(message.kind, shown):
            email.attach_alternative(html, "text/html")
        for attachment in notification.attachments(message.context, message.language):
            email.attach(part(attachment))
    return email


def compose_text(message: Message) -> str:
    """Render a text message in its recipient's language, on one line; nothing is sent."""
    notification = of_kind(message.kind)
    with translation.override(message.language):
        shown = _surroundings(message) | notification.presented(message.context, message.language)
        return thrifty(_rendered(message.kind, "sms.txt", shown))


def subject_line(message: Message, language: str) -> str:
    """Return what a message is called, for staff who read another language than its reader."""
    notification = of_kind(message.kind)
    with translation.override(language):
        shown = _surroundings(message) | notification.presented(message.context, language)
        return " ".join(_rendered(message.kind, "subject.txt", shown).split())


def part(attachment: Attachment) -> MIMEBase:
    """Return the MIME part of a file; parameters of its type, such as METHOD, are kept."""
    parsed = HeaderParser()
    parsed["Content-Type"] = attachment.mimetype
    piece = _body(attachment, parsed.get_content_maintype(), parsed.get_content_subtype())
    for name, value in (parsed.get_params() or [])[1:]:
        piece.set_param(name, value)
    piece.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return piece


def _body(attachment: Attachment, maintype: str, subtype: str) -> MIMEBase:
    content = attachment.content
    if isinstance(content, str):
        return MIMEText(content, subtype, "utf-8")
    piece = MIMENonMultipart(maintype, subtype)
    piece.set_payload(content)
    encode_base64(piece)
    return piece


def _surroundings(message: Message) -> dict[str, Any]:
    return {
        "base_url": settings.BASE_URL,
        "language": message.language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def _rendered(kind: str, name: str, shown: dict[str, Any]) -> str:
    template = cast(DjangoTemplates, engines["django"]).engine.get_template(f"emails/{kind}/{name}")
    # Plain text must not be escaped: O'Neil would read O&#x27;Neil.
    return str(template.render(Context(shown, autoescape=name.endswith(".html"))))


def _html(kind: str, shown: dict[str, Any]) -> str:
    """Return the body with links and headings; a kind may do without."""
    name = f"emails/{kind}/body.html"
    try:
        return _rendered(kind, "body.html", shown)
    except TemplateDoesNotExist as error:
        if error.args[0] != name:
            raise
        return ""


def _headers(message: Message) -> dict[str, str]:
    return {
        "Message-ID": message.message_id,
        "Date": format_datetime(message.created_at),
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
    }
