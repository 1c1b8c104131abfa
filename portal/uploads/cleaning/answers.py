"""What the child answers with."""

from __future__ import annotations

from dataclasses import dataclass


class Refuse(Exception):  # noqa: N818  # an answer
    """The file is not taken; the code is one of `portal.uploads.refusals`."""


@dataclass(frozen=True)
class Limits:
    """How much is taken: pages of a PDF, pixels of one picture."""

    pages: int
    pixels: int


@dataclass(frozen=True)
class Copy:
    """A cleaned copy and what is known of it."""

    content: memoryview
    facts: dict[str, int]
