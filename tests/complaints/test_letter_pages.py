"""The pages on which letters are written and posted."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.models import Letter, PostBag
from complaints.operations import letters
from portal.audit.models import Access
from portal.dates import civil_date
from tests.actors import signed_in
from tests.applications.guidance.conftest import date_parts
from tests.complaints.conftest import appeal, assigned, complaint, handler, officer
from tests.portal.paper import reading

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


def page(name, *args):
    return reverse(f"admin:complaints_{name}", args=args)


def take(client, letter, step, **given):
    return client.post(page("letter_step", letter.pk, step), given, follow=True)


def test_from_choosing_a_letter_to_its_letter_box(client, case):
    assert client.get(page("letter_write", case.pk)).status_code == 200
    written = client.post(page("letter_write", case.pk), {"template": "complaint_answer"})
    letter = Letter.objects.get()
    assert written.url == page("letter_change", letter.pk)

    given = {"blocks": ["apology"], "own_words": "C’est réparé.", "address": letter.address}
    assert client.post(page("letter_edit", letter.pk), given).status_code == 302
    assert "C’est réparé." in client.get(page("letter_change", letter.pk)).text
    assert "réparé" in reading.words(client.get(page("letter_pdf", letter.pk)).content)
    take(client, letter, "answer")

    assert case.mission.code in client.get(page("postbag_changelist")).text
    client.post(page("postbag_fill"), {"mission": case.mission.code})
    bag = PostBag.objects.get()
    words = reading.words(client.get(page("postbag_pdf", bag.pk)).content)
    assert words.count("Amina Benali") >= 2  # on the list and on the letter
    day = date_parts("on", "2999-01-01")
    assert client.post(page("postbag_change", bag.pk), day).status_code == 422
    day = date_parts("on", civil_date(timezone.now()).isoformat())
    assert client.post(page("postbag_change", bag.pk), day).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"
    assert Access.objects.filter(subject_id=str(letter.pk), what="letter").exists()


def test_what_was_typed_comes_back_with_the_refusal(client, case, person):
    letter = letters.write_letter(case=case, code="complaint_answer", author=person)
    type(case).objects.filter(pk=case.pk).update(state="received", assigned_to=None)
    given = {"own_words": "Un long travail.", "address": "x"}
    answer = client.post(page("letter_edit", letter.pk), given)
    assert answer.status_code == 422
    assert "Un long travail." in answer.text


def test_a_case_of_another_category_is_not_found(client, mission):
    case = assigned(appeal(mission), officer(mission))
    assert client.get(page("letter_write", case.pk)).status_code == 404


def test_a_forged_template_is_refused(client, case):
    answer = client.post(page("letter_write", case.pk), {"template": "appeal_granted"})
    assert answer.status_code == 422
    assert not Letter.objects.exists()
