"""Where a case stands, in the words of its person.

Of a complaint they see five words; of an appeal one, "received", whatever happens inside: answers
come by post and nobody need ask (RC-02).  No word promises a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.wording.words import Text

from .enums import CaseState, LetterState
from .models import Case


@dataclass(frozen=True, slots=True)
class Standing:
    """A state as shown: `tone` is a state of `status_tag`."""

    tone: str
    label: Text
    means: Text
    next: Text = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter on its way, or one that came back."""

    on: date
    returned_on: date | None


RECEIVED_APPEAL = Standing(
    "progress",
    pgettext_lazy("a case", "Received"),
    _("Your appeal arrived and stands in the register."),
)
_RECEIVED = Standing(
    "progress",
    pgettext_lazy("a case", "Received"),
    _("Your complaint arrived. Nobody has taken it up yet."),
    _("Complaints are handled in the order in which they arrive. You need not do anything."),
)
_DOUBT = Standing(
    "progress",
    pgettext_lazy("a case", "Received"),
    _("Your complaint arrived. A person at the consulate looks at its language first."),
    _("You need not do anything. If the consulate cannot read it, you are told here."),
)
_HANDLED = Standing(
    "progress",
    pgettext_lazy("a case", "Being handled"),
    _("Somebody at the consulate is handling your complaint."),
    _("The answer comes here or by post, and an e-mail tells you. No day is promised for it."),
)
_ASKED = Standing(
    "attention",
    pgettext_lazy("a case", "We asked you something"),
    _("The consulate needs something from you before it can go on."),
    _("Read the last message below and answer it there. Then your complaint goes on."),
)
_TO_POST = Standing(
    "progress",
    pgettext_lazy("a case", "Being handled"),
    _("The answer is written and will be posted to the address you gave."),
    _("An e-mail tells you the day on which it was posted."),
)
_RETURNED = Standing(
    "attention",
    pgettext_lazy("a case", "The letter came back"),
    _("The answer was posted, and the post office brought it back."),
    _("Write below to which postal address it can be sent again."),
)
_ANSWERED = Standing(
    "done",
    pgettext_lazy("a case", "Answered"),
    _("The consulate has answered. The answer stands below."),
    _("If something is left, send a new complaint and name the number of this one."),
)
_ANSWERED_BY_POST = Standing(
    "done",
    pgettext_lazy("a case", "Answered"),
    _("The consulate has answered by post."),
    _("If something is left, send a new complaint and name the number of this one."),
)
_CLOSED = Standing(
    "neutral",
    pgettext_lazy("a case", "Closed"),
    _("The consulate has closed this complaint. If it wrote why, it stands below."),
    _("If something is left, send a new complaint and name the number of this one."),
)
_WITHDRAWN = Standing(
    "neutral",
    pgettext_lazy("a case", "Withdrawn"),
    _("You withdrew this complaint, so nobody handles it any more."),
    _("You can send another complaint at any time."),
)
_COMPLAINTS = {
    CaseState.DOUBT: _DOUBT,
    CaseState.RECEIVED: _RECEIVED,
    CaseState.ASSIGNED: _HANDLED,
    CaseState.ASKED: _ASKED,
    CaseState.PROPOSED: _HANDLED,
    CaseState.TO_POST: _TO_POST,
    CaseState.WITHDRAWN: _WITHDRAWN,
}


def standing(case: Case) -> Standing:
    """Return where a case stands for its person; two queries at most."""
    if case.is_appeal:
        return RECEIVED_APPEAL
    if case.state == CaseState.CLOSED:
        return _closed(case)
    if case.state == CaseState.TO_POST and _came_back(case):
        return _RETURNED
    return _COMPLAINTS[CaseState(case.state)]


def posted(case: Case) -> list[Posted]:
    """Return the letters that were posted about a complaint, oldest first; of an appeal none."""
    if case.is_appeal:
        return []
    rows = case.letters.filter(dispatched_on__isnull=False).order_by("dispatched_on", "pk")
    days = rows.values_list("dispatched_on", "returned_on")
    return [Posted(on, returned_on) for on, returned_on in days if on]


def _closed(case: Case) -> Standing:
    if case.letters.filter(is_answer=True, state=LetterState.DISPATCHED).exists():
        return _ANSWERED_BY_POST
    # What was sent back for its language ends with a message too, and was never taken up.
    answered = case.assigned_to_id is not None
    return _ANSWERED if answered and case.messages.filter(from_staff=True).exists() else _CLOSED


def _came_back(case: Case) -> bool:
    answers = case.letters.filter(is_answer=True)
    going = answers.filter(state__in=[LetterState.READY, LetterState.PRINTED])
    return answers.filter(state=LetterState.RETURNED).exists() and not going.exists()
