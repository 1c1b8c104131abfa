"""How many days do I have left? Rows, pasted lines, a picture, and every wrong input."""

from __future__ import annotations

import re

import pytest

from .conftest import LANGUAGES, date_parts, errors

PAGE = "/tools/days/"


def form(*stays: str, day: str = "2026-11-22", **more: object) -> dict[str, object]:
    """Build the form; a stay is written ``entry exit state basis``."""
    given: dict[str, object] = {"stay-count": len(stays), **date_parts("day", day), **more}
    for number, stay in enumerate(stays):
        entry, end, state, basis = (stay.split() + [""] * 4)[:4]
        values = {"entry": entry, "exit": end, "state": state, "basis": basis}
        given |= {f"stay-{number}-{name}": value for name, value in values.items() if value}
    return given


def test_days_used_and_left_and_the_longest_stay(visitor):
    page = visitor.send(PAGE, form("01/09/2026 10/10/2026", "1.7.2026 2026-08-05"))
    assert "76 days" in page
    assert "14 days, until 5 December 2026" in page
    assert "27 May 2026 to 22 November 2026" in page


def test_person_inside_hears_until_when(visitor):
    page = visitor.send(PAGE, form("01/11/2026"))
    assert "You may stay until" in page
    assert "29 January 2027" in page


def test_overstay_names_its_first_day(visitor):
    page = visitor.send(PAGE, form("01/07/2026"))
    assert "You have stayed too long" in page
    assert "29 September 2026" in page


def test_return_for_a_wanted_length(visitor):
    page = visitor.send(PAGE, form("01/01/2026 31/03/2026", day="2026-04-01", wanted_days="90"))
    assert "You may enter again from" in page
    assert "30 June 2026" in page


def test_planned_journey_is_tested_with_the_stays_booked_after_it(visitor):
    trip = date_parts("trip_first", "2026-12-01") | date_parts("trip_last", "2026-12-20")
    page = visitor.send(PAGE, form("01/09/2026 10/11/2026", **trip))
    assert "The planned journey does not fit into the 90 days" in page


def test_picture_can_be_read_as_text(visitor):
    page = visitor.send(PAGE, form("01/09/2026 10/10/2026"))
    assert page.count('<rect class="present"') == 40 + 1  # and one in the key
    assert 'role="img"' in page
    assert "style=" not in page
    assert re.search(r"1 September 2026</bdi></td><td><bdi>10 October 2026", page)


def test_rows_grow_and_shrink_without_judging(visitor):
    given = form("01/09/2026 10/10/2026", "rubbish")
    page = visitor.send(PAGE, {**given, "rows": "add"})
    assert 'name="stay-count" value="3"' in page
    assert 'value="rubbish"' in page
    assert "error-summary" not in page
    page = visitor.send(PAGE, {**given, "rows": "remove-0"})
    assert 'name="stay-count" value="1"' in page
    assert "01/09/2026" not in page


@pytest.mark.parametrize("change", ["remove-99", "remove-x", "", "add-5", "<script>"])
def test_forged_row_button_changes_nothing(visitor, change):
    page = visitor.send(PAGE, {**form("01/09/2026"), "rows": change})
    assert 'name="stay-count" value="1"' in page


def test_three_hundred_pasted_stays_are_counted(visitor):
    lines = "\n".join(
        f"2026-{m:02d}-{d:02d} 2026-{m:02d}-{d:02d}" for m in range(1, 11) for d in range(1, 29, 1)
    )
    page = visitor.send(PAGE, form(lines=lines, day="2026-11-22"))
    assert "verdict__title" in page
    assert "too many for an address" in page


def test_arabic_digits_and_paste_with_a_country(visitor):
    page = visitor.send(PAGE, form(lines="٠١/٠٩/٢٠٢٦ ١٠/٠٩/٢٠٢٦\n01/10/2026 02/10/2026 IE"))
    assert "10 days" in page
    assert "Ireland" in page


def test_shared_address_answers_the_same(visitor):
    page = visitor.send(PAGE, form("01/09/2026 10/10/2026", "01/07/2026 02/07/2026 HR"))
    address = re.search(r'href="(/tools/days/\?[^"]+)"', page)
    assert address
    assert "42 days" in visitor.get(address[1])


def test_many_shared_stays_keep_what_they_rest_on(visitor):
    stays = [
        f"2026-{m:02d}-{d:02d}_2026-{m:02d}-{d:02d}_D" for m in (7, 8, 9) for d in range(1, 22)
    ]
    page = visitor.get(f"{PAGE}?day=2026-11-22&stays={'~'.join(stays)}")
    assert "0 days" in page


def test_pasted_stay_on_a_long_stay_visa_is_not_counted(visitor):
    page = visitor.send(PAGE, form(lines="01/09/2026 10/09/2026 D HR\n01/10/2026 02/10/2026"))
    assert "2 days" in page


@pytest.mark.parametrize(
    ("given", "target"),
    [
        pytest.param(form("10/10/2026 01/10/2026"), "id_stay-0-exit", id="exit-before-entry"),
        pytest.param(
            form("01/09/2026", "01/10/2026 02/10/2026"), "id_stay-0-exit", id="open-not-last"
        ),
        pytest.param(form("31/02/2026 01/03/2026"), "id_stay-0-entry", id="30-february"),
        pytest.param(form("01/01/1899"), "id_stay-0-entry", id="before-1900"),
        pytest.param(form("01/01/9999"), "id_stay-0-entry", id="year-9999"),
        pytest.param(form("01/01/2026 02/01/2026 QQ"), "id_stay-0-state", id="unknown-state"),
        pytest.param(form("01/01/2026 02/01/2026 HR x"), "id_stay-0-basis", id="unknown-basis"),
        pytest.param(form("tomorrow"), "id_stay-0-entry", id="no-date"),
        pytest.param(form(lines="01/01/2026 02/01/2026 QQ"), "id_lines", id="pasted-state"),
        pytest.param(form(lines="01/01/2026 D FR HR"), "id_lines", id="pasted-too-much"),
        pytest.param(form(lines="01/01/2026 FR HR"), "id_lines", id="pasted-two-states"),
        pytest.param(form(lines="hello"), "id_lines", id="pasted-nonsense"),
        pytest.param(form(lines="02/01/2026 01/01/2026"), "id_lines", id="pasted-backwards"),
        pytest.param(form(lines="01/01/2026\n" * 1001), "id_lines", id="too-many-lines"),
        pytest.param(form(wanted_days="0"), "id_wanted_days", id="wants-no-day"),
        pytest.param(
            form(**date_parts("trip_first", "2026-12-01")), "id_trip_last_0", id="half-a-journey"
        ),
        pytest.param(form(day="2026-13-01"), "id_day_1", id="month-13"),
    ],
)
def test_bad_input_names_its_field(visitor, given, target):
    page = visitor.send(PAGE, given)
    assert target in errors(page)
    assert "verdict__title" not in page


def test_day_before_the_method_is_told_apart(visitor):
    assert "This day cannot be judged" in visitor.send(PAGE, form(day="2013-10-17"))


@pytest.mark.parametrize("query", ["stays=x_y_z", "stays=~~~", "day=2026-11-22&stays=2026-01-01_x"])
def test_broken_address_is_no_crash(visitor, query):
    visitor.get(f"{PAGE}?{query}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_speaks(visitor, language):
    visitor.speak(language)
    page = visitor.send(PAGE, form("01/09/2026 10/10/2026"))
    assert f'<html lang="{language}"' in page
    assert "window-title" in page
