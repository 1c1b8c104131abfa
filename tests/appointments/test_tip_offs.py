"""Anybody may report a tout, without an account or a name; nothing written is lost (AT-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments import refusals
from appointments.data_rights import old_tip_offs, remove_tip_offs
from appointments.models import TipOff
from appointments.operations import tip_offs
from portal.attempts import store
from portal.audit.models import Access, Entry
from portal.dates import civil_date
from tests.actors import staff_client
from tests.factories import CentreFactory, MissionFactory
from tests.pages import says

pytestmark = pytest.mark.django_db
TEXT = "Un homme demande 500 euros devant le centre."


@pytest.fixture(autouse=True)
def _fresh_store():
    for key in store().scan_iter(match="*attempts:tip-off:*"):
        store().delete(key)


def sent(client, **fields):
    return client.post(reverse("appointments:report"), {"text": TEXT, **fields})


def test_a_report_needs_no_account_and_rests_encrypted(client):
    centre = CentreFactory()
    assert sent(client, centre=centre.pk).url == reverse("appointments:reported")
    report = TipOff.objects.get()
    assert (report.text, report.contact, report.centre) == (TEXT, "", centre)
    raw = TipOff.objects.raw("SELECT id, encode(text, 'escape') AS sealed FROM appointments_tipoff")
    assert "euros" not in raw[0].sealed


@pytest.mark.parametrize(
    "fields", [{"text": "  "}, {"text": "x" * 4001}, {"centre": "99999"}], ids=str
)
def test_a_report_that_cannot_be_kept_stays_in_the_form(client, fields):
    answer = sent(client, contact="0550 00 00 00", **fields)
    assert answer.status_code == 422
    assert "0550 00 00 00" in answer.content.decode()
    assert not TipOff.objects.exists()


def test_one_network_cannot_flood_us_and_hears_why(client, monkeypatch):
    monkeypatch.setattr(tip_offs, "PER_NETWORK", 2)
    for _ in range(2):
        sent(client)
    answer = sent(client)
    assert answer.status_code == 422
    assert says(answer, refusals.TooManyTipOffs.message, "fr")
    assert TEXT in answer.content.decode()
    assert TipOff.objects.count() == 2


def test_a_manager_reads_it_with_a_trace_and_says_what_was_done():
    report = TipOff.objects.create(text=TEXT, contact="", centre=CentreFactory())
    client = staff_client("centre_manager", report.centre.mission)
    page = client.get(reverse("admin:appointments_tipoff_change", args=[report.pk]))
    assert TEXT in page.content.decode()
    assert Access.objects.filter(subject_id=str(report.pk)).count() == 1
    step = reverse("admin:appointments_tipoff_step", args=[report.pk, "see"])
    client.post(step, {"reason": "Told the police"})
    report.refresh_from_db()
    assert report.state == "seen"
    assert Entry.objects.get(action="tipoff.see").reason == "Told the police"


def test_what_names_no_centre_is_for_every_manager():
    TipOff.objects.create(text=TEXT)
    elsewhere = TipOff.objects.create(text=TEXT, centre=CentreFactory(code="elsewhere"))
    client = staff_client("centre_manager", MissionFactory(state="DE", post="algiers"))
    page = client.get(reverse("admin:appointments_tipoff_changelist"))
    assert [row.centre for row in page.context["cl"].result_list] == [None]
    there = reverse("admin:appointments_tipoff_change", args=[elsewhere.pk])
    assert client.get(there).status_code == 302


@pytest.mark.parametrize(("days", "due"), [(90, False), (91, True)])
def test_a_report_is_kept_for_ninety_days(days, due):
    report = TipOff.objects.create(text=TEXT)
    TipOff.objects.update(received_at=timezone.now() - timedelta(days=days))
    rows = list(old_tip_offs(civil_date(timezone.now())))
    assert rows == ([report] if due else [])
    if due:
        remove_tip_offs(rows)
        assert not TipOff.objects.exists()


def test_every_reminder_that_booking_is_free_leads_to_the_form(client):
    page = client.get(reverse("appointments:centres")).content.decode()
    assert reverse("appointments:report") in page
