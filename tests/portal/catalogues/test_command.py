import gettext
import json
import os
import threading

import pytest
from django.core.management import CommandError, call_command

GERMAN = {
    "Book %(date)s": "%(date)s buchen",
    "One sentence.": "Ein Satz.",
    "%(count)s day": {"forms": ["%(count)s Tag", "%(count)s Tage"]},
    "month\x04May": "Mai",
    "From a template": "Aus einer Vorlage",
    "Hello %(name)s, welcome.": "Guten Tag %(name)s, willkommen.",
    "%(n)s hour": {"forms": ["%(n)s Stunde", "%(n)s Stunden"]},
    "permission\x04May": "Darf",
    "Nothing": "Nichts",
}


def po(project, language):
    return project / "portal" / "locale" / language / "LC_MESSAGES" / "django.po"


def compiled(project, language):
    with po(project, language).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def exported(catalogues, *arguments):
    return json.loads(catalogues("export", *arguments))


def test_extracting_twice_changes_nothing(catalogues, project):
    catalogues("extract")
    before = po(project, "ar").read_bytes()
    assert "ar: up to date" in catalogues("extract")
    assert po(project, "ar").read_bytes() == before


def test_extracting_keeps_translations_and_drops_what_is_gone(catalogues, take, project):
    take("de", GERMAN)
    words = project / "portal" / "words.py"
    words.write_text(words.read_text().replace("One ", "Another "))
    catalogues("extract")
    text = po(project, "de").read_text()
    assert "%(date)s buchen" in text
    assert "Ein Satz." not in text, "neither kept as obsolete nor guessed"
    assert "fuzzy" not in text
    assert exported(catalogues, "--language", "de", "--missing") == {"Another sentence.": ""}


def test_a_translation_arrives_in_the_compiled_catalogue(catalogues, take, project):
    take("de", GERMAN)
    assert "de: compiled" in catalogues("compile")
    german = compiled(project, "de")
    assert german.gettext("Nothing") == "Nichts"
    assert german.pgettext("month", "May") == "Mai"
    assert german.pgettext("permission", "May") == "Darf"
    assert german.ngettext("%(count)s day", "%(count)s days", 2) == "%(count)s Tage"


def test_what_is_not_translated_stays_english_in_every_form(catalogues, project):
    catalogues("extract")
    catalogues("compile")
    arabic = compiled(project, "ar")
    assert arabic.gettext("Nothing") == "Nothing"
    assert arabic.ngettext("%(count)s day", "%(count)s days", 7) == "%(count)s days"


def test_compiling_skips_what_is_up_to_date(catalogues, project):
    catalogues("extract")
    catalogues("compile")
    assert catalogues("compile") == ""
    mo = po(project, "de").with_suffix(".mo")
    os.utime(mo, (1, 1))
    assert catalogues("compile") == "de: compiled\n"


def test_arabic_chooses_among_six_forms(catalogues, take, project):
    forms = ["لا يوم", "يوم", "يومان", "%(count)s أيام", "%(count)s يوما", "%(count)s يوم"]
    take("ar", {"%(count)s day": {"forms": forms}})
    catalogues("compile")
    arabic = compiled(project, "ar")
    chosen = [arabic.ngettext("%(count)s day", "%(count)s days", n) for n in (0, 1, 2, 3, 11, 100)]
    assert chosen == forms


def test_exporting_shows_forms_and_what_they_are_for(catalogues):
    entry = exported(catalogues, "--language", "ar", "--missing")["%(count)s day"]
    assert entry["plural"] == "%(count)s days"
    assert entry["forms"] == [""] * 6
    assert [numbers.split(",")[0] for numbers in entry["numbers"]] == [
        "for 0",
        "for 1",
        "for 2",
        "for 3",
        "for 11",
        "for 100",
    ]


def test_the_shares_of_an_export_are_together_the_whole(catalogues):
    whole = exported(catalogues, "--language", "de")
    shares = [exported(catalogues, "--language", "de", "--part", f"{n}/3") for n in (1, 2, 3)]
    assert [key for share in shares for key in share] == list(whole)
    assert all(len(share) == 3 for share in shares)


@pytest.mark.parametrize("part", ["0/2", "3/2", "x", "1/0"])
def test_a_share_that_cannot_be_is_refused(catalogues, part):
    with pytest.raises(CommandError, match="share"):
        catalogues("export", "--language", "de", "--part", part)


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        pytest.param("Book %(date)s", "Buchen", id="lost placeholder"),
        pytest.param("Unheard of", "Unerhört", id="unknown text"),
        pytest.param("May", "Mai", id="context left out"),
        pytest.param("%(count)s day", "%(count)s Tage", id="one form for two"),
        pytest.param("%(count)s day", {"forms": ["", "%(count)s Tage"]}, id="an empty form"),
        pytest.param("Nothing", {"forms": ["Nichts"]}, id="forms for one"),
        pytest.param("Nothing", 7, id="a number"),
    ],
)
def test_importing_refuses_what_is_wrong_and_takes_the_rest(
    catalogues, take, project, capsys, key, entry
):
    with pytest.raises(CommandError, match="1 of 2"):
        take("de", {key: entry, "One sentence.": "Ein Satz."})
    assert repr(key) in capsys.readouterr().out
    missing = exported(catalogues, "--language", "de", "--missing")
    assert "One sentence." not in missing
    assert len(missing) == 8


def test_two_translators_at_once_lose_nothing(catalogues, project, tmp_path):
    items = list(GERMAN.items())

    def hand_in(number):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(dict(items[number::3])))
        call_command("catalogues", "import", "--language", "de", str(file))

    threads = [threading.Thread(target=hand_in, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert exported(catalogues, "--language", "de", "--missing") == {}


def test_check_is_content_when_everything_is_translated(catalogues, take, settings):
    settings.LANGUAGES = [("de", "Deutsch"), ("en", "English")]
    take("de", GERMAN)
    catalogues("extract")
    assert catalogues("check") == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param('"Nichts"', '""', "missing: 'Nothing'", id="missing"),
        pytest.param(
            'msgid "Nothing"', '#, fuzzy\nmsgid "Nothing"', "only guessed: 'Nothing'", id="guessed"
        ),
        pytest.param("%(date)s buchen", "buchen", "lost placeholder %(date)s", id="placeholder"),
        pytest.param('"%(n)s Stunden"', '""', "missing: '%(n)s hour'", id="a plural form"),
        pytest.param(
            'msgid "Nothing"', 'msgid "No thing"', "not in the catalogue: 'Nothing'", id="absent"
        ),
    ],
)
def test_check_names_every_fault(catalogues, take, project, settings, capsys, old, new, fault):
    settings.LANGUAGES = [("de", "Deutsch")]
    take("de", GERMAN)
    file = po(project, "de")
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(CommandError, match="1 fault"):
        catalogues("check")
    assert f"de: {fault}" in capsys.readouterr().out


def test_check_misses_a_catalogue_that_is_not_there(catalogues, capsys):
    with pytest.raises(CommandError, match="4 faults"):
        catalogues("check")
    assert "ar: there is no catalogue" in capsys.readouterr().out
