"""The pages on which a person hands in a signed appeal."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Decision
from complaints.models import Appeal, ComplaintDraft
from portal.outbox.models import Message
from tests.actors import applicant_client, staff
from tests.applications.guidance.conftest import date_parts
from tests.complaints.conftest import PERSON
from tests.factories import ApplicationFactory, MissionFactory, UserFactory
from tests.portal.paper import reading
from tests.portal.uploads.conftest import folder  # noqa: F401  # files lie in a folder of the test
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
PAPER = pdf()
WHAT, LETTER = "/complaints/appeal/", "/complaints/appeal/letter/"


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch):
    """No worker settles files here."""
    monkeypatch.setattr("complaints.views.appeal.PATIENCE", 0)


@pytest.fixture
def visitor(mission):
    return Client(headers={"Accept-Language": "en"})


def what(matter="annulment", notified="2026-11-02", mission="de-algiers"):
    given = {"matter": matter, "mission": mission, "visa": "short_stay"}
    return given | (date_parts("notified", notified) if notified else {})


def typed(content=None, **more):
    given = {
        "standing": "self",
        "name": "Amina Benali",
        "postal_address": PERSON.postal_address,
        "email": "amina@example.org",
        "language": "fr",
        "words": "Je conteste cette décision.",
        "letter": SimpleUploadedFile("recours.pdf", content or PAPER),
        "signed": "on",
        **more,
    }
    return {name: value for name, value in given.items() if value is not None}


def test_from_the_decision_to_the_receipt(visitor):
    answer = visitor.post(WHAT, what())
    assert answer.url == LETTER
    assert "Look on the paper first" in visitor.get(LETTER).text
    answer = visitor.post(LETTER, typed())
    appeal = Appeal.objects.get()
    assert answer.url == reverse("complaints:appeal_sent", args=[appeal.pk])
    page = visitor.get(answer.url).text
    assert str(appeal) in page
    assert "answer comes by post" in page
    paper = visitor.get(reverse("complaints:appeal_receipt", args=[appeal.pk]))
    assert str(appeal) in reading.words(paper.content)
    assert Message.objects.get(kind="appeal_registered").language == "en"
    assert (appeal.case.text, appeal.case.language) == ("Je conteste cette décision.", "fr")
    assert not ComplaintDraft.objects.exists()
    assert Client().get(answer.url).status_code == 404


def test_what_a_page_without_its_session_brings_is_kept(visitor):
    visitor.post(WHAT, what())
    visitor.cookies.pop("sessionid")
    answer = visitor.post(LETTER, typed(words="Mes raisons, écrites toute la nuit."), follow=True)
    assert answer.redirect_chain[-1][0] == WHAT
    assert "What you typed is kept" in answer.text
    visitor.post(WHAT, what())
    page = visitor.get(LETTER).text
    assert "Mes raisons, écrites toute la nuit." in page
    assert "Didouche Mourad" in page
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("notified", "says"),
    [
        ("", "nothing can be registered"),
        ((date.today() + timedelta(days=3)).isoformat(), "in the future"),
    ],
)
def test_without_a_day_that_was_nothing_goes_on(visitor, notified, says):
    answer = visitor.post(WHAT, what(notified=notified))
    assert answer.status_code == 422
    assert says in answer.text
    assert visitor.get(LETTER).url == WHAT


def test_the_right_door_is_shown_before_anything_is_sent(visitor):
    visitor.post(WHAT, what("refusal"))
    page = visitor.get(LETTER).text
    assert "does not belong here" in page
    assert "ACTION" not in page
    assert "the embassy takes no appeals" in page.lower()
    assert 'type="file"' not in page
    visitor.post(LETTER, typed())  # forged: no form asks for it
    assert not Appeal.objects.exists()


def test_a_late_one_is_warned_about_and_registered(visitor):
    visitor.post(WHAT, what("refusal", "2025-06-30"))
    page = visitor.get(LETTER).text
    assert "marked as late" in page
    assert "30 July 2025" in page
    visitor.post(LETTER, typed())
    assert Appeal.objects.get().is_late is True


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"signed": None}, "without a signature is not yet an appeal"),
        ({"letter": None}, "Choose a file"),
        ({"letter": SimpleUploadedFile("a.pdf", b"PK\x03\x04" + b"0" * 99)}, "archive"),
        ({"postal_address": ""}, "address to which the answer goes"),
        ({"standing": "representative"}, "your own name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(visitor, change, says):
    visitor.post(WHAT, what())
    answer = visitor.post(LETTER, typed(**change))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Je conteste cette décision." in answer.text
    assert "Je conteste cette décision." in visitor.get(LETTER).text  # from the draft
    assert not Appeal.objects.exists()


def test_words_become_a_page_to_sign_and_no_appeal(visitor):
    visitor.post(WHAT, what())
    answer = visitor.post(LETTER, typed(letter=None, signed=None, print="1"))
    words = reading.words(answer.content)
    assert "Je conteste cette décision." in words
    assert "____" in words
    assert not Appeal.objects.exists()


def test_the_same_letter_is_sent_again_with_a_reason(visitor):
    for _time in range(2):
        visitor.post(WHAT, what())
        answer = visitor.post(LETTER, typed())
    assert answer.status_code == 422
    assert str(Appeal.objects.get()) in answer.text
    visitor.post(LETTER, typed(again="The first one lacked a page"))
    assert Appeal.objects.count() == 2


def test_an_own_decision_is_offered_and_linked_and_no_others(mission):
    agent, owner = staff("agent", mission), UserFactory()
    file = ApplicationFactory(owner=owner, mission=mission, submitted=True, state="decided")
    file.filed_on = date(2026, 10, 1)
    file.save()
    made = {"decided_on": date(2026, 10, 20), "notified_on": date(2026, 10, 21)}
    Decision.objects.create(
        application=file, outcome="granted", decided_on=date(2026, 10, 5), recorded_by=agent
    )
    decision = Decision.objects.create(
        application=file, outcome="annulled", recorded_by=agent, **made
    )
    client = applicant_client(owner)
    assert file.reference in client.get(WHAT).text
    given = what("annulment", "2026-10-21") | {"decision": decision.pk}
    client.post(WHAT, given)
    client.post(LETTER, typed())
    assert Appeal.objects.get().decision == decision
    stranger = applicant_client(UserFactory())
    assert file.reference not in stranger.get(WHAT).text
    stranger.post(WHAT, given)
    stranger.post(LETTER, typed(pdf(2)))
    assert Appeal.objects.order_by("number").last().decision is None


def test_a_session_shows_what_it_sent_for_some_hours(visitor):
    visitor.post(WHAT, what())
    url = visitor.post(LETTER, typed()).url
    session = visitor.session
    session["appeals_sent"] = [
        [number, time.time() - 13 * 3600] for number, _ in session["appeals_sent"]
    ]
    session.save()
    assert visitor.get(url).status_code == 404


def test_other_consulates_have_their_own_register(visitor):
    MissionFactory(state="FR", post="oran")
    for code in ("de-algiers", "fr-oran"):
        visitor.post(WHAT, what(mission=code))
        visitor.post(LETTER, typed())
    assert list(Appeal.objects.values_list("number", flat=True)) == [1, 1]
