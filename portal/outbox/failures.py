"""Why a message could not be handed over, and whether trying again makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

LONGEST_PAUSE = timedelta(days=1)  # however long a server asks us to stay away


class GatewayFailed(Exception):  # noqa: N818  # reads as the sentence it is
    """A provider of text messages did not take one; `answer` is its status or ""."""

    def __init__(
        self,
        answer: str,
        *,
        is_permanent: bool = False,
        pause: timedelta | None = None,
        is_away: bool = False,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_permanent = is_permanent
        self.pause = pause
        self.is_away = is_away


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error means for a message.

    `name` holds no text of the server, in which servers repeat addresses. `pause` is the least
    wait that the server asked for. Where a whole server `is_away`, the others need not be tried.
    """

    name: str
    is_permanent: bool = False
    pause: timedelta | None = None
    is_away: bool = False


def judged(error: Exception) -> Failure:
    """Say what an error of sending means."""
    if isinstance(error, GatewayFailed):
        pause = min(error.pause, LONGEST_PAUSE) if error.pause else None
        name = f"GatewayFailed {error.answer}".strip()[:100]
        return Failure(name, error.is_permanent, pause, error.is_away)
    codes = _codes(error)
    name = f"{type(error).__name__} {' '.join(map(str, codes))}".strip()[:100]
    return Failure(name, _is_permanent(error, codes), is_away=_is_away(error, codes))


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def _is_permanent(error: Exception, codes: list[int]) -> bool:
    """Tell whether the server refused this recipient or this message for good.

    A refused sender or password is our own mistake, which somebody will mend.
    """
    if not isinstance(error, (SMTPRecipientsRefused, SMTPDataError)):
        return False
    return bool(codes) and all(500 <= code < 600 for code in codes)


def _is_away(error: Exception, codes: list[int]) -> bool:
    """Tell whether it is the server or the network that fails, whatever the message."""
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return 421 in codes
    return isinstance(error, OSError)  # those of smtplib are such too
