"""Receipts: when they are issued and end, what they say, and what their code reveals."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications import operations
from applications.ending import tell
from applications.models import Application
from applications.receipts import RECEIPTS, facts, subject_ref, valid_receipts
from applications.refusals import ReceiptOutdated
from portal.paper import seals
from portal.paper.models import Seal
from tests.actors import applicant_client
from tests.applications.counter import agent_of, moved, submitted
from tests.applications.file.states import in_state
from tests.pages import says, text_of
from tests.portal.paper import reading

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)


def paper_of(application, slug, language="en"):
    client = applicant_client(application.owner)
    client.cookies["guichet_language"] = language
    return client.get(reverse("applications:receipt", args=[application.pk, slug]))


def slugs(application):
    return [one.slug for one in valid_receipts(application)]


def test_submitting_and_handing_in_issue_a_receipt_each():
    application = submitted()
    assert slugs(application) == ["submitted"]
    moved(application, agent_of(application), "file")
    assert slugs(application) == ["submitted", "filed"]


def test_a_receipt_says_who_what_when_and_never_the_passport_number():
    with time_machine.travel(MOMENT):
        application = submitted(given_names="Amina Sara", passport_number="987654321")
    response = paper_of(application, "submitted")
    assert response["Content-Type"] == "application/pdf"
    assert application.reference in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    words = reading.words(response.content)
    for part in (
        application.reference,
        "Amina Sara Benali",
        "Thursday 5 March 2026 at 11:30",  # in Algiers
        "Short stay, up to 90 days",
        "Tourism",
        "rule AP-05",
    ):
        assert part in words, part
    assert "987654321" not in words
    assert application.owner.email not in words


def test_the_receipt_of_handing_in_names_the_day():
    with time_machine.travel(MOMENT):
        application = submitted()
        moved(application, agent_of(application), "file")
    words = reading.words(paper_of(application, "filed").content)
    assert "Thursday 5 March 2026" in words
    assert "The counter accepted the file" in words


@pytest.mark.parametrize("language", ["fr", "de", "ar", "en"])
@pytest.mark.parametrize("slug", RECEIPTS)
def test_receipts_are_printed_in_four_languages_with_one_code(slug, language):
    application, _agent = in_state("filed")
    paper = paper_of(application, slug, language).content
    seal = seals.valid_seal(kind=RECEIPTS[slug].kind, subject_ref=subject_ref(application))
    assert reading.codes(paper) == [seal.url]
    assert application.reference in reading.signs(paper)
    assert len(reading.reader(paper).pages) == 1


def test_printing_changes_nothing_and_gives_the_same_file():
    application = submitted()
    before = list(Seal.objects.values())
    first, second = (paper_of(application, "submitted").content for _ in range(2))
    assert first == second
    assert list(Seal.objects.values()) == before


def test_the_code_confirms_and_reveals_no_content():
    application = submitted(given_names="Amina Sara")
    seal = Seal.objects.get(subject_ref=subject_ref(application))
    page = Client().get(reverse("paper:check", args=[seal.code]))
    assert page.status_code == 200
    for content in ("Benali", "Amina", application.reference, application.mission.name):
        assert content not in text_of(page)
    compared = Client().post(
        reverse("paper:check", args=[seal.code]), {"reference": application.reference.lower()}
    )
    assert compared.context["matches"] is True


def test_taking_back_ends_the_receipt_and_submitting_again_gives_a_new_one():
    application = submitted()
    old = Seal.objects.get(subject_ref=subject_ref(application))
    operations.correct(application_id=application.pk, owner=application.owner)
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert paper_of(application, "submitted").status_code == 404
    operations.submit(application_id=application.pk, owner=application.owner)
    assert paper_of(application, "submitted").status_code == 200
    assert Seal.objects.filter(subject_ref=subject_ref(application)).count() == 2


def test_who_withdraws_keeps_the_receipt_of_handing_in_alone():
    application, _agent = in_state("filed")
    operations.withdraw(application_id=application.pk, owner=application.owner)
    assert slugs(application) == ["filed"]


def test_submitting_twice_is_one_receipt():
    application = submitted()
    operations.submit(application_id=application.pk, owner=application.owner)
    assert Seal.objects.filter(subject_ref=subject_ref(application)).count() == 1


def test_a_receipt_that_no_longer_agrees_with_the_file_is_not_printed():
    application = submitted()
    Application.objects.filter(pk=application.pk).update(purpose="business")
    client = applicant_client(application.owner)
    url = reverse("applications:receipt", args=[application.pk, "submitted"])
    assert says(client.get(url, follow=True), ReceiptOutdated.message)


def test_the_passport_seen_at_the_counter_leaves_the_receipt_alone():
    application = submitted()
    operations.record_passport_seen(
        application_id=application.pk,
        actor=agent_of(application),
        issued_on=application.passport_issued_on,
        expires_on=application.passport_expires_on,
        blank_pages=3,
    )
    assert paper_of(application, "submitted").status_code == 200


def test_the_facts_hold_after_a_round_through_the_database():
    application = submitted()
    receipt = RECEIPTS["submitted"]
    seal = seals.valid_seal(kind=receipt.kind, subject_ref=subject_ref(application))
    assert seals.has_facts(seal, facts(Application.objects.get(pk=application.pk), receipt))


def test_a_file_that_ends_takes_its_codes_along():
    application = submitted()
    tell([application], erase=True)
    assert not Seal.objects.filter(subject_ref=subject_ref(application)).exists()


def test_no_receipt_no_paper():
    application = submitted()
    assert paper_of(application, "filed").status_code == 404
