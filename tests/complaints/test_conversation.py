"""What the person of a complaint and its handler write to each other."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.models import Case, CaseFile, CaseMessage
from complaints.operations import answers, conversation, letters, post
from complaints.refusals import (
    AnsweredByPost,
    CaseOver,
    NotYourCase,
    NoWayToAsk,
    TooManyFilesOfCase,
    TooManyMessages,
)
from portal.dates import civil_date
from portal.outbox.models import Message
from portal.uploads.settling import settle
from portal.workflow import TransitionRefused
from tests.actors import applicant_client, signed_in
from tests.complaints.conftest import PERSON, appeal, assigned, complaint, handler, officer
from tests.factories import UserFactory
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
SECRET = "Quel jour étiez-vous au guichet ?"


@pytest.fixture
def person(mission):
    return handler(mission, "provider")


@pytest.fixture
def owner():
    return UserFactory(email=PERSON.email)


@pytest.fixture
def case(mission, person, owner):
    return assigned(complaint(mission, owner=owner), person)


@pytest.fixture
def browser(owner):
    return applicant_client(owner)


def page(case, name="case"):
    return reverse(f"complaints:{name}", args=[case.pk])


def state(case):
    return Case.objects.get(pk=case.pk).state


def paper(name="a.pdf", content=None):
    return SimpleUploadedFile(name, content or pdf())


def test_a_question_and_its_answer_move_the_case_and_mails_tell_no_content(case, person, browser):
    conversation.ask(case=case, actor=person, text=SECRET)
    assert state(case) == "asked"
    mail = Message.objects.get(kind="case_message_waits")
    assert (mail.recipient, mail.language) == (PERSON.email, "fr")
    assert page(case) in mail.context["url"]
    assert SECRET not in str(mail.context)
    seen = case.messages.get().pk
    assert browser.post(page(case), {"text": "Le 2 novembre.", "seen": seen}).status_code == 302
    assert state(case) == "assigned"
    assert case.messages.get(from_staff=True).read_at is not None


def test_looking_changes_nothing_and_the_button_marks_what_stood_there(case, person, browser):
    first = conversation.ask(case=case, actor=person, text=SECRET)
    assert SECRET in browser.get(page(case)).content.decode()
    later = conversation.ask(case=case, actor=person, text="Et à quelle heure ?")
    browser.post(page(case, "case_read"), {"seen": first.pk})
    assert list(case.messages.filter(read_at=None)) == [later]


def test_a_second_click_writes_once(case, person, browser):
    for _ in range(2):
        browser.post(page(case), {"text": "Merci."})
        conversation.ask(case=case, actor=person, text=SECRET)
        conversation.ask(case=case, actor=person, text=SECRET)
    assert case.messages.filter(from_staff=True).count() == 2  # one after each "Merci."
    assert Message.objects.filter(kind="case_message_waits").count() == 2


def test_a_handler_reads_asks_and_answers_on_the_page_of_the_case(case, person):
    conversation.write_back(case_id=case.pk, text="Bonjour")
    desk = signed_in(person, "password", "mfa")

    def do(action, **given):
        address = reverse("admin:complaints_case_do", args=[case.pk, action])
        return desk.post(address, given).status_code

    shown = desk.get(reverse("admin:complaints_case_change", args=[case.pk])).content.decode()
    assert 'id="desk-ask"' in shown
    assert do("read", until=case.messages.get().pk) == 302
    assert case.messages.get().read_at is not None
    assert do("ask", text=" ") == 422
    assert do("ask", text=SECRET) == 302
    assert state(case) == "asked"
    assert do("answer", text="Voilà.") == 302
    assert state(case) == "closed"


def test_floods_are_refused_and_what_was_typed_stays(case, browser):
    CaseMessage.objects.bulk_create(
        CaseMessage(case=case, from_staff=False, text="x") for _ in range(conversation.MOST_A_DAY)
    )
    answer = browser.post(page(case), {"text": "Encore une chose"})
    assert answer.status_code == 422
    assert "Encore une chose" in answer.content.decode()
    with pytest.raises(TooManyMessages):
        conversation.write_back(case_id=case.pk, text="Encore")


@pytest.mark.parametrize("text", ["", "   ", "x" * (conversation.TEXT_LIMIT + 1)])
def test_nothing_and_too_much_are_refused_with_the_text_kept(case, browser, text):
    answer = browser.post(page(case), {"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()
    assert not case.messages.exists()


def test_files_go_along_and_are_shown_to_their_person_once_they_are_clean(case, browser):
    answer = browser.post(page(case), {"text": "", "attachments": [paper(), paper("b.pdf")]})
    assert answer.status_code == 302
    first, _second = CaseFile.objects.filter(case=case).order_by("pk")
    address = reverse("complaints:case_file", args=[case.pk, first.file_id])
    assert browser.get(address).status_code == 302  # still being checked
    assert settle(first.file_id)
    shown = browser.get(address)
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content).startswith(b"%PDF")
    assert Client().get(address).url == reverse("complaints:status")


def test_a_file_is_found_below_its_own_case_only(case, browser, mission):
    other = complaint(mission, owner=UserFactory(), text="Autre.")
    conversation.write_back(case_id=other.pk, text="", files=[paper()])
    part = CaseFile.objects.get(case=other)
    address = reverse("complaints:case_file", args=[case.pk, part.file_id])
    assert browser.get(address).status_code == 404


def test_a_bad_file_is_called_by_its_name_and_the_text_stays(case, browser):
    sent = {"text": "Voici", "attachments": [paper(), paper("trick.pdf", b"MZ program")]}
    answer = browser.post(page(case), sent)
    assert answer.status_code == 422
    assert "trick.pdf" in answer.content.decode()
    assert "Voici" in answer.content.decode()
    assert not case.messages.exists()
    assert not CaseFile.objects.exists()


def test_six_files_are_one_too_many(case):
    with pytest.raises(TooManyFilesOfCase):
        conversation.write_back(case_id=case.pk, text="x", files=[paper() for _ in range(6)])
    assert not case.messages.exists()


def test_nobody_asks_about_a_case_of_somebody_else(case, mission):
    with pytest.raises(NotYourCase):
        conversation.ask(case=case, actor=handler(mission, "provider"), text=SECRET)


def test_an_appeal_has_no_conversation_and_is_not_withdrawn_here(mission):
    one = officer(mission)
    case = assigned(appeal(mission), one)
    for refused in (
        lambda: conversation.ask(case=case, actor=one, text=SECRET),
        lambda: conversation.write_back(case_id=case.pk, text="?"),
        lambda: conversation.withdraw_own(case_id=case.pk),
    ):
        with pytest.raises(AnsweredByPost):
            refused()


def test_whoever_wrote_on_paper_is_asked_by_letter(mission, person):
    on_paper = type(PERSON)(name="Amina", postal_address="1, rue X")
    case = assigned(complaint(mission, person=on_paper), person)
    with pytest.raises(NoWayToAsk):
        conversation.ask(case=case, actor=person, text=SECRET)


def test_a_complaint_is_withdrawn_by_its_person_after_a_question(case, browser):
    browser.get(page(case, "case_withdraw"))
    assert state(case) == "assigned"
    browser.post(page(case, "case_withdraw"))
    assert state(case) == "withdrawn"
    assert Case.objects.get(pk=case.pk).closed_at is not None
    with pytest.raises(TransitionRefused):
        conversation.withdraw_own(case_id=case.pk)
    with pytest.raises(CaseOver):
        conversation.write_back(case_id=case.pk, text="Trop tard")


def test_an_answer_on_the_page_is_told_without_its_words(case, person, browser):
    answers.answer_by_message(case=case, actor=person, text=SECRET)
    mail = Message.objects.get(kind="case_answered")
    assert mail.recipient == PERSON.email
    assert SECRET not in str(mail.context)
    assert SECRET in browser.get(page(case)).content.decode()


def test_a_letter_is_told_on_the_day_it_was_posted_without_its_words(case, person, mission):
    letter = letters.write_letter(
        case=case, code="complaint_answer", author=person, own_words="Rien à dire"
    )
    answers.answer_by_post(letter=letter, actor=person)
    bag = post.fill_bag(mission=mission, actor=person)
    assert not Message.objects.filter(kind="case_letter_posted").exists()
    letter.refresh_from_db()
    post.dispatch_bag(bag=bag, actor=person, on=letter.dated)
    context = Message.objects.get(kind="case_letter_posted").context
    assert context["posted_on"] == letter.dated.isoformat()
    assert letter.dated == civil_date(letter.created_at)
    assert "Rien" not in str(context)
