"""What touts get under each way of giving out seats: `python -m bench.touts [seats]`.

Honest people and touts live through twelve days of simulated time and use the operations that
the site uses, in a database of their own.  People know the fixed hour or the published windows,
need a minute for a page, and look again some times a day.  A tout's programs hold seats in the
names of identities of its own, book for buyers who paid before, and hand seats over to buyers who
come later: they cancel, and book for the buyer a moment later and whenever a seat opens again.
Seats that nobody bought they give back.  Half of the programs wait at the hour when seats used to
open, the other half looks every ten seconds, day and night.
"""

from __future__ import annotations

import heapq
import itertools
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine

from bench import _world

SEATS = 24
PER_SLOT = 4
ASKED = datetime(2027, 3, 1, 9, tzinfo=UTC)  # everybody begins to wait; a Monday
FIXED_HOUR = datetime(2027, 3, 3, 9, tzinfo=UTC)
WINDOWS = (
    (datetime(2027, 3, 3, 8, tzinfo=UTC), datetime(2027, 3, 3, 11, tzinfo=UTC)),
    (datetime(2027, 3, 4, 15, tzinfo=UTC), datetime(2027, 3, 4, 18, tzinfo=UTC)),
)
SALES = (datetime(2027, 3, 4, 19, tzinfo=UTC), datetime(2027, 3, 8, 19, tzinfo=UTC))
GIVEN_UP = datetime(2027, 3, 9, 9, tzinfo=UTC)  # touts cancel what they did not sell
OVER = datetime(2027, 3, 12, 20, tzinfo=UTC)
DAYS = (date(2027, 3, 14), date(2027, 3, 15))
NETWORKS = 3  # of the touts together; each honest person has one
POLL, CLICK = 10, 0.2  # seconds
WORK = (0.0, 1.2)  # seconds of a processor for one challenge (AT-04); a person reads meanwhile


@dataclass(frozen=True)
class Regime:
    """How seats are given out, and which switches of the centre are on."""

    name: str
    at_random: bool = False
    defences: bool = False
    challenge: bool = False
    draw: bool = False
    all_look: bool = False  # no program wastes its time at the old hour


REGIMES = (
    Regime("first come at a fixed hour"),
    Regime("first come, random release and return", at_random=True),
    Regime("the same with code and budgets", at_random=True, defences=True),
    Regime("the same and a challenge", at_random=True, defences=True, challenge=True),
    Regime("the same, every program looks", True, True, challenge=True, all_look=True),
    Regime("draw", at_random=True, defences=True, draw=True),
)


@dataclass
class Person:
    """An identity with its file; `kind` is honest, own, ordered or buyer."""

    kind: str
    application: Any
    address: str
    appointment: Any = None
    since: datetime | None = None
    bought: int | None = None  # the slot it was promised
    waits_at_the_hour: bool = False
    busy: bool = field(default=False)

    @property
    def is_tout(self) -> bool:
        return self.kind != "honest"


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at `moment`, on the clock of the database too."""
    from portal.database_clock import rehearsed

    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(moment, tick=False))
        stack.enter_context(rehearsed(moment))
        yield


class World:
    """One centre under one regime; `live` goes through all that happens, in order."""

    def __init__(self, regime: Regime, seats: int) -> None:
        self.regime, self.seats = regime, seats
        self.chance = random.Random(7)
        self.now, self.events, self.count = ASKED, [], itertools.count()
        self.first_takers: list[Person] = []
        self.asked_in_draw: dict[Any, Person] = {}
        self.attempts = self.refused = self.resales = self.challenges = 0
        self.worked = 0.0  # seconds that touts paid for challenges
        self.opening: datetime | None = None
        self._build()

    # --- the centre and its people ---

    def _build(self) -> None:
        from django.db.backends.postgresql.psycopg_any import DateRange

        from appointments.enums import Switch
        from appointments.models import Centre, Slot
        from portal.accounts.models import User

        number = Centre.objects.count()
        model = Centre.objects.get(code="fr-algiers")
        self.centre = Centre.objects.create(
            mission=model.mission,
            code=f"touts-{number}",
            names=model.names,
            addresses=model.addresses,
            post=model.post,
        )
        positions = {
            Switch.RETURNS_AT_RANDOM: self.regime.at_random,
            Switch.BUDGETS: self.regime.defences,
            Switch.CODE: self.regime.defences,
        }
        for name, on in positions.items():
            self.centre.switches.create(name=name, is_on=on, valid=DateRange(date(2027, 1, 1)))
        half = max(1, self.seats // PER_SLOT // 2)
        Slot.objects.bulk_create(
            Slot(
                centre=self.centre,
                service="short_stay",
                starts_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
                + timedelta(minutes=20 * n),
                minutes=20,
                capacity=PER_SLOT,
            )
            for day in DAYS
            for n in range(half)
        )
        self.seats = half * 2 * PER_SLOT
        self.staff = User.objects.create(email=f"staff{number}@example.org", is_staff=True)
        with at(ASKED):  # their passports are of that time, whenever this runs
            self.people = self._people()

    def _people(self) -> list[Person]:
        from applications.models import Application

        wanted = {"honest": 2 * self.seats, "own": self.seats}
        wanted |= {"ordered": self.seats // 4, "buyer": self.seats // 2}
        kinds = [kind for kind, count in wanted.items() for _one in range(count)]
        ids = _world.submitted_applications(len(kinds))
        rows = Application.objects.select_related("owner", "mission").in_bulk(ids)
        by_id = {str(key): row for key, row in rows.items()}
        people = [
            Person(kind, by_id[one], self._address(kind, n))
            for n, (kind, one) in enumerate(zip(kinds, ids, strict=True))
        ]
        for index, person in enumerate(one for one in people if one.kind in ("own", "ordered")):
            person.waits_at_the_hour = index % 2 == 0 and not self.regime.all_look
        return people

    def _address(self, kind: str, n: int) -> str:
        if kind == "honest":
            return f"10.{n // 250}.{n % 250}.1"
        return f"192.168.{n % NETWORKS}.{1 + n // NETWORKS % 250}"

    # --- time ---

    def later(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let `what` happen at `moment`, unless all is over by then."""
        if moment < OVER:
            heapq.heappush(self.events, (moment, next(self.count), what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Let `what` happen some seconds from now."""
        self.later(self.now + timedelta(seconds=seconds), what)

    def live(self) -> World:
        """Go through everything; returns itself."""
        from django.conf import settings

        self._begin()
        while self.events:
            self.now, _number, what = heapq.heappop(self.events)
            # Valkey forgets by its own clock, so each simulated hour counts in a place of its own.
            settings.STORE_PREFIX = f"{self.centre.code}:{self.now:%d%H}"
            with at(self.now):
                what()
        return self

    def _begin(self) -> None:
        if self.regime.draw:
            self.later(ASKED, self._announce_draw)
        elif self.regime.at_random:
            self.later(ASKED, self._publish_plan)
        else:
            self.later(FIXED_HOUR, self._open_all)
        self._plan_looks()
        for person in self.people:
            if person.kind == "buyer":
                self.later(self._between(*SALES), lambda person=person: self._sell(person))
        self.later(GIVEN_UP, self._give_up)

    def _between(self, start: datetime, end: datetime) -> datetime:
        return start + self.chance.random() * (end - start)

    # --- seats open ---

    def _open_all(self) -> None:
        from appointments.capacity import set_seats

        for slot in self.centre.slots.select_related("centre"):
            set_seats(slot=slot, capacity=PER_SLOT, released=PER_SLOT, actor=self.staff)
        self._seats_opened()

    def _publish_plan(self) -> None:
        from appointments.operations import release

        plan = release.draft(
            centre=self.centre,
            service="short_stay",
            first_day=DAYS[0],
            last_day=DAYS[1],
            windows=WINDOWS,
            actor=self.staff,
        )
        release.publish(plan_id=plan.pk, actor=self.staff)
        self._wait_for_opening()

    def _wait_for_opening(self) -> None:
        """Let beat, which runs every ten seconds, open what opens next."""
        from appointments.models import FreedSeat, ReleaseBatch

        of_centre = {"slot__centre": self.centre}
        due = [
            *ReleaseBatch.objects.filter(opened_at=None, **of_centre)
            .order_by("due_at")
            .values_list("due_at", flat=True)[:1],
            *FreedSeat.objects.filter(returned_at=None, **of_centre)
            .order_by("return_at")
            .values_list("return_at", flat=True)[:1],
        ]
        if not due:
            return
        moment = max(min(due), self.now) + timedelta(seconds=self.chance.uniform(0, 10))
        if self.opening is None or moment < self.opening or self.opening <= self.now:
            self.opening = moment
            self.later(moment, self._open_due)

    def _open_due(self) -> None:
        from appointments import operations

        if operations.open_due():
            self._seats_opened()
        self._wait_for_opening()

    def _seats_opened(self) -> None:
        """Programs that look see it within ten seconds; those at the hour see it at the hour."""
        for person in self.people:
            if not person.is_tout or person.appointment or person.busy:
                continue
            if person.kind == "buyer" and person.bought is None:
                continue
            if self._at_the_hour():
                self.after(self.chance.uniform(CLICK, 1), lambda person=person: self._try(person))
            elif not person.waits_at_the_hour:
                self.after(self.chance.uniform(0, POLL), lambda person=person: self._try(person))

    def _at_the_hour(self) -> bool:
        return FIXED_HOUR <= self.now < FIXED_HOUR + timedelta(seconds=10)

    # --- people look ---

    def _plan_looks(self) -> None:
        for person in self.people:
            if person.is_tout:
                continue
            look = lambda person=person: self._try(person)  # noqa: E731
            for moment in self._looks():
                self.later(moment, look)
        for person in self.people:
            if person.waits_at_the_hour:
                for day in range(10):
                    hour = FIXED_HOUR + timedelta(days=day, seconds=self.chance.random())
                    self.later(hour, lambda person=person: self._try(person))

    def _looks(self) -> Iterator[datetime]:
        """Yield when a person looks: when seats are said to open, and about thrice a day."""
        if self.regime.draw:
            pass
        elif self.regime.at_random:
            for start, end in WINDOWS:
                moment = self._between(start, start + timedelta(minutes=20))
                while moment < end:
                    yield moment
                    moment += timedelta(minutes=self.chance.uniform(10, 30))
        else:
            for _try in range(3):
                yield FIXED_HOUR + timedelta(seconds=self.chance.uniform(15, 240))
        for day in range((OVER - ASKED).days + 1):
            for _look in range(3):
                yield ASKED.replace(hour=0) + timedelta(days=day, hours=self.chance.uniform(7, 21))

    # --- booking as the pages do it ---

    def _try(self, person: Person) -> None:
        if person.appointment or person.busy or not self._wants(person):
            return
        slot_id = self._choose(person)
        if slot_id is None:
            return
        self.attempts += 1
        if not self.regime.defences:
            self._book(person, slot_id)
        elif (seconds := self._held_up(person)) is not None:
            person.busy = True
            self.after(seconds, lambda: self._send_code(person, slot_id))

    def _wants(self, person: Person) -> bool:
        if person.kind == "own":
            return self.now < GIVEN_UP
        return person.kind != "buyer" or person.bought is not None

    def _choose(self, person: Person) -> int | None:
        from appointments.capacity import free_slots

        free = list(free_slots(self.centre, "short_stay", self.now).values_list("pk", flat=True))
        if person.bought is not None:
            return person.bought if person.bought in free else None
        return self.chance.choice(free) if free else None

    def _held_up(self, person: Person, *, solved: bool = False) -> float | None:
        """Count the attempt; return the seconds until it goes on, None where a pause ends it."""
        from appointments.guard import judge_attempt
        from appointments.rules.limits import Answer

        judgement = judge_attempt(
            address=person.address,
            applications=[person.application],
            day=self.now.date(),
            solved=solved,
        )
        self.refused += judgement.answer in (Answer.WAIT, Answer.PAUSE)
        if judgement.answer is Answer.PAUSE:
            return None
        seconds = judgement.lasts.total_seconds()
        if not solved and (self.regime.challenge or judgement.answer is not Answer.GO_ON):
            self.challenges += 1
            if person.is_tout:
                work = self.chance.uniform(*WORK)
                self.worked += work
                seconds += work
        return seconds

    def _send_code(self, person: Person, slot_id: int) -> None:
        from appointments import booking_codes
        from appointments.refusals import TooManyCodes
        from portal.outbox.models import Message

        wish = booking_codes.Wish(str(person.application.pk), slot_id, [person.application])
        try:
            booking_codes.send(wish, language="fr")
        except TooManyCodes:
            self.refused += 1
            person.busy = False
            return
        code = Message.objects.filter(kind="booking_code").latest("pk").context["code"]
        person.busy = True
        seconds = self.chance.uniform(5, 15) if person.is_tout else self.chance.uniform(30, 90)
        self.after(seconds, lambda: self._type_code(person, wish, code))

    def _type_code(self, person: Person, wish: Any, code: str) -> None:
        from appointments import booking_codes
        from portal.refusals import Refused

        person.busy = False
        try:
            booking_codes.use(wish, code)
        except Refused:
            self.refused += 1
            return
        seconds = self._held_up(person, solved=True)
        if seconds is not None:
            self.after(seconds, lambda: self._book(person, wish.slot_id))

    def _book(self, person: Person, slot_id: int) -> None:
        from appointments import operations
        from portal.refusals import Refused

        try:
            appointment = operations.book(
                application_id=person.application.pk,
                slot_id=slot_id,
                owner=person.application.owner,
            )
        except Refused:
            # Somebody was faster: another time, if there is one.
            self.after(CLICK if person.is_tout else 20, lambda: self._try(person))
            return
        self._got(person, appointment)

    def _got(self, person: Person, appointment: Any) -> None:
        person.appointment, person.since = appointment, self.now
        if len(self.first_takers) < self.seats:
            self.first_takers.append(person)

    # --- touts sell ---

    def _sell(self, buyer: Person) -> None:
        stock = [one for one in self.people if one.kind == "own" and one.appointment]
        if not stock:
            return
        seller = self.chance.choice(stock)
        self.resales += 1
        buyer.bought = seller.appointment.slot_id
        self._cancel(seller)
        seller.kind = "sold"  # it makes room; this identity asks no more
        self.after(CLICK, lambda: self._try(buyer))

    def _cancel(self, person: Person) -> None:
        from appointments import operations

        operations.cancel(appointment_id=person.appointment.pk, owner=person.application.owner)
        person.appointment = person.since = None
        self._wait_for_opening()

    def _give_up(self) -> None:
        for person in self.people:
            if person.kind == "own" and person.appointment:
                self._cancel(person)
        if not self.regime.at_random:
            self._seats_opened()

    # --- the draw ---

    def _announce_draw(self) -> None:
        from appointments.operations import draw

        closes = FIXED_HOUR
        wish = draw.DrawWish(
            centre=self.centre,
            service="short_stay",
            first_day=DAYS[0],
            last_day=DAYS[1],
            opens_at=ASKED,
            closes_at=closes,
            source="Numbers of the lottery of 3 March",
            acceptance_hours=24,
        )
        self.draw_id = draw.announce(wish=wish, actor=self.staff).pk
        for person in self.people:
            if person.kind in ("honest", "own", "ordered"):
                self.later(self._between(ASKED, closes), lambda person=person: self._ask(person))
        self.later(closes, lambda: draw.begin_or_close(draw_id=self.draw_id))
        self.later(closes + timedelta(hours=10), self._draw)

    def _ask(self, person: Person) -> None:
        from appointments.operations import draw_requests
        from appointments.rules.draw_inputs import Preferences

        request = draw_requests.ask(
            draw_id=self.draw_id,
            application_ids=[person.application.pk],
            preferences=Preferences(),
            owner=person.application.owner,
        )
        self.asked_in_draw[request.pk] = person

    def _draw(self) -> None:
        from appointments.operations import draw, draw_results

        draw.enter_value(draw_id=self.draw_id, value="3 14 15", value_at=self.now, actor=self.staff)
        draw_results.run(draw_id=self.draw_id)
        draw_results.check(draw_id=self.draw_id)
        self.told: set[Any] = set()
        self._advance_draw()

    def _advance_draw(self) -> None:
        """Move the waiting list up each hour; programs accept at once, most people in a day."""
        from appointments.models import DrawRequest
        from appointments.operations import draw_offers

        draw_offers.advance(draw_id=self.draw_id)
        offered = DrawRequest.objects.filter(draw=self.draw_id, state="offered")
        for request in set(offered.values_list("pk", flat=True)) - self.told:
            self.told.add(request)
            person = self.asked_in_draw[request]
            if person.is_tout or self.chance.random() < 0.95:
                hours = 0.01 if person.is_tout else self.chance.uniform(0.5, 22)
                self.after(hours * 3600, lambda request=request: self._accept(request))
        self._wait_for_opening()
        self.after(3600, self._advance_draw)

    def _accept(self, request_id: Any) -> None:
        from appointments.operations import draw_offers
        from portal.refusals import Refused

        person = self.asked_in_draw[request_id]
        if person.kind == "sold" or (person.kind == "own" and self.now >= GIVEN_UP):
            return
        try:
            booked = draw_offers.accept(request_id=request_id, owner=person.application.owner)
        except Refused:
            return
        self._got(person, booked[0])

    # --- what came of it ---

    def row(self) -> list[object]:
        """Return one line of the table."""
        honest = [one for one in self.people if one.kind == "honest"]
        served = [one for one in honest if one.appointment]
        waits = [(one.since - ASKED) / timedelta(hours=1) for one in served if one.since]
        buyers = [one for one in self.people if one.kind == "buyer" and one.bought]
        resold = sum(one.appointment is not None for one in buyers)
        held = sum(one.is_tout and one.appointment is not None for one in self.people)
        first = sum(one.is_tout for one in self.first_takers)
        return [
            self.regime.name,
            _share(first, len(self.first_takers)),
            _share(held, self.seats),
            f"{resold} of {self.resales} ({_share(resold, self.resales)})",
            f"{statistics.median(waits):.0f} h" if waits else "-",
            _share(len(served), len(honest)),
        ]

    def check(self) -> None:
        """Refuse to report of a world whose rows say otherwise than its people."""
        from appointments.models import Appointment

        booked = Appointment.objects.filter(slot__centre=self.centre, state="booked").count()
        if booked != sum(one.appointment is not None for one in self.people):
            raise RuntimeError(f"{self.regime.name}: {booked} appointments in the database")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def main() -> None:
    """Print one table."""
    seats = int(sys.argv[1]) if len(sys.argv) > 1 else SEATS
    _world.start_servers()
    _world.prepare_database()
    rows = []
    for regime in REGIMES:
        world = World(regime, seats).live()
        world.check()
        rows.append(world.row())
        print(
            f"  {regime.name}: {world.attempts} attempts to book, {world.refused} stopped by"
            f" budgets or codes; {world.challenges} challenges cost touts {world.worked:.0f} s",
            flush=True,
        )
    seats = world.seats
    identities = seats + seats // 4
    _world.table(
        f"{seats} seats, {2 * seats} honest people, touts with {seats} identities of their own,"
        f" {seats // 4} orders and {seats // 2} later buyers"
        f" ({_share(identities, identities + 2 * seats)} of the identities that ask at first)",
        [
            *("regime", "first taken by touts", "theirs or their buyers' in the end"),
            *("resales that worked", "honest: median wait", "honest: served"),
        ],
        rows,
    )


if __name__ == "__main__":
    main()
