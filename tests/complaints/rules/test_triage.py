"""Does a complaint read like an appeal: CP-04."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest

from complaints.rules.triage import triage_verdict

DAY = date(2026, 11, 22)
TEXTS = tomllib.loads(
    Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"),
)["texts"]


@pytest.mark.parametrize(
    "text",
    [
        "Je conteste le refus de mon visa.",
        "Par la présente je forme un recours gracieux contre votre décision du 3 mars.",
        "JE CONTESTE VOTRE DECISION DE REFUS",
        "Je ne suis pas d'accord avec le refus.",
        "Je demande l'annulation de la décision de refus.",
        "Je demande le réexamen de ma demande suite au refus.",
        "Je ne comprends pas et je conteste le refus.",
        "Je conteste ce refus qui n'est pas motivé.",
        "Je m’oppose à l’abrogation de mon visa.",
        "Je n'accepte pas le refus de mon visa.",
        "Le refus de visa est une erreur.",
        "Mon visa a été refusé à tort.",
        "Mein Visum wurde zu Unrecht abgelehnt.",
        "ICH AKZEPTIERE DIE ABLEHNUNG NICHT",
        "Ich kann diese Entscheidung nicht akzeptieren.",
        "Ich lege Widerspruch gegen die Ablehnung ein.",
        "Ich fechte den Bescheid an.",
        "HIERMIT ERHEBE ICH REMONSTRATION",
        "Bitte ueberpruefen Sie die Ablehnung meines Visums.",
        "Bitte überprüfen Sie die Ablehnung meines Visums.",
        "I want to appeal the refusal of my visa.",
        "I do not agree with your decision.",
        "أريد الطعن في قرار الرفض",
        "أعترض على قراركم",
    ],
)
def test_cp_04_reads_like_an_appeal(text: str) -> None:
    verdict = triage_verdict(text, DAY)
    assert (verdict.outcome, verdict.codes()) == ("appeal", ["READS_LIKE_APPEAL"])
    assert verdict.results["appeal_parts"] == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rude at the desk",
        "L'agent a refusé de me parler.",
        "J'ai fait appel à un traducteur.",
        "J'ai dû avoir recours à un ami.",
        "Le guichet n'accepte pas les cartes et personne ne m'a dit sa décision.",
        "Die Mitarbeiterin hat meine Kopien zu Unrecht abgelehnt.",
        "Mon visa a été refusé et personne ne m'a reçu.",
        "Je conteste les frais de 3000 dinars.",
        "Votre lettre dit « vous pouvez former un recours gracieux ».",
        "> Je conteste le refus.\nL'agent était impoli.",
        "Ceci n'est pas un recours gracieux.",
        "Je ne conteste pas le refus, mais l'agent était impoli.",
        "Sans contester la décision, je me plains de l'attente.",
        "Ich lege keinen Widerspruch ein.",
        "Ich fechte die Ablehnung nicht an, der Mitarbeiter war unfreundlich.",
        "I do not contest the refusal, the guard was rude.",
        "لا أطعن في القرار، الموظف كان سيئا",
    ],
)
def test_cp_04_goes_on_as_a_complaint(text: str) -> None:
    assert triage_verdict(text, DAY).outcome == "complaint"


@pytest.mark.parametrize(
    ("text", "appeal", "complaint"),
    [
        pytest.param(
            "Je conteste le refus de mon visa. L'agent au guichet était impoli.",
            ("Je conteste le refus de mon visa.",),
            ("L'agent au guichet était impoli.",),
            id="two sentences",
        ),
        pytest.param(
            "I appeal the refusal and the staff was rude to my mother.",
            ("I appeal the refusal and the staff was rude to my mother.",),
            ("I appeal the refusal and the staff was rude to my mother.",),
            id="one sentence stays whole in both",
        ),
    ],
)
def test_cp_04_both_are_split(
    text: str, appeal: tuple[str, ...], complaint: tuple[str, ...]
) -> None:
    verdict = triage_verdict(text, DAY)
    assert (verdict.outcome, verdict.codes()) == ("both", ["COMPLAINT_AND_APPEAL"])
    assert verdict.results["appeal_parts"] == appeal
    assert verdict.results["complaint_parts"] == complaint


def test_cp_04_a_decision_that_is_only_mentioned_gets_a_word() -> None:
    verdict = triage_verdict("Depuis le refus, personne ne me répond au téléphone.", DAY)
    assert (verdict.outcome, verdict.codes()) == ("complaint", ["DECISION_MENTIONED"])


def test_cp_04_no_ordinary_complaint_is_stopped() -> None:
    stopped = [
        text
        for group in TEXTS
        for text in group["texts"]
        if triage_verdict(text, DAY).outcome != "complaint"
    ]
    assert stopped == []


@pytest.mark.parametrize("sign", ["a.", "w ", "a'", "je conteste le refus. "])
def test_a_hundred_thousand_signs_are_sorted_in_a_moment(sign: str) -> None:
    start = time.process_time()
    triage_verdict(sign * (100_000 // len(sign)), DAY)
    assert time.process_time() - start < 5  # measured: 0.1 to 0.4 s
