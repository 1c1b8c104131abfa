"""The register of appeals: gap-free, in order, never changed (RC-02)."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from complaints.models import Appeal, Case, RegisterYear
from tests.factories import MissionFactory

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def registered(mission, year=2026):
    case = Case.objects.create(
        mission=mission,
        category="appeal",
        answer_by_post=True,
        received_at=NOW,
        language="fr",
        person_key=b"p",
        text_key=b"t",
    )
    appeal = Appeal.objects.create(
        case=case,
        mission=mission,
        year=year,
        against="refusal",
        notified_on=date(2026, 11, 1),
        arrived_at=NOW,
    )
    appeal.refresh_from_db()
    return appeal


@pytest.mark.django_db
def test_each_mission_and_year_counts_from_one():
    one, other = MissionFactory(), MissionFactory(code="de-algiers", state="DE", post="algiers")
    numbers = [registered(m, y).number for m, y in ((one, 2026), (one, 2026), (other, 2026))]
    assert numbers == [1, 2, 1]
    assert registered(one, 2027).number == 1


@pytest.mark.django_db
def test_whoever_is_undone_leaves_no_gap():
    mission = MissionFactory()
    with transaction.atomic():
        registered(mission)
        transaction.set_rollback(True)
    assert registered(mission).number == 1


@pytest.mark.django_db
def test_a_number_is_neither_changed_nor_deleted():
    appeal = registered(MissionFactory())
    with (
        pytest.raises(IntegrityError, match="a number of the register stays"),
        transaction.atomic(),
    ):
        Appeal.objects.filter(pk=appeal.pk).update(number=7)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_racing_registrations_get_each_number_once():
    mission = MissionFactory()

    def register():
        try:
            registered(mission)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Appeal.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 13))
    assert RegisterYear.objects.get(mission=mission, year=2026).last == 12


@pytest.mark.django_db
def test_an_appeal_does_not_close_before_its_answer_is_posted():
    appeal = registered(MissionFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=appeal.pk).update(state="closed")
