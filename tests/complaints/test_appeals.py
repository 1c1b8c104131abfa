"""The register through its operation: order, form, time, and letters that come twice."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection

from complaints.enums import AppealedDecision, Channel, FileRole, Standing
from complaints.models import Appeal, CaseFile, Letter
from complaints.operations.appeal_steps import (
    ask_to_mend,
    correct_days,
    record_mended,
    see_authority,
    see_signature,
    set_standing,
)
from complaints.operations.appeals import Contested, add_letter, register_appeal
from complaints.operations.arrival import Person
from complaints.operations.letters import finish_letter, write_letter
from complaints.refusals import (
    AlreadyRegistered,
    ArrivedInFuture,
    NoDocument,
    NothingMissing,
    NotifiedInFuture,
    NotYourCase,
)
from portal.audit.models import Entry
from portal.outbox.models import Message
from portal.paper.seals import valid_seal
from portal.uploads.settling import settle
from tests.complaints.conftest import PERSON, assigned, handler, officer
from tests.factories import MissionFactory, UserFactory
from tests.portal.paper import reading
from tests.portal.uploads.conftest import folder  # noqa: F401  # files lie in a folder of the test
from tests.portal.uploads.papers import pdf

pytestmark = pytest.mark.django_db
PAPER = pdf()
REMONSTRATION = date(2025, 6, 30)  # the last day of notification that leads to the embassy (A04)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def letter(content=None, role=FileRole.APPEAL):
    return ContentFile(PAPER if content is None else content, name="recours.pdf"), role


def contested(**more):
    return Contested(**{"against": AppealedDecision.REFUSAL, "notified_on": REMONSTRATION, **more})


def register(mission, *, notified_on=REMONSTRATION, says=None, **more):
    given = {
        "mission": mission,
        "person": PERSON,
        "contested": contested(notified_on=notified_on, **(says or {})),
        "language": "fr",
        "letters": [letter()],
        **more,
    }
    return register_appeal(**given)


# --- Number, order, receipt -------------------------------------------------------------------


def test_an_appeal_has_number_files_verdict_receipt_and_message(mission):
    owner = UserFactory(language="ar")
    appeal = register(mission, owner=owner, reader_language="ar", text="Je conteste.")
    case = appeal.case
    assert str(appeal).endswith("/1")
    assert (case.state, case.answer_by_post, case.received_at) == (
        "received",
        True,
        appeal.arrived_at,
    )
    assert CaseFile.objects.get(case=case).role == FileRole.APPEAL
    assert appeal.verdict["outcome"] == "late"
    assert valid_seal(kind="appeal_registered", subject_ref=f"appeal:{case.pk}").language == "ar"
    message = Message.objects.get(kind="appeal_registered")
    assert message.context["number"] == str(appeal)


def test_racing_people_are_numbered_in_the_order_of_their_arrival(transactional_db):
    mission = MissionFactory(code="de-algiers", state="DE", post="algiers")
    faults = []

    def one(number):
        try:
            person = Person(name="Somebody", email=f"{number}@example.org")
            register(mission, person=person, letters=[letter(PAPER + b"\n%%%d" % number)])
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    rows = list(Appeal.objects.order_by("arrived_at").values_list("number", flat=True))
    assert rows == list(range(1, 9))


def test_the_year_is_that_of_the_arrival_in_algiers(mission):
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Algiers
    appeal = register(mission, channel=Channel.FAX, arrived_at=new_year)
    assert (appeal.year, appeal.number) == (2026, 1)
    earlier = register(
        mission,
        channel=Channel.FAX,
        arrived_at=new_year - timedelta(hours=1),
        person=Person(name="Another"),
        letters=[letter(pdf(2))],
    )
    assert (earlier.year, earlier.number) == (2025, 1)


# --- Time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "is_late"),
    [(21, False), (22, True)],  # 22:30 in Algiers is 23:30 in Berlin; 23:30 is the next day there
)
def test_the_last_day_ends_at_the_midnight_of_the_authority(mission, hour, is_late):
    arrived = datetime(2025, 7, 30, hour, 30, tzinfo=UTC)
    appeal = register(mission, arrived_at=arrived)
    assert appeal.last_day == date(2025, 7, 30)
    assert appeal.is_late is is_late
    assert ("ARRIVED_LATE" in str(appeal.verdict)) is is_late


def test_one_month_from_the_29_february(mission):
    appeal = register(
        mission,
        notified_on=date(2024, 2, 29),
        arrived_at=datetime(2024, 3, 29, 9, tzinfo=UTC),
        channel=Channel.FAX,
    )
    # 29 March 2024 was Good Friday, Monday was Easter: the next working day in Germany.
    assert (appeal.last_day, appeal.is_late) == (date(2024, 4, 2), False)


@pytest.mark.parametrize(
    ("postmark", "is_late", "code"),
    [
        (date(2025, 7, 29), None, "POSTED_IN_TIME"),
        (date(2025, 8, 1), True, "ARRIVED_LATE"),
        (None, None, "POSTMARK_UNREADABLE"),
    ],
)
def test_late_and_in_time_by_post(mission, postmark, is_late, code):
    appeal = register(
        mission,
        channel=Channel.POST,
        arrived_at=datetime(2025, 8, 6, 9, tzinfo=UTC),
        says={"postmarked_on": postmark},
        letters=[letter(role=FileRole.SCAN)],
    )
    assert appeal.is_late is is_late
    assert code in str(appeal.verdict["findings"])


def test_days_to_come_are_refused_and_nothing_is_written(mission):
    tomorrow = date.today() + timedelta(days=2)
    with pytest.raises(NotifiedInFuture):
        register(mission, notified_on=tomorrow)
    with pytest.raises(ArrivedInFuture):
        register(mission, arrived_at=datetime.now(UTC) + timedelta(days=1), channel=Channel.POST)
    with pytest.raises(ArrivedInFuture):
        register(
            mission,
            arrived_at=datetime(2025, 7, 10, 9, tzinfo=UTC),
            channel=Channel.POST,
            says={"postmarked_on": date(2025, 7, 11)},
        )
    assert not Appeal.objects.exists()


def test_what_another_body_decides_is_registered_and_marked(mission):
    appeal = register(mission, notified_on=date(2026, 11, 2))
    assert appeal.verdict["outcome"] == "elsewhere"
    assert appeal.number == 1


# --- The same letter --------------------------------------------------------------------------


def test_the_same_file_is_registered_once_or_with_a_reason(mission):
    first = register(mission)
    stranger = Person(name="Somebody Else", email="else@example.org")
    with pytest.raises(AlreadyRegistered) as refused:
        register(mission, person=stranger)
    assert refused.value.params["number"] == str(first)
    again = register(mission, person=stranger, despite="Two sisters, one letter")
    assert again.number == 2
    assert Entry.objects.get(action="appeal.register_again").reason == "Two sisters, one letter"
    assert register(MissionFactory(state="FR", post="oran")).number == 1


def test_the_same_person_and_decision_is_asked_about(mission):
    agent = officer(mission)
    paper = {"actor": agent, "channel": Channel.POST, "letters": [letter(pdf(3), FileRole.SCAN)]}
    register(mission, arrived_at=datetime(2025, 7, 1, 9, tzinfo=UTC), channel=Channel.FAX)
    same = Person(name="AMINA Bénali")  # on paper, without an e-mail address
    with pytest.raises(AlreadyRegistered):
        register(mission, arrived_at=datetime(2025, 7, 15, 9, tzinfo=UTC), person=same, **paper)
    # Sixteen days later it is a letter of its own; so it is against another decision.
    register(mission, arrived_at=datetime(2025, 7, 17, 9, tzinfo=UTC), person=same, **paper)


def test_a_stranger_learns_nothing_from_a_name_and_a_day(mission):
    register(mission)
    assert register(mission, letters=[letter(pdf(2))]).number == 2


def test_a_letter_without_a_file_is_no_appeal(mission):
    with pytest.raises(NoDocument):
        register(mission, letters=[letter(role=FileRole.AUTHORITY)])


# --- What an officer sees ---------------------------------------------------------------------


@pytest.fixture
def person(mission):
    return officer(mission)


@pytest.fixture
def appeal(mission):
    return register(mission, arrived_at=datetime(2025, 7, 10, 9, tzinfo=UTC))


def test_an_unsigned_file_is_deficient_once_somebody_looked(appeal, person):
    assert appeal.verdict["outcome"] == "officer_decides"
    row = see_signature(appeal=appeal, actor=person, seen=False)
    assert (row.verdict["outcome"], row.signature_seen_by) == ("deficient", person)
    row = see_signature(appeal=appeal, actor=person, seen=True)
    assert row.verdict["outcome"] == "admissible"


def test_what_is_missing_is_asked_for_by_letter_and_mended(appeal, person):
    assigned(appeal.case, person)
    with pytest.raises(NothingMissing):
        ask_to_mend(appeal=appeal, actor=person)
    see_signature(appeal=appeal, actor=person, seen=False)
    written = ask_to_mend(appeal=appeal, actor=person)
    assert (written.template, written.blocks) == ("appeal_deficient", ["signature"])
    appeal.refresh_from_db()
    assert appeal.mend_until >= date.today() + timedelta(days=14)
    add_letter(appeal=appeal, upload=letter()[0], role=FileRole.SCAN, actor=person)
    row = record_mended(appeal=appeal, actor=person)
    assert (row.signature, row.mended_at is not None) == ("unseen", True)
    assert row.case.files.count() == 2


@pytest.mark.parametrize("by_hand", [False, True])
def test_whoever_must_mend_has_the_whole_period_from_the_day_of_the_letter(appeal, person, by_hand):
    case = assigned(appeal.case, person)
    see_signature(appeal=appeal, actor=person, seen=False)
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        if by_hand:
            written = write_letter(
                case=case, code="appeal_deficient", author=person, blocks=["decision"]
            )
        else:
            written = ask_to_mend(appeal=appeal, actor=person)
    with time_machine.travel(datetime(2026, 12, 3, 9, tzinfo=UTC), tick=False):
        fixed = finish_letter(letter=written, actor=person)
    assert "17 décembre 2026" in fixed.text
    appeal.refresh_from_db()
    assert appeal.mend_until == date(2026, 12, 17)
    assert record_mended(appeal=appeal, actor=person).mended_at is not None


def test_a_letter_is_not_begun_when_asking_is_refused(appeal, person):
    see_signature(appeal=appeal, actor=person, seen=False)
    with pytest.raises(NotYourCase):  # nobody has taken it up
        ask_to_mend(appeal=appeal, actor=person)
    appeal.refresh_from_db()
    assert (appeal.mend_until, Letter.objects.count()) == (None, 0)


def test_somebody_else_needs_a_letter_of_authority(appeal, person):
    see_signature(appeal=appeal, actor=person, seen=True)
    change = {"standing": Standing.REPRESENTATIVE, "representative": "Maître Kaci"}
    row = set_standing(appeal=appeal, actor=person, **change)
    assert row.verdict["outcome"] == "officer_decides"
    row = see_authority(appeal=appeal, actor=person, seen=False)
    assert row.verdict["results"]["missing"] == ["authority_letter"]
    assert set_standing(appeal=appeal, actor=person, standing=Standing.SELF).authority_seen is None


def test_corrected_days_are_judged_again_and_the_arrival_stays(appeal, person):
    row = correct_days(
        appeal=appeal, actor=person, notified_on=date(2025, 5, 30), postmarked_on=None
    )
    assert (row.is_late, row.arrived_at) == (True, appeal.arrived_at)


def test_nobody_without_the_desk_records_anything(appeal, mission):
    with pytest.raises(NotYourCase):
        see_signature(appeal=appeal, actor=handler(mission, "procedure"), seen=True)


def test_a_file_that_fails_its_checks_later_is_told(mission):
    appeal = register(mission, letters=[letter(pdf(60))])  # more pages than are taken
    stored = appeal.case.files.get().file
    assert settle(stored.pk)
    stored.refresh_from_db()
    assert stored.refusal_code == "too_many_pages"
    assert Message.objects.filter(kind="appeal_file_refused").count() == 1
    assert Appeal.objects.filter(pk=appeal.pk).exists()


def test_the_receipt_is_a_page_with_number_and_no_deadline(mission):
    from complaints.appeal_receipts import printed

    appeal = register(mission)
    words = reading.words(printed(appeal, "fr"))
    assert str(appeal) in words
    assert "2025" not in words  # neither notification nor last day
    assert printed(appeal, "fr") == printed(appeal, "fr")
