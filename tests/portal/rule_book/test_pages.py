"""The rule book: made from tables and docstrings, shown to everybody."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.test import Client

from portal.rule_book.contents import FAMILIES, rule_book


def page(address: str, language: str = "en") -> str:
    client = Client()
    client.cookies["guichet_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_index_names_every_family_and_rule():
    text = page("/rules/")
    for code in rule_book().families():
        assert f'href="/rules/{code}/"' in text
    assert 'href="/rules/PA-03/"' in text


def test_rule_shows_sentence_value_source_boundaries_and_reading():
    text = page("/rules/PA-04/")
    assert "The passport must outlive the stay by the months of its visa class." in text
    assert "8 months" in text
    assert "004 §2.2" in text
    assert "filing 30 Jun + 8 months is 28 Feb" in text
    assert "later law or practice" in text
    assert "10 May 2010" in text


def test_history_tells_what_changed_when():
    text = page("/rules/RC-04/")
    assert "What changed when" in text
    assert "1 July 2025" in text


def test_family_page_has_an_anchor_per_rule():
    assert 'id="ST-01"' in page("/rules/ST/")


@pytest.mark.parametrize(
    "address", ["/rules/ZZ/", "/rules/PA-99/", "/rules/pa-01/", "/rules/PA-1/"]
)
def test_unknown_rule_is_not_found(address):
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("code", sorted(FAMILIES))
@pytest.mark.parametrize("language", ["fr", "de", "ar", "en"])
def test_every_family_can_be_read_in_every_language(code, language):
    text = page(f"/rules/{code}/", language)
    assert f'<html lang="{language}"' in text
    assert 'lang="en" dir="ltr"' in text


def test_pages_ask_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page("/rules/EX/")


def test_export_holds_every_rule_with_its_rows(capsys):
    call_command("rule_book", format="json")
    rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert rules["PA-03"]["values"][0]["citation"]
    assert set(rules) == {entry.id for entry in rule_book().entries}


def test_text_can_be_limited_to_one_rule(capsys):
    call_command("rule_book", rule="PA-02")
    out = capsys.readouterr().out
    assert out.startswith("PA-02\n")
    assert "PA-03" not in out
