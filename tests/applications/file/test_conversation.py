"""Messages on the applicant's side: nothing typed is lost, reading changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import operations
from applications.models import FileMessage
from applications.operations.messages import MOST_A_DAY, TEXT_LIMIT
from applications.refusals import MessageEmpty
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.applications.counter import agent_of, submitted
from tests.factories import ApplicationFactory
from tests.pages import held_by_form, says, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return submitted()


@pytest.fixture
def client(application):
    return applicant_client(application.owner)


def url_of(application, name="messages"):
    return reverse(f"applications:{name}", args=[application.pk])


def from_consulate(application, text="Please bring it."):
    return operations.write(application_id=application.pk, author=agent_of(application), text=text)


def unread(application):
    return application.messages.filter(from_staff=True, read_at=None).count()


def test_a_message_is_written_and_shown_with_its_lines(application, client):
    page = client.post(url_of(application), {"text": "First line\r\n<b>second</b> & more"})
    assert page.url == url_of(application)
    shown = client.get(url_of(application)).content.decode()
    assert "First line<br>&lt;b&gt;second&lt;/b&gt; &amp; more" in shown


def test_an_address_in_a_message_is_no_link(application, client):
    from_consulate(application, "See https://evil.example/ and javascript:alert(1)")
    page = client.get(url_of(application)).content.decode()
    assert 'href="https://evil' not in page
    assert 'href="javascript' not in page


def test_looking_marks_nothing(application, client):
    from_consulate(application)
    for name in ("messages", "detail", "messages_read"):
        client.get(url_of(application, name))
        client.head(url_of(application, name))
    client.get(reverse("applications:list"))
    assert unread(application) == 1


def test_the_button_marks_what_stood_on_the_page_and_no_more(application, client):
    from_consulate(application, "seen")
    seen = client.get(url_of(application)).context["seen"]
    from_consulate(application, "came meanwhile")
    client.post(url_of(application, "messages_read"), {"seen": seen})
    assert unread(application) == 1
    assert FileMessage.objects.get(from_staff=True, read_at=None).text == "came meanwhile"


def test_who_answers_has_read_what_stood_on_the_page(application, client):
    from_consulate(application)
    held = held_by_form(client.get(url_of(application)))
    from_consulate(application, "came meanwhile")
    client.post(url_of(application), {"text": "Thanks", "seen": held["seen"][0]})
    assert unread(application) == 1


@pytest.mark.parametrize("seen", ["", "-1", "x", "99999999999999999999", "1\x00"])
def test_a_forged_number_marks_nothing_of_others(application, client, seen):
    from_consulate(application)
    other = submitted()
    from_consulate(other)
    assert client.post(url_of(application, "messages_read"), {"seen": seen}).status_code == 302
    assert (unread(application), unread(other)) == (1, 1)


def test_too_long_is_refused_with_every_letter_kept(application, client):
    text = "é" * (TEXT_LIMIT + 1)
    page = client.post(url_of(application), {"text": text})
    assert page.status_code == 422
    assert held_by_form(page)["text"] == [text]
    assert str(TEXT_LIMIT) in text_of(page)
    assert not FileMessage.objects.exists()


def test_a_flood_is_stopped_for_a_day_with_the_text_kept(application, client):
    for number in range(MOST_A_DAY):
        client.post(url_of(application), {"text": f"Message {number}"})
    page = client.post(url_of(application), {"text": "One too many"})
    assert page.status_code == 422
    assert held_by_form(page)["text"] == ["One too many"]
    from_consulate(application)  # the consulate may answer
    assert application.messages.filter(from_staff=False).count() == MOST_A_DAY
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        operations.write(
            application_id=application.pk, author=application.owner, text="The day after"
        )


@pytest.mark.parametrize("text", ["", "  \r\n "])
def test_an_empty_message_is_not_sent(application, client, text):
    page = client.post(url_of(application), {"text": text})
    assert page.status_code == 422
    assert says(page, MessageEmpty.message)


def test_what_was_written_in_an_expired_session_waits(application):
    client = Client()
    door = client.post(url_of(application), {"text": "A long thought"})
    assert door.url.startswith(reverse("account_request_login_code"))
    client.force_login(application.owner)
    back = client.get(url_of(application))
    assert held_by_form(back)["text"] == ["A long thought"]
    assert not FileMessage.objects.exists()


def test_nobody_writes_about_a_draft():
    draft = ApplicationFactory()
    client = applicant_client(draft.owner)
    page = client.get(url_of(draft))
    assert "textarea" not in page.content.decode()
    assert client.post(url_of(draft), {"text": "Hello"}).status_code == 422
    assert not FileMessage.objects.exists()


def test_the_conversation_names_no_agent(application, client):
    agent = agent_of(application)
    operations.write(application_id=application.pk, author=agent, text="Yes")
    assert agent.email not in text_of(client.get(url_of(application)))


def test_a_long_conversation_comes_in_parts_with_the_newest_first_to_see(application, client):
    for number in range(45):
        from_consulate(application, f"Message {number:02}")
    newest = client.get(url_of(application))
    assert newest.context["said"][0].text == "Message 05"
    assert newest.context["said"][-1].text == "Message 44"
    older = client.get(url_of(application) + "?page=2")
    assert older.context["said"][-1].text == "Message 04"
    assert client.get(url_of(application) + "?page=nonsense").status_code == 200


def test_the_conversation_takes_the_same_queries_however_long(application, client):
    counts = []
    from_consulate(application)
    for _round in range(2):
        client.get(url_of(application))
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(application))
        counts.append(len(queries))
        for number in range(6):
            from_consulate(application, f"{number}")
    assert counts[0] == counts[1] <= 8, counts


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_once_are_both_kept_and_the_reader_loses_none():
    application = submitted()
    agent = agent_of(application)

    def say(number):
        try:
            author = agent if number % 2 else application.owner
            operations.write(
                application_id=application.pk, author=author, text=f"At once {number}", seen=0
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say, range(8)))
    assert application.messages.count() == 8
    assert unread(application) == 4
    assert Message.objects.filter(kind="file_message_waits").count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_once_is_one_message():
    application = submitted()

    def say(_number):
        try:
            operations.write(
                application_id=application.pk, author=application.owner, text="The same"
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, range(4)))
    assert application.messages.count() == 1
