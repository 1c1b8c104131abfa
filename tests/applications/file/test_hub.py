"""The page of one file: every state, every language, one next thing, nothing of the inside."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import operations
from applications.enums import ApplicationState as State
from applications.models import Application, Decision
from applications.refusals import NoRequest
from applications.wording.states import STATES
from appointments.operations import cancel_by_staff, close
from tests.actors import applicant_client
from tests.applications.counter import (
    agent_of,
    decided,
    examined,
    short_passport,
    submitted,
    today,
)
from tests.applications.file.states import REASON, in_state
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.pages import says, text_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("fr", "de", "ar", "en")


def page_of(application, language="en", client=None):
    client = client or applicant_client(application.owner)
    client.cookies["guichet_language"] = language
    return client.get(reverse("applications:detail", args=[application.pk]))


# --- Every state


def test_every_state_has_its_words():
    assert set(STATES) == set(State)
    for words in STATES.values():
        assert all(map(str, (words.means, words.do, words.next)))


@pytest.mark.parametrize("state", State.values)
def test_every_state_is_explained_in_four_languages(state):
    application, _agent = in_state(state)
    client = applicant_client(application.owner)
    for language in LANGUAGES:
        page = page_of(application, language, client)
        assert page.status_code == 200
        words = STATES[State(state)]
        for sentence in (words.means, words.do, words.next, State(state).label):
            assert says(page, sentence, language), (language, sentence)


@pytest.mark.parametrize(
    ("state", "where"),
    [
        ("draft", "applications:check"),
        ("submitted", "appointments:choose"),
        ("booked", "applications:papers"),
        ("papers_asked", "applications:papers"),
        ("not_accepted", "appointments:choose"),
    ],
)
def test_the_next_thing_is_the_first_button(state, where):
    application, _agent = in_state(state)
    page = page_of(application)
    assert page.context["next"].url == reverse(where, args=[application.pk])
    assert text_of(page).count("btn btn-primary") == 1


@pytest.mark.parametrize(
    "state", ["filed", "in_examination", "extended", "decided", "passport_ready", "withdrawn"]
)
def test_where_one_can_only_wait_there_is_no_button(state):
    application, _agent = in_state(state)
    assert text_of(page_of(application)).count("btn btn-primary") == 0


def test_a_draft_leads_to_the_first_question_that_is_open():
    draft = ApplicationFactory(blank_pages=None, passport_number="")
    assert page_of(draft).context["next"].url == reverse(
        "applications:step", args=[draft.pk, "passport"]
    )


def test_papers_that_did_not_come_in_time_are_still_asked_for():
    application, _agent = in_state("papers_asked")
    assert "The last day was" not in text_of(page_of(application))
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        page = page_of(application)
    assert "The last day was" in text_of(page)
    assert page.context["next"].url.endswith("/papers/")


def test_rd_01_a_retiree_card_is_not_told_to_book():
    application, _agent = in_state("submitted", retiree_card=True)
    text = text_of(page_of(application))
    assert "See how to hand in the file" in text
    assert "Choose an appointment" not in text


def test_a_new_message_comes_before_waiting():
    application, agent = in_state("in_examination")
    operations.write(application_id=application.pk, author=agent, text="A question")
    page = page_of(application)
    assert page.context["next"].url == reverse("applications:messages", args=[application.pk])
    assert "1 new message" in text_of(page)


# --- When an answer may come (AP-03 to AP-05)


def prospects_after(days, **fields):
    application, _agent = in_state("filed", **fields)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        client = applicant_client(application.owner)
        page = page_of(application, client=client)
    return application, page.context["hub"].prospects.findings, page


@pytest.mark.parametrize(
    ("days", "start"),
    [
        (0, ["A short-stay application is answered", "With more checks it may take 45 days"]),
        (15, ["A short-stay application is answered", "With more checks it may take 45 days"]),
        (16, ["The usual time is over"]),
        (45, ["The usual time is over"]),
        (46, ["The longest time that the law allows ended"]),
    ],
)
def test_ap_03_days_of_a_short_stay(days, start):
    _application, found, page = prospects_after(days)
    assert [one.sentence[: len(words)] for one, words in zip(found, start, strict=True)] == start
    assert {one.rule_id for one in found} == {"AP-03"}
    assert reverse("rule_book:rule", args=["AP-03"]) in text_of(page)


def test_ap_04_a_long_stay_is_told_as_experience():
    _application, found, page = prospects_after(
        0, visa_class="long_stay_general", purpose="study_work"
    )
    assert "That is experience, not a right." in found[0].sentence
    assert found[0].rule_id == "AP-04"
    assert "Nobody can promise you" in text_of(page)


def test_ap_05_before_the_counter_no_clock_runs():
    application, _agent = in_state("submitted")
    findings = page_of(application).context["hub"].prospects.findings
    assert [one.rule_id for one in findings] == ["AP-05"]


def test_ap_05_of_a_booked_file_days_are_told_under_a_condition():
    application, _agent = in_state("booked")
    page = page_of(application)
    assert page.context["hub"].prospects.if_on == application.appointment_day
    assert "If the counter accepts the file on" in text_of(page)


def test_papers_that_are_asked_for_do_not_stop_the_clock_unless_the_rule_says_so():
    application, _agent = in_state("papers_asked")
    assert "The time for the decision runs on meanwhile." in text_of(page_of(application))
    application.paper_requests.update(stops_clock=True)
    assert "the time for the decision stands still" in text_of(page_of(application))


# --- Not accepted, decided


def test_pa_12_not_accepted_is_no_refusal_and_says_why():
    application, _agent = in_state("not_accepted")
    text = text_of(page_of(application))
    assert "This is not a refusal of a visa" in text
    assert "moins" in text
    assert REASON not in page_of(application).content.decode()  # as text, not as markup
    assert reverse("rule_book:rule", args=["PA-12"]) in text
    assert not Decision.objects.exists()


def test_a_refusal_names_body_address_and_last_day():
    application, agent = examined()
    decision = decided(application, agent, "refused", notified_on=today())
    page = page_of(application)
    card = page.context["hub"].decisions[0]
    assert card.last_day == today() + timedelta(days=30)
    text = text_of(page)
    assert "44036 Nantes" in text
    assert "The paper you received prevails" in text
    assert decision.reason in text


def test_rc_06_without_the_day_of_notification_there_is_no_last_day():
    application, agent = examined()
    decided(application, agent, "refused")
    page = page_of(application)
    assert page.context["hub"].decisions[0].last_day is None
    assert "no last day can be told" in text_of(page)


def test_dp_03_after_a_decision_the_page_says_how_long_data_stay():
    application, agent = examined()
    decided(application, agent, "refused", notified_on=today())
    text = text_of(page_of(application))
    assert "5 years" in text
    assert reverse("rule_book:rule", args=["DP-04"]) in text


def test_what_was_never_handed_in_is_in_no_information_system():
    application, _agent = in_state("withdrawn")
    assert page_of(application).context["hub"].kept is None


# --- The history, and what stays inside

SECRETS = ("INTERNAL-MISS", "INTERNAL-EXAMINE", "INTERNAL-DEROGATION", "INTERNAL-PAPERS")


def whole_life():
    """A file that saw everything; returns it and the agent."""
    application = submitted()
    agent = agent_of(application)
    booked(application, SlotFactory())
    appointment = application.appointments.get()
    with time_machine.travel(appointment.slot.starts_at + timedelta(hours=1)):
        close(appointment=appointment, step="miss", actor=agent, reason=SECRETS[0])
    application.refresh_from_db()
    operations.record_counter_step(
        application=application, step="not_accept", actor=agent, reason="Told: no photo"
    )
    operations.correct(application_id=application.pk, owner=application.owner)
    operations.submit(application_id=application.pk, owner=application.owner)
    operations.provide_paper(
        application_id=application.pk, owner=application.owner, kind="photo", seen_version=0
    )
    application.refresh_from_db()
    operations.check_paper(
        application=application, kind="photo", acceptable=False, actor=agent, reason="Told: dark"
    )
    operations.record_counter_step(application=application, step="file", actor=agent)
    operations.record_counter_step(
        application=application, step="examine", actor=agent, reason=SECRETS[1]
    )
    for how in ("answered", "taken back"):
        operations.ask_papers(
            application_id=application.pk,
            actor=agent,
            due_on=today() + timedelta(days=5),
            text=f"Told: {how}",
        )
        if how == "answered":
            operations.answer_request(application_id=application.pk, owner=application.owner)
        else:
            operations.take_back_request(
                application_id=application.pk, actor=agent, reason=SECRETS[3]
            )
    decided(application, agent, "refused", notified_on=today())
    application.refresh_from_db()
    return application, agent


def test_the_history_tells_what_the_traveller_was_told_and_nothing_else():
    application, agent = whole_life()
    page = page_of(application)
    text = text_of(page)
    for secret in (*SECRETS, agent.email, agent.email.split("@")[0], f"applicant {agent.pk}"):
        assert secret not in text
    for told in ("no photo", "dark", "answered", "taken back"):
        assert f"Told: {told}" in text
    what = [line.what for line in page.context["hub"].history]
    for sentence in (
        "You submitted your answers.",
        "The appointment passed, and the file was not handed in.",
        "The counter could not accept the file. This is not a refusal.",
        "Not acceptable: Photo.",
        "The examination began.",
        "You said that the papers are there.",
        "The examination went on without the papers that were asked for.",
        "The authority refused the visa.",
        "The decision was handed over.",
    ):
        assert sentence.lower() in [one.lower() for one in what]
    assert len([one for one in what if one == "The examination began."]) == 1


def test_the_history_runs_backwards_by_day():
    application, _agent = whole_life()
    days = [line.day for line in page_of(application).context["hub"].history]
    assert days == sorted(days, reverse=True)


def test_derogations_are_not_told():
    application = submitted(is_urgent=True, urgency_reason="Soin", **short_passport())
    operations.propose_derogation(
        application_id=application.pk, actor=agent_of(application), reason=SECRETS[2]
    )
    assert SECRETS[2] not in text_of(page_of(application))


def test_the_centre_that_cancels_tells_why():
    application, agent = in_state("booked")
    cancel_by_staff(
        appointment=application.appointments.get(), actor=agent, reason="Told: no power"
    )
    text = text_of(page_of(application))
    assert "The centre cancelled the appointment." in text
    assert "Told: no power" in text


# --- Answering a request


def test_saying_that_the_papers_are_there_goes_on():
    application, _agent = in_state("papers_asked")
    client = applicant_client(application.owner)
    url = reverse("applications:answer_request", args=[application.pk])
    assert client.get(url).status_code == 302  # changes nothing
    assert Application.objects.get(pk=application.pk).state == "papers_asked"
    for _ in range(2):  # a double click
        assert client.post(url).url == reverse("applications:detail", args=[application.pk])
    assert Application.objects.get(pk=application.pk).state == "in_examination"


def test_nothing_asked_for_is_refused_in_words():
    application, _agent = in_state("filed")
    client = applicant_client(application.owner)
    url = reverse("applications:answer_request", args=[application.pk])
    assert says(client.post(url, follow=True), NoRequest.message)


# --- Queries and foreign files


def test_the_page_takes_the_same_number_of_queries_whatever_happened():
    short, _agent = in_state("filed")
    long, agent = whole_life()
    for number in range(8):
        operations.write(application_id=long.pk, author=agent, text=f"Message {number}")
    counts = []
    for application in (short, long):
        client = applicant_client(application.owner)
        page_of(application, client=client)
        with CaptureQueriesContext(connection) as queries:
            page_of(application, client=client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, counts


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("detail", []),
        ("messages", []),
        ("messages_read", []),
        ("answer_request", []),
        ("receipt", ["submitted"]),
        ("receipt", ["nonsense"]),
    ],
)
def test_somebody_elses_file_does_not_exist(name, arguments):
    application, _agent = in_state("papers_asked")
    url = reverse(f"applications:{name}", args=[application.pk, *arguments])
    stranger = applicant_client(UserFactory())
    assert stranger.get(url).status_code == 404
    assert stranger.post(url).status_code in (404, 405)
    assert Application.objects.get(pk=application.pk).state == "papers_asked"
