"""Letters: the address is seen through the window however the sheet lies in its envelope."""

from __future__ import annotations

from datetime import date

import pytest

from portal.paper.blocks import Code, Paragraph
from portal.paper.letter import DIN_5008_B, FRENCH_DL, WINDOWS, AddressTooLongError, Letter
from portal.paper.sheet import Letterhead
from tests.portal.paper import reading

ADDRESS = ["Frau", "Amina Benali", "12, rue Didouche Mourad", "16000 ALGER", "ALGERIEN"]
URL = "https://guichet.example/papers/7K3M/"


def letter(**changes) -> bytes:
    given = {
        "language": "de",
        "title": "Antwort",
        "day": date(2025, 12, 9),
        "letterhead": Letterhead("Konsulat", ["Visastelle", "+213 21 00"]),
        "address": ADDRESS,
        "window": DIN_5008_B,
        "details": [("Zeichen", "B-2025-0012"), ("Datum", "9. Dezember 2025")],
        "subject": "Ihre Beschwerde",
        "body": [Paragraph("Sehr geehrte Frau Benali,"), Paragraph("wir haben geprüft.")],
        "closing": ["Mit freundlichen Grüßen"],
        "signed": ["M. Beispiel"],
        "notes": ["Anlage"],
    }
    return Letter(**(given | changes)).pdf()


def test_parts_come_in_order():
    text = reading.words(letter())
    order = ["Visastelle", *ADDRESS, "B-2025-0012", "Ihre Beschwerde", "Sehr geehrte"]
    order += ["geprüft.", "Mit freundlichen Grüßen", "M. Beispiel", "Anlage"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def only_the_address(window, **changes) -> bytes:
    return letter(
        window=window,
        details=(),
        letterhead=Letterhead("Konsulat"),
        subject=".",
        body=(),
        **changes,
    )


# What must lie on paper where the window shows it: DIN 5008 B, and DL after all sliding.
@pytest.mark.parametrize(
    ("window", "seen"),
    [(DIN_5008_B, (20, 45, 105, 90)), (FRENCH_DL, (100, 45, 190, 79))],
    ids=["din", "french"],
)
def test_address_lies_within_the_window_and_nothing_else_does(window, seen):
    longest = [*ADDRESS, "x" * 30][: 5 if window is FRENCH_DL else 6]
    paper = only_the_address(window, address=longest)
    left, top, right, bottom = seen
    inside = reading.ink(paper, 0, seen)
    around = reading.ink(paper, 0, (left - 12, top - 12, right + 12, bottom + 4))
    assert inside > 500
    assert around == inside


def test_address_of_the_french_window_shows_in_the_smaller_window_too():
    paper = only_the_address(FRENCH_DL)
    assert reading.ink(paper, 0, (100, 55, 190, 79)) > 400
    assert reading.ink(paper, 0, (100, 79, 190, 92)) == 0


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_address_that_does_not_fit_is_refused_and_not_cut(window):
    with pytest.raises(AddressTooLongError):
        letter(window=window, address=["line"] * 8)


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_long_line_of_an_address_is_turned_over(window):
    paper = letter(
        window=window, address=["Amina Benali", "Rue " + "très " * 12 + "longue", "ALGER"]
    )
    assert reading.words(paper).count("très") == 12


def test_name_in_arabic_stands_in_the_window():
    paper = only_the_address(DIN_5008_B, address=["أمينة بن علي", "16000 ALGER"])
    assert reading.ink(paper, 0, (25, 60, 60, 90)) > 100


def test_greeting_and_name_stay_together():
    for lines in range(24, 44, 2):
        paper = letter(body=[Paragraph("\n".join(["Zeile"] * lines))])
        pages = [page.extract_text() for page in reading.reader(paper).pages]
        with_greeting = [text for text in pages if "Mit freundlichen" in text]
        assert len(with_greeting) == 1
        assert "M. Beispiel" in with_greeting[0]


def test_long_letter_counts_its_pages_and_second_page_begins_on_top():
    paper = letter(body=[Paragraph("Zeile " * 60)] * 10)
    assert len(reading.reader(paper).pages) > 1
    assert reading.ink(paper, 1, (25, 18, 190, 40)) > 200


def test_letter_can_carry_a_code():
    assert reading.codes(letter(blocks_after=[Code(URL, "Echt?")])) == [URL]


def test_subject_is_the_title_for_reading_programs_and_metadata_name_nobody():
    paper = letter()
    assert reading.structure(paper).count("H1") == 1
    assert "Benali" not in str(dict(reading.reader(paper).metadata))


def test_equal_letters_are_equal_files():
    assert letter() == letter()
