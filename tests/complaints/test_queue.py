"""The queue: filters, searches in what rests encrypted, saved views, figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from complaints.models import Case, SavedView, Skip
from complaints.operations.arrival import Person
from complaints.operations.handling import assign
from complaints.queue import PAGE, queue_page
from complaints.queue_figures import ages, workload
from complaints.working_ages import waits_longer_since, working_days_waited
from portal.accounts.roles import Role
from portal.audit.models import Access
from tests.actors import signed_in, staff
from tests.complaints.conftest import ARRIVED, appeal, assigned, complaint, handler, officer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
QUEUE = "admin:complaints_case_changelist"


@pytest.fixture
def person(mission):
    return handler(mission, "staff", "provider", "procedure")


@pytest.fixture
def client(person):
    return signed_in(person, "password", "mfa")


def named(mission, name, **more):
    return complaint(mission, person=Person(name=name, email=f"{name}@example.org"), **more)


def found(user, **chosen):
    return queue_page(user, chosen, today=TODAY).rows


# --- Searches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Les guichets étaient fermés.", "guichet ferme"),
        ("Die Öffnungszeiten waren falsch.", "offnungszeit"),
        ("DIE OEFFNUNGSZEITEN", "Öffnungszeiten"),
        ("Mon dossier a été égaré.", "dossiers égarés"),
    ],
)
def test_words_are_found_in_both_languages_however_they_are_bent(mission, person, text, words):
    case = complaint(mission, text=text)
    complaint(mission, text="Rien à voir.")
    assert found(person, q=words) == [case]


def test_every_word_must_be_there_and_none_is_not_everything(mission, person):
    complaint(mission, text="Le guichet était fermé.")
    assert found(person, q="guichet passeport") == []
    page = queue_page(person, {"q": "le la der die"}, today=TODAY)
    assert (page.rows, page.too_common) == ([], True)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Amina Benali", "benali"),
        ("Amina Benali", "Bénalli"),
        ("Amina Benali", "ben ali"),
        ("Mohammed Bouteflika", "mohamed boutefliqa"),
        ("أمينة بن علي", "امينه بن على"),
        ("Jörg Müller", "joerg mueller"),
    ],
)
def test_names_are_found_as_they_sound(mission, person, name, typed):
    case = named(mission, name)
    named(mission, "Yacine Zerrouki")
    assert found(person, name=typed) == [case]


def test_the_likest_name_comes_first(mission, person):
    like, same = named(mission, "Amina Benalia"), named(mission, "Amina Benali")
    assert found(person, name="Amina Benali") == [same, like]


@pytest.mark.parametrize("as_typed", ["{0}", "{0} ", "c {1}"])
def test_a_reference_is_found_as_people_type_it(mission, person, as_typed):
    case = complaint(mission)
    complaint(mission)
    Case.objects.filter(pk=case.pk).update(reference="C-7K3M-92QX")
    typed = as_typed.format("c-7k3m-92qx", "7K3M 92QX")
    assert found(person, q=typed) == [case]


def test_a_number_of_the_register_leads_to_its_appeal(mission):
    case, other = appeal(mission), appeal(mission)
    reader = officer(mission)
    assert found(reader, q=f"{other.appeal.year}/{other.appeal.number}") == [other]
    assert found(reader, q=f"{case.appeal.year} / {case.appeal.number}") == [case]


def test_words_are_counted_by_numbers_the_database_keeps(mission, person):
    """With statistics only the rarest parts are asked for; the answer stays the same."""
    from django.db import connection

    for number in range(30):
        named(mission, f"Benali {number}x")
    case = named(mission, "Amina Benalouche")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_case")
    assert found(person, name="benalouch")[0] == case


# --- Filters and pages ----------------------------------------------------------------------------


def test_filters(mission, person):
    mine = assigned(complaint(mission, category="staff"), person)
    german = complaint(mission, language="de", at=ARRIVED + timedelta(days=15))
    ended = complaint(mission)
    Case.objects.filter(pk=ended.pk).update(state="withdrawn")
    assert found(person, who="me") == [mine]
    assert found(person, who=str(person.pk)) == [mine]
    assert set(found(person, who="nobody", state="open")) == {german}
    assert found(person, category="staff", state="open") == [mine]
    assert found(person, language="de") == [german]
    assert found(person, state="ended") == [ended]
    assert found(person, age=10, state="open") == [mine]
    assert found(person, mission="other") == []
    assert found(person, channel="fax") == []


def test_each_page_begins_where_the_last_one_ended(mission, person):
    row = complaint(mission)
    rows = [row]
    for number in range(PAGE + 3):
        other = Case.objects.get(pk=row.pk)
        other.pk, other.reference = None, f"C-{number:04}-AAAA"
        other._state.adding = True
        other.save()
        rows.append(other)
    in_order = sorted(rows, key=lambda one: (one.received_at, one.reference))
    first = queue_page(person, {}, today=TODAY)
    second = queue_page(person, {}, today=TODAY, after=first.next)
    assert first.rows + second.rows == in_order
    assert second.next == ""
    newest = queue_page(person, {"newest": True}, today=TODAY)
    rest = queue_page(person, {"newest": True}, today=TODAY, after=newest.next)
    assert newest.rows + rest.rows == in_order[::-1]


@pytest.mark.parametrize("after", ["nonsense", "2026-11-02~C", "~", "2026-11-02T09:00:00+00:00~\0"])
def test_a_forged_page_is_the_first_one(mission, person, after):
    case = complaint(mission)
    assert queue_page(person, {}, today=TODAY, after=after).rows == [case]


@pytest.mark.parametrize(
    ("arrived", "today", "waited"),
    [
        ((2026, 11, 5), date(2026, 11, 5), 0),  # a Thursday
        ((2026, 11, 5), date(2026, 11, 7), 0),  # Friday and Saturday
        ((2026, 11, 5), date(2026, 11, 8), 1),
        ((2026, 10, 29), date(2026, 11, 2), 1),  # 1 November is a holiday
        ((2025, 12, 30), date(2026, 1, 4), 2),  # 31 December, 4 January
    ],
)
def test_cv_05_ages_leave_out_weekends_and_holidays(arrived, today, waited):
    moment = datetime(*arrived, 9, tzinfo=UTC)
    assert working_days_waited(moment, today) == waited
    assert waits_longer_since(today, waited) <= moment
    if waited:
        assert moment < waits_longer_since(today, waited - 1)


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [{}, {"state": "open"}, {"q": "guichet"}, {"q": "C-0000"}, {"name": "Benali"}]
)
def test_the_queue_takes_at_most_eight_queries(
    client, mission, person, given, django_assert_max_num_queries
):
    SavedView.objects.create(user=person, name="Fax", filters={"channel": "fax"})
    for _number in range(3):
        assigned(complaint(mission), person)
    client.get(reverse(QUEUE))
    with django_assert_max_num_queries(8):
        answer = client.get(reverse(QUEUE), given)
    assert answer.status_code == 200


def test_each_page_leaves_one_trace_without_the_words_of_a_search(client, mission, person):
    case = complaint(mission)
    client.get(reverse(QUEUE), {"q": "guichet", "state": "open"})
    trace = Access.objects.get(what="queue")
    assert trace.details["ids"] == [str(case.pk)]
    assert trace.actor_id == person.pk
    assert trace.mission_id == mission.pk
    assert "guichet" not in str(trace.details)


@pytest.mark.parametrize(
    "given", [{"state": "forged"}, {"who": "x"}, {"age": "-1"}, {"q": "x" * 500}, {"mission": "\0"}]
)
def test_bad_filters_count_as_none(client, mission, given):
    complaint(mission)
    assert client.get(reverse(QUEUE), given).status_code == 200


def test_the_next_case_opens_and_an_empty_line_is_said(client, mission):
    case = complaint(mission)
    answer = client.post(reverse("admin:complaints_case_next"))
    assert answer.url == reverse("admin:complaints_case_change", args=[case.pk])
    answer = client.post(reverse("admin:complaints_case_next"))
    assert answer.url == reverse(QUEUE)


def test_a_view_keeps_filters_and_forgets_what_was_searched(client, person):
    given = {"view_name": "Allemand", "language": "de", "q": "guichet", "name": "Benali"}
    client.post(reverse("admin:complaints_case_save_view"), given)
    view = SavedView.objects.get(user=person)
    assert view.filters == {"language": "de", "state": "all"}
    page = client.get(reverse(QUEUE), view.filters)
    assert "Allemand" in page.text
    assert page.text.count('<li class="current">') == 1
    client.post(reverse("admin:complaints_case_delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_nobody_deletes_the_view_of_another(client, mission):
    view = SavedView.objects.create(user=officer(mission), name="-", filters={})
    client.post(reverse("admin:complaints_case_delete_view", args=[view.pk]))
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_figures_are_drawn_and_said(client, mission, person):
    assigned(complaint(mission), person)
    answer = client.get(reverse("admin:complaints_case_figures"))
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert person.email in answer.text


def test_ages_and_workload_count_what_is_open(mission, person):
    assigned(complaint(mission, at=datetime(2026, 11, 19, 9, tzinfo=UTC)), person)
    complaint(mission, at=datetime(2026, 1, 1, 9, tzinfo=UTC))
    ended = complaint(mission)
    Case.objects.filter(pk=ended.pk).update(state="withdrawn")
    picture = ages(Case.objects.all(), TODAY, exact=True)[0]
    assert [bar.shown for bar in picture.bars] == ["1", "0", "0", "0", "0", "1"]
    at_hand = workload(Case.objects.all(), TODAY, exact=True)[0]
    assert [(bar.label, bar.shown) for bar in at_hand.bars][1:] == [(person.email, "1")]
    assert at_hand.bars[0].shown == "1"


def test_the_fairness_report_names_skips_and_cases_given_by_hand(mission, person):
    chief = staff(Role.SUPERVISOR, mission)
    older, younger = complaint(mission), complaint(mission, at=ARRIVED + timedelta(minutes=1))
    Skip.objects.create(case=older, handler=person, reason="Je le connais.")
    assign(case=younger, actor=chief, to=person, reason="Presse.")
    answer = signed_in(chief, "password", "mfa").get(reverse("admin:complaints_case_fairness"))
    assert "Je le connais." in answer.text
    assert "Presse." in answer.text
    assert younger.reference in answer.text


# A hundred signs are the most that the form takes: as many different parts.
@pytest.mark.parametrize("name", ["".join(map(chr, range(0x4E00, 0x4E00 + 100))), "!", "أ" * 100])
def test_any_name_can_be_asked_for(client, mission, name):
    complaint(mission)
    answer = client.get(reverse(QUEUE), {"name": name})
    assert answer.status_code == 200
    assert answer.context["page"].is_ranked
