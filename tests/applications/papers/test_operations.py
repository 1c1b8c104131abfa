"""What happens to papers: provided, replaced, checked, refused, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from applications import operations
from applications.models import Application, Document, DocumentFile
from applications.operations import PaperSays
from applications.operations import papers as module
from applications.refusals import (
    DatesBackwards,
    FileTooMuch,
    IssuedInFuture,
    PaperChangedElsewhere,
    PaperIsChecked,
    PapersClosed,
    PaperUnknown,
    ReasonMissing,
    TooManyFiles,
)
from portal.audit.models import Entry
from portal.constraints import violated
from portal.dates import civil_date
from portal.outbox.composing import compose
from portal.outbox.models import Message
from portal.uploads.models import StoredFile
from portal.uploads.refusals import Program, TooManyPages
from portal.uploads.settling import settle
from portal.workflow import TransitionRefused
from tests.factories import UserFactory
from tests.portal.uploads.papers import pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return UserFactory(is_staff=True)


def paper(application, kind="photo"):
    return Document.objects.get(application=application, kind=kind)


def live(document):
    return list(document.parts.filter(replaced_at=None).order_by("position"))


def trail(row):
    return list(
        Entry.objects.filter(subject_id=str(row.pk)).order_by("pk").values_list("action", flat=True)
    )


def check(application, agent, *, acceptable=True, kind="photo", reason=""):
    return operations.check_paper(
        application=application, kind=kind, acceptable=acceptable, actor=agent, reason=reason
    )


def test_a_file_makes_a_paper_provided(application, send):
    document = send()
    assert (document.state, document.version, len(live(document))) == ("provided", 1, 1)
    assert trail(document) == ["document.provide"]
    assert live(document)[0].file.owner == application.owner


def test_a_paper_may_have_several_files_in_their_order(send):
    send(content=pdf(1))
    document = send(content=pdf(2))
    assert [part.position for part in live(document)] == [1, 2]


def test_the_same_file_sent_twice_is_there_once(send):
    send(content=pdf(1))
    document = send(content=pdf(1), seen_version=0)  # the second click saw what the first saw
    assert (len(live(document)), StoredFile.objects.count()) == (1, 1)


def test_a_window_that_saw_an_older_state_is_told_and_nothing_is_stored(send):
    send(content=pdf(1))
    with pytest.raises(PaperChangedElsewhere):
        send(content=pdf(2), seen_version=0)
    assert StoredFile.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_for_one_paper_one_is_kept_and_one_is_told(application):
    barrier = Barrier(2)

    def upload(pages):
        barrier.wait()
        try:
            operations.add_file(
                application_id=application.pk,
                owner=application.owner,
                kind="photo",
                upload=ContentFile(pdf(pages), name="a.pdf"),
                seen_version=0,
            )
        except PaperChangedElsewhere as refusal:
            return refusal.code
        else:
            return "kept"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(upload, (1, 2)))
    assert answers == ["PAPER_CHANGED_ELSEWHERE", "kept"]
    assert DocumentFile.objects.count() == StoredFile.objects.count() == 1


def test_a_file_that_is_refused_leaves_everything_as_it_was(application, send):
    with pytest.raises(Program):
        send(content=b"MZ" + bytes(600))
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_paper_can_be_brought_without_uploading_it_and_taken_back(application):
    same = {"application_id": application.pk, "owner": application.owner, "kind": "photo"}
    for _twice in range(2):
        operations.provide_paper(**same, seen_version=0)
    assert paper(application).state == "provided"
    for _twice in range(2):
        operations.take_back(**same)
    assert paper(application).state == "expected"
    assert trail(paper(application)) == ["document.provide", "document.take_back"]


def test_removing_the_last_file_leaves_the_paper_to_bring(application, send):
    document = send()
    [part] = live(document)
    for _twice in range(2):
        operations.remove_file(
            application_id=application.pk,
            owner=application.owner,
            kind="photo",
            part_id=part.pk,
        )
    assert paper(application).state == "expected"
    assert not StoredFile.objects.exists()


def test_the_file_of_another_paper_is_not_removed(application, send):
    send("photo")
    [part] = live(send("invitation", content=pdf(2)))
    operations.remove_file(
        application_id=application.pk, owner=application.owner, kind="photo", part_id=part.pk
    )
    assert StoredFile.objects.count() == 2


@pytest.mark.parametrize("kind", ["", "x", "purpose", "PHOTO"])
def test_a_paper_that_no_list_knows_is_refused(send, kind):
    with pytest.raises(PaperUnknown):
        send(kind, seen_version=0)


def test_nobody_else_changes_a_paper(application):
    with pytest.raises(Application.DoesNotExist):
        operations.provide_paper(
            application_id=application.pk, owner=UserFactory(), kind="photo", seen_version=0
        )


@pytest.mark.parametrize("state", ["filed", "in_examination", "decided", "withdrawn"])
def test_a_file_that_was_handed_in_keeps_its_papers(application, send, state):
    Application.objects.filter(pk=application.pk).update(state=state)
    with pytest.raises(PapersClosed):
        send()


def test_while_papers_are_asked_for_they_can_be_sent(application, send):
    Application.objects.filter(pk=application.pk).update(state="papers_asked")
    assert send().state == "provided"


# --- What agents find -----------------------------------------------------------------------------


def test_an_agent_checks_a_paper_that_came_on_paper_only(application, agent):
    document = check(application, agent)
    assert (document.state, trail(document)) == ("checked", ["document.check"])


def test_a_checked_paper_stays_as_it_was_seen(application, send, agent):
    [part] = live(send())
    check(application, agent)
    with pytest.raises(PaperIsChecked):
        send(content=pdf(2))
    with pytest.raises(PaperIsChecked):
        operations.remove_file(
            application_id=application.pk, owner=application.owner, kind="photo", part_id=part.pk
        )


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_paper_is_not_refused_without_a_reason(application, send, agent, reason):
    send()
    with pytest.raises(ReasonMissing):
        check(application, agent, acceptable=False, reason=reason)
    assert paper(application).state == "provided"


def test_a_refused_paper_is_replaced_and_what_was_seen_is_kept(application, send, agent):
    send(content=pdf(1))
    check(application, agent, acceptable=False, reason=" Blurred. ")
    assert (paper(application).state, paper(application).reason) == ("not_acceptable", "Blurred.")
    document = send(content=pdf(2))
    document.refresh_from_db()
    assert (document.state, document.reason, len(live(document))) == ("provided", "", 1)
    assert document.parts.count() == StoredFile.objects.count() == 2
    assert trail(document) == ["document.provide", "document.refuse", "document.provide"]
    assert Entry.objects.get(action="document.refuse").reason == "Blurred."


def test_a_refused_paper_that_is_mended_forgets_its_reason(application, agent):
    check(application, agent, acceptable=False, reason="Blurred")
    check(application, agent)
    assert (paper(application).state, paper(application).reason) == ("checked", "")


def test_a_second_refusal_leaves_the_reason_as_it_was(application, agent):
    check(application, agent, acceptable=False, reason="First")
    with pytest.raises(TransitionRefused):
        check(application, agent, acceptable=False, reason="Second")
    assert paper(application).reason == "First"


# --- Limits ---------------------------------------------------------------------------------------


def test_a_paper_has_a_limit_of_files(send, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    send(content=pdf(1))
    send(content=pdf(2))
    with pytest.raises(TooManyFiles):
        send(content=pdf(3))


def test_an_application_has_a_limit_of_bytes(send, monkeypatch):
    first = pdf(1)
    monkeypatch.setattr(module, "MOST_BYTES", len(first) + 10)
    send("photo", content=first)
    with pytest.raises(FileTooMuch):
        send("invitation", content=picture())


# --- What a paper says ----------------------------------------------------------------------------


def test_what_a_paper_says_is_kept_and_traced(application, send):
    today = civil_date(timezone.now())
    document = send("bank_statements", says=PaperSays(issued_on=today))
    document.refresh_from_db()
    assert document.issued_on == today
    assert trail(document) == ["document.provide", "document.tell"]


def test_a_paper_is_not_issued_tomorrow(application):
    tomorrow = civil_date(timezone.now()) + timedelta(days=1)
    with pytest.raises(IssuedInFuture):
        operations.tell_dates(
            application_id=application.pk,
            owner=application.owner,
            kind="bank_statements",
            says=PaperSays(issued_on=tomorrow),
            seen_version=0,
        )


def test_a_paper_does_not_end_before_it_begins(application):
    today = civil_date(timezone.now())
    says = PaperSays(valid_from=today, valid_until=today - timedelta(days=1))
    with pytest.raises(DatesBackwards):
        operations.tell_dates(
            application_id=application.pk,
            owner=application.owner,
            kind="insurance",
            says=says,
            seen_version=0,
        )


# --- What the database refuses --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "lost"}, "document_state_is_known"),
        ({"state": "not_acceptable"}, "an_unacceptable_paper_has_a_reason"),
        (
            {"valid_from": "2027-01-02", "valid_until": "2027-01-01"},
            "a_paper_is_valid_forward",
        ),
    ],
)
def test_the_database_refuses(application, values, constraint):
    document = Document.objects.create(application=application, kind="photo")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**values)
    assert violated(caught.value) == constraint


# --- Files that are refused after they came in ----------------------------------------------------


def broken():
    """A PDF of too many pages: it is found by the checks and not on arrival."""
    return pdf(60)


def test_a_file_refused_later_is_told_and_its_paper_is_to_be_brought(application, send):
    document = send(content=broken(), settled=True)
    document.refresh_from_db()
    assert document.state == "expected"
    message = Message.objects.get(kind="paper_file_refused")
    assert message.recipient == application.owner.email
    assert message.context["code"] == "too_many_pages"


@pytest.mark.parametrize("language", ["fr", "ar", "de", "en"])
def test_the_message_about_a_refused_file_says_which_why_and_where(application, send, language):
    type(application.owner).objects.filter(pk=application.owner_id).update(language=language)
    send(content=broken(), settled=True)
    mail = compose(Message.objects.get(kind="paper_file_refused"))
    with override(language):
        refusal = TooManyPages()
        assert str(refusal.message) in mail.body
        assert str(refusal.remedy) in mail.body
    assert "paper.pdf" in mail.body
    assert reverse("applications:paper", args=[application.pk, "photo"]) in mail.body


def test_a_good_file_beside_a_refused_one_keeps_the_paper(send):
    send(content=pdf(1), settled=True)
    document = send(content=broken(), settled=True)
    document.refresh_from_db()
    assert (document.state, Message.objects.count()) == ("provided", 1)


def test_a_good_file_is_not_announced(send):
    send(settled=True)
    assert not Message.objects.filter(kind="paper_file_refused").exists()


def test_the_next_file_takes_the_place_of_a_refused_one(send):
    send(content=broken(), settled=True)
    document = send(content=pdf(1))
    assert (document.state, len(live(document)), StoredFile.objects.count()) == ("provided", 1, 1)


def test_a_file_that_was_removed_meanwhile_is_told_to_nobody(application, send):
    [part] = live(send(content=broken()))
    operations.remove_file(
        application_id=application.pk, owner=application.owner, kind="photo", part_id=part.pk
    )
    assert not settle(part.file_id)
    assert not Message.objects.exists()
