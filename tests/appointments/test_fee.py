"""The service fee in advance: asked where the switch is on, kept or released on time (RD-03)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from appointments import operations
from appointments.data_rights import remove_appointments
from appointments.fee_data import fees_of, old_payments, payments_of, remove_payments
from appointments.models import (
    Appointment,
    CentreSwitch,
    FeeHold,
    FreedSeat,
    Payment,
    PaymentNotice,
    Slot,
)
from appointments.operations import fee_expiry, fee_payments
from appointments.refusals import CannotPayNow, FeeNeedsReason, FeeNotOpen, NothingToPayBack
from appointments.rules.fee import FeeRule, is_in_time
from appointments.rules.law import LAW
from portal.audit.models import Entry
from portal.formats import moment
from portal.outbox.composing import compose
from portal.outbox.models import Message
from portal.payments.providers import Outcome
from tests.appointments.fees import (
    EUROS,
    JUST_BEFORE,
    ON_TIME,
    after,
    begun,
    prepaid,
    prepaid_appointment,
    told,
)
from tests.factories import ApplicationFactory, SlotFactory, UserFactory, booked

pytestmark = pytest.mark.django_db


def hold_of(appointment: Appointment) -> FeeHold:
    return FeeHold.objects.get(appointment=appointment)


# --- The rule and the switch ---


def test_rd_03_the_fee_and_its_period_are_rows_of_the_law():
    rule = FeeRule.by(LAW.on(date(2026, 11, 22)))
    assert (rule.amount, rule.currency) == (EUROS, "EUR")
    assert (rule.payable_within, rule.reminded_before) == (ON_TIME, timedelta(hours=24))


@pytest.mark.parametrize(
    ("passed", "kept"), [(JUST_BEFORE, True), (ON_TIME, False)], ids=["71:59:59", "72:00:00"]
)
def test_rd_03_the_end_is_half_open(passed, kept):
    now = timezone.now()
    assert is_in_time(now + ON_TIME, now + passed) is kept


def test_at_02_a_booking_at_a_prepaid_centre_holds_the_fee_for_72_hours():
    appointment = prepaid_appointment()
    hold = hold_of(appointment)
    assert (hold.state, hold.amount, hold.currency) == ("open", EUROS, "EUR")
    assert abs(hold.due_at - appointment.booked_at - ON_TIME) < timedelta(seconds=5)
    assert Message.objects.filter(kind="fee_due", version=1).count() == 1


def test_rd_03_without_the_switch_nothing_is_held_or_released_or_asked_more_often():
    slot = SlotFactory(seats=9)
    booked(ApplicationFactory(submitted=True), slot)  # what is asked once in a while is asked now
    application = ApplicationFactory(submitted=True)
    with CaptureQueriesContext(connection) as without:
        booked(application, slot)
    prepaid(slot.centre)
    other = ApplicationFactory(submitted=True, mission=slot.centre.mission)
    with CaptureQueriesContext(connection) as with_fee:
        booked(other, slot)
    assert FeeHold.objects.count() == 1
    assert len(without) == len(with_fee)
    with after(Appointment.objects.get(application=other), timedelta(days=30)):
        fee_expiry.release_unpaid()
    assert Appointment.objects.get(application=application).is_live


def test_the_switch_is_dated():
    centre = prepaid()
    CentreSwitch.objects.update(valid=(date(2030, 1, 1), None))
    prepaid_appointment(centre)
    assert not FeeHold.objects.exists()


def test_rd_03_without_a_provider_nothing_is_held(settings):
    settings.PAYMENT_PROVIDER = ""
    prepaid_appointment()
    assert not FeeHold.objects.exists()
    assert not Message.objects.filter(kind="fee_due").exists()


def test_a_household_booked_in_one_go_has_a_fee_each():
    slot, owner = SlotFactory(centre=prepaid(), seats=1), UserFactory()
    SlotFactory(centre=slot.centre, seats=1, starts_at=slot.ends_at)
    family = [ApplicationFactory(submitted=True, owner=owner) for _ in range(2)]
    operations.book_together(
        application_ids=[one.pk for one in family], slot_id=slot.pk, owner=owner
    )
    assert FeeHold.objects.filter(state="open", amount=EUROS).count() == 2


def test_a_place_that_was_drawn_is_prepaid_as_any_other():
    application, slot = ApplicationFactory(submitted=True), SlotFactory(centre=prepaid())
    with transaction.atomic():
        operations.booking.book_held(
            application_ids=[application.pk], slot_ids=[slot.pk], owner=application.owner
        )
    assert FeeHold.objects.get().state == "open"


def test_a_refused_booking_leaves_no_fee():
    centre = prepaid()
    first = prepaid_appointment(centre)
    again = ApplicationFactory(
        submitted=True,
        mission=centre.mission,
        passport_number=first.application.passport_number,
    )
    with pytest.raises(operations.booking.TravellerAlreadyBooked):
        booked(again, SlotFactory(centre=centre))
    assert FeeHold.objects.count() == 1


# --- Paid, or released ---


def test_rd_03_paid_at_71_59_59_is_kept():
    appointment = prepaid_appointment()
    payment = begun(appointment)
    with after(appointment, JUST_BEFORE):
        told(payment)
    with after(appointment, timedelta(days=30)):
        assert fee_expiry.release_unpaid() == 0
    appointment.refresh_from_db()
    payment.refresh_from_db()
    hold = hold_of(appointment)
    assert (appointment.state, hold.state, hold.paid_by) == ("booked", "paid", payment)
    assert (payment.state, payment.refund_due) == ("paid", 0)
    assert Message.objects.filter(kind="fee_paid").count() == 1


def test_rd_03_at_72_00_00_the_place_is_released_and_comes_back_later():
    appointment = prepaid_appointment()
    with after(appointment, JUST_BEFORE):
        assert fee_expiry.release_unpaid() == 0
    with after(appointment, ON_TIME):
        assert (fee_expiry.release_unpaid(), fee_expiry.release_unpaid()) == (1, 0)
    appointment.refresh_from_db()
    slot = Slot.objects.get(pk=appointment.slot_id)
    assert (appointment.state, hold_of(appointment).state) == ("cancelled", "expired")
    assert (slot.taken, slot.released) == (0, 2)
    assert FreedSeat.objects.get(slot=slot).return_at > hold_of(appointment).due_at
    assert appointment.application.state == "submitted"
    assert Message.objects.get(kind="fee_not_paid").version == 2
    assert not Message.objects.filter(kind="appointment_cancelled").exists()
    assert Entry.objects.get(action="appointment.cancel").reason == "RD-03"


def test_rd_03_paid_at_72_00_00_comes_too_late_even_before_the_task_has_run():
    appointment = prepaid_appointment()
    payment = begun(appointment)
    with after(appointment, ON_TIME):
        told(payment)
        assert fee_expiry.release_unpaid() == 1
    payment.refresh_from_db()
    assert (payment.state, payment.refund_due) == ("paid", EUROS)
    assert hold_of(appointment).state == "expired"


def test_a_payment_after_the_release_is_marked_for_refund_and_told():
    appointment = prepaid_appointment()
    payment = begun(appointment)
    with after(appointment, ON_TIME):
        fee_expiry.release_unpaid()
        told(payment)
    payment.refresh_from_db()
    message = Message.objects.get(kind="fee_paid")
    assert (payment.refund_due, message.context["back"]) == (EUROS, "29.00")
    assert message.context["kept"] == []


def test_somebody_who_came_is_not_sent_away_by_a_clock():
    appointment = prepaid_appointment()
    Appointment.objects.update(state="arrived")
    with after(appointment, ON_TIME):
        assert fee_expiry.release_unpaid() == 0
    appointment.refresh_from_db()
    assert (appointment.state, hold_of(appointment).state) == ("arrived", "ended")


def test_a_reminder_goes_out_once_a_day_before_the_end():
    appointment = prepaid_appointment()
    with after(appointment, timedelta(hours=47, minutes=59)):
        assert fee_expiry.remind() == 0
    with after(appointment, timedelta(hours=48)):
        assert (fee_expiry.remind(), fee_expiry.remind()) == (1, 0)
    assert Message.objects.filter(kind="fee_due", version=2).count() == 1


def test_a_reminder_that_waits_while_its_appointment_is_moved_says_the_present_time():
    appointment = prepaid_appointment()
    with after(appointment, timedelta(hours=48)):
        assert fee_expiry.remind() == 1
    later = SlotFactory(
        centre=appointment.slot.centre, starts_at=appointment.slot.starts_at + timedelta(days=3)
    )
    Appointment.objects.filter(pk=appointment.pk).update(slot=later)
    body = compose(Message.objects.get(kind="fee_due", version=2)).body
    with override(appointment.application.owner.language):
        assert moment(later.starts_at) in body
        assert moment(appointment.slot.starts_at) not in body


def test_cancelling_before_paying_ends_the_fee():
    appointment = prepaid_appointment()
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    assert hold_of(appointment).state == "ended"
    with pytest.raises(FeeNotOpen):
        begun(appointment)


def test_cancelling_after_paying_marks_the_refund_for_staff():
    appointment = prepaid_appointment()
    payment = begun(appointment)
    told(payment)
    operations.cancel(appointment_id=appointment.pk, owner=appointment.application.owner)
    payment.refresh_from_db()
    assert (hold_of(appointment).state, payment.refund_due) == ("ended", EUROS)
    agent = UserFactory(is_staff=True)
    with pytest.raises(FeeNeedsReason):
        fee_payments.record_refund(payment=payment, actor=agent, reason=" ")
    payment = fee_payments.record_refund(payment=payment, actor=agent, reason="Transfer 7")
    assert (payment.state, payment.refund_due, payment.refunded) == ("refunded", 0, EUROS)
    assert Entry.objects.get(action="payment.refund").reason == "Transfer 7"
    with pytest.raises(NothingToPayBack):
        fee_payments.record_refund(payment=payment, actor=agent, reason="again")


def test_a_family_pays_all_its_open_fees_at_the_centre_in_one_go():
    centre, owner = prepaid(), UserFactory()
    family = [prepaid_appointment(centre, owner=owner) for _ in range(3)]
    stranger = prepaid_appointment(centre)
    payment = begun(family[0])
    assert payment.amount == 3 * EUROS
    told(payment)
    assert {hold_of(one).state for one in family} == {"paid"}
    assert hold_of(stranger).state == "open"


def test_what_a_payment_brings_for_a_fee_that_ended_meanwhile_goes_back():
    centre, owner = prepaid(), UserFactory()
    first, second = (prepaid_appointment(centre, owner=owner) for _ in range(2))
    payment = begun(first)
    operations.cancel(appointment_id=second.pk, owner=owner)
    told(payment)
    payment.refresh_from_db()
    assert (hold_of(first).state, payment.refund_due) == ("paid", EUROS)


def test_pressing_the_button_twice_begins_one_payment():
    appointment = prepaid_appointment()
    assert begun(appointment) == begun(appointment)


def test_nobody_pays_for_somebody_elses_appointment_and_nobody_pays_nowhere(settings):
    appointment = prepaid_appointment()
    with pytest.raises(Appointment.DoesNotExist):
        fee_payments.begin_payment(
            appointment_id=appointment.pk, owner=UserFactory(), return_url=""
        )
    settings.PAYMENT_PROVIDER = ""
    with pytest.raises(CannotPayNow):
        begun(appointment)


def test_a_payment_at_the_counter_needs_a_reason_and_keeps_the_place():
    hold = hold_of(prepaid_appointment())
    agent = UserFactory(is_staff=True)
    with pytest.raises(FeeNeedsReason):
        fee_payments.record_at_counter(hold=hold, actor=agent, reason="")
    payment = fee_payments.record_at_counter(hold=hold, actor=agent, reason="Receipt 12")
    hold.refresh_from_db()
    assert (hold.state, hold.paid_by, payment.provider) == ("paid", payment, "counter")
    assert Entry.objects.get(action="payment.pay").reason == "Receipt 12"
    with pytest.raises(FeeNotOpen):
        fee_payments.record_at_counter(hold=hold, actor=agent, reason="again")


# --- Notices: out of order, with other amounts, about nothing we know ---


def results() -> list[str]:
    return list(PaymentNotice.objects.order_by("pk").values_list("result", flat=True))


def test_the_same_notice_again_changes_nothing():
    payment = begun(prepaid_appointment())
    notice = told(payment)
    fee_payments.take_notice("trial", notice)
    assert results() == ["taken"]
    assert Message.objects.filter(kind="fee_paid").count() == 1


def test_a_notice_about_no_payment_of_ours_is_kept_for_staff():
    told(Payment(provider="trial", reference="P-0000-0000", amount=EUROS))
    assert results() == ["unknown"]
    assert Entry.objects.filter(action="payment.unknown").exists()


def test_a_provider_cannot_speak_for_the_counter():
    payment = fee_payments.record_at_counter(
        hold=hold_of(prepaid_appointment()), actor=UserFactory(is_staff=True), reason="x"
    )
    payment.provider = "trial"
    told(payment, Outcome.REFUNDED)
    assert results() == ["unknown"]


@pytest.mark.parametrize("said", [{"amount": Decimal(28)}, {"currency": "DZD"}], ids=str)
def test_another_amount_keeps_no_place_and_is_marked(said):
    appointment = prepaid_appointment()
    payment = begun(appointment)
    told(payment, **said)
    payment.refresh_from_db()
    assert (hold_of(appointment).state, payment.state, results()) == (
        "open",
        "differs",
        ["differs"],
    )


def test_what_is_left_of_another_amount_goes_back_by_hand():
    payment = begun(prepaid_appointment())
    told(payment, currency="DZD")
    told(payment, Outcome.REFUNDED, amount=Decimal(10))
    agent = UserFactory(is_staff=True)
    payment = fee_payments.record_refund(payment=payment, actor=agent, reason="Transfer 8")
    assert (payment.state, payment.refunded) == ("refunded", EUROS)


@pytest.mark.parametrize(
    ("outcomes", "state", "hold", "last"),
    [
        ((Outcome.PAID, Outcome.FAILED), "paid", "paid", "out_of_order"),
        ((Outcome.FAILED, Outcome.PAID), "paid", "paid", "taken"),
        ((Outcome.PAID, Outcome.PAID), "paid", "paid", "out_of_order"),
        ((Outcome.REFUNDED, Outcome.PAID), "refunded", "open", "out_of_order"),
        ((Outcome.PAID, Outcome.REFUNDED), "refunded", "paid", "taken"),
        ((Outcome.REFUNDED, Outcome.REFUNDED), "refunded", "open", "differs"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_notices_in_any_order(outcomes, state, hold, last):
    appointment = prepaid_appointment()
    payment = begun(appointment)
    for outcome in outcomes:
        told(payment, outcome)
    payment.refresh_from_db()
    assert (payment.state, hold_of(appointment).state) == (state, hold)
    assert results()[-1] == last


# --- What the database refuses ---


def test_the_database_refuses_a_fee_that_is_paid_by_nothing():
    hold = hold_of(prepaid_appointment())
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeHold.objects.filter(pk=hold.pk).update(state="paid")


def test_the_database_refuses_to_pay_back_more_than_came():
    payment = begun(prepaid_appointment())
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refund_due=20, refunded=10)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_payment_and_expiry_race_and_exactly_one_of_them_wins():
    """The clock has just passed the end for the task, and not yet for the payment."""
    appointments = [prepaid_appointment() for _ in range(8)]
    payments = [begun(one) for one in appointments]
    start = Barrier(2)

    def pay():
        try:
            start.wait()
            for appointment, payment in zip(appointments, payments, strict=True):
                with after(appointment, JUST_BEFORE):
                    told(payment)
        finally:
            connection.close()

    def expire():
        try:
            start.wait()
            for appointment in appointments:
                with after(appointment, ON_TIME):
                    fee_expiry.release_unpaid()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(pay), pool.submit(expire)]:
            one.result()
    for appointment, payment in zip(appointments, payments, strict=True):
        appointment.refresh_from_db()
        payment.refresh_from_db()
        outcome = (appointment.state, hold_of(appointment).state, payment.refund_due)
        assert outcome in [("booked", "paid", 0), ("cancelled", "expired", EUROS)]
    live = sum(one.is_live for one in appointments)
    assert sum(Slot.objects.values_list("taken", flat=True)) == live


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_release_each_place_once():
    appointments = [prepaid_appointment() for _ in range(6)]

    def expire(_number):
        try:
            with after(appointments[-1], timedelta(days=4)):
                return fee_expiry.release_unpaid()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        released = sum(pool.map(expire, range(4)))
    with after(appointments[-1], timedelta(days=4)):
        released += fee_expiry.release_unpaid()
    assert released == 6
    assert Message.objects.filter(kind="fee_not_paid").count() == 6
    assert sum(Slot.objects.values_list("taken", flat=True)) == 0


# --- What is held about a person, and when it ends ---


def test_the_export_tells_of_fees_and_payments():
    appointment = prepaid_appointment()
    payment = begun(appointment)
    told(payment)
    owner = appointment.application.owner
    [fee], [paid] = fees_of(owner), payments_of(owner)
    assert (fee["appointment"], fee["state"]) == (appointment.reference, "paid")
    assert (paid["reference"], paid["amount"]) == (payment.reference, "29.00")


def test_a_payment_ends_after_its_appointment_unless_something_is_owed():
    paid, owed = prepaid_appointment(), prepaid_appointment()
    payments = [begun(paid), begun(owed)]
    for payment in payments:
        told(payment)
    operations.cancel(appointment_id=owed.pk, owner=owed.application.owner)
    later = date.today() + timedelta(days=400)
    assert not old_payments(later).exists()
    remove_appointments(list(Appointment.objects.all()))
    assert not FeeHold.objects.exists()
    assert list(old_payments(later)) == [payments[0]]
    assert remove_payments(list(old_payments(later))) == 1
    assert list(Payment.objects.all()) == [payments[1]]
