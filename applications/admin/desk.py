"""What an agent can do on the page of a file: each a short form, one right and one operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import operations
from ..enums import ApplicationState as State
from ..forms import counter as forms
from ..models import Application
from ..workflow import APPLICATION_WORKFLOW

_HANDED_IN = (
    State.FILED,
    State.IN_EXAMINATION,
    State.EXTENDED,
    State.PAPERS_ASKED,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One form; `right` is a permission of this app, `place` the part of the page it stands in."""

    name: str
    right: str
    place: str
    form: type[forms.DeskForm]
    run: Callable[[Application, Any, dict[str, Any]], Any]
    fits: Callable[[Application], bool]
    done: Any
    title: Any = ""
    kind: str = "secondary"

    def allowed(self, user: Any, row: Application) -> bool:
        """Tell whether `user` has the right and the file is where the action makes sense.

        The operation decides again; this only spares people forms that lead nowhere.
        """
        return bool(user.has_perm(f"applications.{self.right}")) and self.fits(row)


def _by_id(operation: Callable[..., Any]) -> Callable[[Application, Any, dict[str, Any]], Any]:
    def run(row: Application, actor: Any, given: dict[str, Any]) -> Any:
        return operation(application_id=row.pk, actor=actor, **given)

    return run


def _write(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    return operations.write(application_id=row.pk, author=actor, text=given["text"])


def _read(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    return operations.mark_read(application_id=row.pk, reader=actor)


def _notified(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    decision = row.decisions.get(pk=given["decision_id"])
    return operations.record_notification(
        decision_id=decision.pk, actor=actor, notified_on=given["notified_on"]
    )


def _paper(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    return operations.check_paper(application=row, actor=actor, **given)


def _can(*names: str) -> Callable[[Application], bool]:
    return lambda row: any(APPLICATION_WORKFLOW.allows(row.state, name) for name in names)


def _not_a_draft(row: Application) -> bool:
    return row.state not in (State.DRAFT, State.WITHDRAWN)


def _waits_for_second(row: Application) -> bool:
    return any(one.settled_at is None for one in row.derogations.all())


def _visa_granted(row: Application) -> bool:
    outcomes = {one.outcome for one in row.decisions.all()}
    return "granted" in outcomes and not outcomes & {"annulled", "revoked"}


def _not_notified(row: Application) -> bool:
    return any(one.notified_on is None for one in row.decisions.all())


def _unread(row: Application) -> bool:
    return any(not one.from_staff and one.read_at is None for one in row.messages.all())


ACTIONS = (
    Action(
        "paper",
        "change_document",
        "papers",
        forms.PaperForm,
        _paper,
        _not_a_draft,
        _("The paper was recorded."),
    ),
    Action(
        "passport",
        "change_application",
        "verdicts",
        forms.PassportSeenForm,
        _by_id(operations.record_passport_seen),
        _can("file"),
        _("The passport was recorded and judged again."),
        _("The passport on the desk is different"),
    ),
    Action(
        "propose",
        "add_derogation",
        "verdicts",
        forms.ProposeForm,
        _by_id(operations.propose_derogation),
        lambda row: _can("file")(row) and not _waits_for_second(row),
        _("The derogation was proposed. A second agent must confirm it."),
        _("Propose a derogation for urgency"),
    ),
    Action(
        "settle",
        "change_derogation",
        "verdicts",
        forms.SettleForm,
        _by_id(operations.settle_derogation),
        _waits_for_second,
        _("The derogation was settled."),
        _("A derogation waits for a second agent"),
        "primary",
    ),
    Action(
        "message",
        "add_filemessage",
        "conversation",
        forms.MessageForm,
        _write,
        _not_a_draft,
        _("The message was sent."),
        kind="primary",
    ),
    Action(
        "read",
        "add_filemessage",
        "conversation",
        forms.ReadForm,
        _read,
        _unread,
        _("The messages count as read."),
    ),
    Action(
        "ask",
        "add_paperrequest",
        "requests",
        forms.AskForm,
        _by_id(operations.ask_papers),
        _can("ask_papers"),
        _("The applicant was asked."),
        _("Ask for missing papers"),
    ),
    Action(
        "take_back",
        "add_paperrequest",
        "requests",
        forms.TakeBackForm,
        _by_id(operations.take_back_request),
        lambda row: row.state == State.PAPERS_ASKED,
        _("The examination goes on."),
        _("Go on without these papers"),
    ),
    Action(
        "decide",
        "add_decision",
        "decision",
        forms.DecisionForm,
        _by_id(operations.decide),
        _can("decide"),
        _("The decision was recorded, and the applicant was told."),
        _("Record what was decided"),
    ),
    Action(
        "end",
        "add_decision",
        "decision",
        forms.EndVisaForm,
        _by_id(operations.decide),
        _visa_granted,
        _("The end of the visa was recorded, and the applicant was told."),
        _("The visa was annulled or revoked"),
    ),
    Action(
        "notified",
        "change_decision",
        "decision",
        forms.NotifiedForm,
        _notified,
        _not_notified,
        _("The day was recorded; the time to appeal runs from it."),
        _("The decision was handed over"),
        "primary",
    ),
)
BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}
