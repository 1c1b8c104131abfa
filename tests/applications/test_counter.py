"""At the counter: what is taken, what is sent away, and what two agents let pass (PA-09, PA-12)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications import operations
from applications.models import Application, Decision, Derogation
from applications.refusals import (
    DerogationOpen,
    DerogationReasonMissing,
    NoDerogation,
    NotAcceptedNeedsReason,
    NotDerogable,
    PassportInsufficient,
    PassportNeedsConsulate,
    PassportSeenIncomplete,
    SecondAgentNeeded,
)
from portal.audit.models import Entry
from portal.constraints import violated
from portal.outbox.models import Message
from portal.workflow import TransitionRefused
from tests.actors import staff
from tests.applications.counter import agent_of, moved, short_passport, submitted, today
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return submitted()


@pytest.fixture
def agent(application):
    return agent_of(application)


def state(application):
    return Application.objects.get(pk=application.pk).state


def step(application, name, actor, reason=""):
    return operations.record_counter_step(
        application=application, step=name, actor=actor, reason=reason
    )


# --- Handing in ---


def test_ap_05_the_clock_starts_on_the_day_the_file_is_taken(application, agent):
    step(application, "file", agent)
    application.refresh_from_db()
    assert (application.state, application.filed_on) == ("filed", today())


def test_pa_12_an_insufficient_passport_is_not_taken_and_nothing_is_recorded(agent, application):
    Application.objects.filter(pk=application.pk).update(blank_pages=0)
    application.refresh_from_db()
    with pytest.raises(PassportInsufficient):
        step(application, "file", agent)
    application.refresh_from_db()
    assert (application.state, application.filed_on) == ("submitted", None)
    assert not Entry.objects.filter(action="application.file").exists()


def test_pa_12_not_accepted_is_no_refusal_and_the_applicant_is_told_why(application, agent):
    step(application, "not_accept", agent, "The film over the photo is lifted.")
    application.refresh_from_db()
    assert (application.state, application.filed_on) == ("not_accepted", None)
    assert not Decision.objects.exists()
    told = Message.objects.get(kind="file_not_accepted")
    assert told.recipient == application.owner.email
    assert told.context["reason"] == "The film over the photo is lifted."


def test_pa_12_every_time_is_told_anew(application, agent):
    step(application, "not_accept", agent, "Pages")
    Application.objects.filter(pk=application.pk).update(state="submitted")
    step(application, "not_accept", agent, "Film")
    assert Message.objects.filter(kind="file_not_accepted").count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_nobody_is_sent_away_without_a_reason(application, agent, reason):
    with pytest.raises(NotAcceptedNeedsReason):
        step(application, "not_accept", agent, reason)
    assert state(application) == "submitted"


def test_a_step_the_counter_does_not_know_is_a_mistake_of_the_code(application, agent):
    with pytest.raises(LookupError):
        step(application, "decide", agent)


def test_a_passport_is_fetched_once_it_is_decided(application, agent):
    moved(application, agent, "file", "examine")
    with pytest.raises(TransitionRefused):
        step(application, "ready", agent)


# --- The passport on the desk ---


def seen(application, agent, **changes):
    given = {
        "issued_on": today() - timedelta(days=500),
        "expires_on": today() + timedelta(days=1500),
        "blank_pages": 8,
    }
    return operations.record_passport_seen(
        application_id=application.pk, actor=agent, **(given | changes)
    )


def test_pa_12_what_the_counter_sees_is_judged(application, agent):
    seen(application, agent, blank_pages=1, defects=["film_missing_or_lifted"])
    application.refresh_from_db()
    assert application.passport_verdict["outcome"] == "inadmissible"
    entry = Entry.objects.get(action="application.passport_seen")
    assert entry.details["changed"] == [
        "blank_pages",
        "passport_defects",
        "passport_expires_on",
        "passport_issued_on",
    ]


def test_a_typing_error_of_the_applicant_is_mended_at_the_desk(application, agent):
    Application.objects.filter(pk=application.pk).update(blank_pages=0)
    seen(application, agent)
    application.refresh_from_db()
    step(application, "file", agent)
    assert state(application) == "filed"


def test_a_passport_that_expires_before_it_was_issued_was_misread(application, agent):
    with pytest.raises(PassportSeenIncomplete):
        seen(application, agent, expires_on=today() - timedelta(days=500))


def test_the_passport_is_not_changed_after_the_file_was_taken(application, agent):
    moved(application, agent, "file")
    with pytest.raises(TransitionRefused):
        seen(application, agent)


# --- Urgency ---


@pytest.fixture
def urgent():
    return submitted(**short_passport())


def propose(application, actor, reason="A funeral, certificate seen"):
    return operations.propose_derogation(application_id=application.pk, actor=actor, reason=reason)


def settle(application, actor, granted=True):
    return operations.settle_derogation(application_id=application.pk, actor=actor, granted=granted)


def test_pa_09_urgency_lifts_the_margin_once_two_agents_say_so(urgent):
    first, second = agent_of(urgent), agent_of(urgent)
    with pytest.raises(PassportNeedsConsulate):
        step(urgent, "file", first)
    propose(urgent, first)
    with pytest.raises(PassportNeedsConsulate):
        step(urgent, "file", first)
    settle(urgent, second)
    step(urgent, "file", first)
    assert state(urgent) == "filed"
    actions = Entry.objects.filter(subject_id=str(urgent.pk)).values_list("action", flat=True)
    assert {"derogation.propose", "derogation.grant", "application.file"} <= set(actions)


def test_pa_09_a_refused_derogation_lifts_nothing(urgent):
    propose(urgent, agent_of(urgent))
    settle(urgent, agent_of(urgent), granted=False)
    with pytest.raises(PassportNeedsConsulate):
        step(urgent, "file", agent_of(urgent))


def test_pa_09_who_proposes_does_not_confirm(urgent):
    first = agent_of(urgent)
    propose(urgent, first)
    with pytest.raises(SecondAgentNeeded):
        settle(urgent, first)


def test_pa_09_the_database_refuses_the_same_agent_too(urgent):
    first = agent_of(urgent)
    propose(urgent, first)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Derogation.objects.update(settled_by=first, settled_at=timezone.now(), is_granted=True)
    assert violated(refused.value) == "a_second_agent_settles_a_derogation"


@pytest.mark.parametrize(
    "passport",
    [
        {},
        {"blank_pages": 1},
        {"passport_expires_on": today() + timedelta(days=65)},
        {"passport_issued_on": today() - timedelta(days=4000)},
    ],
    ids=["nothing is missed", "pages", "expires before departure", "ten years old"],
)
def test_pa_09_urgency_lifts_nothing_else(passport):
    fields = {} if not passport else short_passport() | passport
    application = submitted(**fields)
    with pytest.raises(NotDerogable):
        propose(application, agent_of(application))


def test_pa_09_the_margin_and_another_failure_together_are_not_lifted():
    application = submitted(**short_passport(), blank_pages=1)
    with pytest.raises(NotDerogable):
        propose(application, agent_of(application))


def test_pa_09_a_derogation_is_justified_proposed_once_and_settled_once(urgent):
    first, second = agent_of(urgent), agent_of(urgent)
    with pytest.raises(DerogationReasonMissing):
        propose(urgent, first, "  ")
    propose(urgent, first)
    with pytest.raises(DerogationOpen):
        propose(urgent, second)
    settle(urgent, second)
    with pytest.raises(NoDerogation):
        settle(urgent, second)
    with pytest.raises(NotDerogable):
        propose(urgent, first)


def test_a_derogation_is_about_the_answers_it_was_granted_for(urgent):
    propose(urgent, agent_of(urgent))
    settle(urgent, agent_of(urgent))
    operations.correct(application_id=urgent.pk, owner=urgent.owner)
    operations.submit(application_id=urgent.pk, owner=urgent.owner)
    urgent.refresh_from_db()
    with pytest.raises(PassportNeedsConsulate):
        step(urgent, "file", agent_of(urgent))


def test_agents_of_another_mission_find_no_file(urgent):
    stranger = staff("agent", MissionFactory(state="DE"))
    for operation in (
        lambda: propose(urgent, stranger),
        lambda: settle(urgent, stranger),
        lambda: seen(urgent, stranger),
        lambda: propose(urgent, urgent.owner),
    ):
        with pytest.raises(Application.DoesNotExist):
            operation()
