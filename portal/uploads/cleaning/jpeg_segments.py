"""A JPEG without the segments that tell of camera, place and time; its pixels stay as they are."""

from __future__ import annotations

KEPT = frozenset({0xE0, 0xE2, 0xEE})  # JFIF, colour profile, Adobe's transform: they show colours
START_OF_SCAN = 0xDA


def without_metadata(content: bytes) -> bytes:
    """Drop comments and application segments; what does not look like a JPEG stays as it is."""
    if content[:2] != b"\xff\xd8":
        return content
    kept, position = [content[:2]], 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        mark = content[position + 1]
        if mark == START_OF_SCAN:
            return b"".join([*kept, content[position:]])
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        if not _tells(mark):
            kept.append(content[position:end])
        position = end
    return content


def _tells(mark: int) -> bool:
    return mark == 0xFE or (0xE0 <= mark <= 0xEF and mark not in KEPT)
