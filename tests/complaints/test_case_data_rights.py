"""What a person may take along of their cases, and when it ends: on the day and the day after."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from applications.operations.erasure import close_account, end_account
from complaints import data_rights
from complaints.models import (
    Appeal,
    Case,
    CaseFile,
    CaseMessage,
    CaseNote,
    ComplaintDraft,
    IncomingMail,
    Letter,
    MailFile,
)
from complaints.operations import letters
from complaints.receipts import subject_ref
from portal.accounts.models import User
from portal.data_rights.purges import Cap, run
from portal.dates import ALGIERS
from portal.paper.models import Seal
from portal.paper.seals import issue_seal
from portal.uploads.models import StoredFile
from portal.uploads.operations import receive
from portal.uploads.settling import settle
from portal.uploads.stores import store
from tests.complaints.conftest import PERSON, appeal, assigned, complaint, handler, officer
from tests.factories import UserFactory
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
KEPT = date(2025, 11, 22)  # a year ago: the last day
GONE = date(2025, 11, 21)


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=ALGIERS)


def purge(kind, today=TODAY):
    report = run(today=today, only=[kind], cap=Cap(number=10**9))
    return sum(line.removed for line in report.lines)


def paper(case=None, owner=None):
    file = receive(upload=ContentFile(pdf(), name="a.pdf"), owner=owner)
    if case:
        CaseFile.objects.create(case=case, file=file)
    return file


def worked_on(case, who, code):
    """Let everything hang on a case that can."""
    CaseMessage.objects.create(case=case, from_staff=True, author=who, text="Question")
    CaseNote.objects.create(case=case, author=who, text="Entre nous")
    one = letters.write_letter(case=case, code=code, author=who, own_words="Voilà")
    again = letters.write_letter(case=case, code=code, author=who, own_words="Voilà")
    Letter.objects.filter(pk=again.pk).update(instead_of=one)
    mail = IncomingMail.objects.create(
        mission=case.mission,
        mail_key=case.pk.bytes,
        received_at=case.received_at,
        sender=PERSON.email,
        outcome="added",
        case=case,
    )
    MailFile.objects.create(mail=mail, file=paper(), position=1)
    issue_seal(kind="complaint_received", subject_ref=subject_ref(case), facts={"a": 1})
    return paper(case)


def closed(case, day):
    Case.objects.filter(pk=case.pk).update(state="withdrawn", closed_at=at(day))
    return case


def history(case):
    return apps.get_model("complaints.CaseHistory").objects.filter(pgh_obj_id=case.pk)


@pytest.mark.parametrize(("day", "gone"), [(KEPT, 0), (GONE, 1)])
def test_a_complaint_ends_a_year_after_closing_with_all_that_hangs_on_it(
    mission, day, gone, django_capture_on_commit_callbacks
):
    who = handler(mission, "provider")
    case = assigned(complaint(mission), who)
    file = worked_on(case, who, "complaint_answer")
    closed(case, day)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge("closed_complaint") == gone
    for model in (CaseFile, CaseMessage, CaseNote, IncomingMail, MailFile, StoredFile, Seal, Case):
        assert model.objects.exists() != bool(gone), model
    assert history(case).exists() != bool(gone)
    assert store().exists(file.original_name) != bool(gone)


def test_a_file_of_two_complaints_goes_with_the_last(mission):
    one, other = closed(complaint(mission), GONE), complaint(mission, category="procedure")
    file = paper(one)
    CaseFile.objects.create(case=other, file=file)
    assert purge("closed_complaint") == 1
    assert CaseFile.objects.get().case == other
    closed(other, GONE)
    assert purge("closed_complaint") == 1
    assert not StoredFile.objects.exists()


def test_an_open_complaint_stays_however_old(mission):
    case = complaint(mission, at=at(date(2020, 1, 1)))
    Case.objects.filter(pk=case.pk).update(updated_at=at(date(2020, 1, 1)))
    assert purge("closed_complaint") == 0


@pytest.mark.parametrize(("day", "gone"), [(KEPT, 0), (GONE, 1)])
def test_of_an_appeal_the_line_of_the_register_stays_and_nobody_is_in_it(mission, day, gone):
    who = officer(mission)
    case = assigned(appeal(mission, decision_reference="V-123"), who)
    worked_on(case, who, "appeal_rejected")
    closed(case, day)
    before = (str(case.appeal), case.appeal.notified_on, case.appeal.arrived_at)
    assert purge("closed_appeal") == gone
    line = Appeal.objects.get(pk=case.pk)
    assert (str(line), line.notified_on, line.arrived_at) == before
    assert set(line.case.letters.values_list("template", flat=True)) == {"appeal_rejected"}
    left = line.case
    texts = [left.name, left.email, left.postal_address, left.text, line.decision_reference]
    texts += [text for one in left.letters.all() for text in (one.text, one.own_words, one.address)]
    assert any(texts) != bool(gone)
    assert (left.reference == case.reference) != bool(gone)
    assert (bytes(left.person_key) == bytes(case.person_key)) != bool(gone)
    for model in (CaseFile, CaseMessage, CaseNote, IncomingMail, StoredFile, Seal):
        assert model.objects.exists() != bool(gone), model
    assert purge("closed_appeal") == 0  # once


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_what_was_typed_and_not_sent_ends_after_thirty_days_with_its_files(days, gone):
    then = at(TODAY - timedelta(days=days))
    draft = ComplaintDraft.objects.create(data="{}")
    ComplaintDraft.objects.filter(pk=draft.pk).update(updated_at=then)
    StoredFile.objects.filter(pk=paper().pk).update(created_at=then)
    assert (purge("complaint_draft"), purge("loose_upload")) == (gone, gone)


@pytest.mark.parametrize(
    ("day", "outcome", "gone"),
    [(KEPT, "not_an_appeal", 0), (GONE, "not_an_appeal", 1), (GONE, "broken", 0)],
)
def test_a_mail_that_became_no_case_ends_too_unless_somebody_must_look(mission, day, outcome, gone):
    mail = IncomingMail.objects.create(
        mission=mission, mail_key=b"1", received_at=at(day), outcome=outcome
    )
    MailFile.objects.create(mail=mail, file=paper(), position=1)
    assert purge("incoming_mail") == gone
    assert StoredFile.objects.count() == 1 - gone


def test_whoever_closes_the_account_leaves_the_case_to_its_period(mission):
    owner = UserFactory(email=PERSON.email)
    case = complaint(mission, owner=owner)
    file, loose = paper(case, owner), paper(owner=owner)
    close_account(owner=owner)
    assert not User.objects.filter(pk=owner.pk).exists()
    left = Case.objects.get(pk=case.pk)
    assert (left.owner, left.text) == (None, case.text)
    assert StoredFile.objects.get(pk=file.pk).owner is None
    assert not StoredFile.objects.filter(pk=loose.pk).exists()


def test_an_account_that_ends_by_itself_does_not_stumble_over_a_case(mission):
    owner = UserFactory()
    case = complaint(mission, owner=owner)
    paper(case, owner)
    end_account(owner)
    assert Case.objects.get(pk=case.pk).owner is None


def test_an_export_holds_the_own_cases_whole_and_neither_others_nor_notes(mission):
    owner = UserFactory(email=PERSON.email)
    who = handler(mission, "provider")
    case = assigned(complaint(mission, owner=owner), who)
    file = worked_on(case, who, "complaint_answer")
    settle(file.pk)
    complaint(mission, owner=UserFactory(), text="Une autre personne.")
    appeal(mission)  # of the same address, without an account
    told = json.dumps(data_rights.cases_of(owner), default=str, ensure_ascii=False)
    for text in (case.text, PERSON.name, "Question", "a.pdf", "2026/1", "Réclamation"):
        assert text in told
    for text in ("Entre nous", "Une autre personne.", who.email):
        assert text not in told
    files = list(data_rights.files_of(owner))
    assert [one.path.startswith(f"files/{case.reference}/") for one in files] == [True]
    assert b"".join(files[0].chunks()).startswith(b"%PDF")


def test_whatever_comes_to_point_at_a_case_is_ended_with_it(mission):
    """A new table that protects cases must be told to `complaints.erasure`."""
    handled = {"appeal", "casefile", "casemessage", "casenote", "complaint", "incomingmail"}
    handled |= {"letter", "skip", "concerned"}
    pointing = {
        relation.related_model._meta.model_name
        for relation in Case._meta.get_fields(include_hidden=True)
        if relation.one_to_many or relation.one_to_one
        if relation.auto_created and relation.related_model is not Case
    }
    histories = {name for name in pointing if name.endswith("history")}
    assert pointing - histories <= handled
