"""Every finding of the complaint and appeal rules can be said, with all its values filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten, label_for_field
from django.utils import translation
from django.utils.module_loading import import_string

from applications.rules.remedies import RefusedVisa
from applications.wording.remedies import DECISION_REMEDIES
from complaints import language_detector, wording
from complaints.rules.admissibility import ArrivedAppeal, Channel, Sender, admissibility_verdict
from complaints.rules.doors import DoorFacts, Matter, door_verdict
from complaints.rules.language import Guesses, LanguageFacts, after_asking, check_language
from complaints.rules.law import LAW
from complaints.rules.subjects import subjects_verdict
from complaints.rules.triage import triage_verdict
from portal.dates import ALGIERS
from portal.rules.findings import Verdict
from portal.wording import Table, shown_all, shown_stored

DAY = date(2026, 11, 22)
ARRIVED = ArrivedAppeal(
    matter=Matter.REFUSAL,
    state="DE",
    visa=RefusedVisa.SHORT_STAY,
    notified=date(2025, 6, 30),
    channel=Channel.PORTAL,
    arrived=datetime(2025, 8, 5, 9, tzinfo=ALGIERS),
    document=True,
    signed=True,
)


def languages() -> Iterator[Verdict]:
    law = LAW.on(DAY)
    french = "Le personnel du centre était impoli."
    plain = LanguageFacts(
        text=french,
        guesses=Guesses(whole={"fr": 0.9}),
        accepted=frozenset({"fr", "de"}),
        page="fr",
    )
    english = Guesses(whole={"en": 0.9})
    for facts in (
        plain,
        replace(plain, text=""),
        replace(plain, text="« non »"),
        replace(plain, text="non"),
        replace(plain, text="Mon nom est مريم et je pars"),
        replace(plain, text="rani 3lach bezaf"),
        replace(plain, guesses=Guesses(whole={"fr": 0.9}, passages=({"en": 0.9},))),
        replace(plain, guesses=Guesses(whole={"fr": 0.3})),
        replace(plain, guesses=english),
        replace(plain, declared="de"),
    ):
        yield check_language(facts, law)
    yield after_asking(plain, "fr", law)
    yield after_asking(replace(plain, guesses=english), "fr", law)


def subjects() -> Iterator[Verdict]:
    yield subjects_verdict(["x"], DAY)
    yield subjects_verdict(["staff", "provider"], DAY)
    yield subjects_verdict(["staff"], DAY, long_stay=True)


def triage() -> Iterator[Verdict]:
    yield triage_verdict("Je conteste le refus.", DAY)
    yield triage_verdict("Je conteste le refus. L'agent était impoli.", DAY)
    yield triage_verdict("Depuis le refus, rien.", DAY)


def doors() -> Iterator[Verdict]:
    for matter in Matter:
        for state in ("FR", "DE"):
            for visa in (None, *RefusedVisa):
                for notified in (None, date(2025, 6, 30), date(2025, 7, 1), date(2027, 1, 1)):
                    for today in (date(2025, 7, 2), DAY):
                        yield door_verdict(
                            DoorFacts(
                                matter=matter,
                                state=state,
                                today=today,
                                visa=visa,
                                notified=notified,
                            )
                        )


def arrivals() -> Iterator[Verdict]:
    for changes in (
        {},
        {"document": False},
        {"signed": False},
        {"signed": None},
        {"sender": Sender.REPRESENTATIVE},
        {"sender": Sender.REPRESENTATIVE, "authority_letter": False},
        {"sender": Sender.OTHER},
        {"channel": Channel.DESK},
        {"channel": Channel.POST},
        {"channel": Channel.POST, "postmark": date(2025, 7, 30)},
        {"notified": None},
        {"notified": date(2025, 8, 6)},
        {"notified": date(2025, 7, 1)},
        {"notified": date(2025, 3, 4), "arrived": datetime(2025, 4, 6, 9, tzinfo=ALGIERS)},
        {"matter": Matter.ANNULMENT},
        {"state": "FR"},
    ):
        yield admissibility_verdict(replace(ARRIVED, **changes))


ROOMS = [
    pytest.param(languages, wording.LANGUAGE, id="CP-02 language"),
    pytest.param(subjects, wording.SUBJECTS, id="CP-01 and CP-03 subjects"),
    pytest.param(triage, wording.TRIAGE, id="CP-04 triage"),
    pytest.param(doors, wording.DOORS, id="RC doors"),
    pytest.param(arrivals, wording.ADMISSIBILITY, id="RC admissibility"),
]


@pytest.mark.parametrize(("verdicts", "table"), ROOMS)
def test_every_finding_can_be_said_now_and_years_later(verdicts, table: Table) -> None:
    for language in ("en", "fr", "ar"):
        with translation.override(language):
            for verdict in verdicts():
                for said in (
                    shown_all(verdict.findings, table),
                    shown_stored(verdict.as_json(), table),
                ):
                    for finding in said:
                        assert finding.sentence
                        assert "%(" not in finding.sentence + finding.remedy


def test_every_sentence_of_this_room_is_reached() -> None:
    seen = {
        finding.code
        for room in (languages, subjects, triage, doors, arrivals)
        for verdict in room()
        for finding in verdict.findings
    }
    ours = {
        *wording.LANGUAGE,
        *wording.SUBJECTS,
        *wording.TRIAGE,
        *(wording.ADMISSIBILITY.keys() - DECISION_REMEDIES.keys()),
    }
    assert ours - seen == set()


def test_an_accepted_language_is_named_in_the_readers_language() -> None:
    with translation.override("en"):
        said = shown_all(list(languages())[8].findings, wording.LANGUAGE)[0].sentence
    assert "looks like English" in said
    assert "German, French" in said


def test_the_model_is_loaded_once_and_before_forking() -> None:
    loaders = [import_string(path) for path in settings.LOADED_BEFORE_FORKING]
    assert language_detector.load in loaders
    language_detector.load()
    language_detector.load()
    assert language_detector._identifier.cache_info().misses == 1


def test_whatever_staff_read_of_a_case_has_a_name_in_their_language() -> None:
    nameless = []
    for model in apps.get_app_config("complaints").get_models():
        page = admin.site._registry.get(model)
        for name in flatten([*(page.fields or ()), *page.list_display]) if page else ():
            with translation.override("ar"):
                label = str(label_for_field(name, model, page))
            if label.isascii():
                nameless.append((model.__name__, name, label))
    assert nameless == []
