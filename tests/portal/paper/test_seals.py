"""Seals: one valid one per paper, replaced when facts change, silent about what they seal."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, connections

from portal.audit.models import Entry
from portal.paper import codes, kinds, seals
from portal.paper.models import Seal
from portal.paper.sheet import Sheet
from tests.portal.paper import reading

RECEIPT = kinds.declare("test_receipt", "Test receipt")
FACTS = {"reference": "A-7K3M-92QX", "on": date(2025, 12, 9), "people": ["Amina", "Yanis"]}
pytestmark = pytest.mark.django_db


def issue(**changes) -> Seal:
    given = {"kind": RECEIPT, "subject_ref": "application:1", "facts": FACTS, "language": "fr"}
    return seals.issue_seal(**(given | changes))


# --- Issuing --------------------------------------------------------------------------------------


def test_issuing_again_gives_the_same_seal():
    first = issue()
    assert issue() == first
    assert issue(facts=dict(reversed(FACTS.items()))) == first
    assert issue(language="ar") == first
    assert Seal.objects.count() == 1


def test_code_is_long_random_and_readable():
    issued = {issue(subject_ref=f"x:{n}").code for n in range(50)}
    assert len(issued) == 50
    assert len(codes.ALPHABET) ** codes.LENGTH >= 2**128
    assert all(len(code) == 34 and set(code) <= {*codes.ALPHABET, "-"} for code in issued)
    assert all(len({code[n] for code in issued}) > 8 for n in range(34) if (n + 1) % 5)


@pytest.mark.parametrize(
    "changed",
    [{"reference": "A-7K3M-92QY"}, {"on": date(2025, 12, 10)}, {"people": ["Yanis", "Amina"]},
     {"note": ""}, {"reference": "a-7k3m-92qx"}],
)  # fmt: skip
def test_other_facts_replace_the_paper(changed):
    old = issue()
    new = issue(facts=FACTS | changed)
    old.refresh_from_db()
    assert new.code != old.code
    assert not old.is_valid
    assert old.replaced_at == new.issued_at
    assert seals.valid_seal(kind=RECEIPT, subject_ref="application:1") == new


def test_facts_that_come_back_are_a_new_paper():
    first = issue()
    issue(facts=FACTS | {"on": date(2026, 1, 1)})
    third = issue()
    assert third.code != first.code
    assert [seal.is_valid for seal in Seal.objects.order_by("pk")] == [False, False, True]


def test_papers_of_other_subjects_and_kinds_stay():
    other_kind = kinds.declare("test_letter", "Test letter")
    first, second = issue(), issue(subject_ref="application:2")
    third = issue(kind=other_kind, facts={"x": 1})
    assert all(seal.is_valid for seal in (first, second, third))


def test_kind_that_nobody_declared_is_a_mistake_of_the_program():
    with pytest.raises(LookupError):
        issue(kind="surprise")


def test_fact_without_a_spelling_is_a_mistake_of_the_program():
    with pytest.raises(TypeError):
        issue(facts={"x": object()})


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("facts", [[FACTS] * 8, [FACTS | {"n": n} for n in range(8)]])
def test_race_leaves_one_valid_seal(facts):
    start = threading.Barrier(len(facts))
    found: list[Seal] = []

    def run(mine) -> None:
        start.wait()
        try:
            found.append(issue(facts=mine))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(mine,)) for mine in facts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(facts)
    assert Seal.objects.filter(replaced_at=None).count() == 1
    different = len({str(sorted(map(str, mine.items()))) for mine in facts})
    assert Seal.objects.count() == different


# --- What rests -----------------------------------------------------------------------------------


def test_neither_code_nor_facts_nor_reference_rest_in_clear():
    seal = issue(reference="A-7K3M-92QX")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal::text FROM paper_seal AS seal")
        row = cursor.fetchone()[0]
    for secret in (seal.code, codes.as_read(seal.code), "7K3M", "Amina", "2025-12-09"):
        assert secret not in row
        assert secret.encode().hex() not in row


# --- Finding and comparing ------------------------------------------------------------------------


def test_code_is_found_however_it_is_typed():
    seal = issue()
    typed = seal.code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for text in (seal.code, typed, f"  {seal.code.replace('-', '')}.", seal.code.translate(arabic)):
        assert seals.find_seal(text) == seal


@pytest.mark.parametrize("text", ["", "x", "0" * 28, "é" * 28, "0" * 500, "\x00"])
def test_other_text_finds_nothing(text):
    issue()
    assert seals.find_seal(text) is None


def test_reference_is_compared_as_people_type_it():
    seal = issue(reference="A-7K3M-9QX0")
    assert seals.is_about(seal, "a 7k3m 9qxo")
    assert not seals.is_about(seal, "A-7K3M-9QX1")
    assert not seals.is_about(seal, "")


def test_facts_can_be_compared():
    seal = issue()
    assert seals.has_facts(seal, FACTS)
    assert not seals.has_facts(seal, FACTS | {"people": ["Amina"]})


# --- The end of a seal ----------------------------------------------------------------------------


def test_revoked_paper_is_no_longer_valid_and_the_trail_says_why():
    seal = issue()
    seals.revoke_seal(seal=seal, actor=None, reason="printed in error")
    seals.revoke_seal(seal=seal, actor=None, reason="again")
    assert seals.valid_seal(kind=RECEIPT, subject_ref="application:1") is None
    assert list(Entry.objects.values_list("action", "reason")) == [
        ("paper.revoked", "printed in error")
    ]
    assert issue() != seal


def test_purge_forgets_the_seals_of_what_it_deletes():
    issue()
    kept = issue(subject_ref="application:2")
    assert seals.forget_seals(subject_refs=["application:1", "application:3"]) == 1
    assert list(Seal.objects.all()) == [kept]


# --- On paper -------------------------------------------------------------------------------------


def test_printed_twice_is_the_same_file_and_its_code_leads_to_the_page(settings):
    settings.BASE_URL = "https://guichet.example"
    with time_machine.travel(datetime(2025, 12, 9, 10, tzinfo=UTC), tick=False):
        issue()

    def printed() -> bytes:
        seal = seals.valid_seal(kind=RECEIPT, subject_ref="application:1")
        blocks = [seals.proof(seal)]
        return Sheet(title="Reçu", language="fr", day=seal.issued_at, blocks=blocks).pdf()

    first = printed()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)):
        assert printed() == first
    code = Seal.objects.get().code
    assert reading.codes(first) == [f"https://guichet.example/papers/{code}/"]
    assert code in reading.words(first)
