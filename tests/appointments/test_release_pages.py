"""Release plans as everybody and the staff see them; secrets stay secret until they are over."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.models import FreedSeat, ReleasePlan
from appointments.operations import book, open_due, release_ending
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from tests.actors import applicant_client, staff_client
from tests.appointments.releases import (
    ANNOUNCED,
    DAYS,
    OVER,
    WINDOWS,
    at,
    drafted,
    lived_through,
    published,
    slots_for,
)
from tests.factories import ApplicationFactory, CentreFactory, SlotFactory, booked
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def over():
    return lived_through(published())


def page(plan, client=None):
    return (client or Client()).get(reverse("appointments:release", args=[plan.pk]))


def secrets_of(plan):
    """The seed, and every moment to come as a page could write it."""
    moments = [one.due_at for one in plan.batches.filter(opened_at=None)]
    moments += [one.return_at for one in plan.freed_seats.filter(returned_at=None)]
    seconds = {f"{timezone.localtime(one):%H:%M:%S}" for one in moments}
    return {plan.seed, *seconds, *(one.isoformat() for one in moments)}


def leaks(plan, text):
    return sorted(secret for secret in secrets_of(plan) if secret in text)


# --- The public pages ---


def test_a_published_plan_tells_windows_and_commitment_but_no_secret():
    plan = published()
    for answer in (page(plan), Client().get(reverse("appointments:releases"))):
        text = answer.content.decode()
        assert "3 mars 2027" in text
        assert leaks(plan, text) == []
    assert plan.commitment in page(plan).content.decode()
    assert plan.plan_digest in page(plan).content.decode()


def test_a_draft_is_not_public():
    plan = drafted()
    assert page(plan).status_code == 404
    assert str(plan.centre.name) not in text_of(Client().get(reverse("appointments:releases")))


def test_the_transcript_is_there_only_once_it_is_over(over):
    running = published(CentreFactory(code="another"))
    address = reverse("appointments:release_transcript", args=[running.pk])
    assert Client().get(address).status_code == 404
    answer = Client().get(reverse("appointments:release_transcript", args=[over.pk]))
    assert json.loads(answer.content) == over.transcript
    assert over.seed in page(over).content.decode()


def test_the_page_says_whether_everything_agrees(over):
    english = Client(headers={"Accept-Language": "en"})
    assert "Everything agrees" in page(over, english).content.decode()
    over.transcript["opened"][0]["opened_at"] = "2027-03-01T00:00:00Z"
    ReleasePlan.objects.filter(pk=over.pk).update(transcript=over.transcript)
    cache.clear()
    english = Client(headers={"Accept-Language": "en"})
    answer = page(over, english).content.decode()
    assert "too_early" in answer
    assert "Everything agrees" not in answer


def test_the_centre_names_the_hours_in_which_new_places_open():
    plan = published()
    address = reverse("appointments:centre", args=[plan.centre.code])
    with at(ANNOUNCED):
        assert "3 mars 2027" in Client().get(address).content.decode()
    cache.clear()
    with at(WINDOWS[-1][1]):
        assert "4 mars 2027" not in Client().get(address, {"x": "1"}).content.decode()


def test_two_minutes_are_counted_as_arabic_counts_them(over):
    answer = page(over, Client(headers={"Accept-Language": "ar"})).content.decode()
    assert "بأكثر من دقيقتين" in answer


def test_the_list_costs_the_same_however_many_plans(over, django_assert_num_queries):
    def ask():
        with django_assert_num_queries(2):
            Client().get(reverse("appointments:releases"), {"x": timezone.now().isoformat()})

    ask()
    published(CentreFactory(code="another"))
    ask()


def test_cancelling_says_truthfully_when_the_place_comes_back():
    appointment = booked(ApplicationFactory(submitted=True), SlotFactory())
    client = applicant_client(appointment.application.owner)
    asked = client.get(reverse("appointments:cancel", args=[appointment.pk]))
    assert asked.context["comes_back_later"] is True
    appointment.slot.centre.switches.create(
        name="returns_at_random", is_on=False, valid=(timezone.localdate(), None)
    )
    asked = client.get(reverse("appointments:cancel", args=[appointment.pk]))
    assert asked.context["comes_back_later"] is False


# --- The staff ---


def admin_url(name, *arguments):
    return reverse(f"admin:appointments_releaseplan_{name}", args=arguments)


def windows_typed(windows, prefix="windows"):
    rows = {
        f"{prefix}-TOTAL_FORMS": len(windows),
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, (start, end) in enumerate(windows):
        rows[f"{prefix}-{number}-hours_0"] = f"{timezone.localtime(start):%Y-%m-%d %H:%M:%S}"
        rows[f"{prefix}-{number}-hours_1"] = f"{timezone.localtime(end):%Y-%m-%d %H:%M:%S}"
        rows[f"{prefix}-{number}-share"] = 1
    return rows


def typed(centre, windows):
    days = {"days_0": DAYS[0].isoformat(), "days_1": (DAYS[-1] + timedelta(days=1)).isoformat()}
    return {"centre": centre.pk, "service": "short_stay", **days, **windows_typed(windows)}


@pytest.mark.django_db(transaction=True)  # each request with its own transactions, as on the site
def test_a_manager_drafts_looks_publishes_and_closes():
    centre = CentreFactory()
    slots_for(centre)
    with at(ANNOUNCED):
        manager = staff_client(Role.CENTRE_MANAGER, centre.mission)
        answer = manager.post(admin_url("add"), typed(centre, WINDOWS))
        assert answer.status_code == 302
        plan = ReleasePlan.objects.get()
        assert [(one.starts_at, one.ends_at) for one in plan.windows.all()] == WINDOWS
        step = admin_url("step", plan.pk, "publish")
        asked = text_of(manager.get(step))
        assert len(re.findall(r"\b12 places", asked)) == 2  # of 24 places in each window
        manager.post(step)
        plan.refresh_from_db()
        assert plan.state == "published"
        assert manager.post(admin_url("step", plan.pk, "close")).status_code == 422
        manager.post(admin_url("step", plan.pk, "close"), {"reason": "Strike"})
    plan.refresh_from_db()
    assert (plan.state, plan.is_revealed) == ("closed", True)
    trail = Entry.objects.filter(action__startswith="releaseplan").order_by("pk")
    assert [entry.action.split(".")[1] for entry in trail] == [
        "draft",
        "publish",
        "close",
        "reveal",
    ]


def test_windows_that_overlap_are_refused_on_the_form():
    centre = CentreFactory()
    manager = staff_client(Role.CENTRE_MANAGER, centre.mission)
    (start, end), _ = WINDOWS
    both = [(start, end), (end - timedelta(minutes=1), end + timedelta(hours=1))]
    assert manager.post(admin_url("add"), typed(centre, both)).status_code == 200
    assert not ReleasePlan.objects.exists()


def test_a_manager_plans_for_the_own_mission_only():
    manager = staff_client(Role.CENTRE_MANAGER, CentreFactory().mission)
    other = CentreFactory(code="elsewhere", mission__state="DE")
    assert manager.post(admin_url("add"), typed(other, WINDOWS)).status_code == 200
    assert not ReleasePlan.objects.exists()


def test_nobody_changes_what_is_published():
    plan = published()
    manager = staff_client(Role.CENTRE_MANAGER, plan.centre.mission)
    answer = manager.post(admin_url("change", plan.pk), typed(plan.centre, WINDOWS[:1]))
    assert answer.status_code == 403
    assert plan.windows.filter(share=1).count() == 2


def test_staff_pages_and_trails_tell_no_moment_and_no_seed_before_they_are_over():
    plan = published()
    first = plan.batches.order_by("due_at").first()
    with at(first.due_at):
        open_due()
        application = ApplicationFactory(submitted=True, mission=plan.centre.mission)
        appointment = book(
            application_id=application.pk, slot_id=first.slot_id, owner=application.owner
        )
        client = staff_client(Role.ADMINISTRATOR)
        staff_client(Role.CENTRE_MANAGER, plan.centre.mission).post(
            reverse("admin:appointments_appointment_step", args=[appointment.pk, "cancel"]),
            {"reason": "Power cut"},
        )
        assert FreedSeat.objects.filter(plan=plan, returned_at=None).exists()
        pages = [
            admin_url("changelist"),
            admin_url("change", plan.pk),
            admin_url("history", plan.pk),
            admin_url("step", plan.pk, "close"),
            reverse("admin:appointments_slot_changelist"),
            reverse("admin:appointments_slot_change", args=[first.slot_id]),
            reverse("admin:appointments_slot_history", args=[first.slot_id]),
            reverse("admin:audit_entry_changelist"),
            reverse("admin:appointments_centre_change", args=[plan.centre.pk]),
        ]
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert leaks(plan, answer.content.decode()) == [], address
    written = json.dumps(
        [*Entry.objects.values("details", "reason"), *Access.objects.values("what")]
    )
    assert leaks(plan, written) == []


# --- The commands ---


def checked(plan, tmp_path, transcript=None, **options):
    path = tmp_path / "transcript.json"
    path.write_text(json.dumps(transcript or plan.transcript))
    out = StringIO()
    call_command("verify_release", path, stdout=out, **options)
    return out.getvalue()


def test_the_command_confirms_an_honest_transcript(over, tmp_path):
    out = StringIO()
    call_command("release_transcript", over.pk, stdout=out)
    said = checked(
        over, tmp_path, json.loads(out.getvalue()), published=[over.commitment, over.plan_digest]
    )
    assert "agrees" in said
    assert "--published" in checked(over, tmp_path)


def test_the_command_refuses_a_tampered_transcript(over, tmp_path):
    over.transcript["schedule"][0]["opens_at"] = "2027-03-03T08:00:00Z"
    with pytest.raises(CommandError) as problem:
        checked(over, tmp_path)
    assert problem.value.returncode == 1
    with pytest.raises(CommandError):
        checked(lived_through(over), tmp_path, published=["0" * 64, over.plan_digest])


def test_the_commands_say_what_they_cannot_do(tmp_path):
    with pytest.raises(CommandError):
        call_command("release_transcript", published().pk)
    with pytest.raises(CommandError):
        call_command("release_transcript", 987654)
    (tmp_path / "x").write_text("{")
    with pytest.raises(CommandError):
        call_command("verify_release", tmp_path / "x")


def test_a_transcript_says_nothing_after_a_plan_was_closed_that_it_did_not_say_before(over):
    with at(OVER + timedelta(days=3)):
        again = release_ending.reveal(plan_id=over.pk)
    assert again.transcript == over.transcript
    assert again.revealed_at == over.revealed_at
