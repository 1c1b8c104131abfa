"""E-mail to a mission: a real IMAP server, a maildir, and mails as strangers send them."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from email.message import EmailMessage
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from complaints.enums import AppealedDecision, FileRole
from complaints.mail_reading import MOST_FILES, read
from complaints.models import Appeal, CaseFile, IncomingMail, MailFile
from complaints.operations.appeals import Contested
from complaints.operations.mails import add_mail, register_mail, set_mail_aside, take_mail
from complaints.refusals import AlreadyRegistered, MailSettled, NoDocument, NotYourCase
from complaints.rules.notification_date import named_day
from portal.outbox.models import Message
from tests.complaints import imap as server
from tests.complaints.conftest import PERSON, appeal, officer
from tests.factories import MissionFactory
from tests.portal.outbox.conftest import environment
from tests.portal.uploads.conftest import folder  # noqa: F401  # files lie in a folder of the test
from tests.portal.uploads.papers import pdf, picture

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PAPER = pdf()


def mail(text="Bonjour, je conteste le refus de mon visa.", files=(), **headers):
    message = EmailMessage()
    given = {"From": "Amina <amina@example.org>", "Subject": "Recours", "Message_ID": "<1@x>"}
    for name, value in {**given, **headers}.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    for number, content in enumerate(files):
        message.add_attachment(
            content, maintype="application", subtype="pdf", filename=f"recours{number}.pdf"
        )
    return message.as_bytes()


def take(mission, raw, at=NOW):
    return take_mail(mission=mission, raw=raw, received_at=at)


# --- What becomes of it -----------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape"])
def test_half_a_sign_stops_nobody_elses_mail(mission, charset):
    head = f"From: a@example.org\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    row = take(mission, head.encode() + b"Bonjour +2AA- \\ud800")
    assert (row.text, row.notes) == (r"Bonjour +2AA- \ud800", ["charset"])


def test_a_text_alone_is_kept_and_answered_once_without_a_guessed_deadline(mission):
    row = take(mission, mail())
    assert (row.outcome, row.received_at, row.attachments) == ("not_an_appeal", NOW, 0)
    assert "je conteste" in row.text
    message = Message.objects.get(kind="not_yet_an_appeal")
    assert (message.recipient, message.language) == ("amina@example.org", "fr")
    assert "last_day" not in message.context
    take(mission, mail(Message_ID="<2@x>"))
    assert Message.objects.filter(kind="not_yet_an_appeal").count() == 1
    assert IncomingMail.objects.count() == 2
    assert not Appeal.objects.exists()


def test_the_answer_names_the_last_day_for_a_day_that_the_mail_names(mission):
    text = "Ich widerspreche der Ablehnung, die mir am 12. Oktober 2026 zugestellt wurde."
    take(mission, mail(text))
    message = Message.objects.get(kind="not_yet_an_appeal")
    assert message.language == "de"
    assert (message.context["notified"], message.context["last_day"]) == (
        "2026-10-12",
        "2026-11-12",
    )


def test_a_file_waits_for_an_officer_who_registers_it_with_its_day(mission):
    row = take(mission, mail(files=[PAPER, pdf(2)]))
    assert (row.outcome, row.files.count()) == ("to_register", 2)
    assert not Message.objects.exists()
    person = officer(mission)
    given = {
        "mail": row,
        "actor": person,
        "person": PERSON,
        "contested": Contested(against=AppealedDecision.ANNULMENT, notified_on=date(2026, 10, 20)),
        "language": "fr",
    }
    registered = register_mail(**given, letter=row.files.last())
    assert (registered.arrived_at, registered.case.channel) == (NOW, "email")
    assert registered.signature == "unseen"
    roles = [one.role for one in CaseFile.objects.filter(case=registered.case)]
    assert sorted(roles) == [FileRole.APPEAL, FileRole.ATTACHMENT]
    row.refresh_from_db()
    assert (row.outcome, row.case, row.settled_by) == ("registered", registered.case, person)
    assert not MailFile.objects.exists()
    assert Message.objects.get().kind == "appeal_registered"
    with pytest.raises(MailSettled):
        register_mail(**given)
    again = take(mission, mail(files=[pdf(2), PAPER], Message_ID="<9@x>"))
    with pytest.raises(AlreadyRegistered):
        register_mail(**(given | {"mail": again}))
    again.refresh_from_db()
    assert (again.outcome, again.files.count()) == ("to_register", 2)


def test_a_text_is_not_registered_and_mails_are_added_or_set_aside(mission):
    person, case = officer(mission), appeal(mission)
    row = take(mission, mail())
    contested = Contested(against=AppealedDecision.REFUSAL, notified_on=date(2026, 10, 20))
    with pytest.raises(NoDocument):
        register_mail(mail=row, actor=person, person=PERSON, contested=contested, language="fr")
    assert set_mail_aside(mail=row, actor=person, reason="An advertisement").outcome == "set_aside"
    other = take(mission, mail(files=[PAPER], Message_ID="<3@x>"))
    with pytest.raises(NotYourCase):
        add_mail(mail=other, actor=person, case=appeal(MissionFactory()))
    assert add_mail(mail=other, actor=person, case=case).outcome == "added"
    assert case.files.count() == 1


# --- As strangers send them -------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<visa.example.org>"},
        {"Return_Path": "<>"},
        {"Authentication_Results": "mx.example; dmarc=fail header.from=example.org"},
        {"From": "a@example.org, b@example.org"},
        {"From": None},
    ],
)
def test_machines_lists_and_forged_senders_are_kept_and_never_answered(mission, headers):
    row = take(mission, mail(files=[PAPER], **headers))
    assert (row.outcome, row.files.count()) == ("doubted", 1)
    assert row.notes
    take(mission, mail(**headers))
    assert not Message.objects.exists()


def test_only_our_own_server_is_believed_about_a_sender():
    own = b"Authentication-Results: mx.example; dmarc=pass\n"
    other = b"Authentication-Results: evil.example; dmarc=fail\n"
    assert not read(own + other + mail()).is_doubted
    assert read(other + own + mail()).notes == ["forged"]


def test_thirty_attachments_are_taken_up_to_the_limit_and_noted(mission):
    row = take(mission, mail(files=[PAPER + b"\n%%%d" % n for n in range(30)]))
    assert (row.attachments, row.files.count()) == (30, MOST_FILES)
    assert "too_many_files" in row.notes


def test_a_broken_tree_is_kept_as_it_came(mission):
    raw = mail(files=[PAPER]).rsplit(b"--", 2)[0][:-500]
    row = take(mission, raw)
    assert row.outcome == "broken"
    assert "je conteste" in row.text
    assert "Subject: Recours" in row.text
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff\xfe" * 50,
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 400,
        b"From: =?x-unknown?B?////?=\nSubject: =?utf-8?Q?=ZZ?=\n\nx",
        b"From: a@example.org\nContent-Type: text/plain; charset=nonsense\n\n\xe9t\xe9",
        b"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n" * 50,
    ],
)
def test_whatever_comes_is_kept(mission, raw):
    assert take(mission, raw).pk


def test_charsets_and_pages_are_read():
    latin = b"From: a@example.org\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe9t\xe9"
    assert read(latin).text == "été"
    page = mail().replace(b"text/plain", b"text/html").replace(b"Bonjour", b"<b>Bonjour</b>")
    found = read(page + b"<style>x{}</style>")
    assert found.text.startswith("Bonjour, je")
    assert "x{}" not in found.text
    assert found.notes == ["only_html"]


def test_a_logo_is_no_letter_and_an_archive_is_none_either(mission):
    logo = EmailMessage()
    logo["From"] = "a@example.org"
    logo.set_content("Je conteste")
    logo.add_attachment(picture(), maintype="image", subtype="jpeg", cid="<logo>")
    assert take(mission, logo.as_bytes()).outcome == "not_an_appeal"
    row = take(mission, mail(files=[b"PK\x03\x04" + b"0" * 99]))
    assert (row.outcome, row.notes) == ("broken", ["file_refused:archive"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("La décision notifiée le 12 octobre 2026", date(2026, 10, 12)),
        ("reçue en main propre le 1er octobre 2026", date(2026, 10, 1)),
        ("am 12.10.2026 zugestellt", date(2026, 10, 12)),
        ("Je suis né le 12/10/1990 et je conteste", None),
        ("reçue le 12/10/2026, une autre reçue le 13/10/2026", None),
        ("notifiée le 31 février 2026", None),
        ("notifiée le 29 février 2024", date(2024, 2, 29)),
        ("notifiée le 12 octobre 2027", None),
    ],
)
def test_a_day_is_taken_only_where_it_is_tied_to_a_notification(text, day):
    assert named_day(text, date(2026, 11, 2)) == day


# --- Where they lie ---------------------------------------------------------------------------


def command(**options):
    out = StringIO()
    call_command("read_mailbox", mission="de-algiers", stdout=out, **options)
    return out.getvalue()


def test_a_real_mailbox_is_read_over_imap(mission, settings):
    settings.MAILBOX_PASSWORD = server.PASSWORD
    with server.mailbox() as box:
        box.put(mail(files=[PAPER]), NOW.timestamp())
        box.put(mail(Message_ID="<2@x>"))
        assert command(imap=box.url).startswith("2 read")
        assert box.unseen() == 0
        assert command(imap=box.url).startswith("0 read")
        first = IncomingMail.objects.get(outcome="to_register")
        assert first.received_at == NOW  # the server's clock, not the sender's
        settings.MAILBOX_PASSWORD = "wrong"
        with pytest.raises(CommandError):
            command(imap=box.url)


def test_what_the_server_does_not_give_stays_unseen(mission, settings):
    settings.MAILBOX_PASSWORD = server.PASSWORD
    with server.mailbox() as box:
        box.put(mail(files=[PAPER]))
        with server.giving_nothing(box) as url:
            assert command(imap=url).startswith("0 read")
        assert box.unseen() == 1
        assert command(imap=box.url).startswith("1 read")


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_between_keeping_and_marking_reads_it_again_once(tmp_path, settings):
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    settings.MAILBOX_PASSWORD = server.PASSWORD
    program = (
        "import django; django.setup()\nimport os, signal\n"
        "from complaints.mailboxes import imap\n"
        "from complaints.operations.mails import take_mail\n"
        "from portal.missions.models import Mission\n"
        "mission = Mission.objects.get(code='de-algiers')\n"
        "for one in imap(os.environ['BOX'], os.environ['SECRET']):\n"
        "    take_mail(mission=mission, raw=one.raw, received_at=one.received_at)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with server.mailbox() as box:
        box.put(mail(files=[PAPER]))
        own = {"GUICHET_FILES_DIR": str(tmp_path / "files"), "SECRET": server.PASSWORD}
        reader = subprocess.run(
            [sys.executable, "-c", program], env=environment(BOX=box.url, **own), timeout=60
        )
        assert reader.returncode == -signal.SIGKILL
        assert (box.unseen(), IncomingMail.objects.count()) == (1, 1)
        command(imap=box.url)
        assert box.unseen() == 0
        assert IncomingMail.objects.get().mission == mission
        assert MailFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_one_mail_keep_it_once():
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    faults, raw = [], mail(files=[PAPER])

    def one():
        try:
            take(mission, raw)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (IncomingMail.objects.count(), MailFile.objects.count()) == (1, 1)


def test_an_unencrypted_mailbox_elsewhere_is_refused(mission):
    with pytest.raises(CommandError):
        command(imap="imap://a@mail.example.org/INBOX")


def test_a_maildir_is_read_in_order_of_delivery(mission, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1793612345.M1.host").write_bytes(mail("second", Message_ID="<2@x>"))
    (tmp_path / "new" / "1793600000.M1.host").write_bytes(mail("first"))
    assert command(maildir=tmp_path).startswith("2 read")
    assert not list((tmp_path / "new").iterdir())
    rows = list(IncomingMail.objects.order_by("pk"))
    assert [row.text for row in rows] == ["first", "second"]
    assert rows[0].received_at == datetime.fromtimestamp(1793600000, UTC)
    with pytest.raises(CommandError):
        command(maildir=tmp_path / "nothing")
