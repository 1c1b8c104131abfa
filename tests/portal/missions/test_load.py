"""Missions and their providers from the files of the repository (CV-07)."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.constraints import violated
from portal.missions.models import (
    Mission,
    MissionLanguage,
    ProviderPeriod,
    in_language,
    provider_name,
)
from portal.missions.operations import load_missions
from portal.rules.parameters import Ruleset

pytestmark = pytest.mark.django_db
FOUR = {code for code, _name in settings.LANGUAGES}


@pytest.fixture
def loaded():
    load_missions()


def test_the_files_hold_four_missions_with_names_in_every_language(loaded):
    assert set(Mission.objects.values_list("code", flat=True)) == {
        "de-algiers",
        "fr-algiers",
        "fr-annaba",
        "fr-oran",
    }
    for mission in Mission.objects.all():
        assert set(mission.names) == FOUR


def test_the_command_can_be_run_again_and_changes_nothing(loaded):
    def rows():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Mission, ProviderPeriod, MissionLanguage)
        ]

    before = rows()
    call_command("load_missions", verbosity=0)
    assert rows() == before


def test_loading_again_keeps_what_staff_chose(loaded):
    Mission.objects.filter(code="fr-oran").update(rulesets={"PA": "current"}, is_active=False)
    load_missions()
    mission = Mission.objects.get(code="fr-oran")
    assert (mission.ruleset_for("PA"), mission.is_active) == (Ruleset.CURRENT, False)
    assert mission.ruleset_for("RD") == Ruleset.SEED


PROVIDERS = [
    ("FR", "algiers", "2012-10-21", ""),
    ("FR", "algiers", "2012-10-22", "TLScontact"),
    ("FR", "algiers", "2018-04-08", "TLScontact"),
    ("FR", "algiers", "2018-04-09", "VFS Global"),
    ("FR", "algiers", "2020-02-23", "VFS Global"),
    ("FR", "algiers", "2025-04-07", "VFS Global"),
    ("FR", "algiers", "2025-04-08", "Capago"),
    ("FR", "algiers", "2025-12-03", "Capago"),
    ("FR", "annaba", "2025-04-07", "TLScontact"),
    ("FR", "annaba", "2025-04-08", "Capago"),
    ("FR", "constantine", "2025-04-08", ""),
    ("FR", "constantine", "2025-04-09", "Capago"),
    ("FR", "oran", "2025-04-13", "TLScontact"),
    ("FR", "oran", "2025-04-14", "Capago"),
    ("DE", "algiers", "2025-12-03", "VFS Global"),
    ("DE", "oran", "2025-12-03", ""),
]


@pytest.mark.parametrize(("state", "post", "day", "name"), PROVIDERS)
def test_cv_07_who_ran_the_desk_on_a_day(loaded, state, post, day, name):
    assert provider_name(state, post, date.fromisoformat(day)) == name


def test_cv_07_no_provider_is_named_in_code_or_templates(loaded):
    names = {period.name for period in ProviderPeriod.objects.all()}
    assert names
    rooms = [settings.BASE_DIR / name for name in ("portal", "applications", "appointments")]
    rooms += [settings.BASE_DIR / name for name in ("complaints", "templates", "static")]
    files = [
        path
        for room in rooms
        for pattern in ("*.py", "*.html", "*.txt", "*.js")
        for path in Path(room).rglob(pattern)
    ]
    assert len(files) > 100
    named = [
        f"{path}: {name}"
        for path in files
        for name in names
        if name.casefold() in path.read_text().casefold()
    ]
    assert named == []


def test_two_providers_never_hold_one_desk_on_one_day(loaded):
    def add(first, end):
        ProviderPeriod.objects.create(
            state="FR",
            post="oran",
            name="Another",
            valid=DateRange(first, end),
            citation="test",
        )

    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        add(date(2025, 4, 13), date(2025, 4, 14))  # the last day of the one before
    assert violated(problem.value) == "one_provider_at_a_time"
    add(date(2010, 1, 1), date(2018, 4, 9))  # until the eve of the first one


def test_a_language_is_not_listed_twice_for_one_day(loaded):
    row = MissionLanguage.objects.first()
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        MissionLanguage.objects.create(
            mission=row.mission,
            language=row.language,
            valid=DateRange(date(2026, 1, 1), None),
            citation="test",
        )
    assert violated(problem.value) == "one_row_per_mission_language_at_a_time"


def test_one_mission_per_state_and_post(loaded):
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        Mission.objects.create(code="twin", state="FR", post="oran", names={"fr": "x"})
    assert violated(problem.value) == "one_mission_per_state_and_post"


@pytest.mark.parametrize(
    ("texts", "language", "shown"),
    [
        ({"fr": "Oran", "ar": "وهران"}, "ar", "وهران"),
        ({"fr": "Oran", "ar": "وهران"}, "de", "Oran"),
        ({"en": "Oran"}, "de", "Oran"),
        ({}, "fr", ""),
    ],
)
def test_a_name_in_another_language_is_better_than_none(texts, language, shown):
    assert in_language(texts, language) == shown
