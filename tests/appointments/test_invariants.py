"""Whatever happens in whatever order, seats and rows agree: random lives of one small centre.

Each example is a transaction of its own that is rolled back.  What an operation refuses is a step
like any other; anything but a refusal fails the test, and so does a row that disagrees.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from applications.models import Application
from appointments import operations, replanning
from appointments.capacity import open_horizon
from appointments.days_off import toggle_day
from appointments.enums import (
    DRAW_IN_FORCE,
    LIVE_STATES,
    AppointmentState,
    DrawState,
    RequestState,
)
from appointments.freed_seats import holds, plans_in_force
from appointments.models import (
    Appointment,
    Draw,
    DrawRequest,
    Maintenance,
    MaintenanceWindow,
    OpeningHours,
    Slot,
)
from appointments.operations import (
    draw,
    draw_offers,
    draw_requests,
    draw_results,
    maintenance,
    release,
)
from appointments.rules.draw_inputs import Preferences
from portal.dates import civil_date
from portal.outbox.models import Message
from portal.refusals import Refused
from tests.appointments.releases import at
from tests.factories import ApplicationFactory, CentreFactory, UserFactory

pytestmark = pytest.mark.django_db

BEGIN = datetime(2027, 3, 1, 9, tzinfo=UTC)  # a Monday
DRAWN_DAYS = (date(2027, 3, 7), date(2027, 3, 8))
PLANNED_DAY = date(2027, 3, 9)
PASSED = st.sampled_from([timedelta(minutes=20), timedelta(hours=5), timedelta(hours=22)])
ANY = st.integers(0, 10_000)  # picks one of what there is


class NothingThereError(Exception):
    """A step found nothing to work on.

    Steps have no preconditions: those would ask rows that seeds of the house have a hand in, and
    what hypothesis draws may depend on nothing but what it drew.
    """


class Centre(RuleBasedStateMachine):
    """A centre of two counters, five households, a draw for two days and a plan for one."""

    @initialize()
    def opens(self):
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = BEGIN
        self.centre = CentreFactory(horizon_days=9)
        self.staff = UserFactory(is_staff=True)
        for weekday in OpeningHours.Weekday.values:
            self.centre.opening_hours.create(
                service="short_stay",
                weekday=weekday,
                counters=2,
                minutes=20,
                opens=time(9),
                closes=time(9, 40),
                valid=DateRange(date(2020, 1, 1)),
            )
        with at(self.now):
            open_horizon(centre=self.centre, today=civil_date(self.now))
            self._households()

    def _households(self):
        for people in (1, 1, 2, 3):
            owner = UserFactory()
            for _person in range(people):
                ApplicationFactory(submitted=True, owner=owner, mission=self.centre.mission)
        # Somebody who has a file in another account as well (RD-09).
        known = Application.objects.earliest("submitted_at")
        ApplicationFactory(
            submitted=True, mission=self.centre.mission, passport_number=known.passport_number
        )

    def teardown(self):
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    @contextmanager
    def _trying(self):
        with at(self.now), suppress(Refused, NothingThereError):
            yield

    # --- booking and what becomes of it ---

    @rule(who=ANY, when=ANY)
    def book(self, who, when):
        application = _one(Application.objects.order_by("submitted_at", "pk"), who)
        with self._trying():
            slot = _one(self._coming(), when)
            operations.book(application_id=application.pk, slot_id=slot.pk, owner=application.owner)

    @rule(who=ANY, when=ANY)
    def book_household(self, who, when):
        household = self._household(who)
        with self._trying():
            slot = _one(self._coming(), when)
            operations.book_together(
                application_ids=[one.pk for one in household],
                slot_id=slot.pk,
                owner=household[0].owner,
            )

    # --- maintenance ---

    @rule(when=ANY)
    def close_for_maintenance(self, when):
        with self._trying():
            start = _one(self._coming(), when).starts_at
            wish = maintenance.MaintenanceWish(
                mission=self.centre.mission,
                centres=[self.centre],
                hours=[(start, start + timedelta(minutes=20))],
                suspends=["new_forms"],
            )
            draft = maintenance.plan(wish=wish, actor=self.staff)
            maintenance.announce(maintenance_id=draft.pk, actor=self.staff)

    @rule(which=ANY)
    def call_maintenance_off(self, which):
        with self._trying():
            row = _one(Maintenance.objects.filter(state="announced").order_by("pk"), which)
            maintenance.call_off(maintenance_id=row.pk, actor=self.staff)

    @rule(which=ANY, by_staff=st.booleans())
    def cancel(self, which, by_staff):
        with self._trying():
            appointment = _one(_appointments(), which)
            if by_staff:
                operations.cancel_by_staff(
                    appointment=appointment, actor=self.staff, reason="Strike"
                )
            else:
                operations.cancel(
                    appointment_id=appointment.pk, owner=appointment.application.owner
                )

    @rule(which=ANY, step=st.sampled_from(["serve", "miss", "not_accept", "miss"]))
    def close(self, which, step):
        with self._trying():
            operations.close(
                appointment=_one(_appointments(), which), step=step, actor=self.staff, reason="x"
            )

    @rule(which=ANY, step=st.sampled_from([operations.arrive, operations.call, operations.back]))
    def at_the_counter(self, which, step):
        with self._trying():
            appointment = _one(_appointments(), which)
            step(appointment=appointment, actor=self.staff)

    @rule(which=ANY, other=ANY)
    def correct(self, which, other):
        """Correct a passport number, sometimes to that of somebody else."""
        with self._trying():
            appointment = _one(_appointments(), which)
            numbers = [one.passport_number for one in Application.objects.order_by("pk")]
            corrected = replace(
                operations.identity_of(appointment.application),
                passport_number=numbers[other % len(numbers)],
            )
            operations.correct_typing_error(
                appointment=appointment, corrected=corrected, actor=self.staff, reason="Misread"
            )

    # --- hours ---

    @rule(counters=st.integers(1, 3))
    def replan(self, counters):
        self.centre.opening_hours.update(counters=counters)
        self._apply()

    @rule(ahead=st.integers(1, 8), kind=st.sampled_from(["closed", "open", ""]))
    def close_or_open_a_day(self, ahead, kind):
        day = civil_date(self.now) + timedelta(days=ahead)
        with self._trying():
            toggle_day(centre=self.centre, day=day, kind=kind, reason="", actor=self.staff)
        self._apply()

    def _apply(self):
        today = civil_date(self.now)
        with self._trying():
            seen = replanning.compare(centre=self.centre, today=today).fingerprint
            replanning.apply(centre=self.centre, today=today, seen=seen, actor=self.staff)

    # --- release plan ---

    @rule()
    def publish_a_plan(self):
        start = self.now + timedelta(hours=25)
        with self._trying(), transaction.atomic():
            plan = release.draft(
                centre=self.centre,
                service="short_stay",
                first_day=PLANNED_DAY,
                last_day=PLANNED_DAY,
                windows=[(start, start + timedelta(hours=3))],
                actor=self.staff,
            )
            release.publish(plan_id=plan.pk, actor=self.staff)

    # --- draw ---

    @rule()
    def announce_a_draw(self):
        wish = draw.DrawWish(
            centre=self.centre,
            service="short_stay",
            first_day=DRAWN_DAYS[0],
            last_day=DRAWN_DAYS[1],
            opens_at=self.now,
            closes_at=self.now + timedelta(hours=24),
            source="Numbers of a lottery",
            acceptance_hours=24,
        )
        with self._trying():
            draw.announce(wish=wish, actor=self.staff)

    @rule(who=ANY, alone=st.booleans())
    def ask(self, who, alone):
        household = self._household(who)[: 1 if alone else None]
        with self._trying():
            draw_requests.ask(
                draw_id=self._draw().pk,
                application_ids=[one.pk for one in household],
                preferences=Preferences(),
                owner=household[0].owner,
            )

    @rule(which=ANY)
    def withdraw(self, which):
        with self._trying():
            request = _one(DrawRequest.objects.order_by("created_at", "pk"), which)
            draw_requests.withdraw(request_id=request.pk, owner=request.owner)

    @rule()
    def enter_the_value(self):
        with self._trying():
            row = _one(Draw.objects.filter(state=DrawState.CLOSED, value_at=None), 0)
            draw.enter_value(draw_id=row.pk, value="3 14", value_at=self.now, actor=self.staff)

    @rule(which=ANY)
    def accept(self, which):
        offered = DrawRequest.objects.filter(state=RequestState.OFFERED)
        with self._trying():
            request = _one(offered.order_by("created_at", "pk"), which)
            draw_offers.accept(request_id=request.pk, owner=request.owner)

    @rule(really=st.integers(0, 4))
    def call_the_draw_off(self, really):
        if really == 0:
            with self._trying():
                draw.cancel(draw_id=self._draw().pk, actor=self.staff, reason="Strike")

    # --- time ---

    @rule(by=PASSED, beats=st.booleans())
    def time_passes(self, by, beats):
        """Go on; beat may be late, so that moments pass before anything opens."""
        self.now += by
        if beats:
            self._beat()

    @rule()
    def _beat(self):
        with at(self.now):
            operations.open_due()
            operations.advance_plans()
            for row in draw.unfinished():
                draw.begin_or_close(draw_id=row.pk)
                if draw_results.run(draw_id=row.pk):
                    draw_results.check(draw_id=row.pk)
                draw_offers.advance(draw_id=row.pk)

    # --- what must always hold ---

    @invariant()
    def seats_stay_within_their_slot(self):
        for slot in Slot.objects.all():
            assert 0 <= slot.taken <= slot.released <= slot.capacity - slot.held
            assert slot.held >= 0

    @invariant()
    def who_sits_is_counted(self):
        """Whoever was served or did not come has used the seat; only cancelling gives it back."""
        seated = Counter(
            Appointment.objects.exclude(state=AppointmentState.CANCELLED).values_list(
                "slot", flat=True
            )
        )
        assert dict(seated) == dict(Slot.objects.filter(taken__gt=0).values_list("pk", "taken"))

    @invariant()
    def travellers_hold_one_appointment_each(self):
        live = Appointment.objects.filter(state__in=LIVE_STATES).select_related("application")
        keys = Counter((one.state_code, bytes(one.traveller_key)) for one in live)
        assert set(keys.values()) <= {1}
        for one in live:
            assert bytes(one.traveller_key) == bytes(one.application.traveller_key)

    @invariant()
    def applications_agree_with_their_appointments(self):
        live = set(
            Appointment.objects.filter(state__in=LIVE_STATES).values_list("application", flat=True)
        )
        booked = set(Application.objects.filter(state="booked").values_list("pk", flat=True))
        served = set(
            Appointment.objects.filter(state=AppointmentState.SERVED).values_list(
                "application", flat=True
            )
        )
        filed = set(Application.objects.filter(state="filed").values_list("pk", flat=True))
        assert (live, served) == (booked, filed)

    @invariant()
    def each_is_told_once(self):
        told = Counter(Message.objects.values_list("kind", "subject", "version"))
        assert set(told.values()) <= {1}
        for one in Appointment.objects.all():
            subject = f"appointment:{one.pk}"
            assert told["appointment_confirmed", subject, 1] == 1
            cancelled = told["appointment_cancelled", subject, one.version]
            assert cancelled == (one.state == AppointmentState.CANCELLED)

    @invariant()
    def what_is_offered_is_held(self):
        offered: Counter[int] = Counter()
        for request in DrawRequest.objects.filter(state=RequestState.OFFERED):
            for part in request.offered:
                offered[part["slot"]] += part["seats"]
        held = dict(Slot.objects.values_list("pk", "held"))
        assert all(seats <= held[pk] for pk, seats in offered.items())

    @invariant()
    def no_seat_is_forgotten(self):
        """A seat that nobody can book has a moment to come, or a plan or draw that knows of it."""
        if not hasattr(self, "centre"):
            return
        plans = plans_in_force(self.centre)
        for slot in self._coming().filter(is_suspended=False).prefetch_related("freed_seats"):
            if not holds(plans, slot.service, slot.starts_at):
                waiting = sum(
                    one.seats
                    for one in slot.freed_seats.all()
                    if one.returned_at is None and not one.withdrawn_because
                )
                assert slot.capacity - slot.released - slot.held <= waiting

    @invariant()
    def nothing_is_free_in_a_maintenance(self):
        for window in MaintenanceWindow.objects.filter(in_force=True):
            inside = Slot.objects.filter(
                centre=window.centre, starts_at__gte=window.hours.lower
            ).filter(starts_at__lt=window.hours.upper, starts_at__gt=self.now)
            assert all(one.is_suspended and one.free == one.held == 0 for one in inside)

    # --- what there is ---

    def _coming(self):
        return self.centre.slots.filter(starts_at__gt=self.now).order_by("starts_at")

    def _draw(self):
        return _one(Draw.objects.filter(state__in=DRAW_IN_FORCE).order_by("announced_at"), 0)

    def _household(self, who):
        first = _one(Application.objects.order_by("submitted_at", "pk"), who)
        rows = Application.objects.filter(owner=first.owner).select_related("owner")
        return list(rows.order_by("submitted_at", "pk"))


def _one(rows, which):
    there = rows.count()
    if not there:
        raise NothingThereError
    return rows[which % there]


def _appointments():
    return Appointment.objects.select_related("application__owner").order_by("booked_at", "pk")


def test_seats_and_rows_agree_after_every_step():
    run_state_machine_as_test(
        Centre,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes; do it by hand
            suppress_health_check=list(HealthCheck),
        ),
    )
