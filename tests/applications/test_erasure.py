"""Deletion where the law allows it, refused with a reason where not; history included (DP-05)."""

from __future__ import annotations

from datetime import date

import pghistory
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from applications.models import (
    Application,
    Decision,
    Document,
    DocumentFile,
    FileMessage,
    HostingCertificate,
    Traveller,
)
from applications.operations import erasure, submit, withdraw
from applications.refusals import AccountHasFiles, AppointmentFirst, FileIsKept, StaffAccount
from applications.standing import Standing, portal_keeps_until, standing, vis_verdict
from appointments.models import Appointment
from appointments.operations import cancel
from portal.accounts.models import User
from portal.accounts.operations import applicant_for
from portal.audit.models import Entry
from portal.data_rights.exporting import request_export
from portal.data_rights.models import DataExport
from portal.outbox.models import Message, recipient_key
from portal.uploads.models import StoredFile
from portal.uploads.operations import receive
from portal.uploads.stores import store
from tests.applications.test_hosting import added, german
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db


def delete(application):
    erasure.delete_application(application_id=application.pk, owner=application.owner)


def history(label, key):
    return apps.get_model(label).objects.filter(pgh_obj_id=key)


def with_paper(application):
    paper = Document.objects.create(application=application, kind="passport")
    file = receive(upload=ContentFile(pdf(), name="a.pdf"), owner=application.owner)
    DocumentFile.objects.create(document=paper, file=file, position=0)
    FileMessage.objects.create(
        application=application, author=application.owner, from_staff=False, text="Hello"
    )
    return file


def in_state(state, **fields):
    application = ApplicationFactory(submitted=True)
    Application.objects.filter(pk=application.pk).update(state=state, **fields)
    application.refresh_from_db()
    return application


def decided(outcome="refused", **fields):
    application = in_state("decided", filed_on=date(2026, 3, 1))
    Decision.objects.create(
        application=application,
        outcome=outcome,
        decided_on=date(2026, 3, 10),
        recorded_by=UserFactory(is_staff=True),
        reason="Why not",
        **fields,
    )
    return application


# --- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "submitted", "not_accepted", "withdrawn"])
def test_what_was_never_handed_in_is_deleted_at_once(state, django_capture_on_commit_callbacks):
    application = in_state(state)
    file = with_paper(application)
    with django_capture_on_commit_callbacks(execute=True):
        delete(application)
    for model in (Application, Document, DocumentFile, FileMessage, StoredFile):
        assert not model.objects.exists()
    assert not store().exists(file.original_name)


def test_history_is_erased_with_it():
    draft = ApplicationFactory()
    submit(application_id=draft.pk, owner=draft.owner)
    withdraw(application_id=draft.pk, owner=draft.owner)
    paper = Document.objects.create(application=draft, kind="photo")
    assert history("applications.ApplicationHistory", draft.pk).count() >= 3
    assert history("applications.DocumentHistory", paper.pk).exists()
    delete(draft)
    assert not history("applications.ApplicationHistory", draft.pk).exists()
    assert not history("applications.DocumentHistory", paper.pk).exists()


def test_the_history_of_others_stays():
    mine, other = ApplicationFactory(), ApplicationFactory()
    delete(mine)
    assert history("applications.ApplicationHistory", other.pk).exists()


def test_a_cancelled_appointment_goes_with_its_file():
    application = ApplicationFactory(submitted=True)
    appointment = booked(application, SlotFactory())
    cancel(appointment_id=appointment.pk, owner=application.owner)
    delete(application)
    assert not Appointment.objects.exists()
    assert not history("appointments.AppointmentHistory", appointment.pk).exists()


def test_mail_that_named_the_file_goes_with_it_and_other_mail_stays():
    application = ApplicationFactory(submitted=True)
    other = ApplicationFactory(submitted=True, owner=application.owner)
    for one in (application, other):
        appointment = booked(one, SlotFactory())
        cancel(appointment_id=appointment.pk, owner=one.owner)
    Message.objects.update(state="sent")
    delete(application)
    left = {row.context["application_reference"] for row in Message.objects.all()}
    assert left == {other.reference}


def test_a_booked_file_is_not_deleted():
    application = ApplicationFactory(submitted=True)
    booked(application, SlotFactory())
    with pytest.raises(AppointmentFirst) as refusal:
        delete(application)
    assert application.reference in str(refusal.value)
    assert Application.objects.exists()


@pytest.mark.parametrize(
    "state", ["filed", "in_examination", "extended", "papers_asked", "decided", "passport_ready"]
)
def test_what_was_handed_in_is_refused_with_the_rule(state):
    application = in_state(state, filed_on=date(2026, 3, 1))
    with pytest.raises(FileIsKept) as refusal:
        delete(application)
    assert refusal.value.rule_id == "DP-04"
    assert "DP-03" in str(refusal.value)
    assert Application.objects.exists()


def test_withdrawn_after_it_was_handed_in_is_kept():
    with pytest.raises(FileIsKept):
        delete(in_state("withdrawn", filed_on=date(2026, 3, 1)))


def test_a_foreign_file_does_not_exist():
    application = ApplicationFactory()
    with pytest.raises(Application.DoesNotExist):
        erasure.delete_application(application_id=application.pk, owner=UserFactory())
    assert Application.objects.exists()


def test_the_trail_says_that_it_was_deleted_and_nothing_more():
    application = ApplicationFactory()
    delete(application)
    entry = Entry.objects.get(action="application.delete")
    assert (entry.actor_label, entry.details) == (f"applicant {application.owner_id}", {})


# --- until when -------------------------------------------------------------------------------


def until(application):
    return portal_keeps_until(application, list(application.decisions.all()), date(2026, 11, 22))


def vis(application):
    return vis_verdict(application, list(application.decisions.all()))


def test_a_closed_file_is_kept_a_year_after_the_answer():
    assert until(decided()) == date(2027, 3, 10)
    assert until(decided(notified_on=date(2026, 3, 20))) == date(2027, 3, 20)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"outcome": "refused"}, date(2031, 3, 10)),
        ({"outcome": "granted", "visa_until": date(2026, 6, 30)}, date(2031, 6, 30)),
    ],
    ids=["refused", "granted"],
)
def test_the_visa_information_system_keeps_five_years(fields, day):
    assert vis(decided(**fields)).results["delete_on_or_before"] == day


def test_a_withdrawn_file_counts_from_its_opening():
    application = in_state("withdrawn", filed_on=timezone.localdate())
    opened = timezone.localdate(application.created_at)
    assert vis(application).results["delete_on_or_before"].year == opened.year + 5


def test_nothing_is_said_of_a_visa_whose_end_is_not_known():
    assert vis(decided(outcome="granted")) is None
    assert vis(in_state("filed", filed_on=date(2026, 3, 1))) is None


def test_every_state_has_a_standing():
    for state, _label in Application._meta.get_field("state").choices:
        assert standing(Application(state=state)) in Standing


# --- the account ------------------------------------------------------------------------------


def test_closing_deletes_everything_that_may_go(django_capture_on_commit_callbacks):
    application = german()
    user = application.owner
    file = with_paper(application)
    loose = receive(upload=ContentFile(pdf(), name="b.pdf"), owner=user)
    added(application)
    Traveller.objects.create(owner=user, relation="self", family_name="Benali")
    request_export(owner=user)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.close_account(owner=user)
    for model in (Application, HostingCertificate, Traveller, StoredFile, DataExport):
        assert not model.objects.exists()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not store().exists(file.original_name)
    assert not store().exists(loose.original_name)


def test_the_last_message_goes_to_the_address_and_older_ones_are_gone():
    application = ApplicationFactory(submitted=True)
    appointment = booked(application, SlotFactory())
    cancel(appointment_id=appointment.pk, owner=application.owner)
    address = application.owner.email
    erasure.close_account(owner=application.owner)
    message = Message.objects.get(recipient_key=recipient_key(address))
    assert message.kind == "account_closed"


def test_what_must_stay_leads_to_nobody():
    application = decided()
    user, key = application.owner, bytes(application.traveller_key)
    appointment = Appointment.objects.create(
        application=application,
        slot=SlotFactory(),
        state_code="FR",
        traveller_key=key,
        state="served",
    )
    with_paper(application)
    reference, address = application.reference, user.email
    erasure.close_account(owner=user)
    application.refresh_from_db()
    for name in ("family_name", "given_names", "passport_number", "nationality"):
        assert getattr(application, name) == ""
    for name in ("birth_date", "passport_issued_on", "name_key", "passport_key", "person"):
        assert getattr(application, name) is None
    assert (application.details, application.passport_verdict) == ({}, {})
    assert application.reference != reference
    assert bytes(application.traveller_key) != key
    appointment.refresh_from_db()
    assert bytes(appointment.traveller_key) != key
    assert not FileMessage.objects.exists()
    assert not StoredFile.objects.exists()
    assert Decision.objects.get().reason == ""
    assert not history("applications.ApplicationHistory", application.pk).exists()
    user.refresh_from_db()
    assert address not in user.email
    assert not user.is_active
    assert not user.has_usable_password()


def test_the_number_of_the_account_leaves_the_history_of_what_stays():
    slot, application = SlotFactory(), ApplicationFactory(submitted=True)
    with pghistory.context(user=application.owner_id, page="x"):
        slot.released = 2
        slot.save()
    events = history("appointments.SlotHistory", slot.pk)
    assert events.filter(pgh_context__user=application.owner_id).exists()
    erasure.close_account(owner=application.owner)
    assert events.exists()
    assert not events.filter(pgh_context__user=application.owner_id).exists()


@pytest.mark.parametrize("state", ["filed", "in_examination", "extended", "papers_asked"])
def test_while_an_authority_examines_a_file_the_account_stays(state):
    application = in_state(state, filed_on=date(2026, 3, 1))
    other = ApplicationFactory(owner=application.owner)
    with pytest.raises(AccountHasFiles) as refusal:
        erasure.close_account(owner=application.owner)
    assert application.reference in str(refusal.value)
    assert Application.objects.filter(pk=other.pk).exists()


def test_a_booked_file_keeps_the_account():
    application = ApplicationFactory(submitted=True)
    booked(application, SlotFactory())
    with pytest.raises(AppointmentFirst):
        erasure.close_account(owner=application.owner)


def test_staff_are_not_closed_here():
    with pytest.raises(StaffAccount):
        erasure.close_account(owner=UserFactory(is_staff=True))


def test_another_account_loses_nothing():
    mine, other = german(), german()
    added(other)
    with_paper(other)
    erasure.close_account(owner=mine.owner)
    assert User.objects.filter(pk=other.owner_id).exists()
    assert HostingCertificate.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_the_same_address_may_begin_again():
    application = decided()
    address = application.owner.email
    erasure.close_account(owner=application.owner)
    again = applicant_for(email=address, language="fr")
    assert again is not None
    assert again.pk != application.owner_id
    assert not Application.objects.filter(owner=again).exists()


def test_an_app_may_refuse_that_an_account_is_closed(monkeypatch):
    def refuse(user):
        raise StaffAccount

    monkeypatch.setattr(erasure, "_ACCOUNT_HOOKS", [refuse])
    application = ApplicationFactory()
    with pytest.raises(StaffAccount):
        erasure.close_account(owner=application.owner)
    assert Application.objects.exists()
