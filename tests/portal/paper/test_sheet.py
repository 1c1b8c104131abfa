"""Sheets as other programs read them: text, order, shapes, codes, structure, equal bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.paper.bidi import ltr
from portal.paper.blocks import Code, Heading, NewPage, Paragraph, Rows, Rule, Space
from portal.paper.sheet import A4_LANDSCAPE, A6, Letterhead, Sheet
from portal.paper.table import TICK, Column, Table
from tests.portal.paper import reading

DAY = date(2025, 12, 9)
URL = "https://guichet.example/papers/7K3M-92QX-7K3M-92QX-7K3M-92QX-7K3M/"
ARABIC = f"تم استلام ملفكم رقم {ltr('A-7K3M-92QX')} يوم الثلاثاء."


def sheet(*blocks, language="fr", title="Récépissé", **options) -> bytes:
    return Sheet(title=title, language=language, day=DAY, blocks=blocks, **options).pdf()


def people(count: int) -> Table:
    columns = [Column("Time"), Column("Person", 3), Column("Seats", align="end")]
    return Table(columns, [(f"{n:04}", f"Person {n:04}", str(n)) for n in range(count)])


# --- Text -----------------------------------------------------------------------------------------


def test_text_comes_out_in_the_order_of_reading():
    paper = sheet(
        Paragraph("Déposé à Alger – « reçu », Straße und Größe."),
        Rows([("Référence", "A-7K3M-92QX"), ("Rendez-vous", "9 décembre 2025")]),
        Heading("Suite"),
        people(2),
        letterhead=Letterhead("Section des visas", ["12 rue de l’Exemple", "+213 21 00"]),
    )
    text = reading.words(paper)
    order = ["Section des visas", "12 rue de l’Exemple", "Récépissé", "Déposé à Alger",
             "« reçu », Straße und Größe.", "Référence", "A-7K3M-92QX", "Rendez-vous",
             "9 décembre 2025", "Suite", "Time", "Person 0000", "Person 0001"]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_arabic_comes_out_in_the_order_of_reading():
    paper = sheet(Paragraph(ARABIC.rstrip(".")), language="ar", title="وصل")
    assert "تماستلامملفكمرقمA-7K3M-92QXيومالثلاثاء" in reading.signs(paper)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("محمد", 1), ("م ح م د", 4), ("لا", 1), ("ل ا", 2), ("دار", 3)],
    ids=["joined", "apart", "lam-alef", "lam and alef", "never joined"],
)
def test_arabic_letters_are_joined_where_they_join(text, pieces):
    assert reading.pieces(sheet(language="ar", title=text), (20, 17, 190, 30)) == pieces


def test_arabic_begins_at_the_right_edge_and_french_at_the_left():
    left, right = (20, 20, 60, 60), (150, 20, 190, 60)
    arabic, french = sheet(language="ar", title="وصل"), sheet(title="Reçu")
    assert reading.ink(arabic, 0, right) > 50
    assert reading.ink(arabic, 0, left) == 0
    assert reading.ink(french, 0, left) > 50
    assert reading.ink(french, 0, right) == 0


def test_reading_programs_hear_mixed_text_in_order():
    paper = sheet(Paragraph(ARABIC), language="ar", title="وصل")
    spoken = [str(element.get("/ActualText", "")) for element in reading.elements(paper)]
    assert "تم استلام ملفكم رقم A-7K3M-92QX يوم الثلاثاء." in spoken


# --- What the file says about itself --------------------------------------------------------------


def test_metadata_are_title_and_language_alone():
    paper = sheet(Paragraph("Amina Benali"), title="Récépissé", language="fr")
    found = reading.reader(paper)
    assert dict(found.metadata) == {
        "/Title": "Récépissé",
        "/Producer": "Guichet",
        "/Creator": "Guichet",
        "/CreationDate": "D:20251209000000Z",
    }
    root = found.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]


def test_structure_names_headings_tables_and_pictures():
    paper = sheet(
        Paragraph("a"), Heading("b"), Heading("c", level=3), Rows([("d", "e")]), people(1),
        Code(URL, "f"),
    )  # fmt: skip
    assert reading.structure(paper) == [
        "H1", "P", "H2", "H3", "Table", "TR", "TH", "TD",
        "Table", "TR", "TH", "TH", "TH", "TR", "TD", "TD", "TD", "Figure", "P",
    ]  # fmt: skip
    figure = next(element for element in reading.elements(paper) if element["/S"] == "/Figure")
    assert URL in figure["/Alt"]


def test_marked_content_is_found_from_its_number():
    paper = sheet(people(60))
    found = reading.reader(paper)
    numbers = found.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(found.pages) == 2
    for page in found.pages:
        marked = by_page[page["/StructParents"]]
        assert len(marked) > 50
        for number, element in enumerate(marked):
            assert list(element.get_object()["/K"]) == [number]
            assert element.get_object().raw_get("/Pg") == page.indirect_reference


def test_only_faces_that_are_used_are_embedded_and_only_their_signs():
    fonts = [
        str(font.get_object()["/BaseFont"])
        for font in reading.reader(sheet(title="x")).pages[0]["/Resources"]["/Font"].values()
    ]
    assert len(fonts) == 2  # bold for the title, regular for the page number
    assert not any("Naskh" in name for name in fonts)
    assert len(sheet(title="x")) < 20_000


# --- Equal bytes ----------------------------------------------------------------------------------


def test_equal_content_and_day_give_equal_bytes():
    content = (Paragraph(ARABIC), Rows([("a", "b")]), people(3), Code(URL, "c"))
    assert sheet(*content, language="ar") == sheet(*content, language="ar")


def test_a_moment_counts_by_its_day_in_algiers():
    late = datetime(2025, 12, 8, 23, 30, tzinfo=UTC)  # already the 9th in Algiers
    assert Sheet(title="x", language="fr", day=late, blocks=[]).pdf() == sheet(title="x")


# --- Codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_code_is_read_by_a_scanner(language):
    paper = sheet(Code(URL, "Vérifier", ["Scannez le code"]), language=language)
    assert reading.codes(paper) == [URL]


def test_code_has_its_quiet_zone_beside_rules_and_text():
    paper = sheet(Rule(), Code(URL, "Vérifier"), Rule(), Paragraph("Suite " * 60))
    assert reading.codes(paper) == [URL]


# --- Pages ----------------------------------------------------------------------------------------


def test_table_repeats_its_header_and_pages_are_counted():
    paper = sheet(people(100), language="en", footer="L-12")
    pages = [page.extract_text() for page in reading.reader(paper).pages]
    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert "Seats" in text
        assert f"Page {number} of 3" in text
        assert "L-12" in text
    everybody = reading.words(paper)
    assert all(everybody.count(f"Person {n:04}") == 1 for n in range(100))


def test_header_on_later_pages_is_not_read_out_again():
    assert reading.structure(sheet(people(100))).count("TH") == 3


def test_row_longer_than_a_page_goes_on():
    story = " ".join(f"word{n}" for n in range(3000))
    paper = sheet(Table([Column("a"), Column("b", 3)], [("x", story), ("y", "end")]))
    text = reading.signs(paper)
    assert all(text.count(f"word{n}word{n + 1}") == 1 for n in range(0, 2999, 50))
    assert len(reading.reader(paper).pages) > 2


def test_paragraph_leaves_no_single_line_behind():
    looks = "\n".join(f"line {n}" for n in range(7))
    for height in range(195, 240, 4):
        paper = sheet(Space(height), Paragraph(looks))
        counts = [page.extract_text().count("line ") for page in reading.reader(paper).pages]
        assert sum(counts) == 7
        assert 1 not in counts, height


def test_heading_stays_with_what_follows():
    for height in range(200, 236, 3):
        paper = sheet(Space(height), Heading("Suite"), Paragraph("a\nb\nc"))
        for page in reading.reader(paper).pages:
            text = page.extract_text().split()
            assert "Suite" not in text or text[text.index("Suite") + 1] == "a"


def test_slip_and_landscape():
    slip = reading.reader(sheet(Code(URL, "x"), size=A6)).pages[0].mediabox
    wide = reading.reader(sheet(people(3), size=A4_LANDSCAPE)).pages[0].mediabox
    assert (round(slip.width / 72 * 25.4), round(slip.height / 72 * 25.4)) == (105, 148)
    assert (round(wide.width / 72 * 25.4), round(wide.height / 72 * 25.4)) == (297, 210)


def test_slip_alone_has_no_page_number():
    assert "Page" not in reading.words(sheet(size=A6))
    assert reading.words(sheet(NewPage(), size=A6)).count("sur 2") == 2


def test_box_to_tick_is_drawn_and_not_missing():
    table = Table([Column("a"), Column("here")], [("x", TICK)])
    assert "\ufffd" not in reading.words(sheet(table))
    empty = Table([Column("a"), Column("here")], [("x", "")])
    area = (100, 35, 190, 60)
    assert reading.ink(sheet(table), 0, area) > reading.ink(sheet(empty), 0, area) + 50


def test_new_page_begins_one():
    assert len(reading.reader(sheet(Paragraph("a"), NewPage(), Paragraph("b"))).pages) == 2


@pytest.mark.parametrize("text", ["", " ", "🙂 漢", "\x00\x07", "a" * 3000, "\u202eevil", "(\\)"])
def test_strange_text_is_no_crash(text):
    paper = sheet(Paragraph(text), Rows([(text, text)]), Table([Column(text)], [(text,)]))
    assert reading.reader(paper).pages
