"""From an application to its checklist: what is needed, what is there, what serves on the day."""

from datetime import date, timedelta

import pytest

from applications.file_checklist import Age, PaperState, file_checklist, not_fresh_on
from applications.models import Document, HostedApplication, HostingCertificate
from applications.rules.checklist_table import CHECKLIST
from portal.dates import add_months
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
ALWAYS = ["form", "passport", "photo", "insurance", "fee"]


def planned(**facts):
    """An application whose passport and journey are good on the days of these tests."""
    details = facts.pop("details", {})
    return ApplicationFactory(
        **{
            "mission__state": "DE",
            "arrives_on": date(2027, 3, 1),
            "departs_on": date(2027, 3, 10),
            "passport_issued_on": date(2024, 1, 1),
            "passport_expires_on": date(2033, 12, 31),
            **facts,
        },
        details=details,
    )


def looked_at(application, today=TODAY):
    return file_checklist(application, today=today)


def needs(checklist, need="needed"):
    return [
        line.id for section in checklist.sections for line in section.all_lines if line.need == need
    ]


def give(application, *kinds, state="provided", **says):
    for kind in kinds:
        Document.objects.update_or_create(
            application=application, kind=kind, defaults={"state": state, **says}
        )


@pytest.mark.parametrize(
    ("facts", "details", "needed"),
    [
        ({"purpose": "tourism"}, {}, ["itinerary", "lodging", "own_means", "ties"]),
        (
            {"purpose": "family_visit"},
            {"visits_relatives": True, "own_means": "none"},
            ["invitation", "kinship", "lodging", "host_undertaking", "ties"],
        ),
        (
            {"purpose": "family_visit"},
            {"visits_relatives": False, "own_means": "partly"},
            ["invitation", "lodging", "own_means", "host_undertaking", "ties"],
        ),
        (
            {"purpose": "business"},
            {"own_means": "proven"},
            ["company_invitation", "business_links", "lodging", "own_means", "ties"],
        ),
        ({"purpose": "event"}, {}, ["event", "lodging", "own_means", "ties"]),
        ({"purpose": "medical"}, {}, ["hospital_letter", "lodging", "payment", "ties"]),
        ({"purpose": "study_short"}, {}, ["enrolment", "lodging", "own_means", "ties"]),
        (
            {"purpose": "tourism"},
            {"earlier_visa": "used"},
            ["proof_of_earlier_stay", "itinerary", "lodging", "own_means", "ties"],
        ),
    ],
)
def test_do_11_each_purpose_asks_for_its_proofs(facts, details, needed):
    checklist = looked_at(planned(**facts, details=details))
    assert needs(checklist) == [*ALWAYS, *needed]


@pytest.mark.parametrize(
    ("visa_class", "purpose", "needed"),
    [
        (
            "long_stay_family_reunification",
            "family_reunion",
            ["civil_status", "authority_approval", "lodging", "sponsor"],
        ),
        ("long_stay_general", "study_work", ["admission_or_contract", "lodging", "whole_stay"]),
        ("return_visa", "residence", []),
    ],
)
def test_do_11_long_stays_ask_neither_for_insurance_nor_for_ties(visa_class, purpose, needed):
    checklist = looked_at(planned(visa_class=visa_class, purpose=purpose))
    always = [line for line in ALWAYS if line != "insurance"]
    assert needs(checklist) == [*always, *needed]
    assert {"insurance", "ties"} <= set(needs(checklist, "not_needed"))


def test_do_11_todays_law_asks_employees_for_more():
    mission = planned(purpose="tourism").mission
    mission.rulesets = {"DO": "current"}
    mission.save()
    application = planned(purpose="tourism", mission=mission, details={"category": "employee"})
    assert {"local_work", "local_social_security", "local_pay_slips"} <= set(
        needs(looked_at(application))
    )


def test_every_line_says_why_and_by_which_rule():
    for purpose in ("tourism", "family_visit", "business", "medical"):
        for section in looked_at(planned(purpose=purpose)).sections:
            for line in section.all_lines:
                assert str(line.why)
                assert line.rule_id
                assert line.citation


def test_without_a_purpose_there_is_no_list():
    checklist = looked_at(planned(purpose=""))
    assert (checklist.sections, checklist.verdict, checklist.is_complete) == ((), None, False)


@pytest.mark.parametrize(
    ("stored", "state", "counts"),
    [
        ("expected", PaperState.MISSING, 0),
        ("provided", PaperState.PROVIDED, 1),
        ("checked", PaperState.CHECKED, 1),
        ("not_acceptable", PaperState.NOT_ACCEPTABLE, 0),
    ],
)
def test_a_paper_counts_once_it_is_at_hand(stored, state, counts):
    application = planned(purpose="tourism")
    reason = "Blurred" if stored == "not_acceptable" else ""
    give(application, "photo", state=stored, reason=reason)
    checklist = looked_at(application)
    assert (checklist.papers["photo"].state, checklist.there_count) == (state, counts)
    assert checklist.papers["photo"].reason == reason


def test_do_04_an_invitation_shows_no_ties():
    application = planned(purpose="family_visit")
    give(application, "invitation")
    states = {section.heading: section.state for section in looked_at(application).sections}
    assert (states["purpose"], states["ties"]) == ("covered", "open")


def test_ho_08_a_certificate_covers_lodging_and_means_and_never_ties():
    application = planned(purpose="family_visit", details={"own_means": "none"})
    give(application, "hosting_certificate", "return_ticket")
    states = {section.heading: section.state for section in looked_at(application).sections}
    assert (states["lodging"], states["means"], states["ties"]) == ("covered", "covered", "open")


def test_a_file_is_complete_without_the_fee_which_is_paid_at_the_counter():
    application = planned(purpose="tourism")
    give(application, "form", "passport", "photo", "insurance", "itinerary", "booking",
         "bank_statements", "family_ties")  # fmt: skip
    checklist = looked_at(application)
    assert checklist.is_complete
    assert (checklist.there_count, checklist.needed_count) == (8, 8)
    assert checklist.verdict.outcome == "incomplete"  # for an agent the fee is still open
    give(application, "fee", state="checked")
    assert looked_at(application).verdict.outcome == "complete"


def test_a_paper_of_another_application_is_not_seen():
    application, other = planned(purpose="tourism"), planned(purpose="tourism")
    give(other, "photo", "passport")
    assert looked_at(application).there_count == 0


def test_a_paper_that_no_proof_asks_for_is_kept_apart():
    application = planned(purpose="tourism")
    give(application, "hospital_letter")
    assert [paper.kind for paper in looked_at(application).others] == ["hospital_letter"]


def test_cv_07_a_certificate_has_the_name_of_the_state_it_is_for():
    names = {
        state: looked_at(planned(purpose="family_visit", mission__state=state))
        .papers["hosting_certificate"]
        .name
        for state in ("DE", "FR")
    }
    assert names["DE"] != names["FR"]


# --- Fresh on the day -----------------------------------------------------------------------------


def age(application, kind):
    return looked_at(application).papers[kind].age


def test_the_day_is_that_of_the_appointment_else_today():
    application = planned(purpose="tourism")
    assert (looked_at(application).day, looked_at(application).day_is_fixed) == (TODAY, False)
    application.appointment_day = date(2026, 12, 7)
    checklist = looked_at(application)
    assert (checklist.day, checklist.day_is_fixed) == (date(2026, 12, 7), True)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2027, 2, 28), Age.FRESH), (date(2027, 3, 1), Age.STALE), (date(2026, 8, 30), Age.STALE)],
)
def test_ho_01_a_certificate_is_judged_for_the_day_of_the_appointment(day, expected):
    application = planned(purpose="family_visit", appointment_day=day)
    certificate = HostingCertificate(
        owner=application.owner, state="DE", host_name="H", authority="A", number="1",
        confirmed_on=date(2026, 8, 31),
    )  # fmt: skip
    certificate.remember_key()
    certificate.save()
    HostedApplication.objects.create(certificate=certificate, application=application)
    give(application, "hosting_certificate")
    line = looked_at(application).papers["hosting_certificate"]
    assert line.age is expected
    if expected is Age.STALE:
        assert line.findings[0].rule_id == "HO-01"
        assert line.findings[0].remedy


def test_a_certificate_nobody_described_is_neither_fresh_nor_stale():
    application = planned(purpose="family_visit")
    give(application, "hosting_certificate")
    assert age(application, "hosting_certificate") is Age.UNKNOWN


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"amount": 30_000}, Age.FRESH),
        ({"amount": 29_999}, Age.STALE),
        ({"amount": 30_000, "valid_until": date(2027, 3, 9)}, Age.STALE),
        ({"amount": 30_000, "valid_from": date(2027, 3, 2)}, Age.STALE),
        ({"amount": None}, Age.UNKNOWN),
    ],
)
def test_do_07_insurance_covers_the_stay_and_enough(says, expected):
    application = planned(purpose="tourism")
    told = {"valid_from": date(2027, 3, 1), "valid_until": date(2027, 3, 10), **says}
    give(application, "insurance", **told)
    assert age(application, "insurance") is expected
    assert looked_at(application).there_count == (expected is not Age.STALE)


def test_do_07_the_answers_of_the_form_tell_of_the_policy_too():
    application = planned(
        purpose="tourism",
        details={
            "insurance_from": "2027-03-01",
            "insurance_until": "2027-03-10",
            "insurance_amount": 20000,
        },
    )
    give(application, "insurance")
    assert age(application, "insurance") is Age.STALE


@pytest.mark.parametrize(
    ("ruleset", "issued", "expected"),
    [
        ("current", date(2026, 8, 22), Age.FRESH),
        ("current", date(2026, 8, 21), Age.STALE),
        ("current", None, Age.UNKNOWN),
        ("seed", date(2020, 1, 1), Age.NO_RULE),
    ],
)
def test_do_11_bank_statements_reach_back_three_months(ruleset, issued, expected):
    application = planned(purpose="tourism")
    application.mission.rulesets = {"DO": ruleset}
    give(application, "bank_statements", issued_on=issued)
    assert age(application, "bank_statements") is expected


def test_pa_03_the_passport_is_judged_for_the_day():
    application = planned(purpose="tourism", passport_issued_on=date(2017, 1, 1),
                          passport_expires_on=date(2029, 1, 1))  # fmt: skip
    assert age(application, "passport") is Age.FRESH
    application.appointment_day = date(2027, 1, 1)  # PA-02: ten years old on that day
    assert age(application, "passport") is Age.STALE
    assert "PASSPORT_NOT_ADMISSIBLE" in looked_at(application).verdict.codes()


def test_no_source_makes_an_old_work_certificate_stale():
    application = planned(purpose="tourism")
    give(application, "work_certificate", issued_on=date(2000, 1, 1))
    assert age(application, "work_certificate") is Age.NO_RULE


def test_a_contract_that_ends_before_the_day_is_told_and_counts_all_the_same():
    application = planned(purpose="tourism")
    give(application, "work_contract", valid_until=TODAY - timedelta(days=1))
    line = looked_at(application).papers["work_contract"]
    assert (line.age, line.serves) == (Age.ENDED, True)


def test_ho_03_before_booking_one_sees_what_would_not_serve():
    application = planned(purpose="tourism")
    application.mission.rulesets = {"DO": "current"}
    give(application, "bank_statements", issued_on=TODAY)
    last = add_months(TODAY, 3)
    assert not_fresh_on(application, day=last, today=TODAY) == []
    [line] = not_fresh_on(application, day=last + timedelta(days=1), today=TODAY)
    assert (line.kind, line.findings[0].rule_id) == ("bank_statements", "DO-11")


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, len(CHECKLIST.proves)])
def test_the_checklist_asks_four_times_however_many_papers(django_assert_num_queries, count):
    application = planned(purpose="family_visit", owner=UserFactory())
    give(application, *list(CHECKLIST.proves)[:count])
    with django_assert_num_queries(4):
        looked_at(application)
