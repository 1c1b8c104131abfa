"""The longest that each text message may have to say, for the test that counts its pieces.

A kind that declares Channel.SMS needs a line here: the context its notification stores, with
names as long as they come.
"""

from __future__ import annotations

from typing import Any

LONGEST: dict[str, dict[str, Any]] = {
    "move": {"name": "Mohamed-Abderrahmane Benabdelouahab"},
}
