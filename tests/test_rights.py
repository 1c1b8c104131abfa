"""Who may open which page: every address of the site against everybody, from tests/rights.toml.

A new address needs a line there, or `test_every_address_has_a_line` fails. Rows that addresses
speak about are in `World`; an address about a new kind of row needs one more there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from applications.models import Document, HostedApplication, HostingCertificate, Traveller
from appointments.models import (
    CentreSwitch,
    DrawRequest,
    FeeHold,
    Objection,
    PaymentNotice,
    Signal,
    TipOff,
)
from appointments.operations.fee_payments import record_at_counter
from appointments.rules.draw_inputs import Preferences
from complaints.models import Desk, IncomingMail, PostBag
from complaints.operations.letters import write_letter
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import operations as audit
from portal.audit.models import Access, Entry
from portal.data_rights.models import DataExport
from portal.missions.models import ProviderPeriod
from portal.outbox.models import Message
from tests import factories
from tests.actors import applicant_client, signed_in, staff
from tests.appointments import closed
from tests.appointments.draws import announced, drawn
from tests.appointments.moves import plan_for_nobody
from tests.appointments.releases import lived_through, published
from tests.complaints.conftest import appeal, assigned, complaint

pytestmark = pytest.mark.django_db
TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "rights.toml").read_text()
)
APPLICANTS = ("owner", "stranger")
STAFF = (
    "agent",
    "foreign_agent",  # of another mission
    "complaint_handler",
    "appeal_officer",
    "centre_manager",
    "supervisor",
    "administrator",  # of no mission: sees all
)
ACTORS = ("anonymous", *APPLICANTS, *STAFF)
ACTIONS = "action:"
POST = "post:"  # a second line about an address: who may send its form
# Addresses that have no name: Django's redirect of old admin links, and its answer to all others.
UNNAMED = ("admin/<path:object_id>/", r"(?P<url>.*)$")


# --- The addresses of the site -------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    name: str
    pattern: URLPattern

    @property
    def arguments(self) -> list[str]:
        return list(self.pattern.pattern.converters or self.pattern.pattern.regex.groupindex)


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, inner)
        elif entry.name:
            yield Address(prefix + entry.name, entry)


def unnamed(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from unnamed(entry)
        elif not entry.name:
            yield str(entry.pattern)


ADDRESSES = {address.name: address for address in addresses(get_resolver())}
LINES = [name for name in TABLE if not name.endswith("*")]
PAGES = [name for name in LINES if not name.startswith(ACTIONS)]


def admin_actions() -> dict[str, tuple[admin.ModelAdmin, str]]:
    found = {}
    for model, model_admin in admin.site._registry.items():
        for name in [name for _function, name, _text in model_admin._get_base_actions()]:
            found[f"{ACTIONS}{model._meta.label_lower}.{name}"] = (model_admin, name)
    return found


def test_every_address_has_a_line():
    missing = sorted(set(ADDRESSES) - set(TABLE))
    assert not missing, "Say in tests/rights.toml who may open: " + ", ".join(missing)


def test_every_admin_action_has_a_line():
    missing = sorted(set(admin_actions()) - set(TABLE))
    assert not missing, "Say in tests/rights.toml who is offered: " + ", ".join(missing)


def test_no_line_is_about_an_address_that_is_gone():
    named = {name.removeprefix(POST) for name in LINES}
    assert sorted(named - set(ADDRESSES) - set(admin_actions())) == []


def test_addresses_without_a_name_are_only_those_of_django():
    own = [route for route in unnamed(get_resolver()) if route not in UNNAMED]
    assert [route for route in own if not route.endswith("<path:object_id>/")] == []


@pytest.mark.parametrize("name", TABLE)
def test_every_line_speaks_of_known_people(name):
    known = {"everyone", "applicants", "staff", "method", "arguments", *ACTORS}
    assert set(TABLE[name]) <= known


# --- Who should see what --------------------------------------------------------------------------


def expected(name: str, actor: str) -> str:
    """Read the table: a line overrides a pattern with *, one person a group, a group everyone."""
    group = "applicants" if actor in APPLICANTS else "staff" if actor in STAFF else actor
    patterns = [key for key in TABLE if key.endswith("*") and name.startswith(key[:-1])]
    for line in (TABLE[name], *(TABLE[key] for key in sorted(patterns, key=len, reverse=True))):
        for who in (actor, group, "everyone"):
            if who in line:
                return str(line[who])
    raise AssertionError(f"{name}: nothing is said about {actor}")


def what_happened(response: Any) -> str:
    """Name an answer as the table does."""
    if response.status_code not in (301, 302):
        return "ok" if response.status_code == 200 else str(response.status_code)
    path = urlsplit(response.url).path
    if path == "/sign-in/":
        return "sign in"
    if path in ("/staff/sign-in/", "/admin/login/"):
        return "staff door"
    return "moved"


class World:
    """One of everything that an address may speak about, and everybody who may ask for it.

    Made once for all tests of this file; each request is undone.
    """

    def __init__(self) -> None:
        self.mission = factories.MissionFactory(state="DE", post="algiers")
        self.other_mission = factories.MissionFactory(state="FR", post="oran")
        self.user = self.owner = factories.UserFactory(email="owner@example.org")
        self.application = factories.ApplicationFactory(
            owner=self.owner, mission=self.mission, submitted=True
        )
        self.centre = factories.CentreFactory(mission=self.mission)
        self.slot = factories.SlotFactory(centre=self.centre)
        self.appointment = factories.booked(self.application, self.slot)
        released = factories.CentreFactory(mission=self.mission, code="released")
        self.releaseplan = lived_through(published(released, seats=1))
        drawn_for = factories.CentreFactory(mission=self.mission, code="drawn-for")
        self.draw = drawn(announced(drawn_for))
        closes = factories.CentreFactory(mission=self.mission, code="closes")
        start = timezone.now() + timedelta(days=30)
        self.maintenance = closed.announced([closes], [(start, start + timedelta(hours=4))])
        self.drawrequest = DrawRequest.objects.create(
            draw=self.draw,
            owner=self.owner,
            preferences=Preferences().as_json(),
            state="withdrawn",
            is_drawn=False,
        )
        self.centreswitch = CentreSwitch.objects.create(
            centre=self.centre, name="returns_at_random", valid=DateRange(None, None)
        )
        self.moveplan = plan_for_nobody(self.centre)
        self.tipoff = TipOff.objects.create(text="Somebody sells places", centre=self.centre)
        self.feehold = FeeHold.objects.create(
            appointment=self.appointment,
            amount=29,
            currency="EUR",
            due_at=timezone.now() + timedelta(days=3),
        )
        self.payment = record_at_counter(hold=self.feehold, actor=self.owner, reason="-")
        self.paymentnotice = PaymentNotice.objects.create(
            provider="trial", event="1", amount=29, payment=self.payment
        )
        self.signal = Signal.objects.create(
            mission=self.mission,
            kind="speed",
            subject="account 1",
            day=date.today(),
            numbers={"count": 9, "people": 1},
            first_seen_at=timezone.now(),
            last_seen_at=timezone.now(),
        )
        self.signal.appointments.add(self.appointment)
        self.objection = Objection.objects.create(
            signal=self.signal, account=factories.UserFactory(), text="No"
        )
        self.document = Document.objects.create(application=self.application, kind="passport")
        self.traveller = Traveller.objects.create(
            owner=self.owner, relation="self", family_name="Benali", given_names="Amine"
        )
        self.hostingcertificate = HostingCertificate(
            owner=self.owner,
            state="DE",
            host_name="Host",
            authority="Town",
            number="1",
            confirmed_on=date.today(),
        )
        self.hostingcertificate.remember_key()
        self.hostingcertificate.save()
        self.hostedapplication = HostedApplication.objects.create(
            certificate=self.hostingcertificate, application=self.application
        )
        self.export = DataExport.objects.create(owner=self.owner, expires_at=timezone.now())
        self.providerperiod = ProviderPeriod.objects.create(
            state="DE", post="algiers", name="Desk", valid=DateRange(None, None), citation="-"
        )
        self.message = Message.objects.get(kind="appointment_confirmed")
        self.unreachedmessage = Message.objects.create(
            kind="appointment_confirmed",
            subject="appointment:0",
            version=1,
            state="bounced",
            mission=self.mission,
            language="fr",
        )
        audit.record(actor=self.owner, action="test", subject=self.application)
        self.entry = Entry.objects.latest("pk")
        audit.record_read(actor=self.owner, subject=self.application, what="test")
        self.access = Access.objects.latest("pk")
        self.case = complaint(self.mission, category="procedure")
        self.appeal = appeal(self.mission).appeal
        self.incomingmail = IncomingMail.objects.create(
            mission=self.mission,
            mail_key=b"mail",
            received_at=timezone.now(),
            outcome="not_an_appeal",
        )
        self.colleagues = {actor: self._colleague(actor) for actor in STAFF}
        self._work_on_cases()
        self.clients = {
            "anonymous": Client(),
            "owner": applicant_client(self.owner),
            "stranger": applicant_client(factories.UserFactory()),
            **{
                actor: signed_in(colleague, "password", "mfa")
                for actor, colleague in self.colleagues.items()
            },
        }

    def _work_on_cases(self) -> None:
        """Give the handlers their desks, a letter and a bag."""
        writer = self.colleagues["complaint_handler"]
        Desk.objects.create(user=writer, categories=["staff", "provider", "procedure"])
        self.desk = Desk.objects.create(
            user=self.colleagues["appeal_officer"], categories=["appeal"]
        )
        self.case = assigned(self.case, writer)
        self.letter = write_letter(case=self.case, code="complaint_answer", author=writer)
        self.postbag = PostBag.objects.create(mission=self.mission, made_by=writer)

    def _colleague(self, actor: str) -> User:
        if actor == "foreign_agent":
            return staff(Role.AGENT, self.other_mission)
        return staff(Role(actor), *([] if actor == "administrator" else [self.mission]))

    def url(self, name: str) -> str:
        """Return an address about the rows of this world."""
        address = ADDRESSES[name]
        said = TABLE[name].get("arguments", {})
        values = {
            argument: said[argument] if argument in said else self._argument(argument, name)
            for argument in address.arguments
        }
        try:
            return reverse(name, kwargs=values)
        except NoReverseMatch:
            return reverse(name, args=list(values.values()))

    def _argument(self, argument: str, name: str) -> Any:
        if argument in ("object_id", "id"):  # of the admin, which names addresses by their model
            return getattr(self, name.split(":")[1].split("_")[1]).pk
        return {
            "application_id": self.application.pk,
            "appointment_id": self.appointment.pk,
            "slot_id": self.slot.pk,
            "traveller_id": self.traveller.pk,
            "certificate_id": self.hostingcertificate.pk,
            "export_id": self.export.pk,
            "code": self.centre.code,
            "plan_id": self.releaseplan.pk,
            "draw_id": self.draw.pk,
            "case_id": self.case.pk,
            "signal_id": self.signal.pk,
            "request_id": self.drawrequest.pk,
            "payment_id": self.payment.pk,
        }[argument]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def answer(client: Client, method: str, url: str) -> str:
    cookies = client.cookies.copy()  # signing out empties them
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return what_happened(response)


@pytest.mark.parametrize("name", PAGES)
def test_everybody_gets_the_answer_of_the_table(name, world):
    method, url = TABLE[name].get("method", "get"), world.url(name.removeprefix(POST))
    if name.startswith(POST):
        method = "post"
    answers = {actor: answer(world.clients[actor], method, url) for actor in ACTORS}
    assert answers == {actor: expected(name, actor) for actor in ACTORS}


@pytest.mark.parametrize("name", [name for name in LINES if name.startswith(ACTIONS)])
def test_actions_are_offered_as_the_table_says(name, world):
    model_admin, action = admin_actions()[name]

    def offered(actor: str) -> str:
        request = Mock(user=world.colleagues[actor], GET={})
        return "offered" if action in model_admin.get_actions(request) else "hidden"

    assert {actor: offered(actor) for actor in STAFF} == {
        actor: expected(name, actor) for actor in STAFF
    }
