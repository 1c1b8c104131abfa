import email
from email import policy

import pytest

from portal.outbox.composing import compose, part
from portal.outbox.models import Message
from portal.outbox.notifications import Attachment, kinds, of_kind

from .sample.notifications import Note

CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Rendez-vous à Oran\r\nEND:VCALENDAR\r\n"


def message(**fields):
    defaults = {"recipient": "a@example.org", "language": "en", "context": {"name": "O'Neil"}}
    key = {"kind": "note", "subject": "test:1", "version": 1, "message_id": "<1@example.org>"}
    return Message(**(key | defaults | fields))


def mail(**fields):
    raw = compose(message(**fields)).message().as_bytes()
    return email.message_from_bytes(raw, policy=policy.default)


@pytest.fixture(autouse=True)
def _sample(sample):
    pass


def test_plain_text_is_not_escaped_and_html_is():
    composed = mail()
    assert composed["Subject"] == "Monday: O'Neil"
    assert "O'Neil, your note" in composed.get_body(("plain",)).get_content()
    assert "O&#x27;Neil" in composed.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("language", "day", "direction"),
    [("fr", "lundi", "ltr"), ("de", "Montag", "ltr"), ("ar", "الاثنين", "rtl")],
)
def test_a_message_speaks_its_recipients_language(language, day, direction):
    composed = mail(language=language)
    assert composed["Subject"].casefold().startswith(day.casefold())
    html = composed.get_body(("html",)).get_content()
    assert f'lang="{language}" dir="{direction}"' in html
    assert composed["Content-Language"] == language


def test_a_message_is_the_same_however_often_it_is_composed():
    one = message()
    first, second = compose(one).message(), compose(one).message()
    for header in ("Message-ID", "Date", "Subject", "To"):
        assert first[header] == second[header]
    assert first["Message-ID"] == "<1@example.org>"


def test_a_line_break_in_a_name_makes_no_new_header():
    composed = mail(context={"name": "A\r\nBcc: everyone@example.org"})
    assert composed["Bcc"] is None
    assert composed["Subject"] == "Monday: A Bcc: everyone@example.org"


def test_a_calendar_keeps_its_method_and_its_accents():
    composed = mail(context={"name": "A", "calendar": CALENDAR})
    [attached] = composed.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == "REQUEST"
    assert attached.get_filename() == "date.ics"
    assert "Rendez-vous à Oran" in attached.get_content()


def test_a_binary_attachment_arrives_byte_for_byte():
    content = bytes(range(256))
    piece = part(Attachment("a.pdf", content, "application/pdf"))
    assert piece.get_content_type() == "application/pdf"
    assert piece.get_payload(decode=True) == content


def test_a_kind_that_no_app_knows_is_said_so():
    with pytest.raises(LookupError, match="nonsense"):
        of_kind("nonsense")


def test_every_kind_is_known_by_its_name():
    assert of_kind("note") is Note
    assert "note" in kinds()
