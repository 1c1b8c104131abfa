"""A text whose language nobody knew: an agent decides, and the person hears of it (CP-02)."""

from __future__ import annotations

import pytest

from complaints import refusals
from complaints.enums import Category
from complaints.models import Case, CaseMessage
from complaints.operations.arrival import Person
from complaints.operations.complaining import complain
from complaints.operations.language_doubt import accept_language, send_back
from portal.audit.models import Entry
from portal.outbox.composing import compose
from portal.outbox.models import Message
from portal.workflow import TransitionRefused
from tests.complaints.conftest import handler
from tests.complaints.told import ENGLISH, FRENCH, taking_mission, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def mission(db):
    return taking_mission()


@pytest.fixture
def doubtful(mission) -> Case:
    person = Person(name="Amina", email="amina@example.org", postal_address="1 rue\nALGER")
    [case] = complain(told=told(mission, ENGLISH, said="", person=person, by_post=True), address="")
    return case


def test_an_agent_can_read_it_and_it_keeps_its_place(mission, doubtful):
    agent = handler(mission, Category.PROVIDER)
    case = accept_language(case=doubtful, actor=agent, language="de")
    case.refresh_from_db()
    assert (case.state, case.language, case.received_at) == ("received", "de", doubtful.received_at)
    assert Entry.objects.get(action="case.accept_language").details["language"] == "de"
    assert Message.objects.filter(kind="complaint_language_accepted").count() == 1


def test_an_agent_sends_it_back_with_a_reason_though_post_was_asked_for(mission, doubtful):
    agent = handler(mission, Category.PROVIDER)
    send_back(case=doubtful, actor=agent, text="Merci de l'écrire en français.")
    doubtful.refresh_from_db()
    assert doubtful.state == "closed"
    assert doubtful.closed_at is not None
    assert doubtful.text == ENGLISH
    assert CaseMessage.objects.get(case=doubtful).text == "Merci de l'écrire en français."
    message = Message.objects.get(kind="complaint_sent_back")
    assert "/complaints/status/" in compose(message).body


@pytest.mark.parametrize(
    ("language", "text", "refusal"),
    [
        pytest.param("en", None, refusals.LanguageNotOffered, id="language-not-taken"),
        pytest.param(None, " \n", refusals.NothingWritten, id="no-reason"),
    ],
)
def test_what_an_agent_cannot_do(mission, doubtful, language, text, refusal):
    agent = handler(mission, Category.PROVIDER)
    with pytest.raises(refusal):
        _decide(doubtful, agent, language, text)
    doubtful.refresh_from_db()
    assert doubtful.state == "doubt"


@pytest.mark.parametrize(("language", "text"), [("fr", None), (None, "Non")])
def test_nobody_decides_on_what_is_not_theirs_or_not_in_doubt(mission, doubtful, language, text):
    other = handler(mission, Category.STAFF)
    with pytest.raises(refusals.NotYourCase):
        _decide(doubtful, other, language, text)
    [clear] = complain(told=told(mission, FRENCH), address="")
    with pytest.raises(TransitionRefused):
        _decide(clear, handler(mission, Category.PROVIDER), language, text)


@pytest.mark.parametrize("language", ["fr", "de", "ar", "en"])
def test_the_receipt_says_number_day_and_subject_in_each_language(mission, language):
    [case] = complain(told=told(mission, ENGLISH, said="", page=language), address="")
    message = Message.objects.get(kind="complaint_received")
    assert message.language == language
    mail = compose(message)
    assert case.reference in mail.subject
    for words in (case.reference, case.complaint.label, "2026"):
        assert words in mail.body
    assert ENGLISH not in mail.body


def _decide(case, actor, language, text):
    if language is not None:
        accept_language(case=case, actor=actor, language=language)
    else:
        send_back(case=case, actor=actor, text=text)
