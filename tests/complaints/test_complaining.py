"""Sending a complaint: one record, one number, the right state, a receipt (CP-01 to CP-05)."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from complaints import refusals
from complaints.models import Case, Complaint
from complaints.operations import complaining
from complaints.operations.arrival import Person
from complaints.operations.complaining import complain
from complaints.receipts import KIND, printed, subject_ref
from portal.audit.models import Entry
from portal.missions.models import ProviderPeriod
from portal.outbox.models import Message
from portal.paper.models import Seal
from portal.uploads.operations import receive
from tests import factories
from tests.complaints.told import (
    APPEAL,
    BOTH,
    ENGLISH,
    FRENCH,
    GERMAN,
    taking_mission,
    told,
)
from tests.portal.uploads.papers import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]
HERE = "203.0.113.7"


@pytest.fixture
def mission(db):
    return taking_mission()


def sent(complaint, address=HERE):
    return complain(told=complaint, address=address)


def test_a_french_complaint_is_numbered_and_confirmed_at_once(mission):
    [case] = sent(told(mission))
    case.refresh_from_db()
    assert case.state == "received"
    assert case.category == "provider"
    assert case.language == "fr"
    assert case.text == FRENCH
    assert case.complaint.label == (
        "Réclamation concernant le comportement du prestataire de services externe VFS Global"
    )
    message = Message.objects.get(kind="complaint_received")
    assert (message.subject, message.language) == (subject_ref(case), "fr")
    assert Seal.objects.filter(kind=KIND, subject_ref=subject_ref(case)).count() == 1
    assert printed(case, "de").startswith(b"%PDF")
    assert Entry.objects.filter(action="case.receive").count() == 1


def test_a_german_complaint_has_the_german_label(mission):
    [case] = sent(told(mission, GERMAN, declared="de", subjects=["procedure"]))
    assert case.complaint.label == "Beschwerde über den Prozess der Visumantragstellung"
    assert case.language == "de"


def test_a_renamed_provider_changes_new_labels_only(mission):
    [before] = sent(told(mission))
    ProviderPeriod.objects.all().delete()
    ProviderPeriod.objects.create(
        state="DE", post="algiers", name="Capago", valid=DateRange(date(2020, 1, 1), None)
    )
    [after] = sent(told(mission, FRENCH + " Et encore une fois hier matin."))
    assert after.complaint.label.endswith("Capago")
    assert Complaint.objects.get(pk=before.pk).label.endswith("VFS Global")


def test_two_subjects_are_two_complaints_that_name_each_other(mission):
    staff, procedure = sent(told(mission, subjects=["procedure", "staff"]))
    assert [staff.category, procedure.category] == ["staff", "procedure"]
    assert Complaint.objects.get(pk=staff.pk).twin == procedure
    assert Complaint.objects.get(pk=procedure.pk).twin == staff
    assert Message.objects.filter(kind="complaint_received").count() == 2


def test_both_complaints_of_a_text_have_its_files(mission):
    file = receive(upload=ContentFile(pdf(), name="billet.pdf"), owner=None)
    cases = sent(told(mission, subjects=["staff", "provider"], files=[file]))
    assert [case.files.get().file for case in cases] == [file, file]
    again = sent(told(mission, subjects=["staff", "procedure"], files=[file]))
    assert [again[0], again[1].files.get().file] == [cases[0], file]


def test_every_complaint_of_a_text_about_staff_is_hidden_from_the_counter(mission):
    cases = sent(told(mission, subjects=["staff", "provider", "procedure"]))
    assert all(case.complaint.hidden_from_counter for case in cases)
    [before] = sent(told(mission, f"{FRENCH} Hier.", subjects=["provider"]))
    sent(told(mission, f"{FRENCH} Hier.", subjects=["provider", "staff"]))
    assert Complaint.objects.get(pk=before.pk).hidden_from_counter
    [other] = sent(told(mission, GERMAN, declared="de", subjects=["procedure"]))
    assert not other.complaint.hidden_from_counter


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        pytest.param({"text": " \n\t "}, refusals.NothingTold, id="empty"),
        pytest.param({"text": "a" * 100_000}, refusals.TooMuchTold, id="100000-signs"),
        pytest.param({"subjects": ["money"]}, refusals.SubjectUnknown, id="forged-subject"),
        pytest.param({"subjects": ["appeal"]}, refusals.SubjectUnknown, id="appeal-as-subject"),
        pytest.param({"subjects": ["staff", "x"]}, refusals.SubjectUnknown, id="one-of-two-forged"),
        pytest.param({"subjects": []}, refusals.SubjectUnknown, id="no-subject"),
        pytest.param({"declared": "en"}, refusals.LanguageNotOffered, id="forged-language"),
        pytest.param({"long_stay": True}, refusals.LongStayElsewhere, id="CP-03-long-stay"),
        pytest.param({"counter": "elsewhere"}, refusals.NotThere, id="forged-counter"),
        pytest.param({"text": APPEAL}, refusals.ReadsLikeAppeal, id="CP-04-appeal"),
        pytest.param({"text": BOTH}, refusals.ReadsLikeAppeal, id="CP-04-both"),
        pytest.param({"text": ENGLISH}, refusals.LanguageToAsk, id="english"),
        pytest.param({"text": "« " + FRENCH + " »"}, refusals.LanguageToAsk, id="only-a-quotation"),
        pytest.param(
            {"text": FRENCH + " والله هذا ظلم"}, refusals.LanguageToAsk, id="arabic-words"
        ),
        pytest.param(
            {"text": "Wallah 3lach hadchi, rani nestanna bezaf w walou"},
            refusals.LanguageToAsk,
            id="darija",
        ),
        pytest.param({"text": "😡😡😡 👎"}, refusals.LanguageToAsk, id="emoji"),
    ],
)
def test_what_cannot_be_sent_as_it_is_writes_nothing(mission, changed, refusal):
    with pytest.raises(refusal):
        sent(told(mission, **{"text": FRENCH, **changed}))
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_german_capitals_without_umlauts_are_german(mission):
    text = GERMAN.upper().replace("Ä", "AE").replace("Ö", "OE").replace("Ü", "UE")
    [case] = sent(told(mission, text, declared="de"))
    assert (case.state, case.language) == ("received", "de")


def test_a_closed_mission_takes_nothing(mission):
    mission.is_active = False
    mission.save()
    with pytest.raises(refusals.LanguageNotOffered):
        sent(told(mission))


def test_a_language_that_ended_is_not_taken_any_more(mission):
    mission.languages.filter(language="fr").update(
        valid=DateRange(date(2020, 1, 1), date(2021, 1, 1))
    )
    with pytest.raises(refusals.LanguageNotOffered):
        sent(told(mission))


@pytest.mark.parametrize(
    ("text", "said", "state"),
    [
        pytest.param(ENGLISH, "fr", "doubt", id="english-called-french"),
        pytest.param(ENGLISH, "", "doubt", id="as-it-is"),
        pytest.param("Impoli !", "fr", "received", id="too-short-called-french"),
        pytest.param("😡😡😡 👎", "", "doubt", id="emoji-as-it-is"),
    ],
)
def test_nobody_is_rejected_by_the_detector(mission, text, said, state):
    [case] = sent(told(mission, text, said=said))
    assert case.state == state
    assert case.text == text
    assert case.language == "fr"
    assert case.complaint.language_insisted


def test_an_appeal_that_its_writer_calls_a_complaint_goes_on(mission):
    [case] = sent(told(mission, APPEAL, is_complaint=True))
    assert case.category == "provider"


def test_the_same_text_within_minutes_is_one_record(mission):
    [first] = sent(told(mission))
    [again] = sent(told(mission, FRENCH.upper().replace(" ", "  ")))
    assert again.reference == first.reference
    assert Case.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "changed", "records"),
    [
        pytest.param(9, {}, 1, id="nine-minutes"),
        pytest.param(11, {}, 2, id="eleven-minutes"),
        pytest.param(2, {"text": FRENCH + " Deux fois !"}, 2, id="another-text"),
        pytest.param(2, {"subjects": ["staff"]}, 2, id="another-subject"),
        pytest.param(
            2, {"person": Person(name="Amina", email="other@example.org")}, 2, id="another-person"
        ),
    ],
)
def test_what_is_one_record(mission, minutes, changed, records):
    [first] = sent(told(mission))
    Case.objects.update(received_at=first.received_at - timedelta(minutes=minutes))
    sent(told(mission, **{"text": FRENCH, **changed}))
    assert Case.objects.count() == records


def test_signs_that_the_key_drops_still_tell_texts_apart(mission):
    sent(told(mission, "😡😡😡", said=""))
    sent(told(mission, "👍👍👍", said=""))
    assert Case.objects.count() == 2


def test_an_application_of_somebody_else_cannot_be_linked(mission):
    owner = factories.UserFactory()
    application = factories.ApplicationFactory(mission=mission, owner=owner)
    [case] = sent(told(mission, owner=owner, application=application))
    assert case.complaint.application == application
    with pytest.raises(refusals.NotThere):
        sent(told(mission, owner=factories.UserFactory(), application=application))
    with pytest.raises(refusals.NotThere):
        sent(told(mission, application=application))


def test_a_counter_of_the_mission_is_kept(mission):
    centre = factories.CentreFactory(mission=mission, code="algiers-one")
    [case] = sent(told(mission, counter=centre.code))
    assert case.complaint.counter == "algiers-one"


def test_who_wants_the_answer_by_post_gets_it_so(mission):
    person = Person(name="Amina", email="a@example.org", postal_address="Rue 1\nALGER")
    [case] = sent(told(mission, person=person, by_post=True))
    case.refresh_from_db()
    assert case.answer_by_post


def test_floods_of_a_person_and_of_a_network_end(mission, monkeypatch):
    monkeypatch.setattr(complaining, "PER_PERSON", 2)
    monkeypatch.setattr(complaining, "PER_NETWORK", 3)
    for number in range(2):
        sent(told(mission, f"{FRENCH} {number}"))
    with pytest.raises(refusals.TooManyComplaints):
        sent(told(mission, f"{FRENCH} trois"))
    with pytest.raises(refusals.TooManyComplaints):
        sent(told(mission, person=Person(name="B", email="b@example.org")))
    assert sent(told(mission, person=Person(name="C", email="c@example.org")), "198.51.100.1")


@pytest.mark.django_db(transaction=True)
def test_racing_sends_of_one_text_make_one_record():
    mission = taking_mission()
    references, barrier = [], threading.Barrier(4)

    def send():
        try:
            barrier.wait()
            references.append(sent(told(mission))[0].reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 4
    assert len(set(references)) == 1
    assert Case.objects.count() == 1
    assert Message.objects.filter(kind="complaint_received").count() == 1
