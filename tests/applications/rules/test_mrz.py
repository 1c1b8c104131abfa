"""The two lines of a passport: ICAO Doc 9303."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.mrz import FILLER, LENGTH, check_digit, read_passport

TODAY = date(2026, 11, 22)
# The specimen of Doc 9303 part 4, and lines as they stand in an Algerian passport.
SPECIMEN = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)


def lines(number="309112233", birth="900517", expiry="340102", *, family="BENALI", given="YANIS",
          nationality="DZA", optional=""):  # fmt: skip
    """Two right lines for what they shall say."""
    first = f"P<DZA{family}<<{given}".ljust(LENGTH, FILLER)
    number, optional = number.ljust(9, FILLER), optional.ljust(14, FILLER)
    number, optional = number + check_digit(number), optional + check_digit(optional)
    days = birth + check_digit(birth), expiry + check_digit(expiry)
    total = check_digit(number + days[0] + days[1] + optional)
    return first, f"{number}{nationality}{days[0]}M{days[1]}{optional}{total}"


GOOD = lines()


def read(first, second):
    return read_passport(f"{first}\n{second}", TODAY)


def codes(reading):
    return [problem.code for problem in reading.problems]


def test_the_specimen_of_the_standard_is_read():
    data = read(*SPECIMEN).data
    assert (data.family_name, data.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (data.passport_number, data.nationality) == ("L898902C3", "UTO")
    assert (data.birth_date, data.expires_on) == (date(1974, 8, 12), date(2012, 4, 15))


@pytest.mark.parametrize(
    ("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("<<<<<<<<<", "0"), ("D23145890", "7")]
)
def test_check_digits_are_those_of_the_standard(text, digit):
    assert check_digit(text) == digit


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(GOOD).lower(),
        "\r\n".join(GOOD),
        "".join(GOOD),
        f"\n  {GOOD[0]}\n\n{GOOD[1]}  \n",
        "\n".join(GOOD).replace("<", " <"),
        "\n".join(GOOD).replace("<", "«"),
        "\n".join(GOOD).replace("<", "‹"),
        f"{GOOD[0].rstrip('<')}\n{GOOD[1]}",
        f"{GOOD[0]}<<<\n{GOOD[1]}",
        "\n".join(GOOD).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "\n".join(GOOD).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        "\u200f" + "\u200b\n".join(GOOD),
        f"{GOOD[0].replace('BENALI', 'BENAL1')}\n{GOOD[1]}",
        f"{GOOD[0]}\n{GOOD[1][:13]}{GOOD[1][13:20].replace('0', 'O')}{GOOD[1][20:]}",
        f"{GOOD[0]}\n{GOOD[1].replace('309112233', '3O9112233')}",
    ],
    ids=range(15),
)
def test_what_people_type_instead_is_understood(text):
    reading = read_passport(text, TODAY)
    assert reading.problems == ()
    assert (reading.data.family_name, reading.data.passport_number) == ("BENALI", "309112233")
    assert reading.data.birth_date == date(1990, 5, 17)


def test_a_sign_taken_for_another_is_told():
    reading = read(GOOD[0], GOOD[1].replace("309112233", "3O9112233"))
    [mended] = reading.mended
    assert (mended.line, mended.position, mended.typed, mended.read) == (2, 2, "O", "0")


@pytest.mark.parametrize(
    ("nationality", "read_as"), [("DZA", "DZA"), ("D<<", "D"), ("FRA", "FRA"), ("0MN", "OMN")]
)
def test_a_nationality_has_one_to_three_letters(nationality, read_as):
    assert read(*lines(nationality=nationality)).data.nationality == read_as


@pytest.mark.parametrize(
    ("birth", "day"),
    [
        ("261122", date(2026, 11, 22)),  # a newborn of today
        ("261123", date(1926, 11, 23)),  # tomorrow is a hundred years ago
        ("000229", date(2000, 2, 29)),
        ("270101", date(1927, 1, 1)),
    ],
)
def test_the_century_of_a_birth_is_never_in_the_future(birth, day):
    assert read(*lines(birth=birth)).data.birth_date == day


@pytest.mark.parametrize(
    ("family", "given", "names"),
    [
        ("BEN<ALI", "AMINE<RAYAN", ("BEN ALI", "AMINE RAYAN")),
        ("BENALI", "", ("BENALI", "")),
        ("EL<HADJ<BEN", "X", ("EL HADJ BEN", "X")),
    ],
)
def test_names_have_their_parts(family, given, names):
    data = read(*lines(family=family, given=given)).data
    assert (data.family_name, data.given_names) == names


WRONG = [
    # the lines, the code, the line, the first and last position
    ((GOOD[0], ""), "TWO_LINES", 0, 0, 0),
    (("", ""), "TWO_LINES", 0, 0, 0),
    ((GOOD[0], GOOD[1] + "\nthird"), "TWO_LINES", 0, 0, 0),
    ((GOOD[0], GOOD[1][:-1]), "LENGTH", 2, 0, 0),
    ((GOOD[0], GOOD[1] + "1"), "LENGTH", 2, 0, 0),
    (("P<DZA" + "A" * 40, GOOD[1]), "LENGTH", 1, 0, 0),
    ((GOOD[0].replace("E", "É", 1), GOOD[1]), "SIGN", 1, 7, 7),
    ((GOOD[0], GOOD[1].replace("DZA", "D?A")), "SIGN", 2, 12, 12),
    ((GOOD[0], GOOD[1].replace("DZA", "ديا")), "SIGN", 2, 11, 11),
    ((f"I{GOOD[0][1:]}", GOOD[1]), "NOT_A_PASSPORT", 1, 1, 1),
    (("P<DZA".ljust(44, "<"), GOOD[1]), "NO_NAME", 1, 6, 44),
    (lines(number="<<<<<<<<<"), "NO_NUMBER", 2, 1, 9),
    ((GOOD[0], GOOD[1].replace("309112233", "309112234")), "CHECK_PASSPORT_NUMBER", 2, 1, 10),
    ((GOOD[0], GOOD[1].replace("900517", "900518")), "CHECK_BIRTH_DATE", 2, 14, 20),
    ((GOOD[0], GOOD[1].replace("340102", "350102")), "CHECK_EXPIRES_ON", 2, 22, 28),
    ((GOOD[0], f"{GOOD[1][:30]}7{GOOD[1][31:]}"), "CHECK_OPTIONAL", 2, 29, 43),
    ((GOOD[0], f"{GOOD[1][:43]}{(int(GOOD[1][43]) + 1) % 10}"), "CHECK_COMPOSITE", 2, 44, 44),
    (lines(birth="901317"), "DATE_BIRTH_DATE", 2, 14, 19),
    (lines(expiry="340230"), "DATE_EXPIRES_ON", 2, 22, 27),
    (lines(birth="<<<<<<"), "DATE_BIRTH_DATE", 2, 14, 19),
]


@pytest.mark.parametrize(("typed", "code", "line", "first", "last"), WRONG)
def test_what_is_wrong_is_told_with_line_and_position(typed, code, line, first, last):
    reading = read(*typed)
    assert reading.data is None
    problem = next(problem for problem in reading.problems if problem.code == code)
    assert (problem.line, problem.position, problem.until) == (line, first, last)


def test_all_wrong_parts_are_reported_at_once():
    second = GOOD[1].replace("309112233", "309112234").replace("340102", "350102")
    assert codes(read(GOOD[0], second)) == ["CHECK_PASSPORT_NUMBER", "CHECK_EXPIRES_ON"]


NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=17)
DAYS = st.dates(date(1927, 1, 1), TODAY)


@given(
    number=st.text("ABCDEFGHJKLMNPQRSTUVWXYZ123456789", min_size=1, max_size=9),
    family=NAMES,
    given_name=NAMES,
    birth=DAYS,
    expiry=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_what_was_written_is_read_again(number, family, given_name, birth, expiry):
    written = lines(number, f"{birth:%y%m%d}", f"{expiry:%y%m%d}", family=family, given=given_name)
    data = read(*written).data
    assert (data.passport_number, data.family_name, data.given_names) == (
        number,
        family,
        given_name,
    )
    assert (data.birth_date, data.expires_on) == (birth, expiry)


@given(st.integers(0, 9), st.sampled_from([*range(10), *range(13, 20), *range(21, 28), 43]))
def test_one_wrong_digit_is_always_found(digit, position):
    typed = GOOD[1]
    wrong = f"{typed[:position]}{digit}{typed[position + 1 :]}"
    assert (read(GOOD[0], wrong).data is None) == (wrong != typed)


@given(st.text(max_size=200))
def test_nothing_that_can_be_typed_breaks_it(text):
    reading = read_passport(text, TODAY)
    assert (reading.data is None) == bool(reading.problems)
