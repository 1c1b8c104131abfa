from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.models import User
from portal.audit import operations as audit
from portal.audit.models import Access, Entry
from portal.missions.models import Mission

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    return Mission.objects.create(code="fr-oran", state="FR", post="oran", names={"en": "Oran"})


def test_what_the_system_does_is_written_down_without_an_account(mission):
    entry = audit.record(actor=None, action="mission.opened", subject=mission)
    assert (entry.actor_id, entry.actor_label) == (None, "system")
    assert (entry.subject_type, entry.subject_id) == ("missions.mission", str(mission.pk))


def test_an_applicant_is_named_by_number_and_never_by_address(mission):
    applicant = User.objects.create_user("amina@example.org")
    entry = audit.record(actor=applicant, action="file.filed", subject=mission)
    assert entry.actor_label == f"applicant {applicant.pk}"


def test_the_mission_comes_from_the_subject_unless_it_is_given(mission):
    language = mission.languages.create(language="de", valid=("2020-01-01", None), citation="-")
    assert audit.record(actor=None, action="a", subject=language).mission_id == mission.pk
    assert audit.record(actor=None, action="a", subject=mission).mission_id is None
    assert audit.record(actor=None, action="a", subject=mission, mission=mission).mission == mission


def test_reading_is_written_down(mission):
    agent = User.objects.create_user("agent@example.org", is_staff=True)
    audit.record_read(actor=agent, subject=mission, what="file")
    access = Access.objects.get()
    assert (access.actor_label, access.what) == ("agent@example.org", "file")


@pytest.mark.parametrize("table", ["audit_entry", "audit_access"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor_label = 'nobody'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_a_trace(mission, table, statement):
    audit.record(actor=None, action="a", subject=mission)
    audit.record_read(actor=None, subject=mission, what="file")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert Entry.objects.count() == Access.objects.count() == 1


def test_erasing_an_account_leaves_its_traces(mission):
    agent = User.objects.create_user("agent@example.org", is_staff=True)
    audit.record(actor=agent, action="a", subject=mission)
    number = agent.pk
    agent.delete()
    assert Entry.objects.get().actor_id == number


def test_old_traces_are_forgotten_and_young_ones_stay(mission):
    border = datetime(2026, 3, 1, tzinfo=UTC)
    for at in (datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), border):
        Entry.objects.create(at=at, action="a", actor_label="x", subject_type="t", subject_id="1")
        Access.objects.create(at=at, what="w", actor_label="x", subject_type="t", subject_id="1")
    assert audit.forget_before(moment=border) == 2
    assert Entry.objects.get().at == Access.objects.get().at == border


def test_the_refusal_is_back_after_forgetting(mission):
    audit.forget_before(moment=datetime(2026, 3, 1, tzinfo=UTC))
    entry = audit.record(actor=None, action="a", subject=mission)
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()
