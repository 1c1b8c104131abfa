"""Papers asked for, and what was decided: order, days, remedies, and two agents at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications import operations
from applications.models import Application, Decision, PaperRequest
from applications.operations.requests import LONGEST_WAIT, stopped_days
from applications.refusals import (
    DayInFuture,
    DecidedAlready,
    DecisionReasonMissing,
    DueDateWrong,
    NeverFiled,
    NoRequest,
    NothingToEnd,
    NotifiedAlready,
    NotifiedTooEarly,
    RequestEmpty,
    RequestOpen,
    VisaDaysWrong,
)
from portal.audit.models import Entry
from portal.constraints import violated
from portal.dates import add_months
from portal.outbox.composing import compose
from portal.outbox.models import Message
from portal.refusals import Refused
from portal.workflow import TransitionRefused
from tests.actors import staff
from tests.applications.counter import agent_of, decided, examined, moved, submitted, today
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def file():
    return examined()


def ask(application, agent, **changes):
    given = {"due_on": today() + 10 * DAY, "kinds": ["bank_statements"], "text": "All pages."}
    return operations.ask_papers(application_id=application.pk, actor=agent, **(given | changes))


def state(application):
    return Application.objects.get(pk=application.pk).state


def read(kind):
    """Return the plain text of the last message of a kind, in English."""
    message = Message.objects.filter(kind=kind).latest("pk")
    message.language = "en"
    return compose(message).body


# --- Papers that are asked for ---


def test_papers_are_asked_for_with_a_day_and_what_follows(file):
    application, agent = file
    ask(application, agent)
    assert state(application) == "papers_asked"
    text = read("file_papers_asked")
    assert "After that day the application is decided with the papers that are there." in text
    assert "The time for the decision runs on meanwhile." in text
    assert "All pages." not in text


def test_the_answer_of_the_applicant_opens_the_examination_again(file):
    application, agent = file
    ask(application, agent)
    request = operations.answer_request(application_id=application.pk, owner=application.owner)
    assert state(application) == "in_examination"
    assert request.answered_at == request.closed_at is not None
    again = operations.answer_request(application_id=application.pk, owner=application.owner)
    assert again == request


def test_there_is_nothing_to_answer_before_something_is_asked(file):
    application, _agent = file
    with pytest.raises(NoRequest):
        operations.answer_request(application_id=application.pk, owner=application.owner)


def test_nobody_else_answers(file):
    application, agent = file
    ask(application, agent)
    with pytest.raises(Application.DoesNotExist):
        operations.answer_request(application_id=application.pk, owner=submitted().owner)


def test_a_request_is_taken_back_and_made_again(file):
    application, agent = file
    ask(application, agent)
    operations.take_back_request(application_id=application.pk, actor=agent, reason="Found")
    assert state(application) == "in_examination"
    with pytest.raises(NoRequest):
        operations.take_back_request(application_id=application.pk, actor=agent)
    ask(application, agent)
    assert PaperRequest.objects.filter(closed_at=None).count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kinds": [], "text": " \n"}, RequestEmpty),
        ({"due_on": today()}, DueDateWrong),
        ({"due_on": today() - DAY}, DueDateWrong),
        ({"due_on": today() + LONGEST_WAIT + DAY}, DueDateWrong),
    ],
)
def test_a_request_names_papers_and_a_day_that_leaves_time(file, changes, refusal):
    application, agent = file
    with pytest.raises(refusal):
        ask(application, agent, **changes)
    assert state(application) == "in_examination"


def test_papers_are_not_asked_twice_at_once(file):
    application, agent = file
    ask(application, agent)
    with pytest.raises(TransitionRefused):
        ask(application, agent)


def test_ap_05_the_clock_stands_still_only_where_a_request_stops_it(file):
    application, agent = file
    request = ask(application, agent)
    assert (request.stops_clock, stopped_days([request], today() + 5 * DAY)) == (False, 0)
    request.stops_clock = True
    assert stopped_days([request], today() + 5 * DAY) == 5
    request.closed_at = timezone.now() + 2 * DAY
    assert stopped_days([request], today() + 5 * DAY) == 2


# --- What was decided ---


def test_a_granted_visa_is_told_with_its_days_and_without_remedies(file):
    application, agent = file
    decided(application, agent, visa_from=date(2027, 1, 5), visa_until=date(2027, 2, 3))
    assert state(application) == "decided"
    text = read("file_decision")
    assert "5 January 2027" in text
    assert "3 February 2027" in text
    assert "What you can do against it" not in text


def test_rc_05_a_refusal_is_told_with_body_and_last_day(file):
    application, agent = file
    decided(application, agent, "refused", notified_on=today())
    text = read("file_decision")
    assert "sous-directeur des visas" in text
    assert "The paper you received prevails" in text


def test_rc_04_in_germany_it_is_the_court():
    application, agent = examined(mission=MissionFactory(state="DE"))
    decided(application, agent, "refused", notified_on=today())
    assert "Verwaltungsgericht" in read("file_decision")


def test_rc_06_without_notification_no_deadline_is_told_and_later_it_is(file):
    application, agent = file
    decision = decided(application, agent, "refused")
    assert "no last day can be told" in read("file_decision")
    operations.record_notification(decision_id=decision.pk, actor=agent, notified_on=today())
    assert "must arrive there by" in read("file_decision")
    assert Message.objects.filter(kind="file_decision").count() == 2
    with pytest.raises(NotifiedAlready):
        operations.record_notification(decision_id=decision.pk, actor=agent, notified_on=today())


@pytest.mark.parametrize("outcome", ["annulled", "revoked"])
def test_only_a_granted_visa_ends_early_and_once(file, outcome):
    application, agent = file
    with pytest.raises(NothingToEnd):
        decided(application, agent, outcome)
    decided(application, agent)
    moved(application, agent, "ready")
    decided(application, agent, outcome)
    assert state(application) == "passport_ready"
    assert "is named on the paper you get" in read("file_decision")
    with pytest.raises(DecidedAlready):
        decided(application, agent, "annulled")


def test_a_refused_visa_cannot_be_annulled(file):
    application, agent = file
    decided(application, agent, "refused")
    with pytest.raises(NothingToEnd):
        decided(application, agent, "annulled")


@pytest.mark.parametrize(
    ("outcome", "changes", "refusal"),
    [
        ("granted", {"visa_until": None}, VisaDaysWrong),
        ("granted", {"visa_until": today() - DAY}, VisaDaysWrong),
        ("refused", {"visa_from": today()}, VisaDaysWrong),
        ("refused", {"reason": "  "}, DecisionReasonMissing),
        ("refused", {"decided_on": today() + DAY}, DayInFuture),
        ("refused", {"notified_on": today() + DAY}, DayInFuture),
        ("refused", {"decided_on": today(), "notified_on": today() - DAY}, NotifiedTooEarly),
        ("refused", {"decided_on": today() - DAY}, NeverFiled),
    ],
)
def test_what_cannot_be_is_not_recorded(file, outcome, changes, refusal):
    application, agent = file
    with pytest.raises(refusal):
        decided(application, agent, outcome, **changes)
    assert state(application) == "in_examination"
    assert not Decision.objects.exists()
    assert not Message.objects.filter(kind="file_decision").exists()


@pytest.mark.parametrize("steps", [(), ("file",)])
def test_only_an_examined_file_is_decided(steps):
    application = submitted()
    agent = agent_of(application)
    moved(application, agent, *steps)
    with pytest.raises(TransitionRefused):
        decided(application, agent, "refused")


def test_while_papers_may_still_come_nothing_is_decided(file):
    application, agent = file
    ask(application, agent)
    with pytest.raises(RequestOpen):
        decided(application, agent)
    with time_machine.travel(timezone.now() + 11 * DAY):
        decided(application, agent)
    assert state(application) == "decided"
    assert PaperRequest.objects.get().closed_at is not None


def test_the_passport_is_handed_back_after_the_decision(file):
    application, agent = file
    decided(application, agent, "refused")
    moved(application, agent, "ready")
    assert state(application) == "passport_ready"
    assert Message.objects.filter(kind="file_passport_ready").count() == 1


def test_agents_of_another_mission_decide_nothing(file):
    application, _agent = file
    stranger = staff("agent", MissionFactory(state="DE"))
    decision = decided(application, agent_of(application))
    for operation in (
        lambda: decided(application, stranger),
        lambda: decided(application, application.owner),
        lambda: ask(application, stranger),
        lambda: operations.record_notification(
            decision_id=decision.pk, actor=stranger, notified_on=today()
        ),
    ):
        with pytest.raises(Application.DoesNotExist):
            operation()


def test_every_decision_leaves_its_line(file):
    application, agent = file
    decided(application, agent)
    decided(application, agent, "revoked", notified_on=today())
    lines = Entry.objects.filter(subject_id=str(application.pk)).order_by("pk")
    assert [line.action for line in lines][-2:] == ["application.decide", "decision.revoked"]
    assert lines.last().details["outcome"] == "revoked"


# --- What the database refuses, whoever asks ---

INSERT = """
    INSERT INTO applications_decision
        (application_id, outcome, decided_on, reason, recorded_by_id, recorded_at)
    VALUES (%s, %s, %s, '', %s, now())
"""


def insert(application, actor, outcome, day):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [application.pk, outcome, day, actor.pk])


def test_the_database_refuses_a_decision_of_a_file_that_was_never_filed():
    application = submitted()
    with pytest.raises(IntegrityError) as refused:
        insert(application, application.owner, "refused", today())
    assert violated(refused.value) == "a_decision_follows_a_filed_file"


@pytest.mark.parametrize(
    ("outcome", "before", "name"),
    [
        ("refused", -1, "a_decision_follows_a_filed_file"),
        ("annulled", 0, "only_a_granted_visa_ends_early"),
        ("revoked", 0, "only_a_granted_visa_ends_early"),
    ],
)
def test_the_database_refuses_decisions_out_of_order(file, outcome, before, name):
    application, agent = file
    with pytest.raises(IntegrityError) as refused:
        insert(application, agent, outcome, today() + before * DAY)
    assert violated(refused.value) == name


def test_the_database_refuses_a_second_answer(file):
    application, agent = file
    insert(application, agent, "granted", today())
    with pytest.raises(IntegrityError) as refused:
        insert(application, agent, "refused", today())
    assert violated(refused.value) == "one_answer_per_application"


def test_the_database_refuses_to_move_a_decision_before_the_file(file):
    application, agent = file
    decided(application, agent, "refused")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(decided_on=add_months(today(), -1))


# --- Two agents at once ---


def at_once(*operations_):
    """Run each in a thread with a connection of its own; return what came of them."""
    barrier = Barrier(len(operations_))

    def run(operation):
        try:
            barrier.wait(10)
            operation()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(operations_)) as pool:
        return sorted(pool.map(run, operations_))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_decide_at_once_one_is_told_to_look_again():
    application, agent = examined()
    other = agent_of(application)
    found = at_once(
        lambda: decided(application, agent),
        lambda: decided(application, other, "refused"),
    )
    assert found == ["done", "transition_refused"]
    assert Decision.objects.count() == 1
    assert Message.objects.filter(kind="file_decision").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_papers_that_come_while_they_are_taken_back_close_the_request_once():
    application, agent = examined()
    ask(application, agent)
    found = at_once(
        lambda: operations.answer_request(application_id=application.pk, owner=application.owner),
        lambda: operations.take_back_request(application_id=application.pk, actor=agent),
    )
    assert found in (["NO_REQUEST", "done"], ["done", "done"])
    assert state(application) == "in_examination"
    assert Entry.objects.filter(action="application.examine").count() == 2
