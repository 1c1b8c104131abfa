"""What staff are told to look at: counted, with its reason, settled by a person (AT-03, AT-05).

A café, a carrier or a family is not guilty of being many; nobody is shut out in silence.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments import operations
from appointments.booking_traces import Origin, page_opened, seconds_since
from appointments.data_rights import leave_signals, signals_of
from appointments.enums import ObjectionState, PrecautionKind, SignalState
from appointments.models import Appointment, BookingTrace, Objection, Precaution, Signal
from appointments.noticing import notice
from appointments.operations import signals
from appointments.purges import old_booking_traces, old_signals, remove_signals
from appointments.refusals import AskedAlready, NotConcerned, SignalNeedsReason
from appointments.rules.law import LAW
from appointments.rules.signals import Mark, SignalKind, signal
from appointments.wording import SIGNALS
from portal.attempts import store
from portal.audit.models import Entry
from portal.dates import civil_date
from portal.outbox.composing import compose
from portal.outbox.models import Message
from portal.wording import shown
from tests.actors import applicant_client, staff_client
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked
from tests.pages import says, text_of

pytestmark = pytest.mark.django_db
TODAY = LAW.on(civil_date(timezone.now()))


@pytest.fixture(autouse=True)
def _fresh_store():
    for key in store().scan_iter(match="*attempts:*"):
        store().delete(key)


def file_of(owner=None, **more):
    return ApplicationFactory(submitted=True, owner=owner or UserFactory(), **more)


def traced(file, slot, *, address="10.0.0.1", seconds=30.0) -> Appointment:
    """Book as the page does."""
    origin = Origin(address, seconds)
    return operations.book_together(
        application_ids=[file.pk], slot_id=slot.pk, owner=file.owner, origin=origin
    )[0]


def rebooked(owner, times: int, people: int = 1) -> None:
    """An account that cancels and books again so often, a family each time in one go."""
    family = [file_of(owner) for _ in range(people)]
    ids = [one.pk for one in family]
    rows: list[Appointment] = []
    for _ in range(times + 1):
        for row in rows:
            operations.cancel(appointment_id=row.pk, owner=owner)
        slot = SlotFactory(seats=9)
        rows = operations.book_together(application_ids=ids, slot_id=slot.pk, owner=owner)


def counted() -> list[Signal]:
    notice(now=timezone.now())
    return list(Signal.objects.order_by("kind", "subject"))


# --- The rule ---


@pytest.mark.parametrize("kind", SignalKind)
def test_at_the_mark_nothing_and_one_more_is_a_signal(kind):
    mark = Mark.by(TODAY, kind)
    assert signal(kind, {"count": mark.number, "people": 1}, TODAY) is None
    found = signal(kind, {"count": mark.number + 1, "people": 90}, TODAY)
    assert found is not None
    told = shown(found, SIGNALS)
    assert str(mark.number + 1) in told.sentence
    assert found.rule_id in ("AT-03", "AT-05", "AT-07")


# --- Counting ---


@pytest.mark.parametrize(("times", "found"), [(3, 0), (4, 1)])
def test_at_03_who_cancels_and_books_again_often_is_looked_at(times, found):
    owner = UserFactory()
    rebooked(owner, times)
    rows = [one for one in counted() if one.kind == SignalKind.REBOOKING]
    assert len(rows) == found
    if found:
        assert rows[0].numbers["count"] == times
        assert list(signals.concerned(rows[0])) == [owner]


def test_a_family_that_books_again_together_did_so_once():
    rebooked(UserFactory(), 3, people=3)
    assert counted() == []


def test_what_the_centre_cancels_is_not_held_against_anybody():
    file, agent = file_of(), UserFactory(is_staff=True)
    for _ in range(5):
        row = booked(file, SlotFactory())
        operations.cancel_by_staff(appointment=row, actor=agent, reason="Power cut")
    booked(file, SlotFactory())
    assert counted() == []


@pytest.mark.parametrize(("times", "found"), [(1, 0), (2, 1)])
def test_at_07_times_that_go_twice_to_the_same_other_account(times, found):
    giver, taker = UserFactory(), UserFactory()
    for _ in range(times):
        slot = SlotFactory(seats=1)
        row = booked(file_of(giver), slot)
        operations.cancel(appointment_id=row.pk, owner=giver)
        type(slot).objects.filter(pk=slot.pk).update(released=1)
        booked(file_of(taker), slot)
    rows = counted()
    assert [one.kind for one in rows] == [SignalKind.HANDED_ON] * found
    if found:
        assert set(signals.concerned(rows[0])) == {giver, taker}


def test_a_household_is_one_however_many_book_from_its_network():
    owner = UserFactory()
    slot = SlotFactory(seats=40)
    for _ in range(32):
        traced(file_of(owner), slot)
    assert counted() == []


def test_a_network_is_a_signal_of_many_households_and_says_that_a_cafe_looks_so():
    slot = SlotFactory(seats=40)
    for number in range(31):
        traced(file_of(), slot, address=f"10.0.0.{number}")
    [row] = counted()
    assert (row.kind, row.numbers) == (SignalKind.NETWORK, {"count": 31, "people": 31})
    assert "10.0" not in row.subject
    assert row.appointments.count() == 31
    assert "café" in shown(row.finding, SIGNALS).remedy


@pytest.mark.parametrize(
    ("names", "found"), [(["A", "B"], 0), (["A", "B", "C"], 1), (["A", "A", "A"], 0)], ids=str
)
def test_a_phone_counts_households_and_a_family_with_own_accounts_is_one(names, found):
    slot = SlotFactory(seats=9)
    for name, typed in zip(names, ["0551 23 45 67", "+213551234567", "0551234567"], strict=False):
        traced(file_of(family_name=name, details={"phone": typed}), slot)
    assert [one.kind for one in counted()] == [SignalKind.PHONE] * found


@pytest.mark.parametrize(("seconds", "found"), [(0.0, 1), (0.999, 1), (1.0, 0), (None, 0)])
def test_three_bookings_faster_than_anybody_reads(seconds, found):
    owner, slot = UserFactory(), SlotFactory(seats=9)
    for _ in range(3):
        traced(file_of(owner), slot, seconds=seconds)
    assert [one.kind for one in counted()] == [SignalKind.SPEED] * found


def test_counting_again_writes_nothing_new_and_keeps_what_was_settled():
    owner, slot = UserFactory(), SlotFactory(seats=9)
    for _ in range(3):
        traced(file_of(owner), slot, seconds=0)
    [row] = counted()
    assert notice(now=timezone.now()) == 0
    traced(file_of(owner), slot, seconds=0)
    [grown] = counted()
    assert (grown.pk, grown.numbers["count"], grown.appointments.count()) == (row.pk, 4, 4)
    signals.clear(signal=grown, actor=UserFactory(is_staff=True), note="A helper at the desk")
    traced(file_of(owner), slot, seconds=0)
    [settled] = counted()
    assert (settled.state, settled.numbers["count"]) == (SignalState.CLEARED, 4)


def test_each_mission_sees_its_own():
    french, owner = SlotFactory(seats=9), UserFactory()
    for _ in range(2):
        traced(file_of(owner), french, seconds=0)
    other = file_of(owner, mission__state="DE")
    german = SlotFactory(centre__mission=other.mission)
    traced(other, german, seconds=0)
    assert counted() == []


# --- What the page measures ---


def test_the_page_is_timed_and_a_copied_or_missing_stamp_counts_as_never_shown():
    file, slot = file_of(), SlotFactory()
    stamp = page_opened(file, slot.pk)
    passed = seconds_since(stamp, file, slot.pk)
    assert passed is not None
    assert 0 <= passed < 5
    assert seconds_since(stamp, file_of(), slot.pk) == 0
    assert seconds_since(stamp, file, slot.pk + 1) == 0
    assert seconds_since("", file, slot.pk) == seconds_since("junk", file, slot.pk) == 0


def test_a_clock_that_goes_back_makes_nobody_look_fast(time_machine):
    file, slot = file_of(), SlotFactory()
    stamp = page_opened(file, slot.pk)
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    assert seconds_since(stamp, file, slot.pk) is None


def confirm_url(file, slot) -> str:
    return reverse("appointments:confirm", args=[file.pk, slot.pk])


def press(client: Client, file, slot):
    """Look at the last page and send it at once, as a program does."""
    page = client.get(confirm_url(file, slot))
    return client.post(confirm_url(file, slot), {"opened": page.context["opened"]})


def test_a_booking_leaves_a_trace_without_an_address_or_a_phone():
    file, slot = file_of(details={"phone": "0551234567"}), SlotFactory()
    client = applicant_client(file.owner)
    assert press(client, file, slot).status_code == 302
    assert client.post(confirm_url(file, slot)).status_code == 302  # a second click
    trace = BookingTrace.objects.get()
    assert 0 < trace.seconds < 5
    assert len(bytes(trace.network_key)) == len(bytes(trace.phone_key)) == 32


def test_three_fast_bookings_are_noticed_through_the_pages():
    owner, slot = UserFactory(), SlotFactory(seats=9)
    client = applicant_client(owner)
    for _ in range(3):
        file = file_of(owner)
        assert client.post(confirm_url(file, slot)).status_code == 302
    assert [one.kind for one in counted()] == [SignalKind.SPEED]


# --- What a person does about it ---


@pytest.fixture
def noticed() -> Signal:
    owner, slot = UserFactory(), SlotFactory(seats=9)
    for _ in range(3):
        traced(file_of(owner), slot, seconds=0)
    return counted()[0]


def owner_of(row: Signal):
    return signals.concerned(row).get()


def asked(row: Signal, kind=PrecautionKind.CODE, reason="Three in a second") -> Precaution:
    return signals.ask(
        signal=row,
        account=owner_of(row),
        kind=kind,
        actor=UserFactory(is_staff=True),
        reason=reason,
    )


def test_what_is_asked_is_told_with_reason_rule_end_and_the_way_to_object(noticed):
    precaution = asked(noticed)
    assert precaution.valid.upper - precaution.valid.lower == timedelta(days=14)
    message = Message.objects.get(kind="precaution_asked")
    assert message.recipient == owner_of(noticed).email
    text = compose(message).body
    assert "Three in a second" in text
    assert "AT-05" in text
    assert reverse("appointments:signal", args=[noticed.pk]) in text
    assert Entry.objects.get(action="signal.act").reason == "Three in a second"


def test_a_code_is_asked_before_the_next_booking_until_it_ends_by_itself(noticed):
    owner = owner_of(noticed)
    precaution = asked(noticed)
    file, slot = file_of(owner), SlotFactory()
    client = applicant_client(owner)
    page = client.post(confirm_url(file, slot))
    assert 'autocomplete="one-time-code"' in page.content.decode()
    ended = precaution.valid.lower - timedelta(days=14), timezone.now() - timedelta(seconds=1)
    Precaution.objects.update(valid=ended)
    assert client.post(confirm_url(file, slot)).status_code == 302


def test_the_same_is_asked_once_and_another_thing_beside_it(noticed):
    asked(noticed)
    with pytest.raises(AskedAlready):
        asked(noticed)
    assert asked(noticed, PrecautionKind.DESK).kind == "desk"


def test_nothing_is_asked_without_a_reason_or_of_somebody_else(noticed):
    with pytest.raises(SignalNeedsReason):
        asked(noticed, reason="  ")
    with pytest.raises(NotConcerned):
        signals.ask(
            signal=noticed,
            account=UserFactory(),
            kind=PrecautionKind.CODE,
            actor=UserFactory(is_staff=True),
            reason="x",
        )
    noticed.refresh_from_db()
    assert noticed.state == SignalState.NEW
    assert not Message.objects.filter(kind="precaution_asked").exists()


def test_clearing_ends_what_was_asked(noticed):
    asked(noticed)
    signals.clear(signal=noticed, actor=UserFactory(is_staff=True), note="It was a mistake")
    assert signals.asked_of(owner_of(noticed)) == []
    noticed.refresh_from_db()
    assert (noticed.state, noticed.note) == (SignalState.CLEARED, "It was a mistake")


def test_booking_goes_on_whatever_was_noticed(noticed):
    owner = owner_of(noticed)
    file = file_of(owner)
    assert press(applicant_client(owner), file, SlotFactory()).status_code == 302


def test_the_desk_is_told_to_ask_and_why(noticed):
    row = noticed.appointments.select_related("slot__centre").first()
    agent = staff_client("agent", noticed.mission)
    address = reverse("admin:appointments_board_changelist")
    where = {"centre": row.slot.centre.code, "day": civil_date(row.slot.starts_at).isoformat()}
    card = {**where, "open": row.reference}
    assert "Three in a second" not in text_of(agent.get(address, card))
    asked(noticed, PrecautionKind.DESK)
    assert "Three in a second" in text_of(agent.get(address, card))


# --- The person concerned ---


def test_the_person_reads_what_was_noticed_and_objects_and_gets_an_answer(noticed):
    owner = owner_of(noticed)
    client = applicant_client(owner)
    asked(noticed, PrecautionKind.DESK)
    address = reverse("appointments:signal", args=[noticed.pk])
    row = Appointment.objects.filter(application__owner=owner).first()
    for page in ("appointments:list", "appointments:detail"):
        shown_on = client.get(reverse(page, args=[row.pk] if page.endswith("detail") else []))
        assert address in shown_on.content.decode()
    page = client.get(address)
    assert says(page, shown(noticed.finding, SIGNALS).sentence)
    assert "Three in a second" in text_of(page)
    assert client.post(address, {"text": "  "}).status_code == 422
    client.post(address, {"text": "My son tapped twice"})
    client.post(address, {"text": "Again"})
    objection = Objection.objects.get()
    assert objection.text == "My son tapped twice"
    assert "tapped" not in str(Entry.objects.filter(action="signal.object").values())
    agent = staff_client("agent", noticed.mission)
    beside = agent.get(reverse("admin:appointments_signal_change", args=[noticed.pk]))
    assert "My son tapped twice" in text_of(beside)
    step = reverse("admin:appointments_objection_step", args=[objection.pk, "answer"])
    assert agent.post(step, {"reason": ""}).status_code == 422
    agent.post(step, {"reason": "Then all is well"})
    objection.refresh_from_db()
    assert objection.state == ObjectionState.ANSWERED
    assert "Then all is well" in text_of(client.get(address))
    assert "Then all is well" in compose(Message.objects.get(kind="objection_answered")).body


def test_a_stranger_sees_nothing_of_it(noticed):
    address = reverse("appointments:signal", args=[noticed.pk])
    stranger = applicant_client(UserFactory())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"text": "x"}).status_code == 404


def test_an_agent_asks_through_the_page_and_must_say_why(noticed):
    agent = staff_client("agent", noticed.mission)
    address = reverse("admin:appointments_signal_ask", args=[noticed.pk])
    account = owner_of(noticed).pk
    refused = agent.post(address, {"account": account, "kind": "code", "reason": ""})
    assert refused.status_code == 422
    assert not Precaution.objects.exists()
    told = {"account": account, "kind": "code", "reason": "Please use the code"}
    assert agent.post(address, told).status_code == 302
    assert Precaution.objects.get().reason == "Please use the code"
    shut = agent.post(address, told)
    assert shut.status_code == 422
    look = reverse("admin:appointments_signal_change", args=[noticed.pk])
    assert "Please use the code" in text_of(agent.get(look))


def test_agents_see_the_signals_of_their_own_mission(noticed):
    stranger = staff_client("agent", ApplicationFactory(mission__state="DE").mission)
    listed = stranger.get(reverse("admin:appointments_signal_changelist"))
    assert str(noticed.pk) not in listed.content.decode()
    ask = reverse("admin:appointments_signal_ask", args=[noticed.pk])
    assert stranger.get(ask).status_code == 404


# --- Thirty days (DP-04) ---


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.mark.parametrize(("days", "due"), [(30, 0), (31, 1)])
def test_signals_and_traces_are_kept_for_thirty_days(noticed, days, due):
    today = civil_date(timezone.now())
    Signal.objects.update(last_seen_at=days_ago(days))
    BookingTrace.objects.update(at=days_ago(days))
    assert old_signals(today).count() == due
    assert old_booking_traces(today).count() == 3 * due
    remove_signals(list(old_signals(today)))
    assert Signal.objects.count() == 1 - due


@pytest.mark.parametrize("open_is", ["objection", "measure"])
def test_what_is_still_open_stays_without_its_hash(noticed, open_is):
    if open_is == "measure":
        asked(noticed)
    else:
        signals.object_to(signal=noticed, account=owner_of(noticed), text="No")
    Signal.objects.update(last_seen_at=days_ago(31), subject="network abc")
    today = civil_date(timezone.now())
    remove_signals(list(old_signals(today)))
    assert "abc" not in Signal.objects.get().subject
    assert not old_signals(today).exists()
    Objection.objects.update(state=ObjectionState.ANSWERED)
    Precaution.objects.update(valid=(days_ago(40), days_ago(26)))
    remove_signals(list(old_signals(today)))
    assert not Signal.objects.exists()


def test_with_the_files_go_trace_and_objection(noticed):
    owner = owner_of(noticed)
    asked(noticed)
    signals.object_to(signal=noticed, account=owner, text="No")
    files = list(owner.applications.all())
    leave_signals(files[:1], erase=False)
    assert (BookingTrace.objects.count(), Objection.objects.count()) == (2, 1)
    leave_signals(files, erase=False)
    assert not BookingTrace.objects.exists()
    assert not Objection.objects.exists()
    assert not Precaution.objects.exists()
    assert signals_of(owner) == []


def test_an_export_holds_what_was_noticed_and_asked(noticed):
    asked(noticed)
    signals.object_to(signal=noticed, account=owner_of(noticed), text="No")
    [told] = signals_of(owner_of(noticed))
    assert (told["kind"], told["objection"]["text"]) == ("speed", "No")
    assert told["asked"][0]["reason"] == "Three in a second"
    assert signals_of(UserFactory()) == []
