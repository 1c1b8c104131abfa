"""What a challenge is asked for, and of whom; an answer is good for nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from portal.encryption import lookup_key


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that one person wants to do: a purpose, whose session, and what exactly."""

    purpose: str
    who: tuple[str, ...]
    what: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A hash that is the same for the same occasion, and tells nothing of it."""
        return lookup_key("challenge", self.purpose, *self.who, "for", *self.what).hex()

    @property
    def person(self) -> str:
        """Whose failures are counted, whatever they were after."""
        return "\x1f".join(self.who)

    @property
    def pass_key(self) -> str:
        """The name in the store of the leave to go on."""
        return f"{settings.STORE_PREFIX}:challenge:passed:{self.name}"
