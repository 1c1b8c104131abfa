"""The gateway of a development machine: texts lie beside the mail, readable at /dev/mail/."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from . import Text


class ConsoleGateway:
    """Keeps texts in settings.MAIL_DIR instead of sending them."""

    def send(self, text: Text) -> str:
        """Write the text where the mail lies."""
        EmailMessage(
            subject=text.body,
            body=text.body + "\n",
            to=[text.number],
            headers={"Message-ID": f"<{text.key}@texts>", "X-Channel": "text message"},
            connection=get_connection(
                "django.core.mail.backends.filebased.EmailBackend", file_path=settings.MAIL_DIR
            ),
        ).send()
        return text.key
