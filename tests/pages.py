"""What a person reads on a page: its text, in the language it was asked for."""

from __future__ import annotations

import html
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.utils.translation import override


def text_of(response: HttpResponse) -> str:
    """Return the page as it is read: entities resolved, runs of white space as one blank.

    Blanks that must not break, which French typography wants, stay as they are.
    """
    return re.sub(r"[ \t\r\n]+", " ", html.unescape(response.content.decode()))


def says(response: HttpResponse, message: Any, language: str = "fr") -> bool:
    """Tell whether the page shows `message` in `language`, whatever the catalogues hold."""
    with override(language):
        return str(message) in text_of(response)


def typed_date(name: str, day: date) -> dict[str, str]:
    """Return what somebody types into the three fields of a date."""
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


class _Controls(HTMLParser):
    """Collects what the controls of the page's forms hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.held: dict[str, list[str]] = {}
        self._textarea = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self._textarea = name
            self.held[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.held.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "input" and name:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        choice = given.get("type") in ("radio", "checkbox")
        if not choice or "checked" in given:
            value = given.get("value", "on" if choice else "")
            self.held.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.held[self._textarea] = [self.held[self._textarea][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.held[self._textarea] = [self.held[self._textarea][0].removeprefix("\n").strip()]
            self._textarea = ""


def held_by_form(response: HttpResponse) -> dict[str, list[str]]:
    """Return what the controls of a page hold, as a browser would send it again."""
    controls = _Controls()
    controls.feed(response.content.decode())
    return controls.held
