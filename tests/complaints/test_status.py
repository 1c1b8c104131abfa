"""Number, e-mail address, mailed code: the page of a case without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import case_codes
from complaints.models import Case
from complaints.operations.arrival import Person
from portal.attempts import store
from portal.outbox.models import Message
from tests.actors import applicant_client
from tests.complaints.conftest import PERSON, appeal, assigned, complaint, handler
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
STATUS = "/complaints/status/"
CODE = "/complaints/status/code/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
    for key in store().scan_iter("*:attempts:*"):
        store().delete(key)


@pytest.fixture
def client():
    return Client(**ENGLISH)


def page(case):
    return reverse("complaints:case", args=[case.pk])


def asked(client, reference, email=PERSON.email):
    return client.post(STATUS, {"reference": reference, "email": email})


def mailed():
    return Message.objects.filter(kind="case_code").order_by("-pk").first().context["code"]


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def opened(client, case):
    asked(client, case.reference)
    return client.post(CODE, {"code": mailed()})


def test_the_code_opens_the_case_once_and_only_in_this_session(client, mission):
    case = complaint(mission)
    typed = case.reference.lower().replace("-", " ")  # as people type it
    assert asked(client, typed, "  Amina@Example.org ").url == CODE
    code = mailed()
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).url == page(case)
    assert case.text in client.get(page(case)).content.decode()
    assert client.post(CODE, {"code": code}).url == STATUS  # used up
    assert Client().get(page(case)).url == STATUS  # another browser


def test_a_pair_that_does_not_belong_together_is_answered_alike(client, mission):
    case = complaint(mission)
    other = complaint(mission, person=type(PERSON)(name="B", email="b@example.org"))
    answers = []
    for reference, email in (
        (case.reference, PERSON.email),
        (case.reference, other.email),
        ("C-0000-0000", PERSON.email),
    ):
        browser = Client(**ENGLISH)
        first = asked(browser, reference, email)
        after = browser.get(CODE)
        wrong = browser.post(CODE, {"code": "not it"})
        texts = [
            re.sub(r'value="[^"]+"|<bdi dir="ltr">[^<]+', "", one.content.decode())
            for one in (after, wrong)
        ]
        answers.append((first.status_code, first.url, wrong.status_code, *texts))
    assert answers[0] == answers[1] == answers[2]
    assert Message.objects.filter(kind="case_code").count() == 1


def test_the_mail_goes_to_the_address_of_the_case_and_not_to_the_one_typed(client, mission):
    # Addresses are compared without dots; two mailboxes may differ by one.
    asked(client, complaint(mission).reference, "ami.na@example.org")
    assert Message.objects.get(kind="case_code").recipient == PERSON.email


def test_whoever_gave_no_address_gets_no_code(client, mission):
    case = complaint(mission, person=type(PERSON)(name="Amina", postal_address="1, rue X"))
    assert asked(client, case.reference, "amina@example.org").url == CODE
    assert not Message.objects.filter(kind="case_code").exists()


def test_five_wrong_codes_end_an_attempt_though_the_sixth_is_right(client, mission):
    asked(client, complaint(mission).reference)
    code = mailed()
    for _ in range(case_codes.TRIES):
        assert client.post(CODE, {"code": other_than(code)}).status_code == 422
    answer = client.post(CODE, {"code": code})
    assert answer.status_code == 422
    assert "not good any more" in answer.content.decode()


def test_after_ten_minutes_the_store_forgets_the_code(client, mission):
    asked(client, complaint(mission).reference)
    keys = list(store().scan_iter("*:case-code:code:*"))
    assert 0 < store().ttl(keys[-1]) <= 600
    for key in keys:
        store().delete(key)
    assert client.post(CODE, {"code": mailed()}).status_code == 422


def test_a_new_code_ends_the_one_before(client, mission):
    case = complaint(mission)
    asked(client, case.reference)
    first = mailed()
    asked(client, case.reference)
    if first != mailed():
        assert client.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": mailed()}).status_code == 302


def test_nobody_fills_a_mailbox_with_codes(client, mission):
    case = complaint(mission)
    for _ in range(case_codes.PER_PAIR):
        assert asked(client, case.reference).status_code == 302
    refused = asked(Client(**ENGLISH), case.reference)
    assert refused.status_code == 422
    assert case.reference in refused.content.decode()  # what was typed stays
    assert Message.objects.filter(kind="case_code").count() == case_codes.PER_PAIR


def test_a_proof_ends_after_an_hour_and_what_was_typed_waits(client, mission):
    case = complaint(mission)
    opened(client, case)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert client.post(page(case), {"text": "My new address"}).url == STATUS
        opened(client, case)
        assert "My new address" in client.get(page(case)).content.decode()
    assert not case.messages.exists()


def test_a_case_can_be_closed_in_a_browser_that_others_use(client, mission):
    case = complaint(mission)
    opened(client, case)
    client.post(reverse("complaints:case_leave", args=[case.pk]))
    assert client.get(page(case)).url == STATUS


def test_the_account_sees_its_cases_without_a_code_and_no_others(mission):
    owner = UserFactory(email=PERSON.email)
    sent = complaint(mission, owner=owner)
    by_address = complaint(mission, text="Autre chose.")
    foreign = complaint(mission, owner=UserFactory(), text="Une autre personne.")
    browser = applicant_client(owner)
    listed = browser.get("/complaints/mine/").content.decode()
    assert sent.reference in listed
    assert by_address.reference in listed
    assert foreign.reference not in listed
    assert browser.get(page(sent)).status_code == 200
    assert browser.get(page(foreign)).url == STATUS


@pytest.mark.parametrize("like", ["a.mina@example.org", "am@inaexample.org", "amina@exam-ple.org"])
def test_an_address_that_differs_in_its_signs_alone_is_somebody_else(mission, like):
    case = complaint(mission)
    browser = applicant_client(UserFactory(email=like))
    assert case.reference not in browser.get("/complaints/mine/").content.decode()
    assert browser.get(page(case)).url == STATUS
    typed = Person(name=PERSON.name, email="Amina@Example.org")
    own = complaint(mission, person=typed, text="En capitales.")
    browser = applicant_client(UserFactory(email=PERSON.email))
    assert browser.get(page(own)).status_code == 200


def test_what_was_typed_while_the_case_was_closed_is_not_lost(mission):
    case = complaint(mission, owner=UserFactory(email=PERSON.email))
    browser = applicant_client(case.owner)
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    answer = browser.post(page(case), {"text": "Encore une chose, très longue."}, **ENGLISH)
    assert answer.status_code == 422
    assert "Encore une chose, très longue." in answer.text
    assert "This case is closed" in answer.text
    assert "<textarea" not in browser.get(page(case)).text


def test_of_an_appeal_only_received_is_shown_whatever_happens_inside(client, mission):
    case = appeal(mission)
    opened(client, case)
    seen = []
    for state in ("received", "assigned", "proposed"):
        if state != "received":
            assigned(case, handler(mission, "appeal", role="appeal_officer"))
            Case.objects.filter(pk=case.pk).update(state=state)
        seen.append(re.sub(r'value="[^"]+"', "", client.get(page(case)).content.decode()))
    assert seen[0] == seen[1] == seen[2]
    assert str(case.appeal) in seen[0]
    assert "by post" in seen[0]
    assert "<textarea" not in seen[0]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("doubt", "Received"),
        ("received", "Received"),
        ("assigned", "Being handled"),
        ("asked", "We asked you something"),
        ("to_post", "Being handled"),
        ("closed", "Closed"),
        ("withdrawn", "Withdrawn"),
    ],
)
def test_a_complaint_is_told_in_plain_words(client, mission, state, word):
    case = assigned(complaint(mission), handler(mission, "provider"))
    Case.objects.filter(pk=case.pk).update(state=state)
    opened(client, case)
    shown = re.search(r"status-tag[^>]*>([^<]+)<", client.get(page(case)).content.decode())
    assert shown.group(1) == word
