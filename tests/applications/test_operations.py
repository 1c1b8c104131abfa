"""What people do with an application: each operation whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.db.models import F

from applications import operations
from applications.enums import ApplicationState, DocumentState
from applications.models import Application
from applications.operations.filing import _NEEDED
from applications.refusals import ChangedElsewhere, Incomplete
from applications.workflow import APPLICATION_WORKFLOW, DOCUMENT_WORKFLOW
from portal.audit.models import Entry
from portal.workflow import TransitionRefused
from tests.applications.file.states import in_state
from tests.factories import ApplicationFactory, MissionFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return UserFactory(is_staff=True)


@pytest.fixture
def submitted():
    """An application that went through the real submission."""
    draft = ApplicationFactory()
    return operations.submit(application_id=draft.pk, owner=draft.owner)


def trail(row):
    return list(
        Entry.objects.filter(subject_id=str(row.pk)).order_by("pk").values_list("action", flat=True)
    )


def test_starting_leaves_a_trail_under_the_mission():
    owner, mission = UserFactory(), MissionFactory()
    application = operations.start_application(
        owner=owner, mission=mission, answers={"visa_class": "short_stay"}
    )
    [entry] = Entry.objects.filter(subject_id=str(application.pk))
    assert (entry.action, entry.mission, entry.actor_id) == (
        "application.start",
        mission,
        owner.pk,
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_open_one_application():
    owner, mission = UserFactory(), MissionFactory()

    def click(_number):
        try:
            return operations.start_application(
                owner=owner, mission=mission, answers={"visa_class": "short_stay", "purpose": ""}
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(click, range(10)))) == 1
    assert Application.objects.count() == 1


def test_saving_counts_versions_and_remembers_who_it_is_about():
    draft = ApplicationFactory()
    before = bytes(draft.traveller_key)
    saved = operations.save_answers(
        application_id=draft.pk,
        owner=draft.owner,
        answers={"birth_date": date(1990, 1, 1)},
        seen_version=1,
    )
    saved.refresh_from_db()
    assert saved.version == 2
    assert bytes(saved.traveller_key) != before


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_ten_windows_that_save_at_once_one_wins_and_nine_are_told():
    draft = ApplicationFactory()

    def save(number):
        try:
            operations.save_answers(
                application_id=draft.pk,
                owner=draft.owner,
                answers={"family_name": f"Window {number}"},
                seen_version=1,
            )
        except ChangedElsewhere:
            return None
        else:
            return f"Window {number}"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        won = [name for name in pool.map(save, range(10)) if name]
    draft.refresh_from_db()
    assert ([draft.family_name], draft.version) == (won, 2)


@pytest.mark.parametrize("operation", ["save_answers", "submit", "correct", "withdraw"])
def test_nobody_touches_somebody_elses_application(operation):
    application, more = ApplicationFactory(), {}
    if operation == "save_answers":
        more = {"answers": {}, "seen_version": 1}
    with pytest.raises(Application.DoesNotExist):
        getattr(operations, operation)(application_id=application.pk, owner=UserFactory(), **more)


@pytest.mark.parametrize("name", [*_NEEDED[1:], "departs_on"])
def test_a_draft_with_a_gap_is_not_submitted(name):
    draft = ApplicationFactory()
    empty = None if Application._meta.get_field(name).null else ""
    Application.objects.filter(pk=draft.pk).update(**{name: empty})
    with pytest.raises(Incomplete):
        operations.submit(application_id=draft.pk, owner=draft.owner)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_long_stay_needs_no_departure():
    draft = ApplicationFactory(
        visa_class="long_stay_general", purpose="study_work", departs_on=None
    )
    assert operations.submit(application_id=draft.pk, owner=draft.owner).state == "submitted"


def test_submitting_keeps_the_verdict_and_the_agreed_texts(submitted):
    submitted.refresh_from_db()
    assert submitted.passport_verdict["outcome"] == "admissible"
    assert {text["version"] for text in submitted.agreed.values()} == set(
        operations.agreed_texts().values()
    )


def test_cv_06_an_inadmissible_passport_is_told_and_not_stopped():
    draft = ApplicationFactory(blank_pages=0)
    submitted = operations.submit(application_id=draft.pk, owner=draft.owner)
    assert submitted.passport_verdict["outcome"] == "inadmissible"


def test_a_corrected_application_is_submitted_again_with_its_papers_as_they_were(submitted, agent):
    operations.check_paper(application=submitted, kind="photo", acceptable=True, actor=agent)
    operations.correct(application_id=submitted.pk, owner=submitted.owner)
    again = operations.submit(application_id=submitted.pk, owner=submitted.owner)
    assert again.documents.get().state == "checked"


@pytest.mark.parametrize("operation", [operations.correct, operations.withdraw])
def test_at_03_while_booked_nothing_is_changed_or_withdrawn(submitted, operation):
    booked(submitted, SlotFactory())
    with pytest.raises(TransitionRefused):
        operation(application_id=submitted.pk, owner=submitted.owner)


def test_pa_12_a_file_handed_in_is_judged_on_that_day(submitted, agent):
    Application.objects.filter(pk=submitted.pk).update(passport_verdict={})
    operations.record_counter_step(application=submitted, step="file", actor=agent)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.passport_verdict["outcome"]) == ("filed", "admissible")


@pytest.mark.parametrize(
    ("workflow", "states", "start"),
    [
        (APPLICATION_WORKFLOW, ApplicationState.values, "draft"),
        (DOCUMENT_WORKFLOW, DocumentState.values, "expected"),
    ],
)
def test_the_tables_name_only_known_states_and_reach_all(workflow, states, start):
    assert workflow.faults(states, start=start) == []


@pytest.mark.parametrize(
    ("name", "before"), [("submit", "draft"), ("correct", "submitted"), ("withdraw", "draft")]
)
def test_a_second_click_finds_the_work_done(name, before):
    application = ApplicationFactory(submitted=before == "submitted")
    operation = getattr(operations, name)
    done = operation(application_id=application.pk, owner=application.owner)
    again = operation(application_id=application.pk, owner=application.owner)
    assert (again.state, again.updated_at) == (done.state, done.updated_at)
    assert trail(application) == [f"application.{name}"]


def test_every_step_of_the_owner_leaves_one_entry(submitted):
    operations.correct(application_id=submitted.pk, owner=submitted.owner)
    operations.withdraw(application_id=submitted.pk, owner=submitted.owner)
    assert trail(submitted) == [
        "application.submit",
        "application.correct",
        "application.withdraw",
    ]
    assert not Application.objects.filter(updated_at__lt=F("created_at")).exists()


def test_withdrawing_ends_an_open_request_for_papers():
    application, _agent = in_state("papers_asked")
    operations.withdraw(application_id=application.pk, owner=application.owner)
    request = application.paper_requests.get()
    assert request.closed_at is not None
    assert request.answered_at is None
