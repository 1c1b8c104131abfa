"""How much is taken."""

from __future__ import annotations

from django.conf import settings

MEGABYTE = 1_000_000
MEGAPIXEL = 1_000_000


def largest_file() -> int:
    """Return the limit of one file in bytes."""
    return int(settings.UPLOAD_MAX_BYTES)


def most_pages() -> int:
    """Return the limit of one PDF in pages."""
    return int(settings.UPLOAD_MAX_PAGES)


def most_pixels() -> int:
    """Return the limit of one picture in pixels."""
    return int(settings.UPLOAD_MAX_PIXELS)


def in_words() -> dict[str, int]:
    """Return the limits as sentences name them: megabytes, pages, megapixels."""
    return {
        "megabytes": largest_file() // MEGABYTE,
        "pages": most_pages(),
        "megapixels": most_pixels() // MEGAPIXEL,
    }
