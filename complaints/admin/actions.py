"""What can be done on the page of a case: each a short form, one right and one operation.

A new action is one line here; `place` names the part of templates/admin/case/page.html.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..enums import OPEN_CASES, SUBJECTS, CaseState
from ..forms import handling as forms
from ..forms import language_doubt as doubt
from ..forms import staff_conversation as talk
from ..models import Case
from ..operations import answers, conversation, handling, language_doubt, protecting
from ..permissions import categories_of


@dataclass(frozen=True, slots=True)
class Action:
    """One form; `right` is a permission of this app, `leads_back` to the queue when it is done."""

    name: str
    right: str
    place: str
    form: type[forms.CaseForm]
    run: Callable[[Case, Any, dict[str, Any]], Any]
    fits: Callable[[Case, Any], bool]
    done: Any
    title: Any = ""
    kind: str = "secondary"
    leads_back: bool = False

    def allowed(self, user: Any, row: Case) -> bool:
        """Tell whether `user` has the right and the case is where the action makes sense.

        The operation decides again; this only spares people forms that lead nowhere.
        """
        return bool(user.has_perm(f"complaints.{self.right}")) and self.fits(row, user)


def operation(run: Callable[..., Any]) -> Callable[[Case, Any, dict[str, Any]], Any]:
    """Return what gives an operation its case, its actor and what was filled in."""
    return lambda row, actor, given: run(case=row, actor=actor, **given)


def mine(*states: CaseState) -> Callable[[Case, Any], bool]:
    """Return the test that the reader handles the case, and that it is in one of `states`."""
    return lambda row, user: row.assigned_to_id == user.pk and row.state in states


def _supervised(row: Case, user: Any) -> bool:
    return bool(user.has_perm("complaints.change_desk"))


def _can_be_given(row: Case, user: Any) -> bool:
    return row.state in (CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.ASKED)


def _handled_or_supervised(row: Case, user: Any) -> bool:
    is_open = row.state in OPEN_CASES
    return is_open and (row.assigned_to_id == user.pk or _supervised(row, user))


def _misfiled(row: Case, user: Any) -> bool:
    unanswered = row.state not in (CaseState.PROPOSED, CaseState.TO_POST)
    return row.category in SUBJECTS and unanswered and _handled_or_supervised(row, user)


def _someone_concerned(row: Case, user: Any) -> bool:
    return _handled_or_supervised(row, user) and bool(row.concerned.all())


def _answered_here(row: Case, user: Any) -> bool:
    return mine(*_HANDLED)(row, user) and row.category in SUBJECTS and not row.answer_by_post


def _asked_here(row: Case, user: Any) -> bool:
    return mine(*_HANDLED)(row, user) and row.category in SUBJECTS and bool(row.email)


def _unread(row: Case, user: Any) -> bool:
    waits = any(not one.from_staff and one.read_at is None for one in row.messages.all())
    return waits and row.assigned_to_id == user.pk


def _in_doubt(row: Case, user: Any) -> bool:
    return row.state == CaseState.DOUBT and row.category in categories_of(user)


def _works_on_such(row: Case, user: Any) -> bool:
    return row.category in categories_of(user) or _supervised(row, user)


_TAKEN = (CaseState.ASSIGNED,)
_HANDLED = (CaseState.ASSIGNED, CaseState.ASKED)

ACTIONS: tuple[Action, ...] = (
    Action(
        "accept_language",
        "change_case",
        "doubt",
        doubt.AcceptForm,
        operation(language_doubt.accept_language),
        _in_doubt,
        _("The language was accepted; the case waits at its place in the line."),
        _("The text can be read"),
        "primary",
    ),
    Action(
        "send_back",
        "change_case",
        "doubt",
        doubt.SendBackForm,
        operation(language_doubt.send_back),
        _in_doubt,
        _("The person was told that the text cannot be read."),
        _("The text cannot be read"),
    ),
    Action(
        "skip",
        "change_case",
        "handling",
        forms.SkipForm,
        operation(handling.skip),
        mine(*_TAKEN),
        _("The case waits again; for you it comes last."),
        _("Skip this case"),
        leads_back=True,
    ),
    Action(
        "put_back",
        "change_case",
        "handling",
        forms.PutBackForm,
        operation(handling.put_back),
        mine(*_TAKEN),
        _("The case is back at its place in the line."),
        _("Put it back into the line"),
        leads_back=True,
    ),
    Action(
        "hand_over",
        "change_case",
        "handling",
        forms.HandOverForm,
        operation(handling.hand_over),
        mine(*_HANDLED),
        _("The case was handed over."),
        _("Hand it over to a colleague"),
        leads_back=True,
    ),
    Action(
        "assign",
        "change_desk",
        "handling",
        forms.AssignForm,
        operation(handling.assign),
        _can_be_given,
        _("The case was assigned."),
        _("Assign it by hand, out of order"),
    ),
    Action(
        "category",
        "view_case",
        "handling",
        forms.CategoryForm,
        operation(protecting.change_category),
        _misfiled,
        _("The category was changed."),
        _("It belongs to another category"),
        leads_back=True,
    ),
    Action(
        "withdraw",
        "change_case",
        "handling",
        forms.WithdrawForm,
        operation(handling.withdraw),
        mine(*_HANDLED, CaseState.PROPOSED),
        _("The withdrawal was recorded."),
        _("The person withdraws it"),
    ),
    Action(
        "read",
        "change_case",
        "conversation",
        talk.ReadForm,
        operation(conversation.mark_read_by_staff),
        _unread,
        _("The messages are marked as read."),
    ),
    Action(
        "ask",
        "change_case",
        "conversation",
        talk.AskForm,
        operation(conversation.ask),
        _asked_here,
        _("The question is sent; an e-mail tells the person that it waits."),
        _("Ask the person something"),
    ),
    Action(
        "answer",
        "change_case",
        "conversation",
        talk.AnswerForm,
        operation(answers.answer_by_message),
        _answered_here,
        _("The complaint is answered and closed."),
        _("Answer the complaint here, without a letter"),
    ),
    Action(
        "note",
        "view_case",
        "notes",
        forms.NoteForm,
        operation(handling.write_note),
        _works_on_such,
        _("The note was written."),
    ),
    Action(
        "concerned",
        "view_case",
        "protection",
        forms.ConcernedForm,
        operation(protecting.mark_concerned),
        _handled_or_supervised,
        _("They do not see this case any more."),
        _("It is about a colleague or a counter"),
        leads_back=True,
    ),
    Action(
        "not_concerned",
        "view_case",
        "protection",
        forms.NotConcernedForm,
        operation(protecting.unmark_concerned),
        _someone_concerned,
        _("This person sees the case again."),
        _("Somebody was marked by mistake"),
    ),
)
BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}
