"""Missions that take complaints, and complaints as people send them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from complaints.operations.arrival import Person
from complaints.operations.complaining import Told
from portal.missions.models import Mission, MissionLanguage, ProviderPeriod
from tests.factories import MissionFactory

FRENCH = (
    "Le 3 novembre, j'ai attendu quatre heures devant le guichet sans que personne ne m'explique "
    "pourquoi. L'agent m'a parlé de manière impolie devant ma fille."
)
GERMAN = (
    "Am dritten November habe ich vier Stunden vor dem Schalter gewartet, ohne dass mir jemand "
    "den Grund gesagt hat. Die Mitarbeiterin war sehr unfreundlich zu meiner Tochter."
)
ENGLISH = (
    "On the third of November I waited four hours in front of the counter and nobody told me "
    "why. The woman behind the window was rude to my daughter."
)
APPEAL = "Je conteste la décision de refus de mon visa et je vous demande de la réexaminer."
BOTH = f"{APPEAL} L'agent au guichet m'a aussi parlé de manière impolie et humiliante."


def taking_mission(*languages: str, state: str = "DE", provider: str = "VFS Global") -> Mission:
    """Make a mission that takes complaints in these languages (default: French and German)."""
    code = f"{state.lower()}-algiers"
    mission = MissionFactory(state=state, post="algiers", code=code)
    for language in languages or ("fr", "de"):
        MissionLanguage.objects.get_or_create(
            mission=mission,
            language=language,
            defaults={"valid": DateRange(date(2020, 1, 1), None), "citation": "-"},
        )
    ProviderPeriod.objects.get_or_create(
        state=state,
        post="algiers",
        name=provider,
        defaults={"valid": DateRange(date(2020, 1, 1), None), "citation": "-"},
    )
    return mission


def told(mission: Mission, text: str = FRENCH, **more: Any) -> Told:
    """Return a complaint of Amina Benali about the provider, in French."""
    given: dict[str, Any] = {
        "mission": mission,
        "subjects": ["provider"],
        "text": text,
        "declared": "fr",
        "page": "fr",
        "person": Person(name="Amina Benali", email="amina@example.org"),
    }
    return Told(**{**given, **more})
