"""Who gets which case: the next one in order of arrival, never the same twice (RC-02)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from complaints.models import Case, Concerned, Skip
from complaints.operations.handling import assign, hand_over, next_case, put_back, skip
from complaints.operations.protecting import mark_concerned, unmark_concerned
from complaints.refusals import CannotHandle, NotYourCase
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.workflow import TransitionRefused
from tests.actors import staff
from tests.complaints.conftest import ARRIVED, appeal, assigned, complaint, handler, officer
from tests.factories import MissionFactory

pytestmark = pytest.mark.django_db
LATER = ARRIVED + timedelta(minutes=1)


def test_the_oldest_comes_first_and_then_the_next(mission):
    younger = complaint(mission, at=LATER)
    older = complaint(mission, at=ARRIVED)
    person = handler(mission, "provider")
    assert [next_case(handler=person) for _turn in range(3)] == [older, younger, None]
    older.refresh_from_db()
    assert (older.state, older.assigned_to) == ("assigned", person)
    assert older.assigned_at is not None


def test_of_one_moment_the_lower_reference_comes_first(mission):
    cases = [complaint(mission, text=f"Texte {number}.") for number in range(3)]
    person = handler(mission, "provider")
    given = [next_case(handler=person).reference for _case in cases]
    assert given == sorted(case.reference for case in cases)


def test_only_of_ones_own_categories_and_missions(mission):
    complaint(mission, category="staff")
    complaint(MissionFactory(code="fr-oran", state="FR", post="oran"))
    appeal(mission)
    assert next_case(handler=handler(mission, "provider", "appeal")) is None


def test_a_doubtful_language_is_decided_first(mission):
    Case.objects.filter(pk=complaint(mission).pk).update(state="doubt")
    assert next_case(handler=handler(mission, "provider")) is None


def test_what_somebody_skipped_comes_last_for_them_and_first_for_others(mission):
    first, second = complaint(mission), complaint(mission, at=LATER)
    one, other = handler(mission, "provider"), handler(mission, "provider")
    skip(case=next_case(handler=one), actor=one, reason="Je le connais.")
    assert Skip.objects.get().handler == one
    assert next_case(handler=one) == second
    assert next_case(handler=other) == first


def test_a_skip_twice_is_one_skip_with_the_latest_reason(mission):
    complaint(mission)
    person = handler(mission, "provider")
    for reason in ("une fois", "encore"):
        skip(case=next_case(handler=person), actor=person, reason=reason)
    assert Skip.objects.get().reason == "encore"


def test_what_is_put_back_keeps_its_place(mission):
    first = complaint(mission)
    complaint(mission, at=LATER)
    person = handler(mission, "provider")
    put_back(case=next_case(handler=person), actor=person, reason="Congé.")
    assert next_case(handler=person) == first


def test_handed_over_to_who_may_take_it(mission):
    one, other = handler(mission, "provider"), handler(mission, "provider")
    case = assigned(complaint(mission), one)
    hand_over(case=case, actor=one, to=other, reason="Congé.")
    case.refresh_from_db()
    assert case.assigned_to == other
    with pytest.raises(NotYourCase):
        hand_over(case=case, actor=one, to=one, reason="-")


@pytest.mark.parametrize("categories", [["staff"], ["appeal"]])
def test_not_handed_over_to_who_has_no_such_cases(mission, categories):
    one = handler(mission, "provider")
    case = assigned(complaint(mission), one)
    with pytest.raises(CannotHandle):
        hand_over(case=case, actor=one, to=handler(mission, *categories), reason="-")


def test_a_supervisor_gives_out_of_order_and_the_trail_says_how_many_waited(mission):
    complaint(mission)
    case = complaint(mission, at=LATER)
    chief, person = staff(Role.SUPERVISOR, mission), handler(mission, "provider")
    assign(case=case, actor=chief, to=person, reason="Presse.")
    entry = Entry.objects.get(action="case.assign")
    assert (entry.reason, entry.details["by_hand"], entry.details["passed_over"]) == (
        *("Presse.", True),
        1,
    )
    case.refresh_from_db()
    assert case.assigned_to == person


def test_a_supervisor_takes_a_case_from_who_is_away(mission):
    one, other = handler(mission, "provider"), handler(mission, "provider")
    case = assigned(complaint(mission), one)
    assign(case=case, actor=staff(Role.SUPERVISOR, mission), to=other, reason="Malade.")
    case.refresh_from_db()
    assert case.assigned_to == other


def test_a_handler_assigns_nothing_by_hand(mission):
    person = handler(mission, "provider")
    with pytest.raises(NotYourCase):
        assign(case=complaint(mission), actor=person, to=person, reason="-")


def test_an_ended_case_is_given_to_nobody(mission):
    case, chief = complaint(mission), staff(Role.SUPERVISOR, mission)
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    with pytest.raises(TransitionRefused):
        assign(case=case, actor=chief, to=handler(mission, "provider"), reason="-")


# --- Whom it is about -----------------------------------------------------------------------------


def test_a_case_about_its_handler_goes_back_into_the_line(mission):
    person, other = handler(mission, "staff"), handler(mission, "staff")
    case = assigned(complaint(mission, category="staff"), person)
    mark_concerned(case=case, actor=person, user=person)
    case.refresh_from_db()
    assert (case.state, case.assigned_to) == ("received", None)
    assert next_case(handler=person) is None
    assert next_case(handler=other) == case


def test_a_case_about_a_counter_goes_to_nobody_who_works_there(mission):
    person = handler(mission, "staff", counter="de-algiers")
    case = assigned(complaint(mission, category="staff"), person)
    chief = staff(Role.SUPERVISOR, mission)
    mark_concerned(case=case, actor=chief, counter="de-algiers")
    assert next_case(handler=person) is None
    with pytest.raises(CannotHandle):
        assign(case=case, actor=chief, to=person, reason="-")
    assert next_case(handler=handler(mission, "staff", counter="other")) == case


def test_the_trail_of_a_protection_names_nobody(mission):
    person = handler(mission, "staff")
    case = assigned(complaint(mission, category="staff"), person)
    mark_concerned(case=case, actor=person, user=staff(Role.AGENT, mission))
    entry = Entry.objects.get(action="case.protect")
    assert (entry.reason, entry.details) == ("", {})


def test_a_mistake_is_taken_back(mission):
    person, other = handler(mission, "staff"), handler(mission, "staff")
    case = assigned(complaint(mission, category="staff"), person)
    mark_concerned(case=case, actor=person, user=other)
    unmark_concerned(case=case, actor=person, user=other, reason="Un autre.")
    assert not Concerned.objects.exists()


def test_whom_it_is_about_cannot_show_it_to_themselves(mission):
    person = handler(mission, "staff")
    case = complaint(mission, category="staff")
    Concerned.objects.create(case=case, user=person)
    with pytest.raises(NotYourCase):
        unmark_concerned(case=case, actor=person, user=person, reason="-")


# --- Races ----------------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_five_handlers_get_ten_different_cases():
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    people = [handler(mission, "provider") for _one in range(5)]
    cases = {complaint(mission, at=ARRIVED + timedelta(minutes=n)).pk for n in range(10)}

    def take(person):
        try:
            return next_case(handler=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        given = list(pool.map(take, people * 2))
    assert sorted(case.pk for case in given) == sorted(cases)
    assert next_case(handler=people[0]) is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_two_officers_for_one_appeal():
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    people = [officer(mission), officer(mission)]
    case = appeal(mission)

    def take(person):
        try:
            return next_case(handler=person)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        given = list(pool.map(take, people))
    assert sorted(given, key=bool) == [None, case]
