"""Subjects and their labels, one complaint or two, order of arrival: CP-01, CP-03, CP-05, RC-02."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.enums import SUBJECTS
from complaints.rules.order import order_of_arrival
from complaints.rules.receipt import is_repetition, same_text
from complaints.rules.subjects import Subject, recipient_label, subject_label, subjects_verdict
from portal.dates import ALGIERS, AUTHORITY_ZONES

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("subject", "language", "label"),
    [
        (
            Subject.STAFF,
            "fr",
            "Réclamation concernant le comportement du personnel consulaire",
        ),
        (
            Subject.PROVIDER,
            "fr",
            "Réclamation concernant le comportement du prestataire de services externe VFS Global",
        ),
        (Subject.PROCEDURE, "fr", "Réclamation concernant la procédure de demande de visa"),
        (Subject.STAFF, "de", "Beschwerde über Verhalten des Konsulatspersonals"),
        (
            Subject.PROVIDER,
            "de",
            "Beschwerde über Verhalten des externen Dienstleistungserbringers VFS Global",
        ),
        (Subject.PROCEDURE, "de", "Beschwerde über den Prozess der Visumantragstellung"),
    ],
)
def test_cp_01_exact_labels(subject: Subject, language: str, label: str) -> None:
    assert subject_label(subject, language, "VFS Global", DAY) == label


def test_cp_01_the_provider_is_an_argument() -> None:
    renamed = subject_label(Subject.PROVIDER, "fr", "Capago", DAY)
    assert renamed.endswith("prestataire de services externe Capago")
    unknown = subject_label(Subject.PROVIDER, "de", "", DAY)
    assert unknown == "Beschwerde über Verhalten des externen Dienstleistungserbringers"
    assert recipient_label(DAY) == "Beschwerde zum Schengen-Visum-Verfahren"


def test_cp_01_the_stored_words_are_the_rules_words() -> None:
    assert [subject.value for subject in SUBJECTS] == list(Subject)


@pytest.mark.parametrize(
    ("chosen", "long_stay", "outcome", "codes"),
    [
        pytest.param(["staff"], False, "accepted", [], id="CP-01 one"),
        pytest.param(["staff", "staff"], False, "accepted", [], id="CP-01 the same twice"),
        pytest.param(["procedure", "staff"], False, "split", ["ONE_SUBJECT_EACH"], id="CP-01 two"),
        pytest.param([], False, "refused", ["SUBJECT_UNKNOWN"], id="CP-01 none"),
        pytest.param(["parking"], False, "refused", ["SUBJECT_UNKNOWN"], id="CP-01 free"),
        pytest.param(["staff", "x"], False, "refused", ["SUBJECT_UNKNOWN"], id="CP-01 forged"),
        pytest.param(
            ["staff"], True, "other_channel", ["LONG_STAY_ELSEWHERE"], id="CP-03 long stay"
        ),
    ],
)
def test_cp_01_and_cp_03(
    chosen: list[str], long_stay: bool, outcome: str, codes: list[str]
) -> None:
    verdict = subjects_verdict(chosen, DAY, long_stay=long_stay)
    assert (verdict.outcome, verdict.codes()) == (outcome, codes)


def test_cp_01_two_subjects_come_in_the_order_of_the_form() -> None:
    found = subjects_verdict(["procedure", "staff"], DAY).results["subjects"]
    assert found == (Subject.STAFF, Subject.PROCEDURE)


@pytest.mark.parametrize(
    ("later", "one"),
    [
        pytest.param(timedelta(minutes=2), True, id="two minutes"),
        pytest.param(timedelta(minutes=10), True, id="ten minutes"),
        pytest.param(timedelta(minutes=10, seconds=1), False, id="and a second"),
        pytest.param(timedelta(days=1), False, id="a day"),
    ],
)
def test_cp_05_sent_twice(later: timedelta, one: bool) -> None:
    first = datetime(2026, 7, 1, 22, 55, tzinfo=UTC)
    assert is_repetition(first, first + later) is one


def test_cp_05_the_same_text() -> None:
    assert same_text("L'été  est\nlong ", "L'e\u0301te\u0301 est long")
    assert not same_text("L'été est long", "L'ete est long.")


def test_rc_02_order_of_arrival() -> None:
    nine = datetime(2026, 7, 1, 9, tzinfo=ALGIERS)
    assert order_of_arrival(nine, 9) < order_of_arrival(nine + timedelta(minutes=1), 1)
    assert order_of_arrival(nine, 1) < order_of_arrival(nine, 2)
    berlin = datetime(2026, 7, 1, 10, 15, tzinfo=AUTHORITY_ZONES["DE"])  # 09:15 in Algiers
    assert order_of_arrival(berlin, 5) < order_of_arrival(nine + timedelta(minutes=30), 1)
    with pytest.raises(ValueError, match="aware"):
        order_of_arrival(datetime(2026, 7, 1, 9), 1)
