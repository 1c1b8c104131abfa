import pytest

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.models import Message
from portal.outbox.workflow import State
from portal.workflow import TransitionRefused

from .sample.notifications import note

pytestmark = pytest.mark.django_db


def test_a_message_that_reached_nobody_is_sent_again_and_it_is_known_by_whom(mailbox):
    agent = User.objects.create_user("agent@example.org", is_staff=True)
    message = outbox.enqueue(note())
    Message.objects.update(state=State.NOT_REACHED, attempts=16)
    outbox.retry(message, agent)
    assert delivery.sweep() == 1
    stored = Message.objects.get()
    assert (stored.state, stored.attempts) == (State.SENT, 1)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id) == ("message.send_again", agent.pk)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SENT, State.EXPIRED])
def test_only_a_message_that_reached_nobody_is_sent_again(state):
    message = outbox.enqueue(note())
    Message.objects.update(state=state)
    with pytest.raises(TransitionRefused):
        outbox.retry(message, None)
    assert Message.objects.get().state == state
