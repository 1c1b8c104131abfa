"""A complaint about staff is invisible to the person concerned and to their counter, everywhere."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.enums import LetterState
from complaints.models import Case, Complaint, Concerned, Desk, PostBag
from complaints.operations import letters, post
from complaints.operations.handling import skip
from complaints.operations.protecting import (
    change_category,
    mark_concerned,
    unmark_concerned,
)
from complaints.queue import queue_page
from complaints.queue_figures import ages
from complaints.refusals import NothingToPost
from complaints.similar import similar_cases
from portal.accounts.roles import Role
from portal.audit.models import Access, Entry
from tests.actors import signed_in, staff
from tests.complaints.conftest import appeal, assigned, complaint, handler, officer
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db
SUBJECTS = ("staff", "provider", "procedure")
TODAY = date(2026, 11, 22)


def concerned(mission):
    """Return a handler whom the case names, and a supervisor whom it names."""
    return handler(mission, *SUBJECTS), staff(Role.SUPERVISOR, mission)


@pytest.fixture
def writer(mission):
    return handler(mission, *SUBJECTS)


@pytest.fixture
def case(mission, writer):
    case = assigned(complaint(mission, category="staff", text="L’agent fut impoli."), writer)
    Complaint.objects.filter(case=case).update(counter="de-algiers")
    return case


@pytest.fixture(params=["handler named", "supervisor named", "handler of the counter"])
def kept_out(request, mission, case):
    if request.param == "handler of the counter":
        return handler(mission, *SUBJECTS, counter="de-algiers")
    people = dict(zip(("handler named", "supervisor named"), concerned(mission), strict=True))
    Concerned.objects.create(case=case, user=people[request.param])
    return people[request.param]


def client_of(user):
    return signed_in(user, "password", "mfa")


def opened(user, name, *args):
    return client_of(user).get(reverse(f"admin:complaints_{name}", args=args))


def test_no_page_of_the_case_opens(case, kept_out):
    client = client_of(kept_out)
    for name in ("change", "history"):
        assert (
            client.get(reverse(f"admin:complaints_case_{name}", args=[case.pk])).status_code == 404
        )
    for action in ("note", "concerned", "not_concerned", "assign", "skip"):
        url = reverse("admin:complaints_case_do", args=[case.pk, action])
        assert client.post(url, {"text": "x", "reason": "x"}).status_code in (403, 404)


def test_no_list_search_or_likeness_shows_it(mission, case, kept_out):
    like = complaint(mission, text=case.text, category="provider")
    for chosen in ({}, {"q": "impoli"}, {"q": case.reference}, {"name": "Benali"}):
        assert case not in queue_page(kept_out, chosen, today=TODAY).rows
    assert case.pk not in [one.case.pk for one in similar_cases(like, kept_out)]
    page = opened(kept_out, "case_changelist").text
    assert case.reference not in page


def test_no_picture_or_report_counts_it(mission, writer, case, kept_out):
    page = opened(kept_out, "case_figures")
    assert writer.email not in page.text  # whose only case it is
    skip(case=case, actor=writer, reason="Ami de la famille.")
    if kept_out.has_perm("complaints.view_skip"):
        assert "Ami de la famille." not in opened(kept_out, "case_fairness").text


def test_no_letter_or_bag_leads_to_it(mission, writer, case, kept_out):
    letter = letters.write_letter(
        case=case, code="complaint_answer", author=writer, own_words="C’est réglé."
    )
    for name in ("letter_change", "letter_pdf"):
        assert opened(kept_out, name, letter.pk).status_code in (302, 404)
    assert letter.reference not in opened(kept_out, "letter_changelist").text
    type(letter).objects.filter(pk=letter.pk).update(state=LetterState.READY)
    with pytest.raises(NothingToPost):
        post.fill_bag(mission=mission, actor=kept_out)
    bag = PostBag.objects.create(mission=mission, made_by=writer)
    type(letter).objects.filter(pk=letter.pk).update(state=LetterState.PRINTED, bag=bag)
    assert letter.reference not in opened(kept_out, "postbag_change", bag.pk).text


def test_the_trail_does_not_tell_a_supervisor_whom_it_names(mission, writer, case):
    chief = staff(Role.SUPERVISOR, mission)
    Concerned.objects.create(case=case, user=chief)
    client_of(writer).get(reverse("admin:complaints_case_change", args=[case.pk]))
    client_of(writer).get(reverse("admin:complaints_case_changelist"))
    skip(case=case, actor=writer, reason="Ami de la famille.")
    known = complaint(mission)
    client_of(writer).get(reverse("admin:complaints_case_change", args=[known.pk]))
    client = client_of(chief)
    for name in ("audit_entry_changelist", "audit_access_changelist"):
        page = client.get(reverse(f"admin:{name}")).text
        assert str(case.pk) not in page
        assert str(known.pk) in page
    entry = Entry.objects.filter(subject_id=str(case.pk)).first()
    page = client.get(reverse("admin:audit_entry_change", args=[entry.pk]))
    assert page.status_code == 302
    listed = Access.objects.get(what="queue")
    page = client.get(reverse("admin:audit_access_change", args=[listed.pk]))
    assert page.status_code == 302
    other = client_of(staff(Role.SUPERVISOR, mission))
    assert str(case.pk) in other.get(reverse("admin:audit_entry_changelist")).text


def test_others_see_it(mission, writer, case):
    assert opened(writer, "case_change", case.pk).status_code == 200
    other = handler(mission, "staff", counter="de-oran")
    assert opened(other, "case_change", case.pk).status_code == 200
    assert opened(staff(Role.SUPERVISOR, mission), "case_change", case.pk).status_code == 200


@pytest.fixture
def text(mission):
    """Return the complaints that one text about three subjects is (CP-01)."""
    cases = [complaint(mission, category=one, text="L’agent fut impoli.") for one in SUBJECTS]
    for one, following in zip(cases, [*cases[1:], cases[0]], strict=True):
        Complaint.objects.filter(case=one).update(twin=following)
    return cases


@pytest.mark.parametrize("marked", SUBJECTS)
def test_whoever_a_text_is_about_sees_it_under_no_subject(mission, text, marked):
    meant, meant_too = handler(mission, *SUBJECTS), handler(mission, *SUBJECTS, counter="de-oran")
    chief = staff(Role.SUPERVISOR, mission)
    given = {one.category: assigned(one, meant) for one in text}
    mark_concerned(case=given[marked], actor=chief, user=meant, counter="de-oran")
    for one in text:
        one.refresh_from_db()
        assert (one.state, one.assigned_to) == ("received", None)
        assert opened(meant, "case_change", one.pk).status_code == 404
        assert opened(meant_too, "case_change", one.pk).status_code == 404
        assert opened(chief, "case_change", one.pk).status_code == 200
    unmark_concerned(case=given["provider"], actor=chief, user=meant, reason="Un autre.")
    assert {opened(meant, "case_change", one.pk).status_code for one in text} == {200}


def test_a_text_is_hidden_from_the_counter_as_long_as_a_part_is_about_staff(mission, text):
    person, chief = handler(mission, *SUBJECTS, counter="de-oran"), staff(Role.SUPERVISOR, mission)
    Complaint.objects.filter(case__in=text).update(counter="de-oran")
    about_staff, about_provider, about_procedure = text

    def seen():
        answers = [opened(person, "case_change", one.pk).status_code for one in text]
        return {200: "all", 404: "nothing"}[answers[0]] if len(set(answers)) == 1 else answers

    change_category(case=about_procedure, actor=chief, category="staff", reason="De l’agent.")
    assert seen() == "nothing"
    change_category(case=about_staff, actor=chief, category="procedure", reason="Du système.")
    assert seen() == "nothing"
    change_category(case=about_procedure, actor=chief, category="provider", reason="Non.")
    assert seen() == "all"
    assigned(about_provider, person)
    change_category(case=about_procedure, actor=chief, category="staff", reason="Si.")
    assert seen() == "nothing"
    about_provider.refresh_from_db()
    assert about_provider.state == "received"


def test_a_complaint_of_another_subject_can_be_hidden_from_a_counter(mission, writer):
    person = handler(mission, *SUBJECTS, counter="de-oran")
    case = assigned(complaint(mission), writer)
    mark_concerned(case=case, actor=writer, counter="de-oran")
    assert opened(person, "case_change", case.pk).status_code == 404


def test_the_own_counter_hides_complaints_about_staff_only(mission):
    person = handler(mission, *SUBJECTS, counter="de-algiers")
    case = complaint(mission, category="procedure")
    Complaint.objects.filter(case=case).update(counter="de-algiers")
    assert opened(person, "case_change", case.pk).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_each_role_against_a_case_of_another_mission_and_a_guessed_number(role, mission, case):
    elsewhere = MissionFactory(code="fr-oran", state="FR", post="oran")
    client = client_of(handler(elsewhere, *SUBJECTS, "appeal", role=role))
    for number in (case.pk, uuid.uuid4(), "1", "not-a-number"):
        url = reverse("admin:complaints_case_change", args=[number])
        # Who has no right to cases at all learns no more than who has no right to this one.
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_a_case_opens_by_desk_and_role(role, mission):
    one, other = complaint(mission), appeal(mission)
    user = handler(mission, "provider", "appeal", role=role)
    sees = {
        Role.COMPLAINT_HANDLER: (200, 404),
        Role.APPEAL_OFFICER: (404, 200),
        Role.SUPERVISOR: (200, 200),
    }.get(role, (404, 404))
    answers = (opened(user, "case_change", one.pk), opened(user, "case_change", other.pk))
    assert tuple(answer.status_code for answer in answers) == sees


def test_without_a_desk_nobody_handles_anything(mission):
    assert (
        opened(
            staff(Role.COMPLAINT_HANDLER, mission), "case_change", complaint(mission).pk
        ).status_code
        == 404
    )


def test_small_numbers_are_not_given_to_who_reads_no_case(mission):
    complaint(mission)
    with override("en"):
        told = _("fewer than %(n)s") % {"n": 5}
        picture = ages(Case.objects.all(), TODAY, exact=False)[0]
    assert {bar.shown for bar in picture.bars} == {told}
    assert len({bar.width for bar in picture.bars}) == 1  # none and four look the same
    page = opened(handler(mission, "provider", role=Role.ADMINISTRATOR), "case_figures")
    assert page.status_code == 200


def test_desks_are_kept_by_supervisors_with_a_trace(mission):
    person, chief = staff(Role.COMPLAINT_HANDLER, mission), staff(Role.SUPERVISOR, mission)
    given = {"user": person.pk, "categories": ["staff", "procedure"], "counter": "de-algiers"}
    answer = client_of(chief).post(reverse("admin:complaints_desk_add"), given)
    assert answer.status_code == 302
    desk = Desk.objects.get(user=person)
    assert desk.categories == ["staff", "procedure"]
    assert Entry.objects.get(action="desk.keep").mission_id == mission.pk


def test_a_supervisor_gives_no_desk_at_other_missions(mission):
    elsewhere = MissionFactory(code="fr-oran", state="FR", post="oran")
    stranger = staff(Role.COMPLAINT_HANDLER, elsewhere)
    given = {"user": stranger.pk, "categories": ["staff"]}
    client = client_of(staff(Role.SUPERVISOR, mission))
    assert client.post(reverse("admin:complaints_desk_add"), given).status_code == 200
    assert not Desk.objects.exists()
    desk = Desk.objects.create(user=stranger, categories=["staff"])
    assert client.get(reverse("admin:complaints_desk_change", args=[desk.pk])).status_code == 302


def test_an_officer_sees_no_complaint_in_the_figures(mission):
    complaint(mission)
    page = opened(officer(mission), "case_figures")
    assert "<svg" in page.text
    assert "ages-provider" not in page.text
