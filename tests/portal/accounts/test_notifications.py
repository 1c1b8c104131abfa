import pytest

from portal.accounts.notifications import SignInCodeMail, StaffDoorMail
from portal.outbox.composing import compose
from portal.outbox.operations import enqueue

pytestmark = pytest.mark.django_db
LETTER = {"recipient": "a@example.org", "attempt": "f00d", "version": 1}


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_code_stands_alone_on_its_line_and_in_the_subject(language):
    mail = compose(enqueue(SignInCodeMail.bearing(code="012345", language=language, **LETTER)))
    assert "\n012345\n" in mail.body
    assert "012345" in mail.subject
    assert "10" in mail.body


def test_a_code_that_ran_out_is_of_no_use_any_more():
    message = enqueue(SignInCodeMail.bearing(code="012345", language="fr", **LETTER))
    assert 590 < (message.useful_until - message.created_at).total_seconds() < 610


def test_staff_are_led_to_their_door(settings):
    settings.BASE_URL = "https://guichet.example"
    mail = compose(enqueue(StaffDoorMail.leading(language="en", **LETTER)))
    assert "https://guichet.example/staff/sign-in/" in mail.body
