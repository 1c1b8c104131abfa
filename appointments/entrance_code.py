"""The picture that is scanned at the entrance."""

from __future__ import annotations

import segno


def entrance_code(reference: str) -> str:
    """Return a QR code of a reference as a data address, for the `src` of a picture.

    It holds the reference and nothing personal.  A scanner types it and presses Enter, which is
    what the search field of the day board waits for.
    """
    return str(segno.make(reference, error="m", micro=False).svg_data_uri(scale=6, border=3))
