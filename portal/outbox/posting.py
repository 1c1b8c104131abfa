"""The ways out of one batch of messages: one connection to the mail server, used again."""

from __future__ import annotations

import logging
from contextlib import suppress
from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from types import TracebackType

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage

from .channels import Channel
from .composing import compose, compose_text
from .gateways import Text, gateway
from .models import Message
from .segments import MOST, segments

log = logging.getLogger(__name__)

HUNG_UP = 421  # the code by which a mail server says that it ends the connection


class Post:
    """Sends messages one after the other; to be closed, as a context manager does."""

    def __init__(self) -> None:
        self._mail: BaseEmailBackend | None = None

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, message: Message) -> str:
        """Hand a message over; return the provider's number for it or "".

        Raises whatever goes wrong; `failures.judged` says what it means.
        """
        if message.channel == Channel.SMS:
            return self._text(message)
        self._post(compose(message))
        return ""

    def _text(self, message: Message) -> str:
        body = compose_text(message)
        if segments(body) > MOST:
            log.warning("text %s is cut into %s pieces", message.kind, segments(body))
        return gateway().send(Text(message.key, message.recipient, body))

    def _post(self, email: EmailMessage) -> None:
        used_before = self._mail is not None
        try:
            self._deliver(email)
        except Exception as error:
            if not (used_before and _is_hung_up(error)):
                raise
            # Servers end a connection after some messages; that says nothing about this one.
            self._deliver(email)

    def _deliver(self, email: EmailMessage) -> None:
        if self._mail is None:
            self._mail = get_connection()
            self._mail.open()
        email.connection = self._mail
        try:
            email.send()
        except Exception as error:
            if not _is_about_one(error):
                self._drop()
            raise

    def _hang_up(self) -> None:
        mail, self._mail = self._mail, None
        if mail is not None:
            with suppress(Exception):  # a server that is gone need not hear our goodbye
                mail.close()

    def _drop(self) -> None:
        """End a connection without a goodbye, for whose answer we might wait in vain."""
        if isinstance(self._mail, EmailBackend) and self._mail.connection is not None:
            self._mail.connection.close()
        self._mail = None


def _is_about_one(error: Exception) -> bool:
    """Tell whether the server refused one message and listens to the next."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code != HUNG_UP for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code != HUNG_UP


def _is_hung_up(error: Exception) -> bool:
    """Tell whether the server ended the connection; one that keeps silent has not."""
    if isinstance(error, SMTPServerDisconnected):
        return not isinstance(error.__context__, TimeoutError)
    if isinstance(error, SMTPRecipientsRefused):
        return not _is_about_one(error)
    return isinstance(error, SMTPResponseException) and error.smtp_code == HUNG_UP
