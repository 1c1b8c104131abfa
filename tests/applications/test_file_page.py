"""The page of a file as agents use it: what it shows, to whom, and what is done on it."""

import copy
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import operations
from applications.models import Application, Decision, FileMessage, PaperRequest
from applications.operations.messages import TEXT_LIMIT
from applications.refusals import ReasonMissing, SecondAgentNeeded
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from portal.formats import long_date, weekday_date
from portal.uploads.models import StoredFile
from portal.uploads.settling import settle
from tests.actors import applicant_client, signed_in, staff_client
from tests.applications.counter import (
    agent_of,
    decided,
    examined,
    moved,
    short_passport,
    submitted,
    today,
)
from tests.factories import ApplicationFactory, MissionFactory, SlotFactory, UserFactory, booked
from tests.pages import held_by_form, says, text_of, typed_date
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Files of a test lie in a folder of its own."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["files"]["OPTIONS"]["location"] = tmp_path / "files"
    settings.STORAGES = storages


@pytest.fixture
def application():
    return submitted()


@pytest.fixture
def agent(application):
    return staff_client(Role.AGENT, application.mission)


def page_of(application):
    return reverse("admin:applications_application_change", args=[application.pk])


def do(client, application, name, **given):
    url = reverse("admin:applications_application_do", args=[application.pk, name])
    return client.post(url, given)


def offers(client, application, name):
    url = reverse("admin:applications_application_do", args=[application.pk, name])
    return f'action="{url}"' in client.get(page_of(application)).content.decode()


def now(application):
    return Application.objects.get(pk=application.pk)


# --- Who reads it ---


def test_every_reading_leaves_one_trace(agent, application):
    agent.get(page_of(application))
    assert Access.objects.filter(subject_id=str(application.pk)).count() == 1


def test_the_file_of_another_mission_does_not_exist(application):
    stranger = staff_client(Role.AGENT, MissionFactory(state="DE"))
    assert stranger.get(page_of(application)).status_code == 302
    assert do(stranger, application, "message", text="Hello").status_code == 404
    assert not Access.objects.exists()


@pytest.mark.parametrize("odd", ["1", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_an_address_of_no_file_leads_back(agent, odd):
    assert agent.get(f"/admin/applications/application/{odd}/change/").status_code == 302
    assert agent.post(f"/admin/applications/application/{odd}/do/message/").status_code == 404


def test_applicants_stay_outside(application):
    client = applicant_client(application.owner)
    assert client.get(page_of(application)).status_code in (302, 403)
    assert do(client, application, "message", text="Hello").status_code in (302, 403)
    assert not FileMessage.objects.exists()


@pytest.mark.parametrize(
    ("role", "conversation"),
    [
        (Role.SUPERVISOR, True),
        (Role.COMPLAINT_HANDLER, True),
        (Role.APPEAL_OFFICER, True),
        (Role.CENTRE_MANAGER, False),
    ],
)
def test_who_only_reads_is_offered_nothing(application, role, conversation):
    operations.write(application_id=application.pk, author=application.owner, text="My question")
    reader = staff_client(role, application.mission)
    page = reader.get(page_of(application))
    assert ("My question" in text_of(page)) is conversation
    assert "/do/" not in page.content.decode()
    for name in ("message", "paper", "ask", "decide", "passport", "propose"):
        assert do(reader, application, name).status_code == 403


# --- What it shows ---


def test_the_page_tells_verdicts_papers_answers_and_history(agent, application):
    page = text_of(agent.get(page_of(application)))
    for fact in (application.reference, application.passport_number, long_date(today())):
        assert fact in page
    for rule in ("DO-12", "DO-13", "AP-03"):
        if rule != "AP-03":
            assert reverse("rule_book:rule", args=[rule]) in page
    assert weekday_date(today()) in page


def test_the_rules_are_asked_for_the_day_of_the_appointment(agent, application):
    slot = SlotFactory()
    booked(application, slot)
    application.refresh_from_db()
    page = text_of(agent.get(page_of(application)))
    assert weekday_date(application.appointment_day) in page


def test_a_file_that_waits_too_long_says_so(agent, application):
    moved(application, agent_of(application), "file", "examine")
    Application.objects.filter(pk=application.pk).update(filed_on=today() - 50 * DAY)
    assert agent.get(page_of(application)).context["verdicts"][-1].state == "problem"


def test_co_02_another_state_may_be_responsible(agent, application):
    application.details = {"legs": [{"state": "FR", "days": 2}, {"state": "ES", "days": 9}]}
    application.save()
    found = {one.topic: one for one in agent.get(page_of(application)).context["verdicts"]}
    assert [one.state for one in found.values() if "ES" in str(one) or "Espagne" in one.says] == [
        "problem"
    ]


def test_other_files_of_the_account_are_shown_as_far_as_one_may_see_them(agent, application):
    sister = submitted(owner=application.owner, given_names="Lina")
    elsewhere = submitted(
        owner=application.owner, given_names="Karim", mission=MissionFactory(state="DE")
    )
    page = text_of(agent.get(page_of(application)))
    assert sister.reference in page
    assert elsewhere.reference not in page


def test_why_a_file_is_to_be_reviewed_is_said_in_words(agent, application):
    application.review_reasons = [
        {
            "code": "MANY_UNRELATED_ADULTS",
            "severity": "review",
            "rule_id": "AT-05",
            "citation": "002",
            "params": {"adults": 5, "limit": 3},
        }
    ]
    application.save()
    assert "AT-05" in text_of(agent.get(page_of(application)))


def test_an_id_is_on_the_page_once(agent, application):
    file, _agent = examined(mission=application.mission)
    for row in (application, file):
        html = agent.get(page_of(row)).content.decode()
        ids = Counter(re.findall(r'\sid="([^"]+)"', html))
        # The footer is the admin's own.
        assert [one for one, count in ids.items() if count > 1 and one != "footer"] == []


def filled(application, agent, many):
    """Put `many` rows of everything into a file."""
    for number in range(many):
        operations.write(
            application_id=application.pk, author=application.owner, text=f"Question {number}"
        )
        operations.ask_papers(
            application_id=application.pk, actor=agent, due_on=today() + DAY, kinds=["photo"]
        )
        operations.take_back_request(application_id=application.pk, actor=agent)
        ApplicationFactory(owner=application.owner, mission=application.mission)
    kinds = {1: ["photo"], 4: ["passport", "bank_statements", "invitation", "work_certificate"]}
    for kind in kinds[many]:
        operations.check_paper(application=application, kind=kind, acceptable=True, actor=agent)


def test_the_page_asks_as_much_of_a_full_file_as_of_an_empty_one():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    client.get(page_of(application))
    counts = []
    for many in (1, 4):
        filled(application, colleague, many)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(page_of(application)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 35


# --- Papers ---


def test_a_paper_is_accepted_and_refused_on_the_page(agent, application):
    given = {"kind": "photo", "place": "always-photo-photo"}
    answer = do(agent, application, "paper", acceptable="yes", **given)
    assert answer.url == f"{page_of(application)}#always-photo-photo"
    assert application.documents.get(kind="photo").state == "checked"
    do(agent, application, "paper", acceptable="no", reason="The background is dark.", **given)
    paper = application.documents.get(kind="photo")
    assert (paper.state, paper.reason) == ("not_acceptable", "The background is dark.")
    assert "The background is dark." in text_of(agent.get(page_of(application)))


def test_a_paper_is_not_refused_without_a_reason(agent, application):
    place = "always-photo-photo"
    answer = do(agent, application, "paper", kind="photo", place=place, acceptable="no", reason=" ")
    assert answer.status_code == 422
    assert says(answer, ReasonMissing.message)
    assert not application.documents.filter(state="not_acceptable").exists()


def test_once_it_is_decided_papers_are_looked_at_no_more():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    assert offers(client, application, "paper")
    decided(application, colleague)
    assert not offers(client, application, "paper")


@pytest.mark.parametrize("kind", ["", "nonsense", "x" * 200, "a\x00b"])
def test_a_paper_nobody_knows_is_refused(agent, application, kind):
    assert do(agent, application, "paper", kind=kind, acceptable="yes").status_code == 422
    assert not application.documents.exists()


def test_the_fragment_of_an_answer_cannot_be_chosen_freely(agent, application):
    answer = do(
        agent, application, "paper", kind="photo", acceptable="yes", place="x\r\nSet-Cookie: a"
    )
    assert answer.status_code == 422


# --- Files of papers ---


@pytest.fixture
def scan(application):
    """A PDF that the applicant sent, after its checks."""
    document = operations.add_file(
        application_id=application.pk,
        owner=application.owner,
        kind="bank_statements",
        upload=ContentFile(pdf(), name="كشف.pdf"),
        seen_version=0,
    )
    file = document.files.get()
    assert settle(file.pk)
    return file


def file_url(application, file):
    return reverse("admin:applications_application_file", args=[application.pk, file.pk])


def test_an_agent_opens_the_cleaned_copy_and_leaves_a_trace(agent, application, scan):
    assert file_url(application, scan) in agent.get(page_of(application)).content.decode()
    answer = agent.get(file_url(application, scan))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Access.objects.filter(subject_id=str(scan.pk)).count() == 1


def test_a_file_is_found_through_its_own_application_alone(agent, application, scan):
    other = submitted(mission=application.mission)
    assert agent.get(file_url(other, scan)).status_code == 404
    stranger = staff_client(Role.AGENT, MissionFactory(state="DE"))
    assert stranger.get(file_url(application, scan)).status_code == 404
    assert not Access.objects.filter(subject_id=str(scan.pk)).exists()


def test_before_the_virus_scan_no_agent_opens_a_file(agent, application, scan, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert file_url(application, scan) not in agent.get(page_of(application)).content.decode()
    assert agent.get(file_url(application, scan)).url == page_of(application)
    assert not Access.objects.filter(subject_id=str(scan.pk)).exists()


def test_a_file_that_was_refused_says_why_and_opens_nothing(agent, application, scan):
    StoredFile.objects.filter(pk=scan.pk).update(
        state="refused",
        refusal_code="infected",
        original_name="",
        original_key="",
        cleaned_name="",
        cleaned_key="",
    )
    assert file_url(application, scan) not in agent.get(page_of(application)).content.decode()
    assert agent.get(file_url(application, scan)).status_code == 302


# --- The conversation ---


def test_an_agent_answers_in_the_file(agent, application):
    operations.write(application_id=application.pk, author=application.owner, text="A <b>word</b>")
    page = agent.get(page_of(application))
    assert "A &lt;b&gt;word&lt;/b&gt;" in page.content.decode()
    assert page.context["unread"] == 1
    answer = do(agent, application, "message", text="Yes.")
    assert answer.url == f"{page_of(application)}#conversation"
    assert agent.get(page_of(application)).context["unread"] == 0


def test_what_needs_no_answer_is_marked_as_read(agent, application):
    operations.write(application_id=application.pk, author=application.owner, text="Thank you")
    assert offers(agent, application, "read")
    do(agent, application, "read")
    assert not offers(agent, application, "read")


def test_a_message_that_cannot_be_sent_is_given_back(agent, application):
    text = "x" * (TEXT_LIMIT + 1)
    answer = do(agent, application, "message", text=text)
    assert (answer.status_code, held_by_form(answer)["text"]) == (422, [text])
    assert do(agent, application, "message", text="  ").status_code == 422
    assert not FileMessage.objects.exists()


# --- Asking for papers ---


def asked(due_on, **more):
    return {"kinds": ["photo"], "text": "A newer one.", **typed_date("due_on", due_on), **more}


def test_an_agent_asks_for_papers_and_takes_it_back():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    assert not offers(client, application, "take_back")
    assert do(client, application, "ask", **asked(today() + 5 * DAY)).status_code == 302
    request = PaperRequest.objects.get()
    assert (request.kinds, request.text) == (["photo"], "A newer one.")
    assert weekday_date(request.due_on) in text_of(client.get(page_of(application)))
    assert not offers(client, application, "ask")
    assert do(client, application, "take_back", reason="Found").status_code == 302
    assert now(application).state == "in_examination"


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_last_day_that_cannot_be_is_given_back_with_all_that_was_typed(days):
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    answer = do(client, application, "ask", **asked(today() + days * DAY))
    held = held_by_form(answer)
    assert (answer.status_code, "A newer one." in held["text"]) == (422, True)
    assert held["kinds"] == ["photo"]
    assert not PaperRequest.objects.exists()


# --- Passport and urgency ---


def test_the_passport_on_the_desk_is_judged_at_once(agent, application):
    answer = do(
        agent,
        application,
        "passport",
        **typed_date("issued_on", today() - 100 * DAY),
        **typed_date("expires_on", today() + 1000 * DAY),
        blank_pages="0",
    )
    assert answer.status_code == 302
    assert now(application).passport_verdict["outcome"] == "inadmissible"
    step = reverse("admin:applications_application_step", args=[application.pk, "file"])
    assert "PA-12" in text_of(agent.post(step, follow=True))
    assert now(application).state == "submitted"


def test_pa_09_the_first_agent_proposes_and_is_offered_no_second_word():
    application = submitted(**short_passport())
    first = staff_client(Role.AGENT, application.mission)
    assert not offers(first, application, "settle")
    do(first, application, "propose", reason="A funeral, certificate seen")
    assert not offers(first, application, "settle")
    answer = do(first, application, "settle", granted="yes")
    assert answer.status_code == 422
    assert says(answer, SecondAgentNeeded.message)
    supervisor = staff_client(Role.SUPERVISOR, application.mission)
    assert offers(supervisor, application, "settle")
    do(supervisor, application, "settle", granted="yes")
    step = reverse("admin:applications_application_step", args=[application.pk, "file"])
    first.post(step)
    assert now(application).state == "filed"


def test_a_derogation_is_offered_only_where_it_helps(agent, application):
    assert not offers(agent, application, "propose")


# --- The decision ---


def decision(outcome="refused", **more):
    return {
        "outcome": outcome,
        **typed_date("decided_on", today()),
        "reason": "" if outcome == "granted" else "No purpose shown.",
        **more,
    }


def test_rc_05_a_refusal_is_recorded_and_the_remedy_shown():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    answer = do(client, application, "decide", **decision(**typed_date("notified_on", today())))
    assert answer.status_code == 302
    page = client.get(page_of(application))
    assert "RC-05" in text_of(page)
    assert weekday_date(today() + 30 * DAY) in text_of(page)


def test_rc_06_without_notification_no_last_day_is_shown_until_it_is_recorded():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    do(client, application, "decide", **decision())
    assert client.get(page_of(application)).context["decisions"][0].last_day is None
    row = Decision.objects.get()
    do(client, application, "notified", decision_id=row.pk, **typed_date("notified_on", today()))
    shown = client.get(page_of(application)).context["decisions"][0]
    assert shown.last_day == today() + 30 * DAY
    assert not offers(client, application, "notified")


@pytest.mark.parametrize(
    "given",
    [
        decision(reason=""),
        decision(outcome="annulled"),
        decision(outcome=""),
        decision(outcome="granted"),
        decision() | typed_date("decided_on", today() + DAY),
        decision() | typed_date("decided_on", today() - 3 * DAY),
        decision() | typed_date("notified_on", today() + DAY),
        decision() | {"decided_on_day": "31", "decided_on_month": "2"},
    ],
    ids=[
        "no reason",
        "annulled before granted",
        "nothing chosen",
        "no visa days",
        "decided tomorrow",
        "decided before filing",
        "told tomorrow",
        "31 February",
    ],
)
def test_what_cannot_have_been_decided_is_given_back(given):
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    answer = do(client, application, "decide", **given)
    assert answer.status_code == 422
    assert given["reason"] in held_by_form(answer)["reason"]
    assert not Decision.objects.exists()


def test_a_granted_visa_is_revoked_on_the_page():
    application, colleague = examined()
    client = signed_in(colleague, "password", "mfa")
    decided(application, colleague)
    assert offers(client, application, "end")
    do(client, application, "end", **decision("revoked"))
    assert {row.outcome for row in Decision.objects.all()} == {"granted", "revoked"}
    assert not offers(client, application, "end")


def test_the_decision_of_another_file_is_not_touched(application):
    file, colleague = examined()
    decided(file, colleague, "refused")
    other, _agent = examined(mission=file.mission)
    client = signed_in(colleague, "password", "mfa")
    given = {"decision_id": Decision.objects.get().pk, **typed_date("notified_on", today())}
    assert do(client, other, "notified", **given).status_code == 422
    assert Decision.objects.get().notified_on is None


def test_a_get_changes_nothing(agent, application):
    url = reverse("admin:applications_application_do", args=[application.pk, "read"])
    before = Entry.objects.count()
    assert agent.get(url).url == page_of(application)
    assert Entry.objects.count() == before


# --- What waits ---


def waiting(client, what):
    url = reverse("admin:applications_application_changelist")
    return {row.pk for row in client.get(url, {"waits": what}).context["cl"].result_list}


def test_the_list_says_what_waits(agent, application):
    mission = application.mission
    operations.write(application_id=application.pk, author=application.owner, text="Question")
    reviewed = submitted(mission=mission)
    Application.objects.filter(pk=reviewed.pk).update(review_reasons=[{"code": "X"}])
    papers, colleague = examined(mission=mission)
    operations.ask_papers(
        application_id=papers.pk, actor=colleague, due_on=today() + DAY, kinds=["photo"]
    )
    urgent = submitted(mission=mission, **short_passport())
    operations.propose_derogation(application_id=urgent.pk, actor=colleague, reason="Funeral")
    overdue, _agent = examined(mission=mission)
    Application.objects.filter(pk=overdue.pk).update(filed_on=today() - 16 * DAY)
    long_stay, _agent = examined(mission=mission, visa_class="long_stay_general")
    Application.objects.filter(pk=long_stay.pk).update(filed_on=today() - 190 * DAY)
    assert waiting(agent, "answer") == {application.pk}
    assert waiting(agent, "review") == {reviewed.pk}
    assert waiting(agent, "papers") == {papers.pk}
    assert waiting(agent, "second") == {urgent.pk}
    assert waiting(agent, "late") == {overdue.pk, long_stay.pk}
    assert waiting(agent, "overdue") == set()
    PaperRequest.objects.update(due_on=today() - DAY, asked_at=timezone.now())
    assert waiting(agent, "overdue") == {papers.pk}


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
def test_ap_03_day_15_is_in_time_and_day_16_late(agent, application, days, late):
    moved(application, agent_of(application), "file")
    Application.objects.filter(pk=application.pk).update(filed_on=today() - days * DAY)
    assert (waiting(agent, "late") == {application.pk}) is late


def test_a_stranger_in_the_filter_breaks_nothing(agent, application):
    assert waiting(agent, "nonsense\x01") == {application.pk}
    UserFactory()
