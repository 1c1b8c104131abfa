"""The list of those whom no message reached: who sees it, the sheet, the step, the counts."""

import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from portal.outbox import operations as outbox
from portal.outbox.channels import Channel
from portal.outbox.counting import people_reached, tallies
from portal.outbox.models import Message
from portal.outbox.wording import reason
from portal.outbox.workflow import State
from portal.workflow import TransitionRefused
from tests import factories
from tests.actors import signed_in, staff
from tests.portal.paper.reading import signs

from .sample.notifications import move

pytestmark = pytest.mark.django_db
LIST = "admin:outbox_unreachedmessage_changelist"
SHEET = "admin:outbox_unreachedmessage_sheet"


@pytest.fixture
def mission():
    return factories.MissionFactory()


@pytest.fixture
def agent(mission):
    agent = staff(Role.AGENT, mission)
    client = signed_in(agent, "password", "mfa")
    client.user = agent
    return client


@pytest.fixture
def bounced(settings, sample, mission):
    """A move whose mail came back and whose text was refused."""
    settings.SMS_GATEWAY = "portal.outbox.gateways.http.HttpGateway"
    outbox.enqueue(
        move(
            mission_id=mission.pk,
            context={"name": "Amina", "traveller": "Amina Benali", "reference": "A-7K3M"},
        )
    )
    mails, texts = (Message.objects.filter(channel=one) for one in (Channel.EMAIL, Channel.SMS))
    mails.update(state=State.BOUNCED, last_error="bounce 5.1.1")
    texts.update(state=State.NOT_REACHED, last_error="GatewayFailed 400")
    return Message.objects.get(channel=Channel.EMAIL)


def page(client, name=LIST, *arguments, **query):
    return client.get(reverse(name, args=arguments), query, HTTP_ACCEPT_LANGUAGE="en")


def test_an_agent_sees_whom_to_call_about_what_and_why(agent, bounced):
    shown = page(agent).content.decode()
    for said in (
        "person1@example.org",
        'href="tel:+213551234567"',
        "+213 551 23 45 67",
        "Amina Benali",
        "A-7K3M",
        "There is no such e-mail address.",
        "The provider of text messages refused the number.",
    ):
        assert said in shown
    assert Access.objects.filter(what="admin list").exists()


def test_messages_that_arrived_or_belong_to_others_are_not_on_the_list(agent, bounced):
    outbox.enqueue(move(2, mission_id=bounced.mission_id))
    outbox.enqueue(move(3, mission_id=factories.MissionFactory(state="FR", post="oran").pk))
    Message.objects.filter(subject="appointment:3").update(state=State.BOUNCED)
    shown = page(agent).content.decode()
    assert "person2@" not in shown
    assert "person3@" not in shown


def test_a_text_that_failed_is_no_reason_to_call_who_got_the_mail(agent, bounced):
    Message.objects.filter(channel=Channel.EMAIL).update(state=State.SENT)
    assert "A-7K3M" not in page(agent).content.decode()
    Message.objects.filter(channel=Channel.EMAIL).update(state=State.BOUNCED)
    Message.objects.filter(channel=Channel.SMS).update(state=State.SENT)
    assert "A-7K3M" in page(agent).content.decode()


def test_the_call_sheet_names_each_person_once_and_leaves_a_trace(agent, bounced):
    answer = page(agent, SHEET)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = signs(answer.content)
    assert text.count("+213551234567") == 1
    assert "AminaBenali" in text
    trace = Access.objects.get(what="call sheet on paper")
    assert (trace.actor_id, trace.mission_id) == (agent.user.pk, bounced.mission_id)


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_call_sheet_is_made_in_every_language(agent, bounced, language):
    answer = agent.get(reverse(SHEET), HTTP_ACCEPT_LANGUAGE=language)
    assert answer.content.startswith(b"%PDF")


def test_a_filter_that_makes_no_sense_breaks_no_sheet(agent, bounced):
    assert page(agent, SHEET, nonsense="1").status_code in (302, 404)


def test_who_was_told_on_the_telephone_leaves_the_list_on_every_channel(agent, bounced):
    url = reverse("admin:outbox_unreachedmessage_step", args=[bounced.pk, "telephone"])
    answer = agent.post(url, {"reason": "Spoke with her brother"})
    assert answer.url == reverse(LIST)
    assert set(Message.objects.values_list("state", flat=True)) == {State.TELEPHONED}
    entries = Entry.objects.filter(action="message.telephone")
    assert entries.count() == 2
    assert set(entries.values_list("reason", "actor")) == {
        ("Spoke with her brother", agent.user.pk)
    }
    assert "person1@" not in page(agent).content.decode()


def test_two_agents_do_not_note_the_same_call_twice(agent, bounced):
    assert outbox.reach_by_telephone(bounced, agent.user) == 2
    with pytest.raises(TransitionRefused):
        outbox.reach_by_telephone(bounced, agent.user)


def test_a_message_is_sent_again_from_the_list(agent, bounced):
    agent.post(reverse("admin:outbox_unreachedmessage_step", args=[bounced.pk, "again"]))
    bounced.refresh_from_db()
    assert (bounced.state, bounced.attempts) == (State.QUEUED, 0)
    assert Entry.objects.filter(action="message.send_again").exists()


def test_a_row_of_a_kind_that_is_gone_hides_no_other(agent, bounced):
    Message.objects.filter(channel=Channel.SMS).update(kind="gone")
    shown = page(agent).content.decode()
    assert "gone" in shown
    assert "Amina Benali" in shown


def test_a_mass_of_messages_is_counted(agent, settings, sample, mission):
    settings.SMS_GATEWAY = "portal.outbox.gateways.http.HttpGateway"
    bulk = uuid.uuid4()
    outbox.enqueue_all(
        move(number, bulk=bulk, mission_id=mission.pk, phone="" if number > 3 else "+213551234567")
        for number in range(1, 6)
    )
    mails = Message.objects.filter(channel=Channel.EMAIL)
    mails.filter(subject__in=["appointment:1", "appointment:2"]).update(state=State.SENT)
    mails.filter(subject="appointment:4").update(state=State.BOUNCED, last_error="bounce 5.2.2")
    mails.filter(subject="appointment:5").update(state=State.TELEPHONED)
    Message.objects.filter(channel=Channel.SMS, subject="appointment:1").update(state=State.SENT)
    assert outbox.confirm_opened(subject_ref="appointment:1", version=1) == 2
    assert outbox.confirm_opened(subject_ref="appointment:1", version=1) == 0
    mail, text = tallies(bulk)
    assert (mail.written, mail.waiting, mail.sent, mail.failed) == (5, 1, 2, 1)
    assert (mail.telephoned, mail.opened) == (1, 1)
    assert (text.written, text.waiting, text.sent, text.opened) == (3, 2, 1, 1)
    assert people_reached(bulk) == 3
    shown = page(agent, bulk__exact=str(bulk)).content.decode()
    assert "person4@example.org" in shown
    assert 'class="tallies"' in shown
    assert 'class="tallies"' not in page(agent).content.decode()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("bounce 5.1.10", "There is no such e-mail address."),
        ("bounce 5.2.2", "The mailbox is full."),
        ("bounce 5.2.1", "The mailbox takes no mail at present."),
        ("bounce 5.9.9", "The mail server of the address refused the message."),
        ("bounce 4.4.7", "The mail server of the address did not answer for days."),
        ("SMTPRecipientsRefused 550", "The mail server refused the address."),
        ("SMTPRecipientsRefused 451", "The message could not be sent for days."),
        ("GatewayFailed 400", "The provider of text messages refused the number."),
        ("GatewayFailed 503", "The provider of text messages did not answer for days."),
        ("interrupted", "Sending was interrupted each time."),
        ("TimeoutError", "The message could not be sent for days."),
    ],
)
def test_every_reason_is_a_sentence(error, said):
    with translation.override("en"):
        assert reason(Message(last_error=error)) == said
