"""In which language a text is written, and which languages a mission takes (CP-02)."""

from __future__ import annotations

from datetime import date

from portal.missions.models import Mission, MissionLanguage
from portal.rules.findings import Verdict

from .language_detector import read_languages
from .rules.language import LanguageFacts, after_asking, language_verdict
from .rules.law import LAW


def accepted_languages(mission: Mission, day: date) -> list[str]:
    """Return the languages of complaints at `mission` on `day`, French and German first."""
    rows = MissionLanguage.objects.filter(mission=mission, use=MissionLanguage.Use.COMPLAINTS)
    taken = rows.on(day).values_list("language", flat=True)
    return sorted(taken, key=lambda code: (code != "fr", code != "de", code))


def read(
    *, mission: Mission, text: str, declared: str, page: str, day: date, said: str | None = None
) -> Verdict:
    """Judge the language of `text`; `said` is what the person answered when asked, if they were.

    Outcomes: those of `rules.language`: accepted, ask, another_language, nothing_written, and
    agent_decides once they were asked.
    """
    accepted = frozenset(accepted_languages(mission, day))
    facts = LanguageFacts(
        text=text,
        guesses=read_languages(text, day),
        accepted=accepted,
        page=page,
        declared=declared,
    )
    verdict = language_verdict(facts, day)
    if said is None or verdict.outcome in ("accepted", "nothing_written"):
        return verdict
    return after_asking(facts, said if said in accepted else "", LAW.on(day))
