"""What an agent can do on the page of a file: each a short form, one right and one operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import civil_date

from .. import operations
from ..enums import ApplicationState as State
from ..forms import counter as forms
from ..models import Application
from ..refusals import NoDecision
from ..verdicts import passport_verdict
from ..workflow import APPLICATION_WORKFLOW


@dataclass(frozen=True, slots=True)
class Action:
    """One form; `right` is a permission of this app, `place` the part of the page it stands in."""

    name: str
    right: str
    place: str
    form: type[forms.DeskForm]
    run: Callable[[Application, Any, dict[str, Any]], Any]
    fits: Callable[[Application, Any], bool]
    done: Any
    title: Any = ""
    kind: str = "secondary"

    def allowed(self, user: Any, row: Application) -> bool:
        """Tell whether `user` has the right and the file is where the action makes sense.

        The operation decides again; this only spares people forms that lead nowhere.
        """
        return bool(user.has_perm(f"applications.{self.right}")) and self.fits(row, user)


def _by_id(operation: Callable[..., Any]) -> Callable[[Application, Any, dict[str, Any]], Any]:
    def run(row: Application, actor: Any, given: dict[str, Any]) -> Any:
        return operation(application_id=row.pk, actor=actor, **given)

    return run


def _write(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    return operations.write(application_id=row.pk, author=actor, text=given["text"])


def _read(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    return operations.mark_read(application_id=row.pk, reader=actor)


def _notified(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    if not any(one.pk == given["decision_id"] for one in row.decisions.all()):
        raise NoDecision
    return operations.record_notification(actor=actor, **given)


def _paper(row: Application, actor: Any, given: dict[str, Any]) -> Any:
    found = {name: given[name] for name in ("kind", "acceptable", "reason")}
    return operations.check_paper(application=row, actor=actor, **found)


def _can(name: str) -> Callable[[Application, Any], bool]:
    return lambda row, user: APPLICATION_WORKFLOW.allows(row.state, name)


def _not_a_draft(row: Application, user: Any) -> bool:
    return row.state not in (State.DRAFT, State.WITHDRAWN)


def _undecided(row: Application, user: Any) -> bool:
    return row.state not in (
        State.DRAFT,
        State.WITHDRAWN,
        State.DECIDED,
        State.PASSPORT_READY,
    )


def _derogable(row: Application, user: Any) -> bool:
    """Tell whether the margin of validity alone is missed, and nobody proposed or granted yet."""
    if not APPLICATION_WORKFLOW.allows(row.state, "file"):
        return False
    if any(one.settled_at is None or one.is_granted for one in row.derogations.all()):
        return False
    today = civil_date(timezone.now())
    return passport_verdict(row, today, urgent=True).outcome == "review"


def _waits_for_second(row: Application, user: Any) -> bool:
    waiting = [one for one in row.derogations.all() if one.settled_at is None]
    return any(one.proposed_by_id != user.pk for one in waiting)


def _papers_asked(row: Application, user: Any) -> bool:
    return row.state == State.PAPERS_ASKED


def _visa_granted(row: Application, user: Any) -> bool:
    outcomes = {one.outcome for one in row.decisions.all()}
    return "granted" in outcomes and not outcomes & {"annulled", "revoked"}


def _not_notified(row: Application, user: Any) -> bool:
    return any(one.notified_on is None for one in row.decisions.all())


def _unread(row: Application, user: Any) -> bool:
    return any(not one.from_staff and one.read_at is None for one in row.messages.all())


ACTIONS = (
    Action(
        "paper",
        "change_document",
        "papers",
        forms.PaperForm,
        _paper,
        _undecided,
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
        _derogable,
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
        _papers_asked,
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
