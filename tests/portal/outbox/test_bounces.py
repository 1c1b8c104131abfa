"""Delivery status notifications: real ones mark a message, forged and broken ones nothing."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.outbox import delivery
from portal.outbox import operations as outbox
from portal.outbox.bounces import bounces_in, receive
from portal.outbox.models import Message
from portal.outbox.workflow import State

from .sample.notifications import note

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: guichet@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{original}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

From: guichet@localhost
To: {to}
Message-ID: {message_id}
Subject: x

--b--
"""


def report(message, **said):
    facts = {
        "address": "amina@example.org",
        "original": "amina@example.org",
        "to": "amina@example.org",
        "action": "failed",
        "status": "5.1.1",
        "kind": "message/rfc822",
        "message_id": message.message_id,
    }
    return REPORT.format(**(facts | said)).encode()


@pytest.fixture
def sent():
    message = outbox.enqueue(note())
    Message.objects.update(state=State.SENT)
    message.refresh_from_db()
    return message


def state():
    return Message.objects.get().state


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_message_that_came_back_is_marked_once(sent, kind):
    assert receive(report(sent, kind=kind)) == 1
    stored = Message.objects.get()
    assert (stored.state, stored.last_error) == (State.BOUNCED, "bounce 5.1.1")
    assert receive(report(sent, kind=kind)) == 0


@pytest.mark.parametrize(
    "said",
    [
        {"address": "AMINA@Example.ORG", "original": "x@y.z", "to": "x@y.z"},
        {"address": "forwarded@elsewhere.example", "to": "x@y.z"},
        {"address": "forwarded@elsewhere.example", "original": "x@y.z"},
    ],
)
def test_a_forwarded_address_is_still_recognised(sent, said):
    assert receive(report(sent, **said)) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"action": "failed", "status": "2.0.0"},
        {"action": "failed", "status": "nonsense"},
        {"message_id": "<" + "0" * 40 + "@localhost>"},
        {"message_id": "<1@localhost>"},
        {"message_id": ""},
        {"kind": "text/plain"},
        {"address": "other@x.y", "original": "other@x.y", "to": "other@x.y"},
    ],
)
def test_what_reports_no_failure_of_ours_changes_nothing(sent, said):
    assert receive(report(sent, **said)) == 0
    assert state() == State.SENT


@pytest.mark.parametrize(
    "before", [State.EXPIRED, State.NOT_REACHED, State.BOUNCED, State.TELEPHONED]
)
def test_a_message_that_is_over_stays_as_it_is(sent, before):
    Message.objects.update(state=before)
    assert receive(report(sent)) == 0
    assert state() == before


def test_a_message_that_comes_back_before_it_was_marked_stays_so(sent):
    Message.objects.update(state=State.SENDING)
    assert receive(report(sent)) == 1
    delivery._mark_sent(sent, "")
    assert state() == State.BOUNCED


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_no_mail_however_broken_stops_the_reading(data):
    class Told:
        message_id = "<" + "0" * 40 + "@localhost>"

    whole = report(Told)
    start, end = (data.draw(st.integers(0, len(whole))) for _ in range(2))
    bounces_in(whole[:start] + data.draw(st.binary(max_size=30)) + whole[end:])


def test_a_folder_of_mails_is_read_once(sent, tmp_path, capsys):
    new = tmp_path / "new"
    new.mkdir()
    (new / "1").write_bytes(b"\xff\x00 no mail")
    (new / "2").write_bytes(report(sent))
    (new / "3").write_bytes(b"Subject: hello\n\nI am a person.\n")
    call_command("read_bounces", maildir=tmp_path)
    assert "3 read, 1 messages" in capsys.readouterr().out
    assert state() == State.BOUNCED
    call_command("read_bounces", maildir=tmp_path)
    assert "0 read" in capsys.readouterr().out
    assert len(list((tmp_path / "cur").iterdir())) == 3


def test_a_folder_that_is_none_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="no maildir"):
        call_command("read_bounces", maildir=tmp_path)
