"""What happened to a case and its letters, in words: when, who, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.audit.models import Entry

from ..enums import Category
from ..models import Case, Letter

_WORDS: dict[str, Any] = {
    "case.receive": pgettext_lazy("a case", "Received"),
    "case.accept_language": gettext_lazy("The language was accepted"),
    "case.send_back": gettext_lazy("Sent back: it cannot be read"),
    "case.assign": gettext_lazy("Taken up"),
    "case.put_back": gettext_lazy("Put back into the line"),
    "case.hand_over": gettext_lazy("Handed over"),
    "case.ask": gettext_lazy("The person was asked something"),
    "case.hear": gettext_lazy("Goes on"),
    "case.propose": gettext_lazy("An answer was proposed"),
    "case.turn_down": gettext_lazy("The proposed answer was turned down"),
    "case.confirm": gettext_lazy("The answer was confirmed by a second person"),
    "case.answer_by_post": gettext_lazy("Answered by letter"),
    "case.close": pgettext_lazy("a case", "Closed"),
    "case.take_back": gettext_lazy("The answer is not sent; another one is to be written"),
    "case.letter_returned": gettext_lazy("Open again: the letter came back"),
    "case.withdraw": pgettext_lazy("a case", "Withdrawn"),
    "case.message": gettext_lazy("Message written"),
    "case.message_read": gettext_lazy("Messages marked as read"),
    "appeal.add_file": gettext_lazy("A file was added"),
    "case.note": gettext_lazy("A note was written"),
    "case.protect": gettext_lazy("Hidden from those whom it is about"),
    "case.unprotect": gettext_lazy("Shown again to somebody marked by mistake"),
    "letter.write": gettext_lazy("Letter begun"),
    "letter.edit": gettext_lazy("Letter changed"),
    "letter.finish": gettext_lazy("Letter finished"),
    "letter.print": gettext_lazy("Letter printed"),
    "letter.print_again": gettext_lazy("Letter to be printed again"),
    "letter.dispatch": gettext_lazy("Letter posted"),
    "letter.return": gettext_lazy("Letter came back"),
    "letter.send_again": gettext_lazy("Letter sent again to another address"),
    "letter.cancel": gettext_lazy("Letter not sent"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    at: datetime
    who: str
    what: str
    reason: str = ""


def history(case: Case, letters: Collection[Letter]) -> list[Event]:
    """Return what happened to `case` and its letters, the latest first; one query."""
    entries = Entry.objects.filter(
        Q(subject_type=Case._meta.label_lower, subject_id=str(case.pk))
        | Q(subject_type=Letter._meta.label_lower, subject_id__in=[str(one.pk) for one in letters])
    )
    return [Event(one.at, _who(one, case), _what(one), one.reason) for one in entries]


def _what(entry: Entry) -> str:
    details = entry.details
    if entry.action == "case.put_back" and details.get("skipped"):
        return _("Skipped")
    if entry.action == "case.assign" and details.get("by_hand"):
        return _("Assigned by hand")
    if entry.action == "case.recategorise":
        names = dict(Category.choices)
        said = {name: names.get(details.get(name), "") for name in ("was", "is")}
        return _("Moved from “%(was)s” to “%(is)s”") % said
    return str(_WORDS.get(entry.action, entry.action))


def _who(entry: Entry, case: Case) -> str:
    if entry.actor_id is None:
        return _("The portal")
    if entry.actor_id == case.owner_id:
        return _("The person")
    return entry.actor_label
