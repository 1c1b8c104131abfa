"""The page of a case: what it shows, and what is done on it."""

from __future__ import annotations

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import gettext

from complaints.admin.case_history import history
from complaints.enums import CaseState
from complaints.models import CaseNote, Concerned, Skip
from complaints.operations.conversation import mark_read_by_staff, write_back
from complaints.operations.handling import next_case
from portal.audit.models import Access, Entry
from portal.missions.models import MissionLanguage
from tests.actors import signed_in
from tests.complaints.conftest import PERSON, appeal, assigned, complaint, handler

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(mission):
    return handler(mission, "provider", "procedure")


@pytest.fixture
def client(person):
    return signed_in(person, "password", "mfa")


@pytest.fixture
def case(mission, person):
    return assigned(complaint(mission), person)


def page(case):
    return reverse("admin:complaints_case_change", args=[case.pk])


def do(client, case, action, **given):
    return client.post(reverse("admin:complaints_case_do", args=[case.pk, action]), given)


def test_it_shows_text_person_and_what_can_be_done_and_leaves_a_trace(client, case, person):
    answer = client.get(page(case))
    assert answer.status_code == 200
    assert case.text in answer.text
    assert 'lang="fr"' in answer.text
    assert PERSON.email in answer.text
    for action in ("skip", "put_back", "hand_over", "category", "withdraw", "note", "concerned"):
        assert f'id="desk-{action}"' in answer.text
    assert 'id="desk-assign"' not in answer.text
    read = Access.objects.get(subject_id=str(case.pk), what="case")
    assert read.actor_id == person.pk


def test_its_queries_do_not_grow_with_what_belongs_to_it(
    client, case, mission, person, django_assert_max_num_queries
):
    client.get(page(case))
    for number in range(4):
        complaint(mission, text=f"Encore la même chose {number}.")
        CaseNote.objects.create(case=case, author=person, text="-")
        case.messages.create(from_staff=False, text="-")
        Concerned.objects.create(case=case, user=handler(mission, "staff"))
    with django_assert_max_num_queries(24):
        answer = client.get(page(case))
    assert answer.text.count(gettext("The same person")) >= 4


def test_its_history_says_everything_in_words(client, case, person):
    do(client, case, "ask", text="À quelle heure ?")
    write_back(case_id=case.pk, text="À neuf heures.")
    case.refresh_from_db()
    mark_read_by_staff(case=case, actor=person, until=10**9)
    told = history(case, [])
    assert {one.what for one in told} >= {gettext("Message written")}
    assert [one.what for one in told if one.what.startswith(("case.", "letter.", "appeal."))] == []


def test_a_skipped_case_waits_again_and_comes_last_for_who_skipped_it(client, case, person):
    answer = do(client, case, "skip", reason="Je connais cette personne.")
    assert answer.url == reverse("admin:complaints_case_changelist")
    case.refresh_from_db()
    assert (case.state, case.assigned_to) == ("received", None)
    assert Skip.objects.get().reason == "Je connais cette personne."
    assert next_case(handler=person) == case  # there is no other


def test_what_lacks_its_reason_changes_nothing_and_comes_back(client, case):
    answer = do(client, case, "put_back", reason=" ")
    assert answer.status_code == 422
    assert 'id="put_back-reason"' in answer.text
    case.refresh_from_db()
    assert case.state == "assigned"


def test_who_does_not_handle_the_case_cannot_give_it_away(mission, case):
    other = signed_in(handler(mission, "provider"), "password", "mfa")
    assert do(other, case, "put_back", reason="-").status_code == 422
    assert do(other, case, "withdraw", reason="-").status_code == 422
    case.refresh_from_db()
    assert case.state == "assigned"


def test_a_misfiled_complaint_keeps_the_label_that_was_sent(client, case):
    label = case.complaint.label
    do(client, case, "category", category="procedure", reason="Il s’agit du délai.")
    case.refresh_from_db()
    assert (case.category, case.complaint.label) == ("procedure", label)
    assert case.state == "assigned"  # procedure is theirs too
    details = Entry.objects.get(action="case.recategorise").details
    assert details == {"was": "provider", "is": "procedure"}


def test_a_complaint_moved_to_a_subject_of_others_goes_back_into_the_line(client, case):
    do(client, case, "category", category="staff", reason="C’est l’agent.")
    case.refresh_from_db()
    assert (case.category, case.state, case.assigned_to) == ("staff", "received", None)
    assert client.get(page(case)).status_code == 404


@pytest.mark.parametrize("category", ["appeal", "provider", "forged"])
def test_no_complaint_becomes_an_appeal(client, case, category):
    assert do(client, case, "category", category=category, reason="-").status_code == 422


def test_a_note_is_for_colleagues(client, case, person):
    do(client, case, "note", text="Déjà appelé.")
    assert "Déjà appelé." in client.get(page(case)).text
    assert CaseNote.objects.get().author == person


def test_who_reads_the_text_decides_on_its_language(client, mission):
    case = complaint(mission, state=CaseState.DOUBT)
    opened = MissionLanguage.objects.create(
        mission=mission, language="de", use="complaints", valid=DateRange(None, None), citation="-"
    )
    assert 'id="desk-accept_language"' in client.get(page(case)).text
    do(client, case, "accept_language", language=opened.language)
    case.refresh_from_db()
    assert (case.state, case.language) == ("received", "de")


def test_withdrawn_on_request(client, case):
    do(client, case, "withdraw", reason="Par téléphone.")
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert case.closed_at is not None


def test_the_page_of_an_appeal_names_its_number(mission):
    from tests.complaints.conftest import officer

    reader = officer(mission)
    case = assigned(appeal(mission), reader)
    answer = signed_in(reader, "password", "mfa").get(page(case))
    assert f"{case.appeal}" in answer.text
