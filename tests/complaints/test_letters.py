"""Letters: both languages, the window, the post, and the end of a case."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.letters import LANGUAGES, pdf_of, template, templates
from complaints.models import Case
from complaints.operations import answers, letters, post
from complaints.refusals import (
    AddressTooLong,
    NoAddress,
    NoAnswerYet,
    NothingToPost,
    NothingWritten,
    NotYourCase,
    OneAnswer,
    PostedInTheFuture,
    SamePerson,
    TwoPeople,
)
from portal.dates import civil_date
from portal.workflow import TransitionRefused
from tests.complaints.conftest import appeal, assigned, complaint, handler, officer
from tests.portal.paper import reading

TODAY = civil_date(timezone.now())
FACTS = {"label", "number", "notified", "last_day", "mend_until", "name", "reference", "received"}


def placeholders(one):
    texts = [one.subject, one.salutation, one.closing, *(block.text for block in one.blocks)]
    return {found for text in texts for found in re.findall(r"{(\w*)}", text)}


@pytest.mark.parametrize("code", sorted(templates()))
def test_every_letter_is_whole_in_both_languages(code):
    one, other = (template(code, language) for language in LANGUAGES)
    assert [(b.code, b.optional) for b in one.blocks] == [
        (b.code, b.optional) for b in other.blocks
    ]
    assert (one.answers, one.categories) == (other.answers, other.categories)
    assert placeholders(one) == placeholders(other) <= FACTS | {"own_words"}
    for texts in (one, other):
        assert all(block.name for block in texts.optional)
        assert all((texts.name, texts.subject, texts.salutation, texts.closing))
    assert one.subject != other.subject


@pytest.fixture
def person(mission):
    return handler(mission, "provider")


@pytest.fixture
def case(mission, person):
    return assigned(complaint(mission), person)


def answer(case, author, **more):
    code = "appeal_rejected" if case.is_appeal else "complaint_answer"
    more = {"own_words": "Nous avons vérifié le planning.", **more}
    return letters.write_letter(case=case, code=code, author=author, **more)


def posted(letter, actor):
    bag = post.fill_bag(mission=letter.case.mission, actor=actor)
    post.dispatch_bag(bag=bag, actor=actor, on=TODAY, tracking={letter.pk: "RR123"})
    letter.refresh_from_db()
    return letter


def test_the_paper_says_what_was_chosen(case, person):
    letter = answer(case, person, blocks=["apology", "unknown"])
    text = reading.words(pdf_of(letter, today=TODAY))
    assert "Amina Benali 12, rue Didouche Mourad 16000 ALGER" in text
    assert "présentons nos excuses" in text
    assert "vérifié le planning" in text
    assert "ne peut pas changer" not in text
    assert letter.blocks == ["apology"]


def test_a_case_closes_when_its_answer_is_posted(case, person):
    letter = answer(case, person)
    assert answers.answer_by_post(letter=letter, actor=person).state == "to_post"
    letter = posted(letter, person)
    assert (letter.state, letter.tracking_number) == ("dispatched", "RR123")
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.closed_at is not None


def test_what_was_fixed_stays_the_same_paper(case, person):
    letter = answer(case, person)
    answers.answer_by_post(letter=letter, actor=person)
    letter.refresh_from_db()
    before = pdf_of(letter, today=TODAY)
    Case.objects.filter(pk=case.pk).update(name="Jemand anders")
    letter = type(letter).objects.get(pk=letter.pk)
    assert pdf_of(letter, today=TODAY + timedelta(days=9)) == before
    with pytest.raises(TransitionRefused):
        letters.edit_letter(letter=letter, author=person, blocks=[], own_words="", address="")


def test_a_returned_letter_opens_the_case_until_it_is_sent_again(case, person):
    letter = answer(case, person)
    answers.answer_by_post(letter=letter, actor=person)
    letter = posted(letter, person)
    post.letter_returned(letter=letter, actor=person, on=TODAY, why="Unknown at this address")
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("to_post", None)
    again = post.send_again(letter=letter, actor=person, address="Amina Benali\n5, rue Larbi\nORAN")
    assert "Larbi" in reading.words(pdf_of(again, today=TODAY))
    with pytest.raises(IntegrityError), transaction.atomic():
        post.send_again(letter=letter, actor=person, address="Amina\nORAN")
    posted(again, person)
    case.refresh_from_db()
    assert case.state == "closed"


def test_two_people_answer_an_appeal(mission):
    one, other = officer(mission), officer(mission)
    case = assigned(appeal(mission), one)
    letter = answer(case, one)
    with pytest.raises(TwoPeople):
        answers.answer_by_post(letter=letter, actor=one)
    answers.propose_answer(letter=letter, actor=one)
    with pytest.raises(SamePerson):
        answers.confirm_answer(letter=letter, actor=one)
    assert answers.confirm_answer(letter=letter, actor=other).state == "to_post"
    posted(letter, other)
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_question_does_not_close_an_appeal(mission):
    one = officer(mission)
    case = assigned(appeal(mission), one)
    letter = letters.write_letter(
        case=case, code="appeal_deficient", author=one, blocks=["signature"]
    )
    letters.finish_letter(letter=letter, actor=one)
    posted(letter, one)
    case.refresh_from_db()
    assert case.state == "assigned"


def test_an_answer_turned_down_goes_back(mission):
    one, other = officer(mission), officer(mission)
    case = assigned(appeal(mission), one)
    answers.propose_answer(letter=answer(case, one), actor=one)
    assert answers.turn_down_answer(case=case, actor=other, reason="x").state == "assigned"


def test_a_proposed_answer_stays_as_its_second_reader_finds_it(mission):
    one, other = officer(mission), officer(mission)
    case = assigned(appeal(mission), one)
    letter = answer(case, one)
    second = letters.write_letter(case=case, code="appeal_granted", author=one)
    with pytest.raises(OneAnswer):
        answers.propose_answer(letter=letter, actor=one)
    letters.cancel_letter(letter=second, actor=one)
    answers.propose_answer(letter=letter, actor=one)
    changed = {"own_words": "Autre chose.", "address": letter.address, "blocks": []}
    for change in (
        lambda: letters.edit_letter(letter=letter, author=one, **changed),
        lambda: letters.cancel_letter(letter=letter, actor=one),
        lambda: letters.write_letter(case=case, code="appeal_granted", author=one),
    ):
        with pytest.raises(OneAnswer):
            change()
    question = letters.write_letter(case=case, code="appeal_deficient", author=one)
    with pytest.raises(NoAnswerYet):
        answers.confirm_answer(letter=question, actor=other)
    answers.turn_down_answer(case=case, actor=other, reason="x")
    assert letters.edit_letter(letter=letter, author=one, **changed).own_words == "Autre chose."


@pytest.mark.parametrize("is_appeal", [False, True])
def test_an_answer_that_is_not_sent_after_all_leaves_room_for_another(mission, is_appeal):
    one, other = (officer(mission) if is_appeal else handler(mission, "provider") for _ in range(2))
    case = assigned(appeal(mission) if is_appeal else complaint(mission), one)

    def answered():
        letter = answer(case, one)
        if not is_appeal:
            return answers.answer_by_post(letter=letter, actor=one)
        answers.propose_answer(letter=letter, actor=one)
        return answers.confirm_answer(letter=letter, actor=other)

    answered()
    letters.cancel_letter(letter=case.letters.get(), actor=one)
    case.refresh_from_db()
    assert case.state == "assigned"
    assert answered().state == "to_post"
    posted(case.letters.get(state="ready"), one)
    case.refresh_from_db()
    assert case.state == "closed"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"own_words": " "}, NothingWritten),
        ({"address": "Amina Benali"}, NoAddress),
        ({"address": "\n".join(["Amina Benali", *["rue"] * 9])}, AddressTooLong),
    ],
)
def test_a_letter_that_would_not_arrive_is_not_finished(case, person, change, refusal):
    letter = answer(case, person)
    given = {"own_words": "Oui.", "address": letter.address, "blocks": [], **change}
    letters.edit_letter(letter=letter, author=person, **given)
    with pytest.raises(refusal):
        answers.answer_by_post(letter=letter, actor=person)
    letter.refresh_from_db()
    case.refresh_from_db()
    assert (letter.state, case.state) == ("draft", "assigned")


def test_nobody_writes_about_the_case_of_somebody_else(case, mission):
    with pytest.raises(NotYourCase):
        answer(case, handler(mission, "provider"))


def test_a_day_to_come_is_no_day_of_posting(case, person):
    letter = answer(case, person)
    answers.answer_by_post(letter=letter, actor=person)
    bag = post.fill_bag(mission=case.mission, actor=person)
    with pytest.raises(PostedInTheFuture):
        post.dispatch_bag(bag=bag, actor=person, on=TODAY + timedelta(days=1))
    with pytest.raises(NothingToPost):
        post.fill_bag(mission=case.mission, actor=person)
    letter.refresh_from_db()
    assert letter.state == "printed"


def test_nobody_posts_a_letter_that_they_do_not_see(mission):
    both = handler(mission, "provider", "procedure")
    cases = [
        assigned(complaint(mission, category=one, text=one), both)
        for one in ("provider", "procedure")
    ]
    for one in cases:
        answers.answer_by_post(letter=answer(one, both), actor=both)
    bag = post.fill_bag(mission=mission, actor=both)
    other = handler(mission, "provider")
    assert post.dispatch_bag(bag=bag, actor=other, on=TODAY) == 1
    assert [Case.objects.get(pk=one.pk).state for one in cases] == ["closed", "to_post"]
    assert post.dispatch_bag(bag=bag, actor=both, on=TODAY) == 1


def test_a_complaint_may_be_answered_on_its_page(case, person):
    with pytest.raises(NothingWritten):
        answers.answer_by_message(case=case, actor=person, text=" ")
    assert answers.answer_by_message(case=case, actor=person, text="C’est réglé.").state == "closed"
    assert case.messages.get().from_staff
