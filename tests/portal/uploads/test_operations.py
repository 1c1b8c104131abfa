import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.audit.models import Entry
from portal.uploads import stores
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy, destroy_all, receive, wait_until_settled
from portal.uploads.refusals import FILE_REFUSALS, FileRefused
from portal.uploads.workflow import WORKFLOW, State
from tests.factories import UserFactory

from . import papers

pytestmark = pytest.mark.django_db(transaction=True)


def on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_received_sealed_and_waits_for_its_checks(received, folder):
    content = papers.pdf(3)
    row = received(content, name="../../عقد/زواج.pdf")
    assert row.is_being_checked
    assert not row.is_ready
    assert (row.name, row.kind, row.size) == ("عقد∕زواج.pdf", "pdf", len(content))
    [blob] = on_disk(folder)
    assert blob.stat().st_mode & 0o077 == 0
    assert b"%PDF" not in blob.read_bytes()
    with stores.opened(row.original_name, row.original_key) as original:
        assert original.read() == content


def test_neither_name_nor_key_rests_in_clear(received):
    row = received(name="passeport de Amine.pdf")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, original_key FROM uploads_storedfile")
        [(name, key)] = cursor.fetchall()
    assert b"Amine" not in bytes(name)
    assert row.original_key.encode() not in bytes(key)


def test_the_same_content_is_recognised_and_its_hash_tells_nothing(received, settings):
    first, again, other = received(), received(), received(papers.pdf(2))
    assert bytes(first.digest) != bytes(other.digest)
    assert first.original_name != again.original_name
    import hashlib

    content = papers.pdf(2)
    assert received(content).digest == received(content).digest != hashlib.sha256(content).digest()


def test_what_is_refused_at_once_leaves_neither_row_nor_blob(received, folder):
    with pytest.raises(FileRefused):
        received(b"MZ program", name="passport.pdf")
    assert not StoredFile.objects.exists()
    assert not on_disk(folder)


def test_a_row_that_cannot_be_written_takes_its_blob_along(folder):
    stranger = UserFactory.build(pk=999_999_999)
    with pytest.raises(IntegrityError):
        receive(upload=ContentFile(papers.pdf(), name="x.pdf"), owner=stranger)
    assert not on_disk(folder)


def test_the_trail_names_who_sent_what(received):
    row = received()
    entry = Entry.objects.get(subject_id=str(row.pk))
    assert (entry.action, entry.actor_id) == ("storedfile.receive", row.owner_id)
    assert entry.details == {"kind": "pdf", "bytes": row.size}


def test_destroying_ends_row_original_and_copy(settled, folder):
    row = settled()
    assert len(on_disk(folder)) == 2
    destroy(row, reason="withdrawn")
    assert not StoredFile.objects.exists()
    assert not on_disk(folder)
    assert Entry.objects.get(action="storedfile.destroy").reason == "withdrawn"


def test_nothing_is_deleted_until_the_row_is_gone_for_good(settled, folder):
    row = settled()
    with transaction.atomic():
        destroy(row)
        transaction.set_rollback(True)  # something after it fails
    assert StoredFile.objects.get() == row
    assert len(on_disk(folder)) == 2


def test_destroying_many_costs_no_more_queries(received, django_assert_max_num_queries, folder):
    rows = [received() for _ in range(5)]
    with CaptureQueriesContext(connection) as of_one:
        assert destroy_all([received()]) == 1
    with django_assert_max_num_queries(len(of_one)):
        assert destroy_all(rows) == 5
    assert not on_disk(folder)
    assert destroy_all(rows) == 0


def test_waiting_ends_with_the_outcome_or_with_patience(received, settled):
    row = received()
    assert wait_until_settled(stored_file=row, seconds=0.2).is_being_checked
    ready = settled()
    assert wait_until_settled(stored_file=ready).is_ready


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            {"state": "refused", "original_name": "", "original_key": b""},
            "only_a_refused_file_has_a_reason",
        ),
        ({"refusal_code": "broken"}, "only_a_refused_file_has_a_reason"),
        ({"state": "refused", "refusal_code": "broken"}, "a_refused_file_keeps_no_content"),
        ({"state": "clean"}, "a_clean_file_has_original_and_copy"),
        ({"scan_state": "infected"}, "an_infected_file_is_refused"),
        ({"size": 0}, "a_stored_file_is_not_empty"),
    ],
)
def test_the_database_refuses_what_cannot_be(received, change, constraint):
    row = received()
    with pytest.raises(IntegrityError, match=constraint):
        StoredFile.objects.filter(pk=row.pk).update(**change)


def test_the_life_of_a_file_has_no_dead_ends():
    assert not WORKFLOW.faults(State.values, start=State.RECEIVED)


@pytest.mark.parametrize("code", FILE_REFUSALS)
def test_every_refusal_says_why_and_what_to_do(code):
    refusal = FILE_REFUSALS[code]()
    assert refusal.code == code
    assert str(refusal.message)
    assert str(refusal.remedy)
    assert "%(" not in f"{refusal.message}{refusal.remedy}"


def test_the_child_answers_with_codes_that_are_known():
    import re
    from pathlib import Path

    from portal.uploads import cleaning

    said = set()
    for module in Path(cleaning.__file__).parent.glob("*.py"):
        said |= set(re.findall(r'Refuse\("(\w+)"\)', module.read_text()))
    assert said
    assert said <= set(FILE_REFUSALS)
