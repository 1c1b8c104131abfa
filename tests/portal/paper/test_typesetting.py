"""Lines that fit, in the order in which they are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.paper import bidi, fonts
from portal.paper.bidi import isolated, ltr
from portal.paper.typesetting import Run, Style, lines_of


def measure(run: Run, size: float) -> float:
    """Every sign is one mm wide."""
    return float(len(run.text))


def lines(text: str, width: float = 20, rtl: bool = False) -> list[str]:
    return [line.text for line in lines_of(text, Style(), width, rtl, measure)]


def seen(text: str, rtl: bool = True) -> list[str]:
    """The runs of one line from left to right."""
    (line,) = lines_of(text, Style(), 500, rtl, measure)
    return [run.text.strip() for run in bidi.as_seen(line.runs) if run.text.strip()]


def test_breaks_between_words():
    assert lines("one two three four five", 10) == ["one two", "three four", "five"]


def test_line_feed_begins_a_line_and_an_empty_line_stays():
    assert lines("one\n\ntwo") == ["one", "", "two"]


def test_long_word_is_broken_where_it_must_be_and_loses_nothing():
    word = "Donaudampfschifffahrtsgesellschaft"
    assert lines(f"die {word} kam", 10) == ["die", word[:10], word[10:20], word[20:30], "haft kam"]


def test_long_code_or_address_is_broken_after_a_hyphen_or_a_slash():
    assert lines("7K3M-92QX-7K3M-92QX", 12) == ["7K3M-92QX-", "7K3M-92QX"]
    assert lines("https://x.example/papers/ab", 20) == ["https://x.example/", "papers/ab"]


def test_no_break_before_the_signs_that_french_sets_apart():
    assert lines("votre passeport : sans", 16) == ["votre", "passeport : sans"]
    assert lines("trop tard !", 9) == ["trop", "tard !"]


def test_no_break_at_a_fixed_blank():
    assert lines("à 08\u00a0h\u00a030 ici", 8) == ["à", "08\u00a0h\u00a030", "ici"]


def test_reference_is_not_torn_at_its_hyphens():
    assert lines("file A-7K3M-92QX", 12) == ["file", "A-7K3M-92QX"]


def test_arabic_runs_from_the_right_with_latin_inside():
    assert seen("رقم A-7K3M-92QX يوم") == ["يوم", "A-7K3M-92QX", "رقم"]


def test_telephone_number_keeps_its_order_when_isolated():
    assert seen(f"الرقم {ltr('+213 555 12')} هنا") == ["هنا", "+213 555 12", "الرقم"]
    assert seen("الرقم +213 555 12 هنا")[1] != "+213 555 12"


@pytest.mark.parametrize("text", ["+213 555 12 34", "A-7K3M-92QX", "09/12/2025, 10:20", "10–12"])
def test_isolated_value_keeps_its_order_alone(text):
    assert "".join(seen(isolated(text))) == text


def test_arabic_name_inside_french_reads_from_the_right():
    assert seen(f"Nom : {isolated('بن علي')} (2)", rtl=False) == ["Nom :", "بن علي", "(2)"]


def test_every_line_is_ordered_on_its_own():
    first, second = lines("تم استلام ملفكم", 10, rtl=True)
    assert (first, second) == ("تم استلام", "ملفكم")


def test_steering_signs_are_never_drawn():
    (line,) = lines_of(f"a\u200b{ltr('b')}\u200fc\ufeff", Style(), 50, False, measure)
    assert "".join(run.text for run in line.runs) == line.text == "abc"


def test_sign_that_no_face_has_is_seen_as_missing():
    (line,) = lines_of("a漢b", Style(), 50, False, measure)
    assert [run.text for run in line.runs] == [f"a{fonts.UNKNOWN}b"]


def test_faces_have_every_sign_of_the_four_languages():
    french = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ«»’“”–—…€°№"
    german = "äöüßẞÄÖÜ„“‚‘§"
    names = "ĞğİışŞžŽčČćłŁńñøåāīūḥṭṣḍʿʾ"
    arabic = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ،؛؟٪ـپچڤڨ"
    for sign in french + german + names:
        assert ord(sign) in fonts.signs_of(fonts.LATIN), sign
    for sign in arabic:
        assert ord(sign) in fonts.signs_of(fonts.ARABIC), sign


letters = st.sampled_from("abc xyz 12 -/+ ابت جحخ ()\u2066\u2069\u200f\n")


@settings(max_examples=200, deadline=None)
@given(st.text(letters, max_size=60), st.integers(1, 12), st.booleans())
def test_whatever_is_typed_fits_and_loses_no_sign(text, width, rtl):
    found = lines_of(text, Style(), width, rtl, measure)
    assert all(line.width <= width for line in found)
    kept = "".join("".join(line.text.split()) for line in found)
    assert kept == "".join(bidi.seen(text).split())
