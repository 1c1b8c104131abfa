"""Filling in: which questions are asked, what is kept, the two lines of the passport, the texts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications import operations
from applications.enums import PURPOSES, VisaClass
from applications.forms.filing import STEPS, asked_steps
from applications.forms.intake.mrz import _said
from applications.intake import TYPED, intake, missing_details
from applications.models import Application
from applications.refusals import ChangedElsewhere, TextChanged
from applications.rules import commitments
from applications.rules.mrz import Problem
from portal.dates import DateRange
from tests.actors import applicant_client
from tests.applications.rules.test_mrz import WRONG, lines
from tests.factories import ApplicationFactory, MissionFactory, UserFactory
from tests.pages import held_by_form, says, text_of, typed_date

pytestmark = pytest.mark.django_db
TODAY = date.today()
CHILD = TODAY - timedelta(days=2000)
ALWAYS = ["visa", "purpose", "trip", "traveller", "passport", "occupation", "contact"]
STAY = ["stay", "earlier", "insurance"]


@pytest.fixture
def draft():
    return ApplicationFactory()


@pytest.fixture
def client(draft):
    return applicant_client(draft.owner)


def url(application, slug):
    return reverse("applications:step", args=[application.pk, slug])


def send(client, application, slug, answers, **more):
    application.refresh_from_db()
    version = {"version": str(application.version)}
    return client.post(url(application, slug), answers | version | more)


# --- Only questions that matter


@pytest.mark.parametrize(
    ("visa_class", "purpose"),
    [(visa, purpose) for visa, purposes in PURPOSES.items() for purpose in purposes],
)
def test_every_purpose_has_its_steps_and_questions(visa_class, purpose):
    draft = ApplicationFactory(visa_class=visa_class, purpose=purpose)
    client = applicant_client(draft.owner)
    steps = asked_steps(draft)
    wanted = set(ALWAYS)
    wanted |= set() if visa_class == VisaClass.RETURN else set(STAY)
    wanted |= {"route"} if visa_class == VisaClass.SHORT_STAY else set()
    assert {step.slug for step in steps} == wanted
    questions = set()
    for step in steps:
        page = client.get(url(draft, step.slug))
        assert page.status_code == 200
        questions |= set(page.context["form"].fields)
    assert ("visits_relatives" in questions) is (purpose == "family_visit")
    assert ("inviter" in questions) is (purpose not in ("tourism", "residence"))
    assert ("entries" in questions) is (visa_class == VisaClass.SHORT_STAY)
    assert not questions & {"guardian", "visas"}


@pytest.mark.parametrize(
    ("changes", "slug", "asked"),
    [
        ({"birth_date": CHILD}, "guardian", True),
        ({"birth_date": date(1990, 1, 1)}, "guardian", False),
        ({"details": {"entries": "multiple"}}, "visas", True),
        ({"details": {"entries": "single"}}, "visas", False),
        ({"details": {"entries": "multiple"}, "visa_class": "long_stay_general"}, "visas", False),
    ],
)
def test_a_step_is_asked_for_the_answers_so_far(changes, slug, asked):
    draft = ApplicationFactory(**changes)
    response = applicant_client(draft.owner).get(url(draft, slug))
    assert (response.status_code == 200) is asked


def test_do_13_small_children_are_not_asked_for_fingerprints():
    draft = ApplicationFactory(birth_date=CHILD)
    page = applicant_client(draft.owner).get(url(draft, "earlier"))
    assert "fingerprints_on" not in page.context["form"].fields


def test_an_answer_that_lost_its_question_is_not_read():
    draft = ApplicationFactory(purpose="tourism", details={"visits_relatives": True})
    assert intake(draft).visits_relatives is None
    draft.purpose = "family_visit"
    assert intake(draft).visits_relatives is True


@pytest.mark.parametrize("value", [7, [], {}, "bogus", None, "2026-13-45"])
@pytest.mark.parametrize(
    "name", ["legs", "lodging", "fingerprints_on", "insurance_amount", "visas"]
)
def test_what_cannot_be_read_counts_as_not_answered(name, value):
    draft = ApplicationFactory(details={name: value, "entries": "multiple"})
    assert getattr(intake(draft), name) in (None, (), 7)


@pytest.mark.parametrize("name", ["category", "lodging", "own_means", "earlier_visa"])
def test_a_file_without_a_needed_answer_is_not_complete(name):
    draft = ApplicationFactory(details={name: None})
    assert missing_details(draft) == [name]
    with pytest.raises(operations.filing.Incomplete):
        operations.submit(application_id=draft.pk, owner=draft.owner)


# --- What the later steps take


BAD = [
    ("occupation", {"category": "minor"}, "category", "invalid_choice"),  # of an adult
    ("occupation", {"category": "astronaut"}, "category", "invalid_choice"),
    ("occupation", {}, "category", "required"),
    ("stay", {"lodging": "tent"}, "lodging", "invalid_choice"),
    ("stay", {}, "own_means", "required"),
    ("earlier", {"entries": "single"}, "earlier_visa", "required"),
    ("earlier", typed_date("fingerprints_on", TODAY + timedelta(1)), "fingerprints_on",
     "day_future"),
    ("insurance", {"insurance_amount": "30000"}, "insurance_from", None),
    ("insurance", typed_date("insurance_from", TODAY)
     | typed_date("insurance_until", TODAY - timedelta(1)), "insurance_until", None),
    ("insurance", {"insurance_amount": "-1"}, "insurance_amount", "min_value"),
    ("contact", {"phone": "12"}, "phone", "phone"),
    ("contact", {"phone": "call me"}, "phone", "phone"),
    ("contact", {"postal_address": "x" * 501}, "postal_address", "max_length"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "typed", "field", "code"), BAD)
def test_bad_answers_of_the_later_steps_are_named(client, draft, slug, typed, field, code):
    response = send(client, draft, slug, typed)
    assert response.status_code == 422
    problems = response.context["form"].errors.as_data()[field]
    assert code in (None, problems[0].code)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0551 23 45 67", "+213551234567"),
        ("٠٥٥١٢٣٤٥٦٧", "+213551234567"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("\u200e+213 (0)551-23-45-67", "+213551234567"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(client, draft, typed, kept):
    assert send(client, draft, "contact", {"phone": typed}).status_code == 302
    draft.refresh_from_db()
    assert intake(draft).phone == kept


def test_a_minor_is_pupil_or_child():
    draft = ApplicationFactory(birth_date=CHILD)
    page = applicant_client(draft.owner).get(url(draft, "occupation"))
    assert [c for c, _label in page.context["form"].fields["category"].choices] == [
        "minor",
        "student",
    ]


def test_ap_01_the_guardian_of_a_child_signs():
    owner = UserFactory()
    parent = operations.add_traveller(
        owner=owner,
        answers={"relation": "self", "family_name": "Benali", "given_names": "Karim",
                 "birth_date": date(1985, 1, 1)},
    )  # fmt: skip
    draft = ApplicationFactory(owner=owner, birth_date=CHILD, details={"relation": "child"})
    client = applicant_client(owner)
    assert send(client, draft, "guardian", {"consent": "both"}).status_code == 422
    answers = {"guardian": str(parent.pk), "consent": "sole", "child_in_parents_passport": "yes"}
    assert send(client, draft, "guardian", answers).status_code == 302
    draft.refresh_from_db()
    told = intake(draft)
    assert (told.guardian_name, told.consent, told.child_in_parents_passport) == (
        "Karim Benali",
        "sole",
        True,
    )
    assert draft.person.guardian == parent
    assert send(client, draft, "guardian", {**answers, "guardian": "x"}).status_code == 422


# --- The route, which warns and never blocks (CO-09)

ROUTE = {"leg-count": "2", "leg-0-state": "DE", "leg-0-days": "8", "leg-1-state": "FR",
         "leg-1-days": "2"}  # fmt: skip


def test_co_09_another_states_post_is_warned_of_and_taken(client, draft):
    response = client.post(url(draft, "route"), ROUTE | {"version": "1"}, follow=True)
    draft.refresh_from_db()
    assert [leg.state for leg in intake(draft).legs] == ["DE", "FR"]
    levels = [message.level_tag for message in response.context["messages"]]
    assert levels == ["warning"]
    check = client.get(reverse("applications:check", args=[draft.pk]))
    assert check.status_code == 200
    assert any(note.rule_id == "CO-09" for note in check.context["notes"])


def test_rows_are_added_and_removed_without_saving(client, draft):
    more = client.post(url(draft, "route"), ROUTE | {"version": "1", "rows": "add"})
    assert len(more.context["form"].rows) == 3
    assert held_by_form(more)["leg-0-days"] == ["8"]
    less = client.post(url(draft, "route"), ROUTE | {"version": "1", "rows": "remove-0"})
    assert held_by_form(less)["leg-0-state"] == ["FR"]
    draft.refresh_from_db()
    assert (draft.version, intake(draft).legs) == (1, ())


def test_a_wrong_row_is_named(client, draft):
    response = send(client, draft, "route", ROUTE | {"leg-1-days": "0"})
    assert response.status_code == 422
    assert [link.target for link in response.context["links"]] == ["id_leg-1-days"]


def test_earlier_visas_are_kept_with_how_they_were_used(client):
    draft = ApplicationFactory(details={"entries": "multiple"})
    rows = {"visa-count": "1", "visa-0-first_day": "1/2/2025", "visa-0-last_day": "1/3/2025",
            "visa-0-misused": "on"}  # fmt: skip
    client = applicant_client(draft.owner)
    assert send(client, draft, "visas", rows).status_code == 302
    draft.refresh_from_db()
    [visa] = intake(draft).visas
    assert (visa.first_day, visa.used_lawfully) == (date(2025, 2, 1), False)
    again = held_by_form(client.get(url(draft, "visas")))
    assert again["visa-0-misused"] == ["on"]


# --- Save and come back later


KEPT = [
    ("trip", {"arrives_on_day": "31", "arrives_on_month": "2", "arrives_on_year": ""}),
    ("traveller", {"family_name": "Ben 2 😀", "given_names": "", "nationality": "DZ"}),
    ("passport", {"blank_pages": "many", "passport_number": "??"}),
    ("stay", {"lodging_address": "c/o <b>"}),
    ("contact", {"phone": "later", "postal_address": "x" * 600}),
    ("route", {"leg-count": "1", "leg-0-state": "DE", "leg-0-days": "some"}),
]


@pytest.mark.parametrize(("slug", "typed"), KEPT, ids=[slug for slug, _typed in KEPT])
def test_what_cannot_be_saved_yet_is_kept_and_shown_again(client, draft, slug, typed):
    response = send(client, draft, slug, typed, later="yes")
    assert response.url == reverse("applications:detail", args=[draft.pk])
    overview = client.get(response.url)
    states = {task.url.split("/")[-2]: task.state for task in overview.context["tasks"]}
    assert states[slug] == "progress"
    held = held_by_form(client.get(url(draft, slug)))
    for name, value in typed.items():
        assert held.get(name, [""]) == [value]
    draft.refresh_from_db()
    assert draft.family_name == "Benali"


def test_what_is_kept_rests_encrypted(client, draft):
    send(client, draft, "traveller", {"family_name": "Geheim 1"}, later="yes")
    sealed = Application.objects.filter(pk=draft.pk).extra(select={"raw": "details"}).get().raw
    assert b"Geheim" not in bytes(sealed)


def test_what_is_kept_goes_once_the_step_is_saved(client, draft):
    send(client, draft, "occupation", {"employer": "half"}, later="yes")
    draft.refresh_from_db()
    assert draft.details[TYPED]["occupation"]["employer"] == "half"
    send(client, draft, "occupation", {"category": "student", "employer": "whole"})
    draft.refresh_from_db()
    assert (draft.details[TYPED], intake(draft).employer) == ({}, "whole")


def test_later_saves_what_is_right(client, draft):
    response = send(client, draft, "occupation", {"category": "student"}, later="yes")
    assert response.url == reverse("applications:detail", args=[draft.pk])
    draft.refresh_from_db()
    assert intake(draft).category == "student"


def test_a_second_tab_that_saves_for_later_is_told(client, draft):
    send(client, draft, "occupation", {"category": "student"})
    late = client.post(
        url(draft, "occupation"), {"employer": "late", "version": "1", "later": "yes"}
    )
    assert (late.status_code, says(late, ChangedElsewhere.message)) == (422, True)
    assert held_by_form(late)["employer"] == ["late"]


def test_a_change_from_the_last_page_leads_back_to_it(client, draft):
    back = url(draft, "occupation") + "?back=check"
    page = client.get(back)
    assert page.context["post_to"] == back
    response = client.post(back, {"category": "student", "version": "1"})
    assert response.url == reverse("applications:check", args=[draft.pk])


# --- The two lines of the passport


def test_the_two_lines_fill_this_page_and_wait_for_the_other(client, draft):
    first, second = lines("309112233", "190302", "340102", family="BEN<ALI", given="LINA")
    typed = {"mrz": f"{first.lower()}\n{second}", "read": "mrz", "family_name": "half typed"}
    page = send(client, draft, "traveller", typed)
    assert page.status_code == 200
    held = held_by_form(page)
    assert (held["family_name"], held["given_names"]) == (["BEN ALI"], ["LINA"])
    assert (held["birth_date_day"], held["birth_date_year"]) == (["2"], ["2019"])
    assert held["nationality"] == ["DZ"]
    other = held_by_form(client.get(url(draft, "passport")))
    assert (other["passport_number"], other["passport_expires_on_year"]) == (
        ["309112233"],
        ["2034"],
    )
    assert other["blank_pages"] == ["12"]  # what was saved stays
    draft.refresh_from_db()
    assert draft.family_name == "Benali"  # filled in, not saved
    sent = {name: values[0] for name, values in held.items()}
    assert client.post(url(draft, "traveller"), sent).status_code == 302


def test_what_is_wrong_with_the_lines_is_told_and_nothing_is_lost(client, draft):
    first, second = lines("309112233")
    typed = {"mrz": f"{first}\n{second.replace('309112233', '309112234')}", "read": "mrz",
             "blank_pages": "typed", **typed_date("passport_issued_on", TODAY)}  # fmt: skip
    page = send(client, draft, "passport", typed)
    assert page.status_code == 422
    [link] = page.context["links"]
    assert link.target == "id_mrz"
    assert "10" in link.message  # the last position
    held = held_by_form(page)
    assert held["mrz"] == [typed["mrz"]]
    assert (held["blank_pages"], held["passport_issued_on_year"]) == (["typed"], [str(TODAY.year)])


def test_a_german_passport_names_its_state_with_one_letter(client, draft):
    first, second = lines("C01X00T47", nationality="D<<")
    page = send(client, draft, "traveller", {"mrz": f"{first}\n{second}", "read": "mrz"})
    assert held_by_form(page)["nationality"] == ["DE"]


def test_no_lines_at_all_are_no_mistake_of_the_form(client, draft):
    page = send(client, draft, "traveller", {"mrz": "", "read": "mrz", "family_name": "Kept"})
    assert page.status_code == 422
    assert held_by_form(page)["family_name"] == ["Kept"]


def test_an_old_tab_reads_nothing_over_a_newer_answer(client, draft):
    first, second = lines("309112233")
    typed = {"mrz": f"{first}\n{second}", "read": "mrz", "version": "99"}
    page = client.post(url(draft, "passport"), typed)
    assert says(page, ChangedElsewhere.message)
    draft.refresh_from_db()
    assert TYPED not in draft.details


# --- What is agreed to (AP-07, DP-01, DP-02)

TICKED = {"commitments": "on", "data_protection": "on"}


def texts():
    return " ".join(f"{name}={version}" for name, version in operations.agreed_texts().items())


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_dp_02_the_notice_names_three_groups_and_europol(client, draft, language):
    client.cookies["guichet_language"] = language
    page = client.get(reverse("applications:check", args=[draft.pk]))
    assert len(page.context["readers"]) == 3
    assert "2026-11" in text_of(page)
    assert page.context["notice"].under_conditions == ("designated_authorities", "europol")


def test_dp_01_the_version_and_the_time_are_kept(client, draft):
    client.post(reverse("applications:check", args=[draft.pk]), TICKED | {"texts": texts()})
    draft.refresh_from_db()
    assert {name: text["version"] for name, text in draft.agreed.items()} == (
        operations.agreed_texts()
    )


@pytest.fixture
def new_text(monkeypatch):
    """Call it: from then on another version of the notice holds."""

    def change():
        newer = commitments.NOTICES[0].__class__(
            version="2027-01",
            effective=DateRange(date(2000, 1, 1)),
            years=5,
            readers=commitments.NOTICES[0].readers,
            under_conditions=(),
            rule_id="DP-01",
            citation="001",
        )
        monkeypatch.setattr(commitments, "NOTICES", (newer,))

    return change


def test_ap_07_a_text_that_changes_under_the_page_is_asked_again(client, draft, new_text):
    page, old = reverse("applications:check", args=[draft.pk]), texts()
    new_text()
    refused = client.post(page, TICKED | {"texts": old})
    assert (refused.status_code, says(refused, TextChanged.message)) == (422, True)
    assert "commitments" not in held_by_form(refused)  # to be ticked anew
    assert client.post(page, TICKED | {"texts": texts()}).status_code == 302


def test_ap_07_who_submitted_before_is_asked_again(client, draft, new_text):
    client.post(reverse("applications:check", args=[draft.pk]), TICKED | {"texts": texts()})
    overview, agree = (
        reverse(f"applications:{name}", args=[draft.pk]) for name in ("detail", "agree")
    )
    assert client.get(overview).context["agree_again"] is False
    new_text()
    assert client.get(overview).context["agree_again"] is True
    assert client.post(agree, {"data_protection": "on", "texts": texts()}).status_code == 422
    assert client.post(agree, TICKED | {"texts": texts()}).url == overview
    draft.refresh_from_db()
    assert draft.agreed["data_protection"]["version"] == "2027-01"
    assert draft.state == "submitted"
    assert client.get(overview).context["agree_again"] is False


def test_a_draft_is_agreed_to_on_submitting_alone(client, draft):
    agree = reverse("applications:agree", args=[draft.pk])
    assert client.get(agree).url == reverse("applications:detail", args=[draft.pk])


# --- Another language in the middle of a page


def switch(client, page, typed, origin="http://testserver"):
    sent = typed | {"language": "de", "next": page}
    return client.post(reverse("set_language"), sent, headers={"origin": origin})


@pytest.mark.parametrize("slug", ["traveller", "stay", "route"])
def test_another_language_keeps_what_was_typed(client, draft, slug):
    typed = {
        "traveller": {"family_name": "Half 2", **typed_date("birth_date", CHILD)},
        "stay": {"lodging": "host", "lodging_address": "c/o"},
        "route": {"leg-count": "1", "leg-0-state": "DE"},
    }[slug]
    page = url(draft, slug) + "?back=check"
    assert switch(client, page, typed | {"version": "1"}).url == page
    answer = client.get(page)
    assert (answer.status_code, answer.context["language"]) == (200, "de")
    held = held_by_form(answer)
    for name, value in (typed | {"version": "1"}).items():
        assert held[name] == [value]
    assert not list(answer.context["messages"])
    assert not answer.context["form"].is_bound  # shown, not judged


def test_another_language_at_the_start_keeps_the_choices():
    client, mission = applicant_client(UserFactory()), MissionFactory()
    page = reverse("applications:start")
    switch(client, page, {"mission": str(mission.pk), "person": "new:child"})
    held = held_by_form(client.get(page))
    assert (held["mission"], held["person"]) == ([str(mission.pk)], ["new:child"])


def test_another_site_puts_nothing_into_a_page(client, draft):
    page = url(draft, "traveller")
    for origin in ("http://evil.example", "null"):
        switch(client, page, {"family_name": "Evil"}, origin)
    client.post(reverse("set_language"), {"language": "de", "next": page, "family_name": "Evil"})
    assert held_by_form(client.get(page))["family_name"] == ["Benali"]


def test_enter_in_a_field_sends_the_page_and_changes_no_language(client, draft):
    page = client.get(url(draft, "traveller")).content.decode()
    own = [tag for tag in page.split("<button")[1:] if 'form="page-form"' in tag.split(">")[0]]
    assert "formaction" not in own[0].split(">")[0]
    assert "formaction" in own[1].split(">")[0]


# --- The house


def test_every_step_has_a_form_whose_questions_are_known():
    names = [name for step in STEPS for name in step.fields]
    assert len(names) == len(set(names))


def test_contact_is_entered_once():
    first = ApplicationFactory(details={"phone": "+213551234567"})
    second = operations.start_application(
        owner=first.owner, mission=MissionFactory(), answers={"visa_class": "short_stay"}
    )
    assert intake(second).phone == "+213551234567"


@pytest.mark.parametrize("code", sorted({row[1] for row in WRONG}))
def test_every_problem_of_the_lines_is_said_without_the_right_digit(code):
    problem = Problem(code, 2, 1, 10, "3", "7")
    [message] = _said(problem).messages
    assert "%(" not in message
    assert code == "LENGTH" or "7" not in message


def test_the_last_page_says_what_the_rules_say_of_the_journey():
    draft = ApplicationFactory(
        birth_date=TODAY - timedelta(days=8 * 366),
        details={
            "entries": "multiple",
            "child_in_parents_passport": True,
            "insurance_from": TODAY.isoformat(),
            "insurance_until": TODAY.isoformat(),
            "insurance_amount": 20_000,
        },
    )
    page = applicant_client(draft.owner).get(reverse("applications:check", args=[draft.pk]))
    notes = page.context["notes"]
    assert {"AP-01", "DO-07", "DO-09", "DO-12", "DO-13"} <= {note.rule_id for note in notes}
    assert all(note.severity != "blocking" for note in notes)  # CV-06
