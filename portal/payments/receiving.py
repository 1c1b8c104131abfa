"""Where notices arrive: checked by the provider, then handed to the app that collects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .providers import Notice, provider

Receiver = Callable[[str, Notice], None]
_RECEIVERS: list[Receiver] = []


def register_receiver(receiver: Receiver) -> None:
    """Tell who takes notices; called once the apps are ready, with (provider's name, notice)."""
    if receiver not in _RECEIVERS:
        _RECEIVERS.append(receiver)


def receive(body: bytes, headers: Mapping[str, str]) -> None:
    """Believe a notice if it is genuine; raises NotGenuine, or ProviderAway without a provider."""
    chosen = provider()
    notice = chosen.read(body, headers)
    for receiver in _RECEIVERS:
        receiver(chosen.name, notice)
