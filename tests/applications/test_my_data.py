"""The page “My data”, and an export that holds everything about one person and nothing else."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Document, DocumentFile, Traveller
from applications.operations import submit
from applications.operations.erasure import close_account
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import operations as audit
from portal.data_rights import exporting
from portal.data_rights.controllers import responsible
from portal.data_rights.models import DataExport
from portal.outbox.models import Message, recipient_key
from portal.uploads import stores, sweeping
from portal.uploads.operations import receive
from portal.uploads.settling import settle
from tests.actors import applicant_client, staff
from tests.applications.test_erasure import decided, in_state
from tests.applications.test_hosting import added, german
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, UserFactory, booked
from tests.pages import text_of
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
INDEX, ASK = reverse("my_data:index"), reverse("my_data:ask_export")
CLOSE = reverse("my_data:close_account")


def person(name):
    """One account with something of everything, all of it recognisable by `name`."""
    application = german(family_name=name, submitted=True, passport_number=f"{name}77")
    user = application.owner
    Traveller.objects.create(owner=user, relation="self", family_name=name)
    added(application, host_name=f"Host {name}", number=f"VE-{name}")
    booked(application, SlotFactory(centre=CentreFactory(mission=application.mission)))
    paper = Document.objects.create(application=application, kind="passport")
    content = pdf() + f"%{name}".encode()
    file = receive(upload=ContentFile(content, name=f"{name}.pdf"), owner=user)
    settle(file.pk)
    DocumentFile.objects.create(document=paper, file=file, position=0)
    return user, application, content


def built(user):
    export = exporting.request_export(owner=user)
    exporting.build(str(export.pk))
    export.refresh_from_db()
    return export


def archive_of(export):
    with stores.opened(export.blob_name, export.blob_key) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


@pytest.fixture
def amina():
    return person("Amina")


@pytest.fixture
def client(amina):
    return applicant_client(amina[0])


# --- the export -------------------------------------------------------------------------------


def test_an_export_holds_everything_about_me(amina):
    user, application, content = amina
    archive = archive_of(built(user))
    assert archive.testzip() is None
    data = json.loads(archive.read("data.json"))
    assert data["account"]["email"] == user.email
    assert data["household"][0]["family_name"] == "Amina"
    assert data["hosting_certificates"][0]["number"] == "VE-Amina"
    assert data["hosting_certificates"][0]["covers"] == [application.reference]
    mine = data["applications"][0]
    assert (mine["passport_number"], mine["details"]["own_means"]) == ("Amina77", "none")
    assert data["appointments"][0]["application"] == application.reference
    assert "appointment_confirmed" in {row["kind"] for row in data["mail"]}
    path = mine["papers"][0]["files"][0]["path"]
    assert archive.read(path) == content
    assert "README.txt" in archive.namelist()


def test_an_export_holds_nothing_about_anybody_else(amina):
    other, foreign, content = person("Zohra")
    archive = archive_of(built(amina[0]))
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for trait in (other.email, foreign.reference, str(foreign.pk), "Zohra"):
        assert trait.encode() not in everything
    assert content not in everything


def test_an_address_that_differs_in_its_signs_alone_is_somebody_else():
    one, other = (
        booked(ApplicationFactory(owner=UserFactory(email=email), submitted=True), SlotFactory())
        for email in ("a.b@example.org", "ab@example.org")
    )
    for row in Message.objects.all():  # a text has a number where a mail has the address
        row.pk, row.channel, row.recipient = None, "sms", "+213550123456"
        row.save()
    mine = [one.application.reference] * 2
    owner = one.application.owner
    told = json.loads(archive_of(built(owner)).read("data.json"))["mail"]
    assert [row["content"]["application_reference"] for row in told] == mine
    close_account(owner=UserFactory(email="a-b@example.org"))
    left = Message.objects.filter(kind="appointment_confirmed")
    assert left.count() == 4
    assert other.application.reference in {row.context["application_reference"] for row in left}


def test_the_trail_names_staff_by_role(amina):
    user, application, _content = amina
    agent = staff(Role.AGENT, application.mission, email="agent.name@guichet.example")
    audit.record_read(actor=agent, subject=application, what="admin page")
    audit.record(actor=agent, action="application.look", subject=application, reason="Why")
    text = archive_of(built(user)).read("data.json").decode()
    assert "agent.name" not in text
    lines = json.loads(text)["trail"]
    read = next(line for line in lines if line["what"] == "read: admin page")
    assert read["by"] == "agent"
    assert next(line for line in lines if line["what"] == "application.look")["reason"] == "Why"
    assert {"you", "agent"} <= {line["by"] for line in lines}


def test_staff_take_along_nothing_about_the_people_they_serve(amina):
    _user, application, _content = amina
    agent = staff(Role.AGENT, application.mission)
    audit.record(actor=agent, action="application.look", subject=application, reason="Secret")
    audit.record_read(actor=agent, subject=application, what="admin page")
    text = archive_of(built(agent)).read("data.json").decode()
    assert "Secret" not in text
    assert str(application.pk) not in text


def test_receipts_are_in_the_export():
    draft = ApplicationFactory()
    submit(application_id=draft.pk, owner=draft.owner)
    data = json.loads(archive_of(built(draft.owner)).read("data.json"))
    assert {row["application"] for row in data["receipts"]} == {draft.reference}


def test_codes_of_the_sign_in_are_left_out(amina):
    user = amina[0]
    Message.objects.create(
        kind="sign_in_code",
        subject="x",
        version=1,
        recipient=user.email,
        recipient_key=recipient_key(user.email),
        language="fr",
        context={"code": "739156"},
    )
    assert b"739156" not in archive_of(built(user)).read("data.json")


def test_keys_of_the_house_are_left_out(amina):
    text = archive_of(built(amina[0])).read("data.json").decode()
    assert "traveller_key" not in text
    assert "number_key" not in text


def test_a_name_of_a_file_leads_nowhere(amina):
    user, application, _content = amina
    paper = Document.objects.create(application=application, kind="photo")
    file = receive(upload=ContentFile(pdf(), name="../../etc/جواز.pdf"), owner=user)
    settle(file.pk)
    DocumentFile.objects.create(document=paper, file=file, position=0)
    for name in archive_of(built(user)).namelist():
        assert ".." not in name
        assert not name.startswith("/")


def test_the_archive_rests_sealed(amina):
    export = built(amina[0])
    with stores.store().open(export.blob_name) as raw:
        assert not raw.read(4).startswith(b"PK")


def test_asking_twice_builds_once(amina):
    first = exporting.request_export(owner=amina[0])
    assert exporting.request_export(owner=amina[0]) == first
    exporting.build(str(first.pk))
    assert exporting.request_export(owner=amina[0]) == first
    later = timezone.now() - timedelta(minutes=11)
    DataExport.objects.update(requested_at=later)
    assert exporting.request_export(owner=amina[0]) != first


def test_a_new_archive_replaces_the_old_one(amina, django_capture_on_commit_callbacks):
    old = built(amina[0])
    DataExport.objects.update(requested_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        new = built(amina[0])
    assert list(DataExport.objects.all()) == [new]
    assert not stores.store().exists(old.blob_name)


def test_building_twice_is_building_once(amina):
    export = built(amina[0])
    exporting.build(str(export.pk))
    assert Message.objects.filter(kind="data_export_ready").count() == 1
    assert DataExport.objects.get().blob_name == export.blob_name


def test_a_build_that_fails_is_tried_again_and_given_up_in_the_end(amina, monkeypatch):
    export = exporting.request_export(owner=amina[0])

    def fail(owner):
        raise OSError("the store is away")

    monkeypatch.setattr(exporting, "_written", fail)
    for _ in range(exporting.ATTEMPTS):
        exporting.build_waiting()
        DataExport.objects.update(claimed_until=None)
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("failed", exporting.ATTEMPTS)
    monkeypatch.undo()
    assert built(amina[0]).state == "ready"


def test_a_build_that_lost_its_row_leaves_nothing_behind(amina, monkeypatch):
    export = exporting.request_export(owner=amina[0])
    write = exporting._written

    def write_and_lose(owner):
        blob = write(owner)
        DataExport.objects.all().delete()
        lost.append(blob.name)
        return blob

    lost: list[str] = []
    monkeypatch.setattr(exporting, "_written", write_and_lose)
    exporting.build(str(export.pk))
    assert lost
    assert not stores.store().exists(lost[0])


def test_content_without_a_row_is_swept_after_a_day(amina, monkeypatch):
    export = built(amina[0])
    DataExport.objects.all().delete()
    assert exporting.remove_orphans() == 0
    monkeypatch.setattr(exporting, "ORPHANED_AFTER", timedelta(0))
    exporting.remove_orphans()
    assert not stores.store().exists(export.blob_name)


def test_the_sweeping_of_uploads_leaves_exports_alone(amina, monkeypatch):
    monkeypatch.setattr(sweeping, "GRACE", timedelta(0))
    export = built(amina[0])
    sweeping.remove_orphans()
    assert stores.store().exists(export.blob_name)


# --- pages ------------------------------------------------------------------------------------


def test_the_archive_is_asked_for_and_downloaded(client, amina):
    assert client.post(ASK).status_code == 302
    export = DataExport.objects.get()
    exporting.build(str(export.pk))
    link = reverse("my_data:download", args=[export.pk])
    assert link in text_of(client.get(INDEX))
    answer = client.get(link)
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert int(answer["Content-Length"]) == len(content)


def test_an_archive_opens_for_its_owner_alone(amina):
    link = reverse("my_data:download", args=[built(amina[0]).pk])
    assert applicant_client(UserFactory()).get(link).status_code == 404


def test_an_archive_that_is_not_ready_or_unknown_does_not_exist(client, amina):
    waiting = exporting.request_export(owner=amina[0])
    for key in (waiting.pk, uuid.uuid4()):
        assert client.get(reverse("my_data:download", args=[key])).status_code == 404


def test_an_old_archive_is_not_given_out(client, amina):
    export = built(amina[0])
    DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(reverse("my_data:download", args=[export.pk]))
    assert (answer.status_code, answer["Location"]) == (302, INDEX)


@pytest.mark.parametrize(
    ("state", "name"), [("FR", "CNIL"), ("DE", "BfDI")], ids=["french file", "german file"]
)
def test_the_authority_of_the_state_is_named(state, name):
    application = german() if state == "DE" else ApplicationFactory()
    page = text_of(applicant_client(application.owner).get(INDEX))
    other = {"CNIL", "BfDI"} - {name}
    assert name in page
    assert not [one for one in other if one in page]
    assert responsible()[state].controller.name in page


def test_all_authorities_are_named_where_there_is_no_file():
    page = text_of(applicant_client(UserFactory()).get(INDEX))
    assert "CNIL" in page
    assert "BfDI" in page


def test_the_page_says_until_when_a_file_is_kept():
    application = decided()
    page = applicant_client(application.owner).get(INDEX)
    assert "10 mars 2027" in text_of(page)
    assert "10 mars 2031" in text_of(page)
    assert reverse("my_data:delete_file", args=[application.pk]) not in text_of(page)


def test_a_draft_is_deleted_after_one_question():
    draft = ApplicationFactory()
    client = applicant_client(draft.owner)
    url = reverse("my_data:delete_file", args=[draft.pk])
    assert client.get(url).status_code == 200
    assert Application.objects.exists()
    assert client.post(url).status_code == 302
    assert not Application.objects.exists()
    assert client.post(url).status_code == 404


def test_an_archive_does_not_outlive_the_file_that_was_deleted(django_capture_on_commit_callbacks):
    draft = ApplicationFactory()
    export = built(draft.owner)
    with django_capture_on_commit_callbacks(execute=True):
        applicant_client(draft.owner).post(reverse("my_data:delete_file", args=[draft.pk]))
    assert not DataExport.objects.exists()
    assert not stores.store().exists(export.blob_name)


@pytest.mark.parametrize("state", ["filed", "decided"])
def test_a_filed_file_is_not_deleted_and_the_page_says_why(state):
    application = in_state(state, filed_on=date(2026, 3, 1))
    client = applicant_client(application.owner)
    url = reverse("my_data:delete_file", args=[application.pk])
    assert "DP-04" in text_of(client.get(url))
    page = client.post(url, follow=True)
    assert "DP-03" in text_of(page)
    assert Application.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_file_cannot_be_deleted(method):
    draft = ApplicationFactory()
    url = reverse("my_data:delete_file", args=[draft.pk])
    assert getattr(applicant_client(UserFactory()), method)(url).status_code == 404
    assert Application.objects.exists()


def test_closing_the_account_signs_out():
    draft = ApplicationFactory()
    client = applicant_client(draft.owner)
    assert client.get(CLOSE).status_code == 200
    assert User.objects.filter(pk=draft.owner_id).exists()
    client.post(CLOSE)
    assert not User.objects.filter(pk=draft.owner_id).exists()
    assert client.get(INDEX).status_code == 302  # to the sign-in


def test_the_page_costs_the_same_for_many_files():
    first = decided()

    def queries():
        client.get(INDEX)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(INDEX).status_code == 200
        return len(seen)

    client = applicant_client(first.owner)
    few = queries()
    for _ in range(4):
        ApplicationFactory(owner=first.owner)
    assert queries() == few <= 8
