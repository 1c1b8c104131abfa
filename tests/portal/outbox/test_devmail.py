import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import include, path, reverse

from portal import urls as site
from portal.outbox.composing import part
from portal.outbox.notifications import Attachment

urlpatterns = [path("kept-mail/", include("portal.outbox.devmail")), *site.urlpatterns]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_DIR = settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def keep(folder, *subjects, body="Your code:\n\n482913\n\nIt works once.\n", files=()):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mails = [
        EmailMultiAlternatives(subject, body, "a@example.org", ["amina@example.org"])
        for subject in subjects
    ]
    for mail in mails:
        mail.attach_alternative("<h1>Hello</h1><script>alert(1)</script>", "text/html")
        for file in files:
            mail.attach(part(file))
    connection.send_messages(mails)
    return next(folder.glob("*.log")).stem


def test_the_list_shows_the_newest_first_and_every_code_plainly(client, folder):
    keep(folder, "First", "Deuxième – الثالثة")
    page = client.get(reverse("devmail")).content.decode()
    assert page.index("Deuxième – الثالثة") < page.index("First")
    assert page.count("482913") == 2
    assert "amina@example.org" in page


def test_one_message_shows_its_text_headers_and_files(client, folder):
    file = keep(folder, "Hello", files=[Attachment("date.ics", "BEGIN:VCALENDAR", "text/calendar")])
    page = client.get(reverse("devmail_message", args=[file, 0])).content.decode()
    for shown in ("It works once.", "482913", "Message-ID", "date.ics", "text/calendar"):
        assert shown in page


def test_a_file_is_downloaded_as_it_was_sent(client, folder):
    calendar = Attachment("date.ics", "BEGIN:VCALENDAR\r\né", "text/calendar; method=REQUEST")
    file = keep(folder, "Hello", files=[calendar])
    answer = client.get(reverse("devmail_attachment", args=[file, 0, 0]))
    assert answer.content == "BEGIN:VCALENDAR\né".encode() or answer.content == (
        "BEGIN:VCALENDAR\r\né".encode()
    )
    assert 'filename="date.ics"' in answer["Content-Disposition"]
    assert 'method="REQUEST"' in answer["Content-Type"]
    assert client.get(reverse("devmail_attachment", args=[file, 0, 1])).status_code == 404


def test_the_page_of_a_message_may_run_nothing(client, folder):
    file = keep(folder, "Hello")
    answer = client.get(reverse("devmail_page", args=[file, 0]))
    assert "<h1>Hello</h1>" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("file", ["unknown", "..", "passwd"])
def test_only_what_lies_in_the_folder_can_be_asked_for(client, folder, file):
    keep(folder, "Hello")
    (folder.parent / "passwd.log").write_text("secret")
    assert client.get(f"/kept-mail/{file}/0/").status_code == 404


def test_without_a_mail_folder_there_is_nothing_to_see(client, folder, settings):
    file = keep(folder, "Hello")
    settings.MAIL_DIR = ""
    for name, arguments in (
        ("devmail", []),
        ("devmail_message", [file, 0]),
        ("devmail_page", [file, 0]),
        ("devmail_attachment", [file, 0, 0]),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == 404
