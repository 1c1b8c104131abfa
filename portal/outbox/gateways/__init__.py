"""Text messages leave through a gateway: one class, named by settings.SMS_GATEWAY.

A gateway is made without arguments and has `send`. It must drop a text whose key it has taken
before: after a crash we cannot know whether it heard us, and ask again with the same key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Text:
    """One text to one number in the form +213551234567."""

    key: str
    number: str
    body: str


class Gateway(Protocol):
    """What hands texts to a provider."""

    def send(self, text: Text) -> str:
        """Hand a text over and return the provider's number for it; raises GatewayFailed."""


def gateway() -> Gateway:
    """Return the gateway of the settings."""
    return cast(Gateway, import_string(settings.SMS_GATEWAY)())
