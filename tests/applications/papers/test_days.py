"""Moving the appointment: papers that are no longer fresh are told, once for each day (HO-03)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from applications.file_checklist import file_checklist
from applications.models import Application, Document, HostedApplication, HostingCertificate
from applications.operations import expect_on
from applications.operations.paper_days import tell_of_waiting_days
from applications.wording.certificates import certificate_words
from portal.dates import add_months, civil_date
from portal.formats import weekday_date
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.factories import CentreFactory, SlotFactory, booked
from tests.pages import says

pytestmark = pytest.mark.django_db
KIND = "papers_not_fresh"


@pytest.fixture
def last_day(application):
    """The last day on which the host's certificate of this application is fresh (HO-01)."""
    today = civil_date(timezone.now())
    certificate = HostingCertificate(
        owner=application.owner, state="DE", host_name="H", authority="A", number="1",
        confirmed_on=add_months(today, -5),
    )  # fmt: skip
    certificate.remember_key()
    certificate.save()
    HostedApplication.objects.create(certificate=certificate, application=application)
    Document.objects.create(application=application, kind="hosting_certificate", state="provided")
    return add_months(certificate.confirmed_on, 6)


def move_to(application, day):
    with transaction.atomic():
        expect_on(application=Application.objects.get(pk=application.pk), day=day)


def told():
    return Message.objects.filter(kind=KIND)


def test_ho_03_a_day_on_which_everything_serves_is_told_to_nobody(application, last_day):
    move_to(application, last_day)
    assert not told().exists()


def test_ho_03_moving_beyond_the_last_day_is_told_once(application, last_day):
    move_to(application, last_day)
    for _twice in range(2):
        move_to(application, last_day + timedelta(days=1))
    message = told().get()
    assert message.recipient == application.owner.email
    assert [kind for kind, _finding in message.context["papers"]] == ["hosting_certificate"]


def test_each_new_day_is_told_and_an_old_one_not_again(application, last_day):
    late, later = last_day + timedelta(days=1), last_day + timedelta(days=2)
    for day in (late, None, late, last_day, later, last_day, later):
        move_to(application, day)
    assert told().count() == 2


def test_what_was_stale_before_is_not_news(application, last_day):
    move_to(application, last_day + timedelta(days=1))
    move_to(application, last_day + timedelta(days=9))
    assert told().count() == 1


def test_a_cancelled_appointment_tells_nothing(application, last_day):
    move_to(application, last_day)
    move_to(application, None)
    application.refresh_from_db()
    assert application.appointment_day is None
    assert not told().exists()


def test_booking_beyond_the_last_day_is_warned_of_before_and_told_after(application, last_day):
    starts = timezone.now().replace(hour=9, minute=0) + timedelta(
        days=(last_day - civil_date(timezone.now())).days + 5
    )
    slot = SlotFactory(centre=CentreFactory(mission=application.mission), starts_at=starts)
    client = applicant_client(application.owner)
    page = client.get(reverse("appointments:confirm", args=[application.pk, slot.pk]))
    assert page.status_code == 200
    assert [line.kind for line in page.context["not_fresh"]] == ["hosting_certificate"]
    assert page.context["not_fresh"][0].name in page.content.decode()
    booked(application, slot)
    for _twice in range(2):
        tell_of_waiting_days()
    assert told().count() == 1


def test_a_day_set_by_one_statement_for_many_is_looked_at_once(application, last_day):
    """A move of hundreds writes days and nothing else; the sweep finds them."""
    Application.objects.filter(pk=application.pk).update(
        appointment_day=last_day + timedelta(days=1)
    )
    assert [tell_of_waiting_days(), tell_of_waiting_days()] == [1, 0]
    assert told().count() == 1


def test_pa_02_a_passport_is_judged_for_the_day_to_which_hundreds_were_moved(application):
    day = civil_date(timezone.now()) + timedelta(days=20)
    in_time = add_months(day, -120) + timedelta(days=1)
    Application.objects.filter(pk=application.pk).update(passport_issued_on=in_time)
    for moved_to, outcome in ((day, "admissible"), (day + timedelta(days=1), "inadmissible")):
        Application.objects.filter(pk=application.pk).update(appointment_day=moved_to)
        assert tell_of_waiting_days() == 1
        application.refresh_from_db()
        assert application.passport_verdict["outcome"] == outcome
        assert application.passport_verdict["reference_date"] == moved_to.isoformat()
    assert [kind for kind, _finding in told().get().context["papers"]] == ["passport"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_sweeps_at_once_tell_once(application, last_day):
    Application.objects.update(appointment_day=last_day + timedelta(days=1))

    def sweep(_number):
        try:
            return tell_of_waiting_days()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(sweep, range(10))) == 1
    assert told().count() == 1


def test_a_day_that_is_over_is_told_to_nobody(application, last_day):
    Application.objects.update(appointment_day=date(2020, 1, 1))
    assert tell_of_waiting_days() == 1
    assert not told().exists()


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_message_names_paper_day_rule_and_remedy(application, last_day, language):
    type(application.owner).objects.filter(pk=application.owner_id).update(language=language)
    late = last_day + timedelta(days=1)
    move_to(application, late)
    mail = compose(told().get())
    line = file_checklist(Application.objects.get(pk=application.pk), today=late)
    with override(language):
        name = certificate_words("DE").name
        assert f"- {name}: " in mail.body
        assert weekday_date(late) in mail.body
    assert "HO-01" in mail.body
    assert line.papers["hosting_certificate"].age == "stale"
    assert reverse("applications:papers", args=[application.pk]) in mail.body


def test_the_page_of_the_appointment_lists_what_to_bring(application, last_day):
    slot = SlotFactory(centre=CentreFactory(mission=application.mission))
    appointment = booked(application, slot)
    page = applicant_client(application.owner).get(
        reverse("appointments:detail", args=[appointment.pk])
    )
    assert says(page, page.context["checklist"].papers["photo"].name)
    assert "DO-05" in page.content.decode()
