"""Papers that are asked for while a file is examined.  Each function is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.dates import civil_date
from portal.formats import lazy_date
from portal.outbox.operations import enqueue
from portal.suspension import Action, check

from ..models import Application, PaperRequest
from ..notifications import PapersAsked
from ..permissions import locked_for_staff
from ..refusals import DueDateWrong, NoRequest, RequestEmpty
from ..rules.filing import clock_stops_for_papers
from ..workflow import APPLICATION_WORKFLOW

# No law: beyond that, a typing error is likelier than patience.
LONGEST_WAIT = timedelta(days=180)


@transaction.atomic
def ask_papers(
    *,
    application_id: uuid.UUID,
    actor: User,
    due_on: date,
    kinds: Collection[str] = (),
    text: str = "",
) -> PaperRequest:
    """Ask the applicant for papers until the end of `due_on`; `kinds` are those of checklist.toml.

    Whether the clock stands still meanwhile is the rule's answer of today (AP-05), and the
    request keeps it.  The applicant is told that papers are asked for and until when.  Raises
    RequestEmpty or DueDateWrong.
    """
    application = locked_for_staff(actor, application_id)
    if not kinds and not text.strip():
        raise RequestEmpty
    today = civil_date(timezone.now())
    if not today < due_on <= today + LONGEST_WAIT:
        raise DueDateWrong(params={"latest": lazy_date(today + LONGEST_WAIT)})
    APPLICATION_WORKFLOW.move(application, "ask_papers", actor=actor)
    request = PaperRequest.objects.create(
        application=application,
        kinds=sorted(set(kinds)),
        text=text.strip(),
        due_on=due_on,
        stops_clock=clock_stops_for_papers(today, application.mission.ruleset_for("AP")),
        asked_by=actor,
    )
    enqueue(PapersAsked.about(request))
    return request


@transaction.atomic
def answer_request(*, application_id: uuid.UUID, owner: User) -> PaperRequest:
    """Say as the applicant that the papers are there; the examination goes on.

    Answering twice is answering once.  Raises NoRequest if nothing is asked for, and
    Application.DoesNotExist for anybody else's application.
    """
    application = Application.objects.select_for_update().get(pk=application_id, owner=owner)
    request = application.paper_requests.filter(closed_at=None).first()
    if request is None:
        last = application.paper_requests.exclude(answered_at=None).first()
        if last is None:
            raise NoRequest
        return last
    check(Action.PREPARING, mission_id=application.mission_id)
    APPLICATION_WORKFLOW.move(application, "examine", actor=owner)
    return _closed(request, answered=True)


@transaction.atomic
def take_back_request(*, application_id: uuid.UUID, actor: User, reason: str = "") -> PaperRequest:
    """Go on examining without the papers that were asked for; raises NoRequest."""
    application = locked_for_staff(actor, application_id)
    request = application.paper_requests.filter(closed_at=None).first()
    if request is None:
        raise NoRequest
    APPLICATION_WORKFLOW.move(application, "examine", actor=actor, reason=reason.strip())
    return _closed(request)


def close_open_request(application: Application, *, actor: User) -> None:
    """Close what nobody answered, because the file goes on or ends; inside a transaction."""
    request = application.paper_requests.filter(closed_at=None).first()
    if request is not None:
        _closed(request)
        audit.record(actor=actor, action="paperrequest.close", subject=application)


def stopped_days(requests: Collection[PaperRequest], today: date) -> int:
    """Return on how many days the clock stood still because of `requests` (AP-05)."""
    days = 0
    for request in requests:
        if request.stops_clock:
            end = civil_date(request.closed_at) if request.closed_at else today
            days += (end - civil_date(request.asked_at)).days
    return days


def _closed(request: PaperRequest, *, answered: bool = False) -> PaperRequest:
    request.closed_at = timezone.now()
    request.answered_at = request.closed_at if answered else None
    request.save(update_fields=["closed_at", "answered_at"])
    return request
