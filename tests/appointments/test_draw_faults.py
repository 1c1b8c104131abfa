"""What goes wrong around a draw: races, dead workers, clashes, tampering (RD-08)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from appointments import operations
from appointments.capacity import free_slots
from appointments.enums import DrawState, RequestState
from appointments.models import (
    Appointment,
    Draw,
    DrawRequest,
    DrawTraveller,
    FreedSeat,
    MissedDraw,
    Slot,
)
from appointments.operations import draw, draw_requests, draw_results, release
from appointments.refusals import (
    AlreadyInDraw,
    DaysDrawnAlready,
    DrawNotOpen,
    DrawTimesWrong,
    KnownBeforeClosing,
    NothingToDraw,
    OfferOver,
    SlotTaken,
    TravellerAlreadyBooked,
)
from appointments.rules.draw_inputs import Preferences
from portal.constraints import violated
from portal.outbox.models import Message
from portal.workflow import TransitionRefused
from tests.appointments.draws import (
    ANNOUNCED,
    ASKED,
    CLOSED,
    CLOSES,
    DAYS,
    DRAWN,
    HOURS,
    VALUE_AT,
    accepted,
    advanced,
    announced,
    asked,
    closed,
    drawn,
    household,
    slots_for,
    valued,
    wish_for,
)
from tests.appointments.releases import at, drafted
from tests.appointments.test_draw import seats_agree
from tests.factories import ApplicationFactory, CentreFactory, MissionFactory, SlotFactory, booked

pytestmark = pytest.mark.django_db
LATER = DRAWN + timedelta(hours=HOURS)


# --- Announcing ---


def test_no_two_draws_for_one_day():
    row = announced()
    with pytest.raises(DaysDrawnAlready):
        announced(row.centre, first_day=DAYS[1], last_day=DAYS[1])


def test_no_draw_and_plan_for_one_day_whichever_comes_first():
    row = announced()
    plan = drafted(row.centre)
    with at(ANNOUNCED), pytest.raises(DaysDrawnAlready):
        release.publish(plan_id=plan.pk, actor=None)
    other = CentreFactory(code="other")
    slots_for(other)
    plan = drafted(other)
    with at(ANNOUNCED):
        release.publish(plan_id=plan.pk, actor=None)
    with pytest.raises(DaysDrawnAlready):
        announced(other)


def test_a_draw_needs_seats_and_time():
    with at(ANNOUNCED), pytest.raises(NothingToDraw):
        draw.announce(wish=wish_for(CentreFactory()), actor=None)
    centre = CentreFactory(code="late")
    slots_for(centre)
    with pytest.raises(DrawTimesWrong):
        announced(centre, closes_at=datetime(2027, 3, 6, 12, tzinfo=UTC))


def test_seats_of_a_draw_cannot_be_booked():
    row = announced()
    (application,) = household(row)
    with at(ASKED), pytest.raises(SlotTaken):
        booked(application, row.centre.slots.first())


def test_the_seed_rests_encrypted():
    row = announced()
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM appointments_draw WHERE id = %s", [row.pk])
        kept = bytes(cursor.fetchone()[0])
    assert row.seed.encode() not in kept
    assert bytes.fromhex(row.seed) not in kept


# --- Asking ---


def test_a_traveller_stands_in_one_request():
    row = announced()
    (application,) = household(row)
    request = asked(row, applications=[application])
    assert asked(row, applications=[application]) == request
    twin = ApplicationFactory(
        submitted=True, mission=row.centre.mission, passport_number=application.passport_number
    )
    with pytest.raises(AlreadyInDraw):
        asked(row, applications=[twin])
    assert DrawRequest.objects.get() == request


def test_after_withdrawing_before_closing_the_traveller_may_ask_again():
    row = announced()
    (application,) = household(row)
    first = asked(row, applications=[application])
    with at(ASKED):
        draw_requests.withdraw(request_id=first.pk, owner=first.owner)
    assert asked(row, applications=[application]) != first
    assert len(drawn(row).transcript["requests"]) == 1


@pytest.mark.parametrize("moment", [ANNOUNCED - timedelta(seconds=1), CLOSES, CLOSED])
def test_requests_are_taken_to_the_second_even_if_nobody_closed_the_draw(moment):
    row = announced()
    with pytest.raises(DrawNotOpen):
        asked(row, moment=moment)
    asked(row, moment=CLOSES - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_race_of_two_requests_for_one_traveller():
    row = announced()
    first = household(row)[0]
    twin = ApplicationFactory(
        submitted=True, mission=row.centre.mission, passport_number=first.passport_number
    )

    def ask(application):
        try:
            return draw_requests.ask(
                draw_id=row.pk,
                application_ids=[application.pk],
                preferences=Preferences(),
                owner=application.owner,
            )
        except AlreadyInDraw:
            return None
        finally:
            connection.close()

    Draw.objects.update(
        announced_at="2020-01-01T00:00Z",
        opens_at="2020-01-01T00:00Z",
        closes_at="2099-01-01T00:00Z",
    )
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, [first, twin]))
    assert sum(one is not None for one in answers) == 1
    assert DrawTraveller.objects.count() == DrawRequest.objects.count() == 1


# --- Closing, the value, drawing ---


def test_the_digest_is_published_at_closing_and_closing_twice_changes_nothing():
    row = announced()
    asked(row)
    digest = closed(row).closing_digest
    assert len(digest) == 64
    assert closed(row).closing_digest == digest


def test_a_value_from_before_closing_is_refused_by_the_desk_and_by_the_database():
    row = closed(announced())
    with at(DRAWN), pytest.raises(KnownBeforeClosing):
        draw.enter_value(draw_id=row.pk, value="1", value_at=CLOSES, actor=None)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Draw.objects.update(value_at=CLOSES - timedelta(seconds=1))
    assert violated(refused.value) == "no_public_value_before_closing"


def test_a_value_is_entered_once_and_then_the_draw_cannot_be_called_off():
    row = valued(announced())
    with at(DRAWN), pytest.raises(TransitionRefused):
        draw.enter_value(draw_id=row.pk, value="other", value_at=VALUE_AT, actor=None)
    with at(DRAWN), pytest.raises(TransitionRefused):
        draw.cancel(draw_id=row.pk, actor=None, reason="We do not like it")


def test_a_draw_without_requests_gives_its_seats_to_everybody():
    row = advanced(drawn(announced()))
    assert row.state == DrawState.SETTLED
    assert row.faults == []
    assert FreedSeat.objects.filter(slot__in=draw.slots_of(row)).count() == 4
    assert seats_agree()


def test_a_draw_whose_seats_went_away_puts_everybody_on_the_waiting_list():
    row = announced()
    request = asked(row)
    Slot.objects.update(capacity=0)
    row = advanced(drawn(row))
    request.refresh_from_db()
    assert (request.state, request.waiting_position) == (RequestState.WAITING, 1)
    assert row.faults == []


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_draws_the_same(monkeypatch):
    row = announced(seats=1)
    for people in (1, 2, 1, 1, 3):
        asked(row, people)
    valued(row)
    tell = draw_results._tell
    dying = pytest.MonkeyPatch()
    seen = []

    def die(drawn_row, slots):
        seen.append(_results(row))
        raise SystemExit("killed")

    dying.setattr(draw_results, "_tell", die)
    with at(DRAWN), pytest.raises(SystemExit), transaction.atomic():
        draw_results.run(draw_id=row.pk)
    dying.undo()
    assert draw_results._tell is tell
    assert {state for _ref, state, *_rest in _results(row)} == {RequestState.REQUESTED}
    assert not Message.objects.filter(kind="draw_seats_offered").exists()
    with at(DRAWN):
        assert draw_results.run(draw_id=row.pk)
        assert not draw_results.run(draw_id=row.pk)
    assert [_results(row)] == seen


def _results(row):
    rows = row.requests.order_by("reference")
    return list(rows.values_list("reference", "state", "waiting_position", "offered"))


def test_who_withdraws_after_closing_is_drawn_but_the_seats_go_to_the_next():
    row = announced(seats=1)
    Slot.objects.exclude(pk=Slot.objects.first().pk).update(capacity=0, released=0)
    requests = [asked(row), asked(row)]
    valued(row)
    for request in requests:
        with at(DRAWN):
            draw_requests.withdraw(request_id=request.pk, owner=request.owner)
        break
    with at(DRAWN):
        draw_results.run(draw_id=row.pk)
    row = advanced(row)
    for request in requests:
        request.refresh_from_db()
    assert [one.state for one in requests] == [RequestState.WITHDRAWN, RequestState.OFFERED]
    assert len(row.transcript["requests"]) == 2
    assert MissedDraw.objects.count() <= 1
    assert seats_agree()


def test_calling_off_frees_the_seats_and_tells_why():
    row = announced()
    request = asked(row)
    with at(ASKED):
        draw.cancel(draw_id=row.pk, actor=None, reason="The centre moves")
    request.refresh_from_db()
    assert request.state == RequestState.VOID
    assert Message.objects.get(kind="draw_cancelled").context["reason"] == "The centre moves"
    assert FreedSeat.objects.count() == 4
    assert seats_agree()


# --- Offers ---


def one_seat_two_people():
    """A draw for a single seat: the one who got it, and the one who waits."""
    row = announced(seats=1)
    Slot.objects.exclude(pk=Slot.objects.first().pk).update(capacity=0, released=0)
    asked(row)
    asked(row)
    row = drawn(row)
    first = row.requests.get(state=RequestState.OFFERED)
    return row, first, row.requests.get(state=RequestState.WAITING)


def test_missed_draws_count_and_begin_anew_with_a_seat():
    row, _first, second = one_seat_two_people()
    assert MissedDraw.objects.get().missed == 1
    advanced(row, LATER)
    accepted(second, LATER)
    assert not MissedDraw.objects.exists()


def test_an_unlucky_traveller_has_more_tickets_in_the_next_draw():
    _row, _first, second = one_seat_two_people()
    application = second.travellers.get().application
    with at(DRAWN):
        draw_requests.withdraw(request_id=second.pk, owner=second.owner)
    centre = CentreFactory(code="next")
    slots_for(centre)
    following = announced(centre)
    asked(following, applications=[application])
    closed(following)
    assert DrawTraveller.objects.get(draw=following).missed == 1
    assert DrawTraveller.objects.get(draw=following).key != second.travellers.get().key


@pytest.mark.parametrize("way", ["expired", "declined"])
def test_the_next_on_the_list_moves_up(way):
    row, first, second = one_seat_two_people()
    moment = LATER if way == "expired" else DRAWN
    if way == "declined":
        with at(DRAWN):
            draw_requests.withdraw(request_id=first.pk, owner=first.owner)
    advanced(row, moment)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (way, RequestState.OFFERED)
    assert second.offer_expires_at == moment + timedelta(hours=HOURS)
    assert Message.objects.filter(kind="draw_moved_up").count() == 1
    with pytest.raises(OfferOver):
        accepted(first, moment)
    accepted(second, moment)
    assert advanced(row, moment).state == DrawState.SETTLED
    assert seats_agree()


def test_those_who_wait_move_up_in_drawn_order_past_whoever_does_not_fit():
    row = announced(seats=1)
    Slot.objects.exclude(pk=Slot.objects.first().pk).update(capacity=0, released=0)
    for people in (1, 2, 1, 1):
        asked(row, people)
    row = drawn(row)
    waiting = list(row.requests.filter(state=RequestState.WAITING).order_by("waiting_position"))
    alone = [one for one in waiting if one.travellers.count() == 1]
    row = advanced(row, LATER)
    states = [DrawRequest.objects.get(pk=one.pk).state for one in alone]
    assert states == [RequestState.OFFERED, RequestState.WAITING]
    family = next(one for one in waiting if one not in alone)
    assert DrawRequest.objects.get(pk=family.pk).state == RequestState.WAITING


def test_a_cancelled_appointment_goes_to_the_next_who_waits():
    row, first, second = one_seat_two_people()
    (appointment,) = accepted(first)
    with at(DRAWN):
        operations.cancel(appointment_id=appointment.pk, owner=first.owner)
        assert not free_slots(row.centre, "short_stay", DRAWN).exists()
    advanced(row)
    second.refresh_from_db()
    assert second.state == RequestState.OFFERED
    assert seats_agree()


def test_rd_09_a_traveller_booked_elsewhere_meanwhile_cannot_accept_and_keeps_the_offer():
    _row, first, _second = one_seat_two_people()
    application = first.travellers.get().application
    oran = MissionFactory(post="oran")
    twin = ApplicationFactory(
        submitted=True, mission=oran, passport_number=application.passport_number
    )
    booked(twin, SlotFactory(centre=CentreFactory(mission=oran)))
    with pytest.raises(TravellerAlreadyBooked):
        accepted(first)
    first.refresh_from_db()
    assert first.state == RequestState.OFFERED
    assert seats_agree()
    assert Slot.objects.filter(held=1).count() == 1


@pytest.mark.django_db(transaction=True)
def test_race_of_accepting_against_expiry_and_the_next():
    for _round in range(3):
        Message.objects.all().delete()
        row, first, second = one_seat_two_people()
        DrawRequest.objects.filter(pk=first.pk).update(
            offer_expires_at=LATER - timedelta(seconds=1)
        )

        def accept(request=first):
            try:
                return bool(accepted(request, LATER - timedelta(seconds=2)))
            except OfferOver:
                return False
            finally:
                connection.close()

        def expire(draw_row=row):
            try:
                advanced(draw_row, LATER)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            expiring, accepting = pool.submit(expire), pool.submit(accept)
            expiring.result()
            won = accepting.result()
        advanced(row, LATER)
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.state == (RequestState.ACCEPTED if won else RequestState.EXPIRED)
        assert (second.state == RequestState.OFFERED) is not won
        assert Appointment.objects.filter(state="booked").count() == int(won)
        assert seats_agree()
        _wipe()


def _wipe():
    tables = "appointments_appointment, appointments_draw, appointments_slot"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


# --- The commands ---


def test_the_command_confirms_an_honest_transcript_and_refuses_a_tampered_one(tmp_path, capsys):
    row = announced(seats=1)
    for people in (1, 2, 1, 2):
        asked(row, people)
    row = drawn(row)
    published = [row.commitment, row.closing_digest]
    path = tmp_path / "transcript.json"
    call_command("draw_transcript", str(row.pk))
    path.write_text(capsys.readouterr().out)
    call_command("verify_draw", str(path), "--published", *published)
    changed = json.loads(path.read_text())
    changed["waiting"].reverse()
    changed["results"].pop()
    path.write_text(json.dumps(changed))
    with pytest.raises(CommandError, match="do not trust"):
        call_command("verify_draw", str(path), "--published", *published)
    path.write_text(json.dumps(row.transcript))
    with pytest.raises(CommandError, match="do not trust"):
        call_command("verify_draw", str(path), "--published", "0" * 64, row.closing_digest)


def test_there_is_no_transcript_before_the_draw():
    with override("en"), pytest.raises(CommandError, match="not taken place"):
        call_command("draw_transcript", str(announced().pk))
