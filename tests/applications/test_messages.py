"""The conversation inside a file: who writes, who is told, what is new."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import operations
from applications.models import Application, FileMessage
from applications.operations.messages import TEXT_LIMIT
from applications.refusals import MessageEmpty, MessageTooLong, NotSubmittedYet
from portal.audit.models import Entry
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.actors import staff
from tests.applications.counter import agent_of, submitted
from tests.factories import ApplicationFactory, MissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return submitted()


def write(application, author, text="Is a copy enough?"):
    return operations.write(application_id=application.pk, author=author, text=text)


def unread(application, *, from_staff):
    return application.messages.filter(from_staff=from_staff, read_at=None).count()


def test_the_applicant_is_told_that_a_message_waits_and_not_what_it_says(application):
    message = write(application, agent_of(application), "Your bank statement is unreadable.")
    assert message.from_staff
    told = Message.objects.get(kind="file_message_waits")
    assert told.recipient == application.owner.email
    sent = compose(told).message().as_string()
    assert "unreadable" not in sent
    assert application.reference in sent


def test_nobody_is_mailed_when_the_applicant_writes(application):
    assert not write(application, application.owner).from_staff
    assert not Message.objects.filter(kind="file_message_waits").exists()


def test_the_text_rests_encrypted(application):
    write(application, application.owner, "Secret of mine")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM applications_filemessage")
        assert b"Secret" not in bytes(cursor.fetchone()[0])


def test_who_answers_has_read(application):
    write(application, application.owner)
    assert unread(application, from_staff=False) == 1
    write(application, agent_of(application), "Yes.")
    assert (unread(application, from_staff=False), unread(application, from_staff=True)) == (0, 1)


def test_each_side_marks_what_the_other_wrote(application):
    agent = agent_of(application)
    write(application, agent, "Hello")
    write(application, application.owner, "Hello too")
    assert operations.mark_read(application_id=application.pk, reader=application.owner) == 1
    assert operations.mark_read(application_id=application.pk, reader=application.owner) == 0
    assert operations.mark_read(application_id=application.pk, reader=agent) == 1
    assert not FileMessage.objects.filter(read_at=None).exists()


def test_a_double_click_is_one_message_and_the_same_words_later_are_two(application):
    first = write(application, application.owner)
    assert write(application, application.owner) == first
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert write(application, application.owner) != first


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", MessageEmpty),
        (" \r\n\t", MessageEmpty),
        ("\x00", MessageEmpty),
        ("x" * (TEXT_LIMIT + 1), MessageTooLong),
    ],
)
def test_what_cannot_be_sent_is_refused(application, text, refusal):
    with pytest.raises(refusal):
        write(application, application.owner, text)
    assert not FileMessage.objects.exists()


def test_the_longest_message_with_line_breaks_of_a_browser_is_sent(application):
    text = "\r\n".join(["x" * 99] * 40)
    assert len(write(application, application.owner, text).text) == TEXT_LIMIT - 1


def test_nobody_reads_a_draft(application):
    draft = ApplicationFactory()
    with pytest.raises(NotSubmittedYet):
        write(draft, draft.owner)


def test_for_all_others_there_is_no_such_file(application):
    strangers = [
        submitted().owner,
        staff("agent", MissionFactory(state="DE")),
        staff("agent"),
    ]
    for stranger in strangers:
        with pytest.raises(Application.DoesNotExist):
            write(application, stranger)
        with pytest.raises(Application.DoesNotExist):
            operations.mark_read(application_id=application.pk, reader=stranger)


def test_an_administrator_without_missions_may_answer(application):
    assert write(application, staff("administrator"), "Yes").from_staff


def test_the_trail_tells_who_wrote_and_not_what(application):
    write(application, agent_of(application), "Something private")
    entry = Entry.objects.get(action="message.write")
    assert entry.subject_id == str(application.pk)
    assert "private" not in str(entry.details) + entry.reason
