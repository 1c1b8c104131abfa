"""Every kind that ends by itself: kept on its last day, gone on the next (DP-04)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.utils import timezone

from applications.models import (
    Application,
    Decision,
    Document,
    DocumentFile,
    HostedApplication,
    HostingCertificate,
)
from applications.purges import warn_of_idle_drafts
from appointments.models import Appointment
from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Access, Entry
from portal.data_rights.purges import Cap, purges, run
from portal.dates import ALGIERS, add_years
from portal.outbox.models import Message
from portal.uploads.models import StoredFile
from portal.uploads.operations import receive
from portal.uploads.stores import store
from tests.applications.test_hosting import added, german
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ALGIERS)


def days_ago(days):
    return TODAY - timedelta(days=days)


def purge(*kinds, today=TODAY):
    report = run(today=today, only=kinds, cap=Cap(number=10**9))
    return sum(line.removed for line in report.lines)


def touched(row, day, **fields):
    """Pretend that nothing was saved since `day`."""
    type(row).objects.filter(pk=row.pk).update(updated_at=at(day), **fields)
    return row


def test_every_kind_of_the_house_is_registered():
    names = {purge.name for purge in purges()}
    assert {"idle_draft", "appointment", "message", "export", "loose_upload"} <= names
    assert {"idle_account", "closed_file", "withdrawn", "entry", "access"} <= names


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_idle_drafts(days, gone):
    touched(ApplicationFactory(), days_ago(days))
    assert purge("idle_draft") == gone
    assert Application.objects.count() == 1 - gone


@pytest.mark.parametrize(("hour", "gone"), [(0, 0), (23, 0)])
def test_the_last_day_is_kept_whole_on_the_clock_of_algiers(hour, gone):
    draft = ApplicationFactory()
    Application.objects.filter(pk=draft.pk).update(updated_at=at(days_ago(30), hour))
    assert purge("idle_draft") == gone


def test_a_moment_before_midnight_belongs_to_the_day_before():
    draft = ApplicationFactory()
    last = at(days_ago(30), 0) - timedelta(seconds=1)
    Application.objects.filter(pk=draft.pk).update(updated_at=last)
    assert purge("idle_draft") == 1


@pytest.mark.parametrize("state", ["submitted", "filed", "in_examination", "decided"])
def test_only_drafts_are_idle_drafts(state):
    touched(ApplicationFactory(submitted=True), days_ago(300), state=state)
    assert purge("idle_draft") == 0


def test_who_puts_papers_is_not_idle():
    draft = touched(ApplicationFactory(), days_ago(31))
    paper = Document.objects.create(application=draft, kind="passport")
    Document.objects.filter(pk=paper.pk).update(updated_at=at(days_ago(3)))
    assert purge("idle_draft") == 0
    Document.objects.filter(pk=paper.pk).update(updated_at=at(days_ago(31)))
    assert purge("idle_draft") == 1


def test_papers_files_and_history_go_with_a_draft(django_capture_on_commit_callbacks):
    draft = ApplicationFactory()
    paper = Document.objects.create(application=draft, kind="passport")
    file = receive(upload=ContentFile(pdf(), name="a.pdf"), owner=draft.owner)
    DocumentFile.objects.create(document=paper, file=file, position=0)
    touched(draft, days_ago(31))
    Document.objects.update(updated_at=at(days_ago(31)))
    DocumentFile.objects.update(added_at=at(days_ago(31)))
    assert store().exists(file.original_name)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge("idle_draft") == 1
    for model in (Application, Document, DocumentFile, StoredFile):
        assert not model.objects.exists()
    assert not store().exists(file.original_name)
    assert not draft_history(draft).exists()


def draft_history(draft):
    history = apps.get_model("applications.ApplicationHistory")
    return history.objects.filter(pgh_obj_id=draft.pk)


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_withdrawn_before_the_counter(days, gone):
    touched(ApplicationFactory(submitted=True), days_ago(days), state="withdrawn")
    assert purge("withdrawn") == gone


def test_withdrawn_after_the_counter_stays_as_a_closed_file():
    touched(
        ApplicationFactory(submitted=True),
        days_ago(200),
        state="withdrawn",
        filed_on=days_ago(220),
    )
    assert purge("withdrawn", "closed_file") == 0


@pytest.mark.parametrize(("extra", "gone"), [(0, 0), (1, 1)])
def test_submitted_and_never_handed_in(extra, gone):
    since = add_years(TODAY, -1) - timedelta(days=extra)
    touched(ApplicationFactory(submitted=True), since)
    assert purge("idle_file") == gone


def test_a_file_with_an_appointment_ahead_is_not_idle():
    touched(
        ApplicationFactory(submitted=True),
        days_ago(500),
        state="booked",
        appointment_day=TODAY + timedelta(days=3),
    )
    assert purge("idle_file") == 0


def decided(day, notified=None):
    row = ApplicationFactory(submitted=True)
    touched(row, day, state="decided", filed_on=day - timedelta(days=10))
    agent = UserFactory(is_staff=True)
    Decision.objects.create(
        application=row, outcome="refused", decided_on=day, notified_on=notified, recorded_by=agent
    )
    return row


@pytest.mark.parametrize(("extra", "gone"), [(0, 0), (1, 1)])
def test_closed_files_count_from_the_last_answer(extra, gone):
    decided(add_years(TODAY, -1) - timedelta(days=extra))
    assert purge("closed_file") == gone
    assert Decision.objects.count() == 1 - gone


def test_a_late_notification_keeps_a_closed_file():
    decided(days_ago(500), notified=days_ago(100))
    assert purge("closed_file") == 0


@pytest.mark.parametrize("state", ["filed", "in_examination", "extended", "papers_asked"])
def test_what_the_authority_examines_never_goes_by_itself(state):
    touched(
        ApplicationFactory(submitted=True), days_ago(4000), state=state, filed_on=days_ago(4000)
    )
    assert purge() == 0


@pytest.mark.parametrize(("days", "gone"), [(90, 0), (91, 1)])
@pytest.mark.parametrize("state", ["cancelled", "served", "no_show", "booked"])
def test_appointments(days, gone, state):
    application = ApplicationFactory(submitted=True)
    appointment = booked(application, SlotFactory())
    slot = appointment.slot
    type(slot).objects.filter(pk=slot.pk).update(starts_at=at(days_ago(days), 9))
    Appointment.objects.filter(pk=appointment.pk).update(state=state)
    assert purge("appointment") == gone
    assert Appointment.objects.count() == 1 - gone
    assert appointment_history(appointment).exists() is not bool(gone)
    application.refresh_from_db()
    freed = gone and state == "booked"
    assert application.state == ("submitted" if freed else "booked")


def appointment_history(appointment):
    history = apps.get_model("appointments.AppointmentHistory")
    return history.objects.filter(pgh_obj_id=appointment.pk)


@pytest.mark.parametrize(("days", "gone"), [(90, 0), (91, 1)])
@pytest.mark.parametrize("state", ["sent", "expired", "not_reached"])
def test_messages(days, gone, state):
    booked(ApplicationFactory(submitted=True), SlotFactory())
    Message.objects.update(state=state, created_at=at(days_ago(days)))
    assert purge("message") == gone


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_messages_on_their_way_stay(state):
    booked(ApplicationFactory(submitted=True), SlotFactory())
    Message.objects.update(state=state, created_at=at(days_ago(300)))
    assert purge("message") == 0


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_uploads_of_no_paper(days, gone, django_capture_on_commit_callbacks):
    file = receive(upload=ContentFile(pdf(), name="a.pdf"), owner=UserFactory())
    held = receive(upload=ContentFile(pdf(), name="b.pdf"), owner=file.owner)
    paper = Document.objects.create(application=ApplicationFactory(), kind="passport")
    DocumentFile.objects.create(document=paper, file=held, position=0)
    StoredFile.objects.update(created_at=at(days_ago(days)))
    with django_capture_on_commit_callbacks(execute=True):
        assert purge("loose_upload") == gone
    assert store().exists(file.original_name) is not bool(gone)
    assert store().exists(held.original_name)


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_hosting_certificates_that_cover_nobody(days, gone):
    certificate, other = added(german()), added(german())
    HostedApplication.objects.filter(certificate=certificate).delete()
    HostingCertificate.objects.update(updated_at=at(days_ago(days)))
    assert purge("loose_certificate") == gone
    assert HostingCertificate.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(("extra", "gone"), [(0, 0), (1, 1)])
def test_idle_accounts(extra, gone):
    seen = at(add_years(TODAY, -1) - timedelta(days=extra))
    idle = UserFactory(last_login=seen, date_joined=seen)
    UserFactory(last_login=seen, is_staff=True)
    ApplicationFactory(owner=UserFactory(last_login=seen))
    assert purge("idle_account") == gone
    assert User.objects.count() == 3 - gone
    assert User.objects.filter(pk=idle.pk).exists() is not bool(gone)


@pytest.mark.parametrize(("extra", "gone"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("model", [Entry, Access])
def test_the_trail(extra, gone, model):
    user = UserFactory()
    audit.record(actor=user, action="x", subject=user)
    audit.record_read(actor=user, subject=user, what="x")
    moment = at(add_years(TODAY, -2) - timedelta(days=extra))
    with pgtrigger.ignore("audit.Entry:append_only", "audit.Access:append_only"):
        model.objects.update(at=moment)
    assert purge(model._meta.model_name) == gone


def test_ended_sessions():
    for name, day in (("old", days_ago(1)), ("new", TODAY)):
        Session.objects.create(session_key=name, session_data="", expire_date=at(day))
    assert purge("session") == 1
    assert Session.objects.get().session_key == "new"


# --- the warning ------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(22, 0), (23, 1), (30, 1), (31, 0)])
def test_the_holder_of_a_draft_is_warned_a_week_before(days, told):
    draft = touched(ApplicationFactory(), days_ago(days))
    assert warn_of_idle_drafts(today=TODAY) == told
    if told:
        message = Message.objects.get()
        assert message.recipient == draft.owner.email
        assert message.context["last_day"] == str(days_ago(days) + timedelta(days=30))


def test_one_idle_spell_is_told_once_and_the_next_one_again():
    draft = touched(ApplicationFactory(), days_ago(25))
    assert warn_of_idle_drafts(today=TODAY) == 1
    assert warn_of_idle_drafts(today=TODAY + timedelta(days=1)) == 0
    touched(draft, TODAY)
    assert warn_of_idle_drafts(today=TODAY + timedelta(days=24)) == 1


def test_others_are_not_warned():
    touched(ApplicationFactory(submitted=True), days_ago(25))
    draft = touched(ApplicationFactory(), days_ago(25))
    Document.objects.create(application=draft, kind="passport", updated_at=timezone.now())
    assert warn_of_idle_drafts(today=TODAY) == 0
