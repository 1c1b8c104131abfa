"""What somebody typed into the pages of a complaint and has not sent: read and written as JSON.

Each step is kept as it was typed, right or wrong.  What the person answered when they were asked
about language or appeal belongs to one text: another text is asked about anew.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import QueryDict

from .models import ComplaintDraft

SESSION_KEY = "complaint_draft"  # holds the number of the draft
LONGEST_TEXT = 10_000  # signs of a complaint; about four printed pages
MOST_FILES = 5

NEVER_KEPT = ("csrfmiddlewaretoken", "draft", "next", "language_switch")


@dataclass(slots=True, kw_only=True)
class Unsent:
    """The pages of one complaint.

    `typed` holds the encoded form of each step, `files` the ids of attachments.  `said` is the
    language that the person confirmed ("" for: send it as it is), None while nobody asked;
    `meant_as` is "complaint" once somebody chose so.  `appeal_text` waits for the page of
    appeals, `notified` is the ISO date that belongs to it, `against` what it is against.
    """

    id: uuid.UUID | None = None
    typed: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    said: str | None = None
    said_of: str = ""
    meant_as: str = ""
    meant_of: str = ""
    appeal_text: str = ""
    notified: str = ""
    against: str = ""

    @classmethod
    def read(cls, draft: ComplaintDraft) -> Unsent:
        """Open a stored draft; what another version of this page kept is let go."""
        known = {name for name in cls.__dataclass_fields__ if name != "id"}
        data: dict[str, Any] = json.loads(draft.data or "{}")
        return cls(id=draft.pk, **{name: data[name] for name in known & set(data)})

    def as_text(self) -> str:
        """Return it as it is stored."""
        names = [name for name in self.__dataclass_fields__ if name != "id"]
        return json.dumps({name: getattr(self, name) for name in names})

    def step(self, slug: str) -> QueryDict | None:
        """Return what was typed into a step, None if nothing was."""
        return QueryDict(self.typed[slug]) if slug in self.typed else None

    def keep_step(self, slug: str, sent: QueryDict) -> None:
        """Remember a step as it was sent."""
        body = sent.copy()
        for name in NEVER_KEPT:
            body.pop(name, None)
        self.typed[slug] = body.urlencode()

    @property
    def text(self) -> str:
        """The text as it was typed."""
        step = self.step("text")
        return step.get("text", "") if step else ""

    def replace_text(self, text: str) -> None:
        """Put another text in place of the one that was typed."""
        step = (self.step("text") or QueryDict()).copy()
        step["text"] = text
        self.keep_step("text", step)

    def say_language(self, said: str) -> None:
        """Remember which language the person says the present text is in."""
        self.said, self.said_of = said, self._mark

    def mean(self, meant_as: str) -> None:
        """Remember what the person says the present text is."""
        self.meant_as, self.meant_of = meant_as, self._mark

    @property
    def language_said(self) -> str | None:
        """What the person said of this very text, None if they were not asked."""
        return self.said if self.said_of == self._mark else None

    @property
    def is_meant_as_complaint(self) -> bool:
        """Whether the person said of this very text that it is a complaint."""
        return self.meant_as == "complaint" and self.meant_of == self._mark

    @property
    def _mark(self) -> str:
        return sha256(" ".join(self.text.split()).encode()).hexdigest()
