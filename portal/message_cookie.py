"""Where a message to a person waits for their next page: in a signed cookie, as Django has it.

Django also compresses it, which saves nothing on a sentence and takes half a millisecond of what
a booking takes: the memory for that is fetched from the system and given back each time.
"""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage, MessagePartGatherSerializer
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class PlainCookieStorage(CookieStorage):
    """Keeps messages in the signed cookie, and reads compressed ones too."""

    def _encode_parts(self, messages: list[str], encode_empty: bool = False) -> Any:
        if not (messages or encode_empty):
            return None
        signer = self.signer  # type: ignore[attr-defined]  # unknown to the stubs
        return signer.sign_object(messages, serializer=MessagePartGatherSerializer)


class Storage(FallbackStorage):
    """What does not fit into a cookie waits in the session."""

    storage_classes = (PlainCookieStorage, SessionStorage)
