"""The page of a paper: genuine, replaced, withdrawn, unknown; and never what it says."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from portal.paper import kinds, seals
from portal.paper.models import Seal

RECEIPT = kinds.declare("test_receipt", "Test receipt")
REFERENCE = "A-7K3M-92QX"
FACTS = {"name": "Amina Benali", "reference": REFERENCE, "born": date(1990, 5, 17)}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def seal() -> Seal:
    return seals.issue_seal(
        kind=RECEIPT, subject_ref="application:4711", facts=FACTS, reference=REFERENCE
    )


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies["guichet_language"] = "en"
    return client


def said(response) -> str:
    return " ".join(response.content.decode().split("<main")[1].split())


def compare(visitor, seal, reference):
    return visitor.post(f"/papers/{seal.code}/", {"reference": reference})


def test_genuine_paper_is_confirmed_with_kind_and_date(visitor, seal):
    response = visitor.get(f"/papers/{seal.code}/")
    assert response.status_code == 200
    text = said(response)
    assert "This code is genuine" in text
    assert "Test receipt" in text
    assert str(seal.issued_at.year) in text
    assert "no-store" in response["Cache-Control"]


def test_content_is_never_shown(visitor, seal):
    answers = [visitor.get(f"/papers/{seal.code}/"), compare(visitor, seal, "wrong")]
    for response in answers:
        page = response.content.decode()
        for secret in ("Amina", "Benali", REFERENCE, "1990", "4711", "application:"):
            assert secret not in page


def test_replaced_paper_says_that_the_newer_one_counts(visitor, seal):
    seals.issue_seal(kind=RECEIPT, subject_ref="application:4711", facts={"x": 1})
    text = said(visitor.get(f"/papers/{seal.code}/"))
    assert "This paper has been replaced" in text
    assert "genuine" not in text


def test_withdrawn_paper_says_so(visitor, seal):
    seals.revoke_seal(seal=seal, actor=None, reason="secret reason")
    text = said(visitor.get(f"/papers/{seal.code}/"))
    assert "This paper is no longer valid" in text
    assert "secret reason" not in text


def test_unknown_code_is_a_calm_page_that_leads_on(visitor, seal):
    response = visitor.get("/papers/0000-0000-0000-0000-0000-0000-0000/")
    assert response.status_code == 404
    assert "We do not know this code" in said(response)
    assert 'href="/papers/"' in said(response)


@pytest.mark.parametrize("code", ["x", "<script>alert(1)</script>", "%00", "é", "0" * 3000, ".."])
def test_strange_codes_are_unknown_and_harmless(visitor, code):
    response = visitor.get(f"/papers/{code}/")
    assert response.status_code in (301, 404)
    assert b"<script>alert" not in response.content


def test_kind_whose_app_is_gone_still_has_a_name(visitor, seal):
    Seal.objects.update(kind="gone")
    assert "Paper of this portal" in said(visitor.get(f"/papers/{seal.code}/"))


def test_looking_changes_nothing(visitor, seal):
    before = list(Seal.objects.values())
    visitor.get(f"/papers/{seal.code}/")
    visitor.head(f"/papers/{seal.code}/")
    compare(visitor, seal, REFERENCE)
    assert list(Seal.objects.values()) == before


def test_page_costs_one_question(visitor, seal, django_assert_num_queries):
    with django_assert_num_queries(1):
        visitor.get(f"/papers/{seal.code}/")


# --- Typing a code --------------------------------------------------------------------------------


def test_typed_code_leads_to_its_page(visitor, seal):
    assert visitor.get("/papers/").status_code == 200
    typed = seal.code.lower().replace("-", " ")
    response = visitor.post("/papers/", {"code": typed})
    assert response.status_code == 302
    assert "This code is genuine" in said(visitor.get(response.url))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Enter the code"),
        ("7K3M-92QX", "You entered 8."),
        ("!" * 28, "You entered 0."),
        ("é" * 28, "only the letters A to Z"),
    ],
)
def test_code_that_cannot_be_one_is_explained_and_kept(visitor, typed, answer):
    response = visitor.post("/papers/", {"code": typed})
    assert response.status_code == 422
    assert answer in said(response)
    assert typed in said(response)


# --- Comparing the reference ----------------------------------------------------------------------


def test_reference_that_belongs_to_the_paper(visitor, seal):
    response = compare(visitor, seal, " a-7k3m 92qx ")
    assert response.status_code == 200
    assert "Code and reference are genuine" in said(response)
    assert "The reference you entered belongs to it." in said(response)


def test_reference_of_another_paper_is_a_warning_and_not_a_confirmation(visitor, seal):
    text = said(compare(visitor, seal, "A-0000-0000"))
    assert "The reference does not belong to this paper" in text
    assert "genuine" not in text


def test_replaced_paper_stays_replaced_when_the_reference_fits(visitor, seal):
    seals.issue_seal(kind=RECEIPT, subject_ref="application:4711", facts={"x": 1})
    text = said(compare(visitor, seal, REFERENCE))
    assert "This paper has been replaced" in text
    assert "The reference you entered belongs to it." in text


def test_empty_reference_asks_for_one(visitor, seal):
    response = compare(visitor, seal, " ")
    assert response.status_code == 422
    assert "Enter the reference" in said(response)


def test_ten_tries_and_then_not_even_the_right_one_is_told(visitor, seal):
    answers = [compare(visitor, seal, f"A-0000-{n:04}").status_code for n in range(10)]
    assert answers == [200] * 10
    response = compare(visitor, seal, REFERENCE)
    assert response.status_code == 429
    assert "Too many tries" in said(response)
    assert "belongs to it" not in said(response)
    assert REFERENCE in said(response)  # what was typed stays


def test_tries_at_one_paper_do_not_count_for_another(visitor, seal):
    other = seals.issue_seal(kind=RECEIPT, subject_ref="application:1", facts={}, reference="B-1")
    for n in range(11):
        compare(visitor, seal, f"A-{n}")
    assert "belongs to it" in said(compare(visitor, other, "B-1"))
    assert visitor.get(f"/papers/{seal.code}/").status_code == 200
