"""The pages on which somebody complains: no account, nothing typed is lost (CP-01 to CP-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from complaints.models import Case, ComplaintDraft
from complaints.operations import drafts
from complaints.unsent import SESSION_KEY, Unsent
from portal.missions.models import Mission
from portal.outbox.models import Message
from portal.uploads.models import StoredFile
from tests import factories
from tests.actors import applicant_client
from tests.applications.counter import decided, examined, today
from tests.appointments import closed
from tests.complaints.told import APPEAL, BOTH, ENGLISH, FRENCH, GERMAN, taking_mission
from tests.pages import held_by_form, text_of, typed_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]

WHERE = "/complaints/complain/"
SUBJECT, TEXT, PERSON = (f"{WHERE}{slug}/" for slug in ("subject", "text", "person"))
LANGUAGE, LIKE_APPEAL, SENT = f"{WHERE}language/", f"{WHERE}appeal/", "/complaints/sent/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360f8"
    "cfc0000003010100c9fe92ef0000000049454e44ae426082".replace(" ", "")
)


class Writer:
    """Somebody who fills in the pages, one after the other."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.client.cookies["guichet_language"] = "en"

    def where(self, mission="de-algiers", stay="short_stay"):
        return self.client.post(WHERE, {"mission": mission, "stay": stay})

    def subject(self, *subjects, **more):
        return self.client.post(SUBJECT, {"subjects": list(subjects or ["provider"]), **more})

    def text(self, text=FRENCH, written_in="fr", **more):
        return self.client.post(TEXT, {"text": text, "written_in": written_in, **more})

    def person(self, **more):
        given = {"name": "Amina Benali", "email": "amina@example.org", "answer_by": "message"}
        return self.client.post(PERSON, {**given, **more})

    def up_to_text(self, *subjects):
        assert self.where().url == SUBJECT
        assert self.subject(*subjects).url == TEXT

    def wrote(self, text=FRENCH, written_in="fr"):
        self.up_to_text()
        return self.text(text, written_in)

    def unsent(self) -> Unsent:
        return drafts.find_draft(draft_id=self.client.session[SESSION_KEY], owner=None)


@pytest.fixture
def mission(db):
    return taking_mission()


@pytest.fixture
def writer(mission):
    return Writer()


def test_a_french_complaint_from_the_first_page_to_the_receipt(writer):
    assert writer.wrote().url == PERSON
    page = writer.client.get(PERSON)
    assert FRENCH in text_of(page)
    assert writer.person().url == SENT
    case = Case.objects.get()
    page = text_of(writer.client.get(SENT))
    assert case.reference in page
    assert "No time is promised" in page
    assert "VFS Global" in page
    paper = writer.client.get(f"/complaints/sent/{case.reference}/receipt.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert Message.objects.get(kind="complaint_received").language == "en"
    assert not ComplaintDraft.objects.exists()


def test_the_receipt_belongs_to_the_session_that_sent_it(writer):
    writer.wrote()
    writer.person()
    case = Case.objects.get()
    stranger = Client()
    assert stranger.get(f"/complaints/sent/{case.reference}/receipt.pdf").status_code == 404
    assert stranger.get(SENT).status_code == 302


def test_labels_are_exact_in_both_languages_and_in_the_readers(writer):
    writer.where()
    page = text_of(writer.client.get(SUBJECT))
    assert "prestataire de services externe VFS Global" in page
    assert "externen Dienstleistungserbringers VFS Global" in page
    assert "Conduct of the external service provider" in page


def test_sending_twice_shows_the_same_receipt(writer):
    writer.wrote()
    writer.person()
    assert writer.person().url == SENT
    assert Case.objects.count() == 1


def test_a_long_stay_is_shown_another_channel_kindly(writer):
    response = writer.where(stay="long_stay")
    assert response.status_code == 200
    assert "visa section of the consulate" in text_of(response)
    assert writer.client.get(TEXT).url == WHERE


@pytest.mark.parametrize(
    ("step", "given", "target"),
    [
        pytest.param(WHERE, {"mission": "xx", "stay": "short_stay"}, "id_mission_0", id="mission"),
        pytest.param(WHERE, {"mission": "de-algiers", "stay": "forever"}, "id_stay_0", id="stay"),
        pytest.param(SUBJECT, {"subjects": ["bribery"]}, "id_subjects_0", id="subject"),
        pytest.param(SUBJECT, {"subjects": ["appeal"]}, "id_subjects_0", id="no-appeal"),
        pytest.param(SUBJECT, {}, "id_subjects_0", id="no-subject"),
        pytest.param(TEXT, {"text": FRENCH, "written_in": "en"}, "id_written_in_0", id="language"),
        pytest.param(TEXT, {"text": "  ", "written_in": "fr"}, "id_text", id="empty"),
        pytest.param(TEXT, {"text": "é" * 100_000, "written_in": "fr"}, "id_text", id="100000"),
        pytest.param(PERSON, {"name": "A1", "email": "x"}, "id_email", id="person"),
        pytest.param(
            PERSON,
            {"name": "Amina", "email": "a@example.org", "answer_by": "post"},
            "id_postal_address",
            id="post-without-address",
        ),
    ],
)
def test_bad_input_names_its_field_and_is_kept(writer, step, given, target):
    writer.wrote()
    response = writer.client.post(step, given)
    assert response.status_code == 422
    assert f'href="#{target}"' in response.content.decode()
    typed = writer.unsent().step(step.rstrip("/").rsplit("/", 1)[-1].replace("complain", "where"))
    for name, value in given.items():
        assert typed.getlist(name) == (value if isinstance(value, list) else [value])
    if "text" in given and given["text"].strip():
        assert held_by_form(response)["text"] == [given["text"]]
    assert not Case.objects.exists()


def test_what_was_typed_is_there_on_return(writer):
    writer.wrote(FRENCH, "fr")
    held = held_by_form(writer.client.get(TEXT))
    assert held["text"] == [FRENCH]
    assert held["written_in"] == ["fr"]
    held = held_by_form(writer.client.get(SUBJECT))
    assert held["subjects"] == ["provider"]


def test_the_draft_rests_encrypted(writer):
    writer.wrote()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM complaints_complaintdraft")
        [[stored]] = cursor.fetchall()
    assert b"guichet" not in bytes(stored)


def test_an_expired_session_loses_nothing(writer):
    writer.up_to_text()
    page = held_by_form(writer.client.get(TEXT))
    late = Writer()
    response = late.client.post(
        TEXT, {"text": FRENCH, "written_in": "fr", "draft": page["draft"][0]}
    )
    assert response.url == PERSON
    assert late.unsent().text == FRENCH


def test_a_forged_draft_opens_nothing(writer):
    writer.wrote()
    other = Writer()
    other.client.post(WHERE, {"mission": "de-algiers", "stay": "short_stay", "draft": "x:y"})
    assert other.unsent().text == ""
    forged = str(writer.unsent().id)
    stranger = Writer()
    stranger.client.post(TEXT, {"text": "a", "draft": forged})
    assert stranger.unsent().id != writer.unsent().id


def test_a_page_without_its_session_keeps_what_it_brought(mission):
    writer = Writer()
    assert writer.text().url == WHERE
    assert writer.unsent().text == FRENCH
    writer.where()
    writer.subject()
    assert held_by_form(writer.client.get(TEXT))["text"] == [FRENCH]


def test_the_draft_of_an_account_waits_on_another_device(mission):
    user = factories.UserFactory()
    Writer(applicant_client(user)).wrote()
    other = Writer(applicant_client(user))
    assert held_by_form(other.client.get(TEXT))["text"] == [FRENCH]
    assert Writer(applicant_client(factories.UserFactory())).client.get(TEXT).url == WHERE


def test_another_language_carries_the_unsent_page_over(writer):
    writer.up_to_text()
    typed = {"text": FRENCH, "written_in": "de", "language": "ar", "next": TEXT}
    response = writer.client.post("/language/", typed, headers={"origin": "http://testserver"})
    assert response.url == TEXT
    page = writer.client.get(TEXT)
    assert 'dir="rtl"' in page.content.decode()
    assert held_by_form(page)["text"] == [FRENCH]
    assert held_by_form(page)["written_in"] == ["de"]


def test_pages_held_for_anyone_are_counted_and_only_where_it_is_said(writer, monkeypatch):
    monkeypatch.setattr("portal.views.HELD_PER_NETWORK", 1)
    typed = {"text": FRENCH, "written_in": "fr", "language": "de"}
    own = {"origin": "http://testserver"}
    Client().post("/language/", {**typed, "next": "/sign-in/"}, headers=own)
    writer.up_to_text()
    for text in (FRENCH, GERMAN):
        writer.client.post("/language/", {**typed, "text": text, "next": TEXT}, headers=own)
    assert held_by_form(writer.client.get(TEXT))["text"] == [FRENCH]


def test_signed_in_people_are_prefilled_and_may_link_their_file(mission):
    user = factories.UserFactory(email="amina@example.org")
    application = factories.ApplicationFactory(owner=user, mission=mission)
    foreign = factories.ApplicationFactory(mission=mission)
    writer = Writer(applicant_client(user))
    writer.up_to_text()
    page = text_of(writer.client.get(TEXT))
    assert application.reference in page
    assert foreign.reference not in page
    assert writer.text(application=str(foreign.pk)).status_code == 422
    assert writer.text(application=str(application.pk)).url == PERSON
    assert held_by_form(writer.client.get(PERSON))["email"] == ["amina@example.org"]
    writer.person()
    assert Case.objects.get().complaint.application == application
    assert Case.objects.get().owner == user


# --- language ---------------------------------------------------------------------------------


def test_english_is_explained_in_four_languages_and_kept(writer):
    assert writer.wrote(ENGLISH).url == LANGUAGE
    page = writer.client.get(LANGUAGE)
    content = page.content.decode()
    for code in ("fr", "de", "ar", "en"):
        assert f'<section class="in-language" lang="{code}"' in content
    assert ENGLISH in text_of(page)
    assert not Case.objects.exists()


def test_english_that_is_written_again_in_german_goes_on(writer):
    writer.wrote(ENGLISH)
    assert writer.text(GERMAN, "de").url == PERSON
    writer.person()
    assert Case.objects.get().state == "received"


@pytest.mark.parametrize(
    ("said", "state"), [("fr", "doubt"), ("as_it_is", "doubt")], ids=["french", "as-it-is"]
)
def test_who_insists_is_read_by_a_person(writer, said, state):
    writer.wrote(ENGLISH)
    assert writer.client.post(LANGUAGE, {"said": said}).url == PERSON
    assert writer.person().url == SENT
    assert Case.objects.get().state == state
    assert "A person at the consulate looks" in text_of(writer.client.get(SENT))


def test_a_language_that_is_not_on_offer_is_asked_again(writer):
    writer.wrote(ENGLISH)
    assert writer.client.post(LANGUAGE, {"said": "en"}).url == LANGUAGE
    assert writer.person().url == LANGUAGE
    assert not Case.objects.exists()


def test_an_answer_holds_for_its_text_only(writer):
    writer.wrote(ENGLISH)
    writer.client.post(LANGUAGE, {"said": "as_it_is"})
    assert writer.text(ENGLISH + " It was cold, and nobody opened the door.").url == LANGUAGE


# --- appeal -----------------------------------------------------------------------------------


def test_an_appeal_stops_and_names_the_last_day(writer):
    assert writer.wrote(APPEAL).url == LIKE_APPEAL
    assert writer.person().url == LIKE_APPEAL
    page = writer.client.post(
        LIKE_APPEAL,
        {"choice": "deadline", "against": "refusal"}
        | {"notified_day": "1", "notified_month": "7", "notified_year": "2025"},
    )
    assert "Verwaltungsgericht" in text_of(page)
    assert "1 August 2025" in text_of(page)
    assert not Case.objects.exists()


@pytest.mark.parametrize("choice", ["deadline", "appeal"])
@pytest.mark.parametrize(
    "day", [{}, {"notified_day": "1", "notified_month": "1", "notified_year": "2099"}]
)
def test_without_a_sound_day_nothing_is_computed(writer, choice, day):
    writer.wrote(APPEAL)
    page = writer.client.post(LIKE_APPEAL, {"choice": choice, "against": "refusal", **day})
    assert page.status_code == 422
    assert 'href="#id_notified_0"' in page.content.decode()
    assert "verdict__title" not in page.content.decode()
    assert writer.unsent().text == APPEAL


def test_an_appeal_before_july_2025_keeps_its_text_for_the_register(writer):
    writer.wrote(APPEAL)
    response = writer.client.post(
        LIKE_APPEAL,
        {"choice": "appeal", "against": "refusal"}
        | {"notified_day": "30", "notified_month": "6", "notified_year": "2025"},
    )
    assert writer.unsent().appeal_text == APPEAL
    assert response.status_code in (200, 302)


def test_an_appeal_that_goes_elsewhere_is_shown_to_be_copied(writer):
    writer.wrote(APPEAL)
    page = writer.client.post(
        LIKE_APPEAL,
        {"choice": "appeal", "against": "refusal"} | typed_date("notified", date(2026, 11, 2)),
    )
    assert page.status_code == 200
    assert APPEAL in text_of(page)
    assert "does not go through this site" in text_of(page)


def test_its_writer_may_call_it_a_complaint(writer):
    writer.wrote(APPEAL)
    assert writer.client.post(LIKE_APPEAL, {"choice": "complaint"}).url == PERSON
    assert writer.person().url == SENT
    assert Case.objects.get().text == APPEAL


def test_both_is_split_and_the_appeal_waits(writer):
    assert writer.wrote(BOTH).url == LIKE_APPEAL
    assert writer.client.post(LIKE_APPEAL, {"choice": "both", "against": "refusal"}).url == TEXT
    rest = held_by_form(writer.client.get(TEXT))["text"][0]
    assert "impolie" in rest
    assert "conteste" not in rest
    assert writer.text(rest).url == PERSON
    writer.person()
    assert Case.objects.get().text == rest
    assert "Your appeal is not sent yet" in text_of(writer.client.get(SENT))
    assert writer.unsent().appeal_text == APPEAL


def test_a_choice_that_was_not_on_offer_changes_nothing(writer):
    writer.wrote(APPEAL)
    assert writer.client.post(LIKE_APPEAL, {"choice": "both"}).status_code == 200
    assert writer.unsent().text == APPEAL
    assert not Case.objects.exists()


# --- files, floods, forgetting -----------------------------------------------------------------


def test_good_files_are_kept_though_the_text_is_missing(writer):
    writer.up_to_text()
    file = SimpleUploadedFile("guichet.png", PNG, "image/png")
    assert writer.text("", "fr", attachments=file).status_code == 422
    assert "guichet.png" in text_of(writer.client.get(TEXT))
    writer.text()
    writer.person()
    assert Case.objects.get().files.count() == 1


def test_a_sixth_file_is_refused_and_one_can_be_removed(writer):
    writer.up_to_text()
    files = [SimpleUploadedFile(f"{n}.png", PNG, "image/png") for n in range(6)]
    page = writer.text(attachments=files)
    assert page.status_code == 422
    assert StoredFile.objects.count() == 5
    [first, *_] = writer.unsent().files
    writer.client.post(TEXT, {"remove": first, "text": FRENCH, "written_in": "fr"})
    assert StoredFile.objects.count() == 4
    assert writer.unsent().text == FRENCH


def test_nobody_removes_the_file_of_another_draft(writer):
    writer.up_to_text()
    writer.text("", attachments=SimpleUploadedFile("a.png", PNG, "image/png"))
    other = Writer()
    other.up_to_text()
    other.client.post(TEXT, {"remove": writer.unsent().files[0]})
    assert StoredFile.objects.count() == 1


def test_a_program_is_no_attachment(writer):
    writer.up_to_text()
    page = writer.text(attachments=SimpleUploadedFile("a.pdf", b"MZ\x90\x00" * 50))
    assert page.status_code == 422
    assert 'href="#id_attachments"' in page.content.decode()
    assert held_by_form(page)["text"] == [FRENCH]


def test_a_flood_of_drafts_ends_and_shows_what_was_typed(mission, monkeypatch):
    monkeypatch.setattr(drafts, "BEGUN_PER_NETWORK", 1)
    Writer().where()
    late = Writer()
    page = late.where()
    assert page.status_code == 429
    assert held_by_form(page)["mission"] == ["de-algiers"]
    assert ComplaintDraft.objects.count() == 1


def test_what_was_typed_can_be_deleted(writer):
    writer.up_to_text()
    writer.text("", attachments=SimpleUploadedFile("a.png", PNG, "image/png"))
    assert writer.client.post(TEXT, {"forget": "yes"}).url == "/complaints/"
    assert not ComplaintDraft.objects.exists()
    assert not StoredFile.objects.exists()


def test_complaints_are_taken_during_a_maintenance(writer):
    centre = factories.CentreFactory(mission=Mission.objects.get())
    now = timezone.now()
    closed.announced([centre], [(now - timedelta(hours=1), now + timedelta(hours=4))])
    writer.wrote()
    assert writer.person().url == SENT


def test_the_day_of_a_decision_in_this_house_is_known_already(mission):
    user = factories.UserFactory()
    application, agent = examined(owner=user, mission=mission)
    decided(application, agent, "refused", notified_on=today())
    writer = Writer(applicant_client(user))
    writer.up_to_text()
    assert writer.text(APPEAL, application=str(application.pk)).url == LIKE_APPEAL
    page = writer.client.get(LIKE_APPEAL)
    assert held_by_form(page)["notified_day"] == [str(today().day)]
    assert "Verwaltungsgericht" in text_of(page)


def test_drafts_that_nobody_came_back_to_end_with_their_files(writer):
    writer.up_to_text()
    writer.text("", attachments=SimpleUploadedFile("a.png", PNG, "image/png"))
    assert drafts.forget_drafts(list(ComplaintDraft.objects.all())) == 1
    assert not StoredFile.objects.exists()


def test_the_same_text_sent_under_another_subject_has_its_files_too(writer):
    writer.up_to_text()
    writer.text(attachments=SimpleUploadedFile("a.png", PNG, "image/png"))
    kept = writer.unsent()
    writer.person()
    again = drafts.keep_draft(
        unsent=Unsent(typed=kept.typed, files=kept.files), owner=None, address=""
    )
    session = writer.client.session
    session[SESSION_KEY] = str(again.id)
    session.save()
    writer.subject("staff")
    assert writer.person().url == SENT
    assert Case.objects.get(category="provider").files.count() == 1
    assert Case.objects.get(category="staff").files.count() == 1
    assert StoredFile.objects.count() == 1
