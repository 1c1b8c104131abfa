from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from portal.audit.models import Entry
from portal.uploads import sandbox, settling, stores
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy, wait_until_settled
from portal.uploads.settling import settle, settle_waiting
from portal.uploads.signals import file_settled
from tests.portal.outbox.conftest import process

from . import papers

__all__ = ["process"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard():
    """What the apps are told: code or state of each settled file."""
    told = []

    def listen(stored_file, **_):
        told.append(stored_file.refusal_code or stored_file.state)

    file_settled.connect(listen)
    yield told
    file_settled.disconnect(listen)


def fresh(row):
    return StoredFile.objects.get(pk=row.pk)


def make_due(row):
    StoredFile.objects.filter(pk=row.pk).update(claimed_until=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("make", "kind", "facts"),
    [
        (lambda: papers.pdf(2), "pdf", {"pages": 2, "width": None}),
        (papers.picture, "jpeg", {"pages": None, "width": 80}),
        (papers.png, "png", {"pages": None, "width": 80}),
        (papers.heic, "jpeg", {"pages": None, "width": 80}),
    ],
)
def test_a_good_file_becomes_ready(settled, heard, make, kind, facts):
    content = make()
    row = settled(content)
    assert row.is_ready
    assert row.shown_kind == kind
    assert {name: getattr(row, name) for name in facts} == facts
    assert row.refusal is None
    assert heard == ["clean"]
    with stores.opened(row.original_name, row.original_key) as original:
        assert original.read() == content
    with stores.opened(row.cleaned_name, row.cleaned_key) as copy:
        assert copy.size == row.cleaned_size
    assert Entry.objects.filter(action="storedfile.accept", subject_id=str(row.pk)).count() == 1


def test_a_scan_of_sixty_pages_is_refused_and_forgotten(settled, heard, folder):
    row = settled(papers.pdf(60))
    assert (row.state, row.refusal.code) == ("refused", "too_many_pages")
    assert "50" in str(row.refusal.message)
    assert (row.original_name, row.original_key) == ("", "")
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert heard == ["too_many_pages"]
    entry = Entry.objects.get(action="storedfile.refuse")
    assert entry.details == {"from": "received", "to": "refused", "code": "too_many_pages"}


def test_a_file_is_settled_once(settled, heard):
    row = settled()
    assert not settle(row.pk)
    assert settle_waiting() == 0
    assert heard == ["clean"]


def test_what_was_lost_on_the_way_is_found(received, heard):
    rows = [received(), received(papers.picture())]
    assert settle_waiting() == 2
    assert all(fresh(row).is_ready for row in rows)


def test_nobody_takes_what_another_works_on(received, monkeypatch):
    row = received()
    tried = []

    def clean(kind, chunks):
        tried.append(settle(row.pk))
        raise sandbox.ChildLost

    monkeypatch.setattr(sandbox, "clean", clean)
    assert not settle(row.pk)
    assert tried == [False]
    assert fresh(row).attempts == 1


def test_a_file_that_kills_its_child_does_not_go_round_for_ever(received, monkeypatch, heard):
    row = received()
    monkeypatch.setattr(sandbox, "PROGRAM", "import os; os.abort()")
    for _attempt in range(settling.ATTEMPTS):
        assert settle_waiting() == 0
        assert settle_waiting() == 0  # put off, so not due at once
        make_due(row)
    assert fresh(row).is_being_checked
    assert settle_waiting() == 0
    assert fresh(row).refusal.code == "unreadable"
    assert heard == ["unreadable"]


def test_a_store_that_is_away_is_not_the_files_fault(received, monkeypatch):
    row = received()
    with monkeypatch.context() as away:
        away.setattr(stores, "opened", lambda *_: (_ for _ in ()).throw(ConnectionError()))
        for _attempt in range(2 * settling.ATTEMPTS):
            assert not settle(row.pk)
            make_due(row)
    assert fresh(row).is_being_checked
    assert settle(row.pk)
    assert fresh(row).is_ready


def test_an_app_that_fails_to_listen_stops_no_other_file(received, monkeypatch):
    bad, good = received(papers.pdf(60)), received()
    StoredFile.objects.filter(pk=bad.pk).update(attempts=settling.ATTEMPTS)

    def fail(stored_file, **_):
        if stored_file.pk == bad.pk:
            raise RuntimeError("an app is broken")

    file_settled.connect(fail)
    try:
        assert settle_waiting() == 1
    finally:
        file_settled.disconnect(fail)
    assert fresh(good).is_ready
    assert fresh(bad).is_being_checked


@pytest.mark.race
def test_two_workers_who_come_at_once_open_a_file_once(received, heard):
    rows = [received(papers.picture(size=(10, 10))) for _ in range(3)]
    with ThreadPoolExecutor(4) as workers:
        jobs = [workers.submit(in_own_connection, settle, row.pk) for row in rows for _ in range(4)]
        outcomes = [job.result() for job in jobs]
    assert sum(outcomes) == 3
    assert heard == ["clean"] * 3
    assert all(fresh(row).attempts == 1 for row in rows)


def in_own_connection(work, *args):
    try:
        return work(*args)
    finally:
        connection.close()


def test_a_worker_settles_what_was_committed(received, folder, process):
    row = received()
    process(
        *("-m", "celery", "-A", "portal", "worker", "--concurrency=1", "--loglevel=WARNING"),
        GUICHET_FILES_DIR=str(folder),
        GUICHET_STORE_PREFIX=site.STORE_PREFIX,
        DJANGO_SETTINGS_MODULE="portal.settings",
    )
    assert wait_until_settled(stored_file=row, seconds=90).is_ready


def test_a_worker_that_dies_loses_its_lease_and_not_the_file(received):
    row = received()
    StoredFile.objects.filter(pk=row.pk).update(
        attempts=1, claimed_until=timezone.now() - timedelta(seconds=1)
    )
    assert settle(row.pk)
    assert fresh(row).is_ready


def test_a_file_destroyed_meanwhile_leaves_nothing(received, monkeypatch, folder):
    row = received()
    real = sandbox.clean

    def clean(kind, chunks):
        result = real(kind, chunks)
        destroy(row)
        return result

    monkeypatch.setattr(sandbox, "clean", clean)
    assert not settle(row.pk)
    assert not StoredFile.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_an_app_that_fails_to_listen_undoes_the_settling(received, folder):
    row = received()

    def fail(**_):
        raise RuntimeError("an app is broken")

    file_settled.connect(fail)
    try:
        assert not settle(row.pk)
    finally:
        file_settled.disconnect(fail)
    assert fresh(row).is_being_checked
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    make_due(row)
    assert settle(row.pk)


def test_stored_content_that_was_changed_is_never_shown(received, folder):
    row = received()
    [blob] = [path for path in folder.rglob("*") if path.is_file()]
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")
    assert not settle(row.pk)
    assert fresh(row).is_being_checked
