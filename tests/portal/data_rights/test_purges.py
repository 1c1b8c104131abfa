"""The purge: batches, cap, dry run, and a trail without content (DP-04)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.data_rights import purges
from portal.data_rights.models import DataExport, PurgeRun
from portal.data_rights.purges import Cap, Purge, Report, run
from portal.dates import civil_date
from portal.outbox.composing import compose
from portal.outbox.models import Message
from tests.actors import staff
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TODAY = civil_date(timezone.now())


@pytest.fixture
def old_accounts(monkeypatch):
    """A kind of our own: accounts that joined more than ten days ago are due."""

    def due(today):
        return User.objects.filter(date_joined__lt=purges.start_of(today - timedelta(days=10)))

    def remove(rows):
        removed.append(len(rows))
        return User.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]

    removed: list[int] = []
    kind = Purge(name="old", title="Old", rows=User.objects.all, due=due, remove=remove)
    monkeypatch.setattr(purges, "_PURGES", {"old": kind})
    return removed


def accounts(old, young=0):
    now = timezone.now()
    for age, count in ((30, old), (1, young)):
        for _ in range(count):
            UserFactory(date_joined=now - timedelta(days=age))


def test_only_what_is_due_goes(old_accounts):
    accounts(old=3, young=2)
    report = run(today=TODAY)
    assert [(line.total, line.due, line.removed) for line in report.lines] == [(5, 3, 3)]
    assert User.objects.count() == 2


def test_it_goes_in_batches(old_accounts):
    accounts(old=7)
    run(today=TODAY, batch=3)
    assert old_accounts == [3, 3, 1]


def test_a_dry_run_changes_nothing(old_accounts):
    accounts(old=3)
    report = run(today=TODAY, dry_run=True)
    assert report.lines[0].due == 3
    assert User.objects.count() == 3
    assert not PurgeRun.objects.exists()
    assert not Entry.objects.exists()


def test_a_run_leaves_one_line_without_content(old_accounts):
    accounts(old=2)
    run(today=TODAY)
    entry = Entry.objects.get(action="purge.run")
    assert entry.details == {"removed": {"old": 2}, "refused": {}}
    assert entry.actor_id is None


@pytest.mark.parametrize(
    ("cap", "refused"),
    [("3", False), ("2", True), ("75%", False), ("74%", True), ("0", True), ("100%", False)],
)
def test_the_cap_stops_a_run_before_its_first_row(old_accounts, cap, refused, caplog):
    accounts(old=3, young=1)
    with caplog.at_level(logging.CRITICAL):
        report = run(today=TODAY, cap=Cap.read(cap))
    assert bool(report.refused) is refused
    assert User.objects.count() == (4 if refused else 1)
    assert ("refused" in caplog.text) is refused
    assert PurgeRun.objects.get().refused == ({"old": 3} if refused else {})


def test_the_usual_cap_forgives_few_rows_and_stops_many(old_accounts, settings, monkeypatch):
    settings.PURGE_CAP_ROWS, settings.PURGE_CAP_SHARE = 1000, 0.25
    accounts(old=3)  # all of them, and yet few
    assert not run(today=TODAY).refused
    monkeypatch.setattr(purges, "ALWAYS", 2)
    accounts(old=3)
    assert run(today=TODAY).refused
    settings.PURGE_CAP_SHARE = 1.0
    assert not run(today=TODAY).refused


def test_a_stopped_kind_does_not_stop_the_others(old_accounts, monkeypatch):
    other = Purge(
        name="other",
        title="Other",
        rows=Entry.objects.all,
        due=lambda today: Entry.objects.none(),
        remove=lambda rows: 0,
    )
    monkeypatch.setitem(purges._PURGES, "other", other)
    accounts(old=3)
    report = run(today=TODAY, cap=Cap(number=1))
    assert [line.is_refused for line in report.lines] == [True, False]


def test_what_is_not_due_any_more_stays(old_accounts, monkeypatch):
    accounts(old=2)
    saved = User.objects.first()
    kind = purges._PURGES["old"]
    keys = list(kind.due(TODAY).values_list("pk", flat=True))
    User.objects.filter(pk=saved.pk).update(date_joined=timezone.now())
    assert purges._remove_batch(kind, TODAY, keys) == 1
    assert User.objects.get() == saved


def test_administrators_are_told_once_a_day(old_accounts):
    boss, agent = staff(Role.ADMINISTRATOR), staff(Role.AGENT)
    accounts(old=3)
    for _ in range(2):
        run(today=TODAY, cap=Cap(number=1))
    message = Message.objects.get(kind="purge_stopped")
    assert message.recipient == boss.email != agent.email
    assert message.context == {"kinds": [["old", 3]]}
    assert "old" in compose(message).body


def test_a_run_that_takes_too_long_leaves_the_rest_to_the_next(old_accounts):
    accounts(old=5)
    assert run(today=TODAY, batch=1, seconds=1e-9).lines[0].removed == 0
    assert run(today=TODAY, batch=1, seconds=600).lines[0].removed == 5


@pytest.mark.parametrize("text", ["", "x", "-1", "101%", "%", "nan", "inf"])
def test_a_cap_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError):
        Cap.read(text)


def printed(*args, **options):
    output = StringIO()
    try:
        call_command("purge", *args, stdout=output, **options)
    except CommandError as error:
        return output.getvalue(), str(error)
    return output.getvalue(), ""


def test_the_command_prints_a_table(old_accounts):
    accounts(old=3, young=1)
    table, _error = printed("--dry-run")
    assert table.splitlines()[1].split() == ["old", "4", "3", "-"]
    assert User.objects.count() == 4
    table, _error = printed()
    assert table.splitlines()[1].split() == ["old", "4", "3", "3"]


def test_the_command_ends_with_an_error_over_the_cap(old_accounts):
    accounts(old=3)
    table, error = printed("--cap", "2")
    assert "REFUSED" in table
    assert "old" in error
    assert User.objects.count() == 3


@pytest.mark.parametrize("args", [["nonsense"], ["--cap", "many"], ["--batch", "0"]])
def test_the_command_refuses_what_it_does_not_know(old_accounts, args):
    assert printed(*args)[1]


def test_the_command_can_run_one_kind(old_accounts):
    accounts(old=1)
    assert "old" in printed("old")[0]


# --- exports, which this room purges itself -------------------------------------------------------


@pytest.mark.parametrize(("hours", "gone"), [(1, False), (-30, True)])
def test_an_export_ends_with_its_last_day(hours, gone):
    ends = timezone.now() + timedelta(hours=hours)
    DataExport.objects.create(owner=UserFactory(), expires_at=ends)
    run(today=TODAY, only=["export"])
    assert DataExport.objects.exists() is not gone


def test_days_begin_in_algiers():
    assert purges.start_of(datetime(2026, 1, 2, tzinfo=UTC).date()) == datetime(
        2026, 1, 1, 23, tzinfo=UTC
    )


def test_a_report_names_what_was_refused():
    assert Report(TODAY, dry_run=True).refused == []
