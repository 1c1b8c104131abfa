"""What the tests of the public tools share."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.factories import MissionFactory

LANGUAGES = ("fr", "de", "ar", "en")


class Visitor:
    """Somebody without an account who reads English unless they say otherwise."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.speak("en")

    def speak(self, language: str) -> None:
        self.client.cookies["guichet_language"] = language

    def get(self, address: str) -> str:
        return self.read(self.client.get(address))

    def send(self, address: str, answers: dict[str, object]) -> str:
        return self.read(self.client.post(address, answers))

    @staticmethod
    def read(response) -> str:
        assert response.status_code == 200
        return " ".join(unescape(response.content.decode()).split())


def errors(page: str) -> dict[str, str]:
    """Return the targets of the error summary with their messages."""
    found = re.findall(r'<a href="#([\w-]+)"><bdi>[^<]*</bdi> – ([^<]*)</a>', page)
    return dict(found)


def date_parts(name: str, iso: str) -> dict[str, str]:
    """Return an ISO date as the three fields of a form."""
    year, month, day = iso.split("-")
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


@pytest.fixture
def missions(db):
    return MissionFactory(state="FR", post="algiers"), MissionFactory(state="DE", post="algiers")


@pytest.fixture
def visitor(client, missions) -> Visitor:
    return Visitor(client)
