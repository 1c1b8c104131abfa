"""Reading the two lines at the bottom of a passport's photo page: ICAO Doc 9303, part 4 (TD3).

The lines are typed or pasted by people: small letters, blanks, guillemets for the filler, digits
of another keyboard and the usual misreadings (O for 0) are mended where the standard leaves one
possibility, and said.  Check digits find the rest.  Nothing here decides; the person compares.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

LENGTH = 44  # signs of each line
FILLER = "<"
_ALIKE_FILLER = dict.fromkeys(map(ord, "«‹〈＜≤《"), FILLER)
_TO_DIGIT = dict(zip("OQDILZSBG", "000112586", strict=True))
_TO_LETTER = dict(zip("01258", "OIZSB", strict=True))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place; `line` 1 or 2, positions counted from 1 (0: the whole line).

    `expected` is for tests and logs of rules: told to people, a check digit would be copied
    instead of the passport being read again.
    """

    code: str
    line: int
    position: int = 0
    until: int = 0
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """A sign that was read as another one."""

    line: int
    position: int
    typed: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportData:
    """What the lines say.  States are three-letter codes; Germany is ``D``."""

    family_name: str
    given_names: str
    passport_number: str
    nationality: str
    birth_date: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, or why not; `mended` tells what was taken for something else."""

    data: PassportData | None
    problems: tuple[Problem, ...] = ()
    mended: tuple[Mended, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the second line with its check digit right behind it; positions from 0."""

    name: str
    first: int
    behind: int  # position of the check digit
    digits: bool


_NUMBER = _Part("passport_number", 0, 9, digits=False)
_BIRTH = _Part("birth_date", 13, 19, digits=True)
_EXPIRY = _Part("expires_on", 21, 27, digits=True)
_OPTIONAL = _Part("optional", 28, 42, digits=False)
_PARTS = (_NUMBER, _BIRTH, _EXPIRY, _OPTIONAL)
_COMPOSITE = ((0, 10), (13, 20), (21, 43))
_COMPOSITE_AT = 43


def check_digit(text: str) -> str:
    """Return the check digit of `text`: weights 7, 3, 1; A is 10, Z is 35, the filler 0."""
    values = (0 if sign == FILLER else int(sign, 36) for sign in text)
    return str(sum(value * (7, 3, 1)[n % 3] for n, value in enumerate(values)) % 10)


def read_passport(text: str, today: date) -> Reading:
    """Read the two lines in `text`; `today` tells the century of the birth.

    All problems are reported at once, the first line first.
    """
    lines = _lines(text)
    if len(lines) != 2:
        return Reading(None, (Problem("TWO_LINES", 0, found=str(len(lines))),))
    first, second = _Line(1, _padded(lines[0])), _Line(2, lines[1])
    problems = [*_shape(first), *_shape(second)]
    if problems:
        return Reading(None, tuple(problems))
    for line, positions, table in _KINDS:
        (first, second)[line - 1].mend(positions, table)
    _mend_number(second)
    problems = [*_judged(first, second, today)]
    mended = (*first.mended, *second.mended)
    if problems:
        return Reading(None, tuple(problems), mended)
    return Reading(_data(first.text, second.text, today), (), mended)


# --- from what was typed to two lines of 44 signs --------------------------------------------


def _lines(text: str) -> list[str]:
    """Split and tidy; both lines pasted as one are told apart by their length."""
    tidied = unicodedata.normalize("NFKC", text).translate(_ALIKE_FILLER)
    lines = [line for raw in re.split(r"[\r\n]+", tidied) if (line := _tidy(raw))]
    if len(lines) == 1 and len(lines[0]) == 2 * LENGTH:
        return [lines[0][:LENGTH], lines[0][LENGTH:]]
    return lines


def _tidy(line: str) -> str:
    visible = (sign for sign in line if unicodedata.category(sign)[0] not in "ZC")
    western = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in visible)
    return "".join(western).upper()


def _padded(line: str) -> str:
    """The names end in fillers that nobody counts: too many or too few of them mean nothing."""
    kept = line.rstrip(FILLER)
    return kept.ljust(LENGTH, FILLER) if len(kept) <= LENGTH else line


class _Line:
    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text
        self.mended: list[Mended] = []

    def mend(self, positions: range, table: dict[str, str]) -> None:
        for position in positions:
            typed = self.text[position]
            self.put(position, table.get(typed, typed))

    def put(self, position: int, sign: str) -> None:
        typed = self.text[position]
        if sign != typed:
            self.text = self.text[:position] + sign + self.text[position + 1 :]
            self.mended.append(Mended(self.number, position + 1, typed, sign))


# Where the standard allows digits alone, or letters alone.
_KINDS = (
    (1, range(LENGTH), _TO_LETTER),
    (2, range(10, 13), _TO_LETTER),
    (2, range(9, 10), _TO_DIGIT),
    (2, range(13, 20), _TO_DIGIT),
    (2, range(21, 28), _TO_DIGIT),
    (2, range(42, 44), _TO_DIGIT),
)


def _shape(line: _Line) -> Iterator[Problem]:
    for position, sign in enumerate(line.text, 1):
        if not (sign == FILLER or (sign.isascii() and sign.isalnum())):
            yield Problem("SIGN", line.number, position, position, sign)
    if len(line.text) != LENGTH:
        yield Problem("LENGTH", line.number, found=str(len(line.text)), expected=str(LENGTH))


def _mend_number(line: _Line) -> None:
    """Letters and digits may both stand in a number: read O as 0 where only that fits.

    Never the other way: a zero is common, and with two ways to mend it a wrong digit elsewhere
    would find its excuse.
    """
    number, digit = line.text[:9], line.text[9]
    if check_digit(number) == digit:
        return
    choices = ["O0" if sign == "O" else sign for sign in number]
    fits = {"".join(n) for n in product(*choices) if check_digit("".join(n)) == digit}
    if len(fits) == 1:
        for position, sign in enumerate(fits.pop()):
            line.put(position, sign)


# --- what the standard says ------------------------------------------------------------------


def _judged(first: _Line, second: _Line, today: date) -> Iterator[Problem]:
    if not first.text.startswith("P"):
        yield Problem("NOT_A_PASSPORT", 1, 1, 1, first.text[0], "P")
    if not first.text[5:].strip(FILLER):
        yield Problem("NO_NAME", 1, 6, LENGTH)
    if not second.text[:9].strip(FILLER):
        yield Problem("NO_NUMBER", 2, 1, 9)
    wrong = [*_wrong_digits(second.text)]
    yield from wrong
    if not wrong:
        yield from _impossible_dates(second.text, today)


def _wrong_digits(text: str) -> Iterator[Problem]:
    wrong = False
    for part in _PARTS:
        expected, found = check_digit(text[part.first : part.behind]), text[part.behind]
        empty = part is _OPTIONAL and found == FILLER and expected == "0"
        if found != expected and not empty:
            wrong = True
            code = f"CHECK_{part.name.upper()}"
            yield Problem(code, 2, part.first + 1, part.behind + 1, found, expected)
    expected = check_digit("".join(text[a:b] for a, b in _COMPOSITE))
    if not wrong and text[_COMPOSITE_AT] != expected:
        found = text[_COMPOSITE_AT]
        yield Problem("CHECK_COMPOSITE", 2, LENGTH, LENGTH, found, expected)


def _impossible_dates(text: str, today: date) -> Iterator[Problem]:
    for part in (_BIRTH, _EXPIRY):
        typed = text[part.first : part.behind]
        if _day(part, typed, today) is None:
            yield Problem(f"DATE_{part.name.upper()}", 2, part.first + 1, part.behind, typed)


def _day(part: _Part, text: str, today: date) -> date | None:
    if not text.isdigit():
        return None
    year, month, day = (int(text[n : n + 2]) for n in (0, 2, 4))
    try:
        found = date(2000 + year, month, day)
        born_later = part is _BIRTH and found > today
        return found.replace(year=1900 + year) if born_later else found
    except ValueError:
        return None


def _data(first: str, second: str, today: date) -> PassportData:
    family, _, given = first[5:].partition("<<")
    birth = _day(_BIRTH, second[13:19], today)
    expiry = _day(_EXPIRY, second[21:27], today)
    assert birth is not None
    assert expiry is not None
    return PassportData(
        family_name=_name(family),
        given_names=_name(given),
        passport_number=second[:9].rstrip(FILLER),
        nationality=second[10:13].rstrip(FILLER),
        birth_date=birth,
        expires_on=expiry,
    )


def _name(text: str) -> str:
    return " ".join(part for part in text.split(FILLER) if part)
