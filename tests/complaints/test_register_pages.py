"""The register in the admin: paper and fax come in, signatures are seen, mails are settled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints.enums import AppealedDecision, Category, FileRole
from complaints.models import Appeal, IncomingMail, Letter
from complaints.operations.appeals import Contested, register_appeal
from complaints.operations.mails import take_mail
from portal.audit.models import Access
from portal.uploads.settling import settle
from tests.actors import signed_in
from tests.applications.guidance.conftest import date_parts
from tests.complaints.conftest import PERSON, assigned, handler, officer
from tests.complaints.test_mailbox import mail
from tests.factories import MissionFactory
from tests.portal.uploads.conftest import folder  # noqa: F401  # files lie in a folder of the test
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
PAPER = pdf()


@pytest.fixture
def person(mission):
    return officer(mission)


@pytest.fixture
def client(person):
    client = signed_in(person, "password", "mfa")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(name, *args):
    return reverse(f"admin:complaints_{name}", args=args)


def paper(mission, *, content=PAPER, arrived="2025-07-28", notified="2025-06-30", **more):
    return {
        "mission": mission.pk,
        "channel": "post",
        **date_parts("arrived_on", arrived),
        "arrived_time": "9:30",
        **date_parts("postmarked_on", "2025-07-24"),
        "scan": SimpleUploadedFile("scan.pdf", content),
        **contested(notified),
        **more,
    }


def contested(notified="2025-06-30"):
    return {
        "against": "refusal",
        "visa": "short_stay",
        **date_parts("notified_on", notified),
        "name": "Amina Benali",
        "postal_address": PERSON.postal_address,
        "language": "fr",
        "standing": "self",
    }


def test_a_letter_is_registered_with_its_stamp_and_scan(client, mission):
    answer = client.post(page("appeal_add"), paper(mission))
    appeal = Appeal.objects.get()
    assert answer.url == page("appeal_change", appeal.pk)
    assert appeal.arrived_at == datetime(2025, 7, 28, 8, 30, tzinfo=UTC)
    assert (appeal.year, appeal.postmarked_on) == (2025, date(2025, 7, 24))
    assert appeal.case.files.get().role == FileRole.SCAN
    assert str(appeal) in client.get(page("appeal_changelist")).text
    text = client.get(answer.url).text
    assert "Nobody has looked for the signature yet." in text
    assert Access.objects.filter(subject_id=str(appeal.pk)).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (date_parts("arrived_on", "2099-01-01"), "in the future"),
        (date_parts("notified_on", "2099-01-01"), "in the future"),
        (date_parts("postmarked_on", "2025-07-30"), "Compare both with the envelope"),
        ({"arrived_time": "25:00"}, "hours and minutes"),
        ({"scan": ""}, "Choose a file"),
    ],
)
def test_what_is_wrong_is_said_and_comes_back(client, mission, change, says):
    answer = client.post(page("appeal_add"), paper(mission) | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Amina Benali" in answer.text
    assert not Appeal.objects.exists()


def test_a_second_registration_leads_to_the_first_or_needs_a_reason(client, mission):
    client.post(page("appeal_add"), paper(mission))
    first = Appeal.objects.get()
    answer = client.post(page("appeal_add"), paper(mission, channel="fax"))
    assert answer.status_code == 422
    assert page("appeal_change", first.pk) in answer.text
    client.post(page("appeal_add"), paper(mission, channel="fax", despite="Against another visa"))
    assert Appeal.objects.count() == 2


def test_from_a_missing_signature_to_a_mended_letter(client, mission, person):
    client.post(page("appeal_add"), paper(mission))
    appeal = Appeal.objects.get()
    assigned(appeal.case, person)
    client.post(page("appeal_step", appeal.pk, "signature_missing"))
    assert "Ask for what is missing" in client.get(page("appeal_change", appeal.pk)).text
    client.post(page("appeal_step", appeal.pk, "ask_to_mend"))
    assert Letter.objects.get().blocks == ["signature"]
    scan = {"role": "scan", "file": SimpleUploadedFile("again.pdf", pdf(2))}
    client.post(page("appeal_scan", appeal.pk), scan)
    client.post(page("appeal_step", appeal.pk, "mended"))
    client.post(page("appeal_step", appeal.pk, "signature_seen"))
    appeal.refresh_from_db()
    assert (appeal.signature, appeal.verdict["outcome"]) == ("seen", "admissible")
    assert appeal.case.files.count() == 2


def test_days_and_person_are_corrected(client, mission):
    client.post(page("appeal_add"), paper(mission))
    appeal = Appeal.objects.get()
    given = {"standing": "representative", "representative": "Maître Kaci"}
    given |= date_parts("notified_on", "2025-05-30") | date_parts("postmarked_on", "2025-07-24")
    assert client.post(page("appeal_facts", appeal.pk), given).status_code == 302
    appeal.refresh_from_db()
    assert (appeal.is_late, appeal.standing) == (True, "representative")


def test_a_mail_is_registered_once_its_officer_has_read_the_letter(client, mission):
    text = "La décision m’a été notifiée le 20 octobre 2026."
    raw = mail(text, files=[PAPER])
    row = take_mail(mission=mission, raw=raw, received_at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    part = row.files.get()
    assert client.get(page("incomingmail_file", row.pk, part.file_id)).status_code == 302
    settle(part.file_id)
    assert client.get(page("incomingmail_file", row.pk, part.file_id)).status_code == 200
    assert "20" in client.get(page("incomingmail_change", row.pk)).text
    form = client.get(page("incomingmail_register", row.pk)).text
    assert 'value="2026"' in form  # the day that the mail names is offered
    given = {"letter": part.pk, **contested("2026-10-20")}
    answer = client.post(page("incomingmail_register", row.pk), given)
    appeal = Appeal.objects.get()
    assert answer.url == page("appeal_change", appeal.pk)
    assert appeal.arrived_at == row.received_at
    assert client.get(page("incomingmail_register", row.pk)).status_code == 302


def test_a_mail_is_added_to_a_case_of_the_register(client, mission, person):
    contest = Contested(against=AppealedDecision.ANNULMENT, notified_on=date(2026, 10, 1))
    upload = [(SimpleUploadedFile("a.pdf", PAPER), FileRole.APPEAL)]
    appeal = register_appeal(
        mission=mission, person=PERSON, contested=contest, language="fr", letters=upload
    )
    row = take_mail(mission=mission, raw=mail(files=[pdf(2)]), received_at=appeal.arrived_at)
    url = page("incomingmail_to_case", row.pk)
    assert client.post(url, {"reference": "2026/999"}).status_code == 422
    assert client.post(url, {"reference": str(appeal)}).status_code == 302
    assert appeal.case.files.count() == 2
    assert IncomingMail.objects.get().case == appeal.case


def test_others_find_neither_register_nor_mails(mission):
    contest = Contested(against=AppealedDecision.ANNULMENT, notified_on=date(2026, 10, 1))
    upload = [(SimpleUploadedFile("a.pdf", PAPER), FileRole.APPEAL)]
    appeal = register_appeal(
        mission=mission, person=PERSON, contested=contest, language="fr", letters=upload
    )
    row = take_mail(mission=mission, raw=mail(), received_at=appeal.arrived_at)
    other = signed_in(officer(MissionFactory(state="FR", post="oran")), "password", "mfa")
    assert other.get(page("appeal_facts", appeal.pk)).status_code == 404
    assert other.get(page("incomingmail_to_case", row.pk)).status_code == 404
    clerk = signed_in(handler(mission, Category.PROCEDURE), "password", "mfa")
    assert clerk.get(page("appeal_changelist")).status_code == 403
    assert clerk.post(page("appeal_add"), paper(mission)).status_code == 403
