"""The checklist at its boundaries (DO-01 to DO-11, AP-01, AP-07)."""

from datetime import date, timedelta
from typing import Any

import pytest

from applications.rules.checklist import (
    Channel,
    ChecklistFacts,
    EarlierVisaUse,
    OwnMeans,
    Paper,
    Translation,
    check_border,
    check_checklist,
)
from applications.rules.checklist_table import CHECKLIST
from applications.rules.commitments import check_commitments, commitments_on
from applications.rules.facts import VisaClass
from applications.rules.insurance import InsuranceFacts
from applications.rules.law import LAW
from portal.dates import DateRange
from portal.rules.findings import FactError, Severity, Verdict
from portal.rules.parameters import Ruleset

FILED = date(2026, 11, 22)
STAY = DateRange(date(2027, 1, 10), date(2027, 1, 19))
ALWAYS = ("form", "passport", "photo", "insurance", "fee")
TOURIST = (*ALWAYS, "itinerary", "booking", "bank_statements", "work_certificate")


def papers(*kinds: str, without: str = "") -> tuple[Paper, ...]:
    return tuple(Paper(kind=kind) for kind in kinds if kind != without)


def ask(ruleset: Ruleset = Ruleset.SEED, **facts: Any) -> Verdict:
    given_facts = ChecklistFacts(**{"purpose": "tourism", "papers": papers(*TOURIST)} | facts)
    return check_checklist(given_facts, LAW.on(FILED, ruleset))


def headings(*kinds: str, **facts: Any) -> dict[str, str]:
    return ask(papers=papers(*kinds), **facts).results["headings"]


def test_do_01_all_papers_make_a_complete_file() -> None:
    verdict = ask()
    assert verdict.outcome == "complete"
    assert set(verdict.results["headings"].values()) == {"covered"}
    assert verdict.codes(Severity.BLOCKING) == []


@pytest.mark.parametrize(
    ("missing", "outcome"),
    [
        ("form", "not_admissible"),
        ("passport", "not_admissible"),
        ("photo", "not_admissible"),
        ("insurance", "incomplete"),
        ("fee", "incomplete"),
        ("itinerary", "incomplete"),
    ],
)
def test_do_01_what_is_missing_decides(missing: str, outcome: str) -> None:
    assert ask(papers=papers(*TOURIST, without=missing)).outcome == outcome


def test_do_01_a_passport_that_is_not_good_enough_is_like_none() -> None:
    verdict = ask(passport_admissible=False)
    assert verdict.outcome == "not_admissible"
    assert "PASSPORT_NOT_ADMISSIBLE" in verdict.codes()


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (("itinerary",), "incomplete"),
        (("itinerary", "booking", "bank_statements"), "incomplete"),
        (("itinerary", "booking", "bank_statements", "work_certificate"), "complete"),
        (("itinerary", "lodging_means", "bank_statements", "other_tie"), "complete"),
    ],
    ids=["purpose-only", "no-ties", "all-four", "means-for-lodging-and-free-upload"],
)
def test_do_02_each_of_the_four_proofs_is_a_heading(kinds: tuple[str, ...], outcome: str) -> None:
    assert ask(papers=papers(*ALWAYS, *kinds)).outcome == outcome


@pytest.mark.parametrize(
    ("kinds", "ties"),
    [
        (("invitation",), "open"),
        (("return_ticket",), "open"),
        (("hosting_certificate", "return_ticket"), "open"),
        (("work_certificate", "family_ties"), "covered"),
        (("hosting_certificate", "work_certificate"), "covered"),
    ],
    ids=["invitation", "ticket", "HO-08-certificate-and-ticket", "job-family", "HO-08-and-job"],
)
def test_do_03_tickets_and_invitations_are_no_ties(kinds: tuple[str, ...], ties: str) -> None:
    verdict = ask(papers=papers(*kinds))
    assert verdict.results["headings"]["ties"] == ties
    assert ("NOT_A_TIE" in verdict.codes()) is (ties == "open")


def test_do_04_an_invitation_proves_the_purpose_and_nothing_else() -> None:
    answer = headings("invitation", purpose="family_visit")
    assert (answer["purpose"], answer["means"], answer["ties"]) == ("covered", "open", "open")


@pytest.mark.parametrize(
    ("channel", "original", "for_appeal", "code"),
    [
        (Channel.APPOINTMENT, True, False, None),
        (Channel.APPOINTMENT, False, False, "ORIGINAL_REQUIRED"),
        (Channel.POST, True, False, "ORIGINAL_NEVER_BY_POST"),
        (Channel.EMAIL, True, True, "ORIGINAL_NEVER_BY_POST"),
        (Channel.EMAIL, False, True, None),
        (Channel.POST, False, False, "FILE_IN_PERSON"),
        (Channel.UPLOAD, False, False, None),
    ],
)
def test_do_05_originals_in_person_never_by_post(
    channel: Channel, original: bool, for_appeal: bool, code: str | None
) -> None:
    paper = Paper(kind="bank_statements", original=original)
    verdict = ask(channel=channel, papers=(paper,), for_appeal=for_appeal)
    refused = {"ORIGINAL_REQUIRED", "ORIGINAL_NEVER_BY_POST", "FILE_IN_PERSON"}
    assert set(verdict.codes()) & refused == ({code} if code else set())
    assert (verdict.results["headings"]["means"] == "covered") is (code is None)


@pytest.mark.parametrize(
    ("kind", "translation", "code"),
    [
        ("work_certificate", Translation.SWORN, None),
        ("work_certificate", Translation.UNSWORN, "SWORN_TRANSLATION_HELPS"),
        ("passport", Translation.SWORN, "TRANSLATION_NOT_NEEDED"),
        ("work_certificate", Translation.NONE, None),
    ],
)
def test_do_06_translations_help_and_never_block(
    kind: str, translation: Translation, code: str | None
) -> None:
    translated = Paper(kind=kind, translation=translation)
    rest = papers(*TOURIST, without=kind)
    verdict = ask(papers=(*rest, translated))
    assert verdict.outcome == "complete"
    advice = {"SWORN_TRANSLATION_HELPS", "TRANSLATION_NOT_NEEDED"}
    assert set(verdict.codes()) & advice == ({code} if code else set())


POLICY: dict[str, Any] = {"amount_eur": 30000, "first_day": STAY.first, "last_day": STAY.last}
FOUR = frozenset(("repatriation", "urgent_care", "hospital", "death"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"amount_eur": 29999}, "INSURANCE_AMOUNT_LOW"),
        ({"last_day": date(2027, 1, 18)}, "INSURANCE_ENDS_EARLY"),
        ({"first_day": date(2027, 1, 11)}, "INSURANCE_STARTS_LATE"),
        ({"states": ("DE",)}, "INSURANCE_AREA_LIMITED"),
        ({"risks": FOUR}, None),
        ({"risks": FOUR - {"repatriation"}}, "INSURANCE_RISKS_MISSING"),
    ],
    ids=["30000", "29999", "a-day-early", "a-day-late", "germany-only", "four-risks", "three"],
)
def test_do_07_the_insurance_covers_the_whole_stay(change: dict[str, Any], code: str) -> None:
    verdict = ask(stay=STAY, insurance=InsuranceFacts(**POLICY | change))
    found = [c for c in verdict.codes() if c.startswith("INSURANCE_")]
    assert found == ([code] if code else [])
    assert verdict.outcome == ("incomplete" if code else "complete")


def test_do_08_the_border_may_ask_for_everything_again() -> None:
    law = LAW.on(FILED)
    assert check_border(frozenset(CHECKLIST.border), law).outcome == "still_checked"
    bare = check_border(frozenset({"visa", "passport"}), law)
    assert bare.outcome == "may_be_refused_entry"
    assert "NO_COMPENSATION" in bare.codes()


@pytest.mark.parametrize(
    ("use", "kind"),
    [
        (EarlierVisaUse.USED, "proof_of_earlier_stay"),
        (EarlierVisaUse.NEVER_USED, "explanation_of_unused_visa"),
        (EarlierVisaUse.FIRST_APPLICATION, None),
    ],
)
def test_do_10_an_earlier_visa_is_asked_about(use: EarlierVisaUse, kind: str | None) -> None:
    verdict = ask(earlier_visa=use)
    asked = {line["id"] for line in verdict.results["lines"] if line["state"] == "open"}
    assert asked == ({kind} if kind else set())
    assert ask(earlier_visa=use, destination="FR").outcome == "complete"


@pytest.mark.parametrize(
    ("facts", "kinds", "heading", "state"),
    [
        ({"purpose": "business"}, ("business_links",), "purpose", "open"),
        ({"purpose": "business"}, ("business_links", "company_invitation"), "purpose", "covered"),
        ({"purpose": "family_visit"}, ("booking",), "lodging", "covered"),
        ({"purpose": "family_visit", "visits_relatives": True}, ("invitation",), "purpose", "open"),
        ({"purpose": "family_visit", "visits_relatives": True}, ("invitation", "kinship_proof"),
         "purpose", "covered"),
        ({"purpose": "event"}, ("event_registration",), "purpose", "covered"),
        ({"purpose": "medical"}, ("hospital_letter",), "purpose", "covered"),
        ({"purpose": "medical"}, ("bank_statements",), "means", "open"),
        ({"purpose": "study_short"}, ("enrolment",), "purpose", "covered"),
        ({"purpose": "family_reunion"}, ("civil_status",), "purpose", "open"),
        ({"purpose": "family_reunion"}, ("civil_status", "authority_approval"),
         "purpose", "covered"),
        ({"purpose": "study_work"}, ("means_whole_stay",), "means", "covered"),
        ({"purpose": "study_work"}, (), "ties", "not_asked"),
        ({"purpose": "study_work"}, ("bank_statements",), "means", "open"),
    ],
)  # fmt: skip
def test_do_11_every_purpose_asks_for_its_own_papers(
    facts: dict[str, Any], kinds: tuple[str, ...], heading: str, state: str
) -> None:
    assert headings(*kinds, **facts)[heading] == state


def test_do_11_means_of_a_long_stay_cover_the_whole_stay() -> None:
    short_money = Paper(kind="scholarship", covers_whole_stay=False)
    verdict = ask(purpose="study_work", papers=(short_money,))
    assert verdict.results["headings"]["means"] == "open"


@pytest.mark.parametrize(
    ("means", "kinds", "state"),
    [
        (OwnMeans.PROVEN, ("bank_statements",), "covered"),
        (OwnMeans.NONE, ("bank_statements",), "open"),
        (OwnMeans.NONE, ("hosting_certificate",), "covered"),
        (OwnMeans.PARTLY, ("bank_statements",), "open"),
        (OwnMeans.PARTLY, ("bank_statements", "hosting_certificate"), "covered"),
        (None, ("hosting_certificate",), "covered"),
        (None, ("hosting_certificate", "bank_statements"), "covered"),
        (None, (), "open"),
    ],
)
def test_ho_05_who_has_no_means_of_their_own_needs_an_undertaking(
    means: OwnMeans | None, kinds: tuple[str, ...], state: str
) -> None:
    assert headings(*kinds, purpose="family_visit", own_means=means)["means"] == state


def test_do_11_insurance_of_a_long_stay_is_asked_where_the_visa_asks_it() -> None:
    def need(asked: bool) -> str:
        lines = ask(purpose="study_work", insurance_asked=asked).results["lines"]
        return next(line["need"] for line in lines if line["id"] == "insurance")

    assert (need(True), need(False)) == ("needed", "not_needed")


def test_do_11_todays_local_list_asks_more_of_employees() -> None:
    seed = ask(category="employee")
    current = ask(Ruleset.CURRENT, category="employee")
    assert (seed.outcome, current.outcome) == ("complete", "incomplete")
    more = papers(*TOURIST, "social_security", "pay_slips")
    assert ask(Ruleset.CURRENT, category="employee", papers=more).outcome == "complete"
    assert ask(Ruleset.CURRENT, category="trader").outcome == "complete"


@pytest.mark.parametrize(
    ("facts", "outcome", "code"),
    [
        ({"persons": 1}, "complete", None),
        ({"persons": 2}, "not_admissible", "ONE_APPLICATION_PER_PERSON"),
        ({"child_in_parents_passport": True}, "complete", "CHILD_NEEDS_OWN_FILE"),
    ],
    ids=["AP-01-one", "AP-01-two-adults", "AP-01-child-in-passport"],
)
def test_ap_01_every_person_has_a_file(
    facts: dict[str, Any], outcome: str, code: str | None
) -> None:
    verdict = ask(**facts)
    assert verdict.outcome == outcome
    assert code is None or code in verdict.codes()


def test_ap_07_commitments_are_accepted_in_the_version_of_the_day() -> None:
    version = commitments_on(FILED).version
    assert check_commitments(version, FILED) is None
    unticked = check_commitments(None, FILED)
    changed = check_commitments("2000-01", FILED)
    assert unticked is not None
    assert unticked.code == "COMMITMENTS_NOT_ACCEPTED"
    assert changed is not None
    assert changed.code == "COMMITMENTS_CHANGED"
    assert len(commitments_on(FILED).ids) == 5


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"purpose": "fun"}, "purpose"),
        ({"category": "king"}, "category"),
        ({"visa_class": VisaClass.LONG_STAY}, "visa_class"),
        ({"persons": 0}, "persons"),
        ({"papers": papers("form", "magic")}, "papers.1.kind"),
        ({"insurance": InsuranceFacts(**POLICY | {"last_day": STAY.first - timedelta(days=1)})},
         "insurance.last_day"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_fact_that_cannot_be_judged_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(FactError) as caught:
        ask(**facts)
    assert caught.value.field == field


@pytest.mark.parametrize("ruleset", list(Ruleset))
@pytest.mark.parametrize("purpose", CHECKLIST.stays)
def test_every_purpose_can_be_completed_and_every_line_is_cited(
    purpose: str, ruleset: Ruleset
) -> None:
    everything = papers(*CHECKLIST.proves)
    verdict = ask(ruleset, purpose=purpose, papers=everything, category="employee")
    assert verdict.outcome == "complete"
    assert all(line["citation"] and line["why"] for line in verdict.results["lines"])
    empty = ask(ruleset, purpose=purpose, papers=())
    assert empty.outcome == "not_admissible"
    assert empty.as_json()["results"]["headings"]["always"] == "open"
