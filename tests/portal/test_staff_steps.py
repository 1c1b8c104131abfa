"""Pages on which staff move a row: reasons, rights, trails, and two agents at once."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from applications import operations
from applications.models import Document
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from portal.dates import ALGIERS
from portal.staff import ReasonForm
from tests.actors import staff_client
from tests.factories import ApplicationFactory, MissionFactory, SlotFactory, booked
from tests.pages import held_by_form, says, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    draft = ApplicationFactory()
    return operations.submit(application_id=draft.pk, owner=draft.owner)


@pytest.fixture
def agent(application):
    return staff_client(Role.AGENT, application.mission)


@pytest.fixture
def paper(application):
    return Document.objects.create(application=application, kind="photo")


def page_of(row, what="change", *more):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{what}", args=[row.pk, *more])


def state(row):
    return type(row).objects.get(pk=row.pk).state


def test_a_page_offers_the_steps_of_its_state_and_no_others(agent, paper):
    offered = agent.get(page_of(paper)).content.decode()
    assert page_of(paper, "step", "check") in offered
    agent.post(page_of(paper, "step", "check"))
    offered = agent.get(page_of(paper)).content.decode()
    assert page_of(paper, "step", "check") not in offered
    assert page_of(paper, "step", "refuse") in offered


def test_looking_at_a_step_takes_nothing(agent, paper):
    page = agent.get(page_of(paper, "step", "check"))
    assert (page.status_code, state(paper)) == (200, "expected")


def test_the_page_of_a_step_says_whose_file_it_is(agent, application, paper):
    page = text_of(agent.get(page_of(paper, "step", "refuse")))
    for fact in (application.reference, application.traveller, application.passport_number):
        assert fact in page


@pytest.mark.parametrize("reason", ["", "   ", "\r\n"])
def test_a_step_that_needs_a_reason_waits_for_it(agent, paper, reason):
    answer = agent.post(page_of(paper, "step", "refuse"), {"reason": reason})
    assert (answer.status_code, state(paper)) == (422, "expected")
    assert says(answer, ReasonForm.base_fields["reason"].error_messages["required"])


@pytest.mark.parametrize("reason", ["x" * 301, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_given_back(agent, paper, reason):
    answer = agent.post(page_of(paper, "step", "refuse"), {"reason": reason})
    assert (answer.status_code, state(paper)) == (422, "expected")
    assert held_by_form(answer)["reason"] == [reason]


@pytest.mark.parametrize("reason", ["غير واضحة 😀", "é" * 300, "l\r\n" * 149 + "l", "<script>x"])
def test_a_reason_in_any_words_reaches_the_applicant(agent, application, paper, reason):
    agent.post(page_of(paper, "step", "refuse"), {"reason": reason})
    paper.refresh_from_db()
    assert (paper.state, paper.reason) == ("not_acceptable", reason.replace("\r\n", "\n"))
    agent.force_login(application.owner)
    page = agent.get(reverse("applications:detail", args=[application.pk]))
    assert " ".join(paper.reason.split()) in text_of(page)
    assert "<script>x" not in page.content.decode()


def test_a_second_agent_is_told_that_the_first_was_faster(agent, application):
    other = staff_client(Role.AGENT, application.mission)
    step = page_of(application, "step", "file")
    assert agent.post(step).url == other.post(step).url == page_of(application)
    assert Entry.objects.filter(action="application.file").count() == 1


def test_what_an_operation_refuses_is_told_and_changes_nothing(agent, application):
    """The button was there when the page was made; the applicant withdrew meanwhile."""
    page = page_of(application, "step", "not_accept")
    assert agent.get(page).status_code == 200
    operations.withdraw(application_id=application.pk, owner=application.owner)
    answer = agent.post(page, {"reason": "late"}, follow=True)
    assert answer.status_code == 200
    assert state(application) == "withdrawn"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COMPLAINT_HANDLER])
def test_who_only_reads_is_offered_nothing_and_refused(application, paper, role):
    reader = staff_client(role, application.mission)
    assert "/step/" not in reader.get(page_of(paper)).content.decode()
    assert "/step/" not in reader.get(page_of(application)).content.decode()
    assert reader.post(page_of(paper, "step", "check")).status_code == 403
    assert state(paper) == "expected"


def test_the_file_of_another_mission_does_not_exist(paper):
    stranger = staff_client(Role.AGENT, MissionFactory(state="DE"))
    assert stranger.post(page_of(paper, "step", "check")).status_code == 404
    assert state(paper) == "expected"


def test_reading_a_file_leaves_a_trace_and_moving_it_an_entry(agent, application, paper):
    agent.get(page_of(application))
    agent.post(page_of(paper, "step", "refuse"), {"reason": "Blurred"})
    assert Access.objects.filter(subject_id=str(application.pk)).count() == 1
    entry = Entry.objects.get(action="document.refuse")
    assert (entry.reason, entry.subject_id) == ("Blurred", str(paper.pk))


def test_the_history_tells_who_did_what_and_why(agent, paper):
    agent.post(page_of(paper, "step", "refuse"), {"reason": "Blurred"})
    page = agent.get(page_of(paper, "history"))
    entry = Entry.objects.get(action="document.refuse")
    assert {"Blurred", entry.actor_label} <= set(
        re.findall(r"<td><bdi>([^<]*)</bdi></td>", page.content.decode())
    )
    assert says(page, Document(state="not_acceptable").get_state_display())


@pytest.mark.parametrize(
    ("day", "shown"),
    [("", 4), ("today", 2), ("tomorrow", 1), ("week", 3), ("yesterday", 4), ("\x01", 4)],
)
def test_lists_are_cut_to_the_days_of_algiers(application, day, shown):
    """Today ends at the midnight of Algiers, which is 23:00 UTC."""
    today = datetime(2027, 3, 3, tzinfo=ALGIERS)
    for start in (
        today + timedelta(minutes=30),
        today + timedelta(hours=23, minutes=30),
        today + timedelta(hours=24),
        today + timedelta(days=7),
    ):
        SlotFactory(starts_at=start)
    with time_machine.travel(today + timedelta(hours=12), tick=False):
        manager = staff_client(Role.CENTRE_MANAGER, application.mission)
        page = manager.get(reverse("admin:appointments_slot_changelist"), {"day": day})
    assert page.context["cl"].result_count == shown


def test_filters_offer_only_the_own_missions_and_their_centres(agent, application):
    booked(application, SlotFactory())
    other = SlotFactory(centre__mission=MissionFactory(state="DE"))
    for name in ("applications_application", "applications_document", "appointments_slot"):
        page = text_of(agent.get(reverse(f"admin:{name}_changelist")))
        assert other.centre.mission.name not in page
