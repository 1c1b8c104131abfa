"""Why a message did not arrive, in words for those who telephone."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Message

# The codes of RFC 3463; the longest beginning that fits is said.
_STATUS: dict[str, str | Promise] = {
    "5.1": _("There is no such e-mail address."),
    "5.2.2": _("The mailbox is full."),
    "5.2": _("The mailbox takes no mail at present."),
    "5.3.4": _("The message was too large for the mailbox."),
    "5.4": _("The mail server of the address cannot be found."),
    "5.7": _("The mail server of the address refuses our mail."),
    "4": _("The mail server of the address did not answer for days."),
    "5": _("The mail server of the address refused the message."),
}


def reason(message: Message) -> str:
    """Say in a sentence why a message did not reach its reader."""
    error = message.last_error
    if error.startswith("bounce "):
        status = error.removeprefix("bounce ")
        fitting = [start for start in _STATUS if f"{status}.".startswith(f"{start}.")]
        return str(_STATUS[max(fitting, key=len)])
    if error.startswith("GatewayFailed"):
        if re.fullmatch(r"GatewayFailed 4\d\d", error):
            return str(_("The provider of text messages refused the number."))
        return str(_("The provider of text messages did not answer for days."))
    if error.startswith(("SMTPRecipientsRefused 5", "SMTPDataError 5")):
        return str(_("The mail server refused the address."))
    if error == "interrupted":
        return str(_("Sending was interrupted each time."))
    return str(_("The message could not be sent for days."))
