"""The household: who is in it, who signs, one journey for all, who is looked at (AP-01, AT-05)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from applications import operations
from applications.intake import intake
from applications.models import Application, Traveller
from applications.refusals import (
    ChangedElsewhere,
    GuardianMissing,
    GuardianOfSomebody,
    HouseholdFull,
    OneApplicationPerJourney,
    TravellerKnown,
)
from tests.actors import applicant_client
from tests.factories import ApplicationFactory, MissionFactory, UserFactory
from tests.pages import held_by_form, says, typed_date

pytestmark = pytest.mark.django_db
TODAY = date.today()
ADULT, CHILD = date(1985, 3, 2), TODAY - timedelta(days=2000)


def person(owner, relation="self", birth=ADULT, **more):
    names = {"family_name": "Benali", "given_names": relation.title(), "nationality": "DZ"}
    answers = {"relation": relation, "birth_date": birth, "guardian": None, **names, **more}
    return operations.add_traveller(owner=owner, answers=answers)


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def client(owner):
    return applicant_client(owner)


@pytest.fixture
def parent(owner):
    return person(owner)


TYPED = {
    "relation": "self",
    "family_name": "Benali",
    "given_names": "Karima",
    "nationality": "DZ",
    **typed_date("birth_date", ADULT),
}


# --- Adding, changing, removing


def test_somebody_is_added_and_listed(client, owner):
    response = client.post(reverse("applications:household_add"), TYPED)
    assert response.url == reverse("applications:household")
    assert Traveller.objects.get(owner=owner).name == "Karima Benali"
    assert says(client.get(response.url), "Karima Benali")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_add_one_person():
    owner = UserFactory()

    def click(_number):
        try:
            return person(owner, "spouse").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(click, range(10)))) == 1
    assert Traveller.objects.count() == 1


@pytest.mark.parametrize("birth", [CHILD, TODAY], ids=["child", "newborn"])
def test_ap_01_a_minor_is_added_with_an_adult_who_signs(client, owner, parent, birth):
    typed = TYPED | {"relation": "child", "given_names": "Lina", **typed_date("birth_date", birth)}
    url = reverse("applications:household_add")
    refused = client.post(url, typed)
    assert (refused.status_code, says(refused, GuardianMissing.message)) == (422, True)
    assert held_by_form(refused)["given_names"] == ["Lina"]
    assert client.post(url, typed | {"guardian": str(parent.pk)}).status_code == 302
    assert Traveller.objects.get(relation="child").guardian == parent


def test_ap_01_without_an_adult_the_page_says_to_add_one_first(client):
    typed = TYPED | {"relation": "child", **typed_date("birth_date", CHILD)}
    response = client.post(reverse("applications:household_add"), typed)
    assert response.context["form"].errors.keys() == {"birth_date"}


def test_a_guardian_of_another_account_is_no_choice(client, parent):
    stranger = person(UserFactory())
    typed = TYPED | {"relation": "child", **typed_date("birth_date", CHILD)}
    response = client.post(
        reverse("applications:household_add"), typed | {"guardian": str(stranger.pk)}
    )
    assert "guardian" in response.context["form"].errors


def test_a_minor_signs_for_nobody(owner):
    parent = person(owner)
    brother = person(owner, "child", TODAY - timedelta(days=17 * 365), guardian=parent)
    with pytest.raises(GuardianMissing):
        person(owner, "child", CHILD, guardian=brother)


def test_a_guardian_does_not_become_a_minor(owner, parent):
    person(owner, "child", CHILD, guardian=parent)
    with pytest.raises(GuardianOfSomebody):
        operations.change_traveller(
            traveller_id=parent.pk,
            owner=owner,
            answers={"birth_date": CHILD, "guardian": person(owner, "spouse")},
            seen_version=1,
        )


def test_myself_is_there_once(owner, parent):
    with pytest.raises(TravellerKnown):
        person(owner, "self", date(1970, 1, 1))


def test_a_household_has_a_limit(owner, monkeypatch):
    monkeypatch.setattr("applications.operations.household.LARGEST", 1)
    person(owner)
    with pytest.raises(HouseholdFull):
        person(owner, "spouse")


def test_a_second_tab_is_told_and_keeps_what_it_typed(client, owner, parent):
    url = reverse("applications:household_change", args=[parent.pk])
    first = TYPED | {"version": "1", "given_names": "First"}
    assert client.post(url, first).status_code == 302
    late = client.post(url, first | {"given_names": "Second"})
    assert (late.status_code, says(late, ChangedElsewhere.message)) == (422, True)
    again = {name: values[0] for name, values in held_by_form(late).items()}
    assert (again["given_names"], again["version"]) == ("Second", "2")
    assert client.post(url, again).status_code == 302
    parent.refresh_from_db()
    assert parent.given_names == "Second"


def test_drafts_follow_the_household_and_what_was_submitted_does_not(owner, parent):
    same = {"owner": owner, "person": parent, "given_names": "Self", "birth_date": ADULT,
            "nationality": "DZ"}  # fmt: skip
    draft = ApplicationFactory(**same)
    sent = ApplicationFactory(**same, submitted=True)
    before = bytes(draft.traveller_key)
    operations.change_traveller(
        traveller_id=parent.pk,
        owner=owner,
        answers={"given_names": "Karima", "birth_date": date(1986, 1, 1)},
        seen_version=1,
    )
    draft.refresh_from_db()
    sent.refresh_from_db()
    assert (draft.given_names, draft.birth_date, draft.version) == (
        "Karima",
        date(1986, 1, 1),
        2,
    )
    assert bytes(draft.traveller_key) != before
    assert (sent.given_names, sent.birth_date) == ("Self", ADULT)


def test_a_draft_with_another_passport_keeps_all_of_it(owner, parent):
    draft = ApplicationFactory(owner=owner, person=parent, passport_expires_on=date(2032, 1, 1))
    issued = draft.passport_issued_on
    Traveller.objects.filter(pk=parent.pk).update(passport_expires_on=date(2032, 1, 1))
    operations.change_traveller(
        traveller_id=parent.pk,
        owner=owner,
        answers={"passport_issued_on": date(2005, 1, 1), "passport_expires_on": date(2010, 1, 1)},
        seen_version=1,
    )
    draft.refresh_from_db()
    assert (draft.passport_issued_on, draft.passport_expires_on) == (issued, date(2032, 1, 1))


@pytest.mark.parametrize("page", ["household_change", "household_remove"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_traveller_does_not_exist(parent, page, method):
    url = reverse(f"applications:{page}", args=[parent.pk])
    stranger = applicant_client(UserFactory())
    assert getattr(stranger, method)(url, TYPED).status_code == 404
    assert Traveller.objects.filter(pk=parent.pk).exists()


def test_removing_somebody_keeps_what_was_submitted(client, owner, parent):
    draft = ApplicationFactory(owner=owner, person=parent)
    sent = operations.submit(application_id=draft.pk, owner=owner)
    child = person(owner, "child", CHILD, guardian=parent)
    url = reverse("applications:household_remove", args=[parent.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    sent.refresh_from_db()
    child.refresh_from_db()
    assert (sent.person, sent.state, sent.family_name) == (None, "submitted", "Benali")
    assert child.guardian is None
    assert says(client.get(reverse("applications:household")), child.name)


# --- Entered once, reused


def test_an_application_copies_its_traveller_and_teaches_the_household(client, owner, parent):
    mission = MissionFactory()
    start = {"person": str(parent.pk), "mission": mission.pk, "visa_class": "short_stay"}
    client.post(reverse("applications:start"), start)
    draft = Application.objects.get(owner=owner)
    assert (draft.person, draft.family_name, draft.birth_date) == (parent, "Benali", ADULT)
    passport = {
        "passport_number": "309112233",
        "blank_pages": "9",
        "version": str(draft.version),
        **typed_date("passport_issued_on", TODAY - timedelta(300)),
        **typed_date("passport_expires_on", TODAY + timedelta(2000)),
    }
    client.post(reverse("applications:step", args=[draft.pk, "passport"]), passport)
    parent.refresh_from_db()
    assert (parent.passport_number, parent.blank_pages) == ("309112233", 9)


def test_somebody_new_joins_the_household_on_the_way(client, owner):
    start = {"person": "new:spouse", "mission": MissionFactory().pk, "visa_class": "short_stay"}
    client.post(reverse("applications:start"), start)
    draft = Application.objects.get(owner=owner)
    typed = {name: value for name, value in TYPED.items() if name != "relation"}
    url = reverse("applications:step", args=[draft.pk, "traveller"])
    client.post(url, typed | {"version": str(draft.version)})
    [traveller] = Traveller.objects.filter(owner=owner)
    draft.refresh_from_db()
    assert (traveller.relation, traveller.name, draft.person) == (
        "spouse",
        "Karima Benali",
        traveller,
    )


@pytest.mark.parametrize("chosen", ["", "new:stranger", "x\x00", "9" * 50])
def test_a_forged_person_opens_no_application(client, owner, chosen):
    start = {"person": chosen, "mission": MissionFactory().pk, "visa_class": "short_stay"}
    assert client.post(reverse("applications:start"), start).status_code == 422
    assert not Application.objects.filter(owner=owner).exists()


def test_somebody_elses_traveller_is_no_choice_at_the_start(client, owner):
    stranger = person(UserFactory())
    start = {"person": str(stranger.pk), "mission": MissionFactory().pk, "visa_class": "short_stay"}
    assert client.post(reverse("applications:start"), start).status_code == 422


def test_starting_again_for_the_same_person_takes_up_the_draft(client, owner, parent):
    start = {"person": str(parent.pk), "mission": MissionFactory().pk, "visa_class": "short_stay"}
    for _ in range(2):
        client.post(reverse("applications:start"), start)
    assert Application.objects.filter(owner=owner).count() == 1


def test_ap_01_one_application_per_traveller_and_journey(owner):
    first = ApplicationFactory(owner=owner, passport_number="309112233")
    operations.submit(application_id=first.pk, owner=owner)
    second = ApplicationFactory(
        owner=owner, mission=first.mission, passport_number="309112233",
        arrives_on=first.departs_on, departs_on=first.departs_on + timedelta(5),
    )  # fmt: skip
    with pytest.raises(OneApplicationPerJourney) as refusal:
        operations.submit(application_id=second.pk, owner=owner)
    assert first.reference in str(refusal.value)
    later = ApplicationFactory(
        owner=owner, mission=first.mission, passport_number="309112233",
        arrives_on=first.departs_on + timedelta(1), departs_on=first.departs_on + timedelta(5),
    )  # fmt: skip
    assert operations.submit(application_id=later.pk, owner=owner).state == "submitted"


# --- One journey for the family


def test_a_family_of_four_has_four_files_with_one_journey(client, owner, parent):
    source = ApplicationFactory(owner=owner, person=parent, purpose="family_visit")
    others = [person(owner, "spouse")] + [
        person(owner, "child", CHILD, given_names=name, guardian=parent) for name in ("Lina", "Ali")
    ]
    url = reverse("applications:together", args=[source.pk])
    for _ in range(2):  # twice is once
        client.post(url, {"traveller": [str(other.pk) for other in others]})
    files = Application.objects.filter(owner=owner)
    assert files.count() == 4
    assert {(f.mission_id, f.arrives_on, f.departs_on, f.purpose) for f in files} == {
        (source.mission_id, source.arrives_on, source.departs_on, "family_visit")
    }
    assert {f.given_names for f in files} == {"Amine", "Spouse", "Lina", "Ali"}
    assert {intake(f).inviter for f in files} == {intake(source).inviter}


def test_a_draft_for_another_mission_is_another_journey(owner, parent):
    spouse = person(owner, "spouse")
    other = ApplicationFactory(owner=owner, person=spouse, mission=MissionFactory(state="DE"))
    source = ApplicationFactory(owner=owner, person=parent)
    operations.share_journey(source_id=source.pk, owner=owner, travellers=[spouse.pk])
    other.refresh_from_db()
    assert (other.mission.state, spouse.applications.count()) == ("DE", 2)


def test_who_has_a_file_under_way_is_left_out(owner, parent):
    spouse = person(owner, "spouse")
    source = ApplicationFactory(owner=owner, person=parent)
    ApplicationFactory(
        owner=owner, person=spouse, submitted=True,
        mission=source.mission, arrives_on=source.arrives_on,
    )  # fmt: skip
    assert operations.share_journey(
        source_id=source.pk, owner=owner, travellers=[spouse.pk, parent.pk]
    ) == []  # fmt: skip


def test_a_journey_is_shared_with_nobody_of_another_account(owner, parent):
    stranger = person(UserFactory())
    source = ApplicationFactory(owner=owner, person=parent)
    assert (
        operations.share_journey(source_id=source.pk, owner=owner, travellers=[stranger.pk]) == []
    )


def test_one_button_takes_over_the_journey(client, owner):
    source = ApplicationFactory(owner=owner, purpose="business")
    draft = ApplicationFactory(owner=owner, arrives_on=None, departs_on=None)
    overview = client.get(reverse("applications:detail", args=[draft.pk]))
    assert [found.pk for found in overview.context["same_journey"]] == [source.pk]
    url = reverse("applications:same_journey", args=[draft.pk])
    client.post(url, {"source": str(source.pk), "version": "1"})
    draft.refresh_from_db()
    assert (draft.purpose, draft.arrives_on, draft.version) == ("business", source.arrives_on, 2)
    late = client.post(url, {"source": str(source.pk), "version": "1"}, follow=True)
    assert says(late, ChangedElsewhere.message)


@pytest.mark.parametrize("source", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_forged_source_is_no_journey(client, owner, source):
    draft = ApplicationFactory(owner=owner)
    url = reverse("applications:same_journey", args=[draft.pk])
    assert client.post(url, {"source": source, "version": "1"}).status_code == 404


def test_the_journey_of_another_account_is_not_copied(client, owner):
    draft, foreign = ApplicationFactory(owner=owner), ApplicationFactory()
    url = reverse("applications:same_journey", args=[draft.pk])
    assert client.post(url, {"source": str(foreign.pk), "version": "1"}).status_code == 404


# --- Who is looked at


def submitted(owner, relation, birth=ADULT):
    draft = ApplicationFactory(owner=owner, birth_date=birth, details={"relation": relation})
    return operations.submit(application_id=draft.pk, owner=owner)


@pytest.mark.parametrize(
    ("relation", "birth", "files", "marked"),
    [
        ("child", CHILD, 4, 0),  # four children by one guardian
        ("unrelated", ADULT, 3, 0),
        ("unrelated", ADULT, 4, 4),  # four unrelated adults by one account
        ("unrelated", CHILD, 4, 0),
        ("other_family", ADULT, 5, 0),
    ],
)
def test_at_05_unrelated_adults_are_marked_and_never_blocked(
    client, owner, relation, birth, files, marked
):
    rows = [submitted(owner, relation, birth) for _ in range(files)]
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["submitted"] * files
    codes = [reason["code"] for row in rows for reason in row.review_reasons]
    assert codes == ["MANY_UNRELATED_ADULTS"] * marked
    page = client.get(reverse("applications:detail", args=[rows[-1].pk]))
    assert bool(page.context["review"]) is bool(marked)


def test_at_05_the_mark_goes_when_the_reason_goes(owner):
    rows = [submitted(owner, "unrelated") for _ in range(4)]
    operations.withdraw(application_id=rows[0].pk, owner=owner)
    family = submitted(owner, "spouse")
    for row in rows[1:]:
        row.refresh_from_db()
        assert row.review_reasons == []
    assert family.review_reasons == []
