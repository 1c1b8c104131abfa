"""What the house checks of how it is paid."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import trial


@register
def check_provider(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse the trial provider where people pay in earnest (E002)."""
    if settings.PAYMENT_PROVIDER != trial.PATH or trial.is_allowed():
        return []
    return [
        Error(
            "The trial payment provider is chosen, on whose page anybody can say that he paid.",
            hint="Set GUICHET_PAYMENT_PROVIDER to a real provider, or to nothing.",
            id="portal.E002",
        )
    ]
