from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connections, transaction
from django.utils import translation

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.outbox.workflow import WORKFLOW, State
from portal.workflow import Transition, TransitionRefused, Workflow


def message(state=State.NOT_REACHED, **fields):
    return Message.objects.create(
        kind="note", subject="test:1", version=1, recipient="a@example.org", state=state, **fields
    )


@pytest.mark.django_db
def test_a_move_saves_the_state_and_writes_down_who_did_it():
    agent = User.objects.create_user("agent@example.org", is_staff=True)
    row = message()
    moved = WORKFLOW.move(row, "send_again", actor=agent, reason="new address", details={"n": 1})
    assert moved is row
    assert row.state == Message.objects.get().state == State.QUEUED
    entry = Entry.objects.get()
    assert (entry.action, entry.reason) == ("message.send_again", "new address")
    assert (entry.actor_id, entry.actor_label) == (agent.pk, "agent@example.org")
    assert (entry.subject_type, entry.subject_id) == ("outbox.message", str(row.pk))
    assert entry.details == {"n": 1, "from": "not_reached", "to": "queued"}


@pytest.mark.django_db
def test_the_state_in_the_database_decides_and_not_the_one_in_memory():
    row = message()
    Message.objects.update(state=State.SENT)
    with pytest.raises(TransitionRefused) as caught:
        WORKFLOW.move(row, "send_again", actor=None)
    with translation.override("en"):
        assert "sent" in str(caught.value.message)
    assert row.state == State.NOT_REACHED
    assert Message.objects.get().state == State.SENT
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_move_saves_nothing_but_the_state():
    row = message(last_error="550")
    row.last_error = "typed by mistake"
    WORKFLOW.move(row, "send_again", actor=None)
    assert Message.objects.get().last_error == "550"


@pytest.mark.django_db(transaction=True)
def test_a_move_outside_a_transaction_is_a_mistake_of_the_caller():
    with pytest.raises(transaction.TransactionManagementError, match="atomic"):
        WORKFLOW.move(message(), "send_again", actor=None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_one_row_at_once_one_succeeds():
    row = message()
    start = Barrier(8)

    def move(_):
        start.wait()
        try:
            with transaction.atomic():
                WORKFLOW.move(Message.objects.get(pk=row.pk), "send_again", actor=None)
        except TransitionRefused:
            return "refused"
        finally:
            close_old_connections()
            connections.close_all()
        return "moved"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(move, range(8)))
    assert sorted(outcomes) == ["moved"] + ["refused"] * 7
    assert Entry.objects.count() == 1


def test_the_table_tells_what_may_follow():
    assert WORKFLOW.names_from(State.TELEPHONED) == []
    assert WORKFLOW.names_from("sending") == [
        "claim",
        "mark_sent",
        "put_off",
        "expire",
        "give_up",
        "bounce",
    ]
    assert WORKFLOW.allows(State.NOT_REACHED, "send_again")
    assert not WORKFLOW.allows(State.SENT, "send_again")


def test_a_transition_that_does_not_exist_is_a_mistake_of_the_caller():
    with pytest.raises(LookupError, match="resurrect"):
        WORKFLOW.allows(State.SENT, "resurrect")


def test_two_transitions_of_one_name_are_refused():
    one = Transition("go", frozenset({"a"}), "b")
    with pytest.raises(ValueError, match="same name"):
        Workflow(transitions=[one, one])


def test_every_state_of_a_message_can_be_reached():
    assert WORKFLOW.faults(State, start=State.QUEUED) == []


def test_faults_name_unknown_states_and_those_that_nothing_leads_to():
    table = Workflow(
        transitions=[
            Transition("go", frozenset({"a"}), "b"),
            Transition("err", frozenset({"c"}), "x"),
        ]
    )
    assert table.faults(["a", "b", "c"], start="a") == ["unknown state x", "no way leads to c"]
