"""Somebody with all rights in the database tampers with the trail; the chain tells."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from portal.audit import chain, sealing, verifying
from portal.audit import operations as audit
from portal.audit.chain import head_of
from portal.audit.models import Access, Entry, Forgotten, Seal
from portal.audit.sealing import last_seal, open_rows, seal_all
from portal.audit.verifying import PAGE, Tally, faults
from portal.missions.models import Mission

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seals_within_its_transaction(monkeypatch):
    """A test's own transaction never ends; test_sealing_race.py seals what really is committed."""

    def all_but_the_next():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint + 1")
            newest = cursor.fetchone()[0]
        return newest, newest

    monkeypatch.setattr(sealing, "transactions", all_but_the_next)
    monkeypatch.setattr(verifying, "transactions", all_but_the_next)


@pytest.fixture
def mission():
    return Mission.objects.create(code="fr-oran", state="FR", post="oran", names={"en": "Oran"})


@pytest.fixture
def trail(mission):
    """Ten entries and three accesses, sealed four at a time."""
    for number in range(10):
        audit.record(actor=None, action=f"a{number}", subject=mission, details={"n": number})
    for _ in range(3):
        audit.record_read(actor=None, subject=mission, what="file")
    assert seal_all(batch=4) == 13
    return list(Entry.objects.order_by("pk"))


def tamper(sql, *values):
    """Run a statement as whoever owns the database: no trigger stands in the way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")


def told(**options):
    return [(fault.where, fault.what) for fault in faults(Tally(), **options)]


def verify(*arguments):
    out = io.StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def insert(at, **columns):
    values = {"actor_label": "x", "subject_type": "t", "subject_id": "1", "action": "forged"}
    values |= {"reason": "", "details": "{}", "at": at, **columns}
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO audit_entry ({names}) VALUES ({marks})", *values.values()


def insert_openly(at, **columns):
    """Insert as anybody may who reaches the table: the trigger stamps the row."""
    sql, *values = insert(at, **columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# --- as it should be --------------------------------------------------------------------------


def test_an_untouched_trail_verifies_and_tells_its_head(trail):
    said = verify()
    assert "4 seals, 13 rows read" in said
    assert "open: 0 rows of entry" in said
    assert said.strip().endswith(f"head: {head_of(last_seal())}")


def test_an_empty_trail_verifies():
    assert seal_all() == 0
    assert "head: 0:" in verify()
    assert "0 seals" in verify("--published", "0:")


def test_what_is_not_sealed_yet_is_told_with_its_age(trail, mission):
    entry = audit.record(actor=None, action="late", subject=mission)
    assert open_rows()[0].rows == 1
    assert f"open: 1 rows of entry, the oldest of {entry.at.isoformat()}" in verify()


def test_many_rows_written_at_once_are_sealed_whole(mission):
    assert audit.record_all(actor=None, action="bulk", subjects=[mission] * 25) == 25
    assert seal_all(batch=10) == 25  # one transaction, three seals
    assert Seal.objects.count() == 3
    assert told() == []


def test_a_chain_of_several_pages_verifies(mission):
    audit.record_all(actor=None, action="bulk", subjects=[mission] * (PAGE + 3))
    assert seal_all(batch=1) == PAGE + 3
    tally = Tally()
    assert list(faults(tally)) == []
    assert (tally.seals, tally.rows) == (PAGE + 3, PAGE + 3)


def test_every_column_is_covered_but_the_one_that_names_the_row():
    for table, model in chain.TABLES.items():
        covered = chain.COVERED[chain.FORM][table]
        assert all(field.column in covered for field in model._meta.concrete_fields)


def test_the_database_stamps_a_row_whatever_was_sent(mission):
    entry = audit.unsaved(actor=None, action="a", subject=mission)
    entry.xid = 7
    entry.save()
    first = Entry.objects.get()
    second = audit.record(actor=None, action="b", subject=mission)
    second.refresh_from_db()
    assert 7 < first.xid == second.xid  # both of this test's transaction
    assert first.salt != second.salt


# --- tampering --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "actor_label = 'nobody'",
        "actor_id = 5",
        "at = at - interval '1 microsecond'",
        "action = 'b'",
        "subject_id = '77'",
        "mission_id = NULL",
        "reason = 'because'",
        """details = '{"n": 99}'""",
        "salt = gen_random_uuid()",
        "xid = xid - 1",
        "xid = xid + 1000000",
    ],
)
def test_a_changed_row_is_told_with_its_time(trail, mission, change):
    victim = audit.record(actor=None, action="v", subject=mission, mission=mission)
    seal_all()
    tamper(f"UPDATE audit_entry SET {change} WHERE id = %s", victim.pk)
    assert (f"entry {victim.pk}", "was changed") in told()
    victim.refresh_from_db()
    out = io.StringIO()
    with pytest.raises(CommandError, match="not as it was sealed"):
        call_command("verify_audit", stdout=out)
    assert f"First fault: entry {victim.pk} ({victim.at.isoformat()})" in out.getvalue()


def test_a_changed_access_is_told(trail):
    victim = Access.objects.latest("pk")
    tamper("UPDATE audit_access SET what = 'nothing' WHERE id = %s", victim.pk)
    assert told() == [(f"access {victim.pk}", "was changed")]


@pytest.mark.parametrize("index", [0, 5, -1])
def test_a_deleted_row_is_told(trail, index):
    tamper("DELETE FROM audit_entry WHERE id = %s", trail[index].pk)
    [(where, what)] = told()
    assert where == f"entry {trail[index].pk}"
    assert what.startswith("was deleted")


def test_a_row_put_between_sealed_ones_is_told(trail):
    stamp = {"xid": trail[5].xid - 1, "salt": "12345678123456781234567812345678"}
    tamper(*insert(trail[5].at, id=9_000_000, **stamp))
    assert told() == [("entry 9000000", "was inserted")]


def test_a_row_put_in_by_the_front_door_with_a_low_number_is_told(trail):
    insert_openly(trail[0].at, id=-5)
    seal_all()
    assert told() == [("entry -5", "was inserted")]


@pytest.mark.parametrize(("days", "word"), [(-2, "before"), (2, "after")])
def test_a_row_put_in_by_the_front_door_with_another_time_is_told(trail, days, word):
    insert_openly(trail[0].at + timedelta(days=days))
    seal_all()
    [(where, what)] = told()
    assert where == f"entry {Entry.objects.order_by('pk').last().pk}"
    assert what == f"tells a time {word} the one at which it came in"


def test_rows_that_changed_places_are_told(trail):
    one, other = trail[1], trail[2]
    tamper("UPDATE audit_entry SET id = -id WHERE id IN (%s, %s)", one.pk, other.pk)
    tamper("UPDATE audit_entry SET id = %s WHERE id = %s", one.pk, -other.pk)
    tamper("UPDATE audit_entry SET id = %s WHERE id = %s", other.pk, -one.pk)
    assert {where for where, _what in told()} >= {f"entry {one.pk}", f"entry {other.pk}"}


@pytest.mark.parametrize(
    "change",
    [
        "top_id = top_id + 1",
        "sealed_at = sealed_at - interval '1 day'",
        "ids = ids[2:]",
        "digests = substr(digests, 33)",
        "hash = sha256('x')",
        "mark = sha256('x')",
        "previous = sha256('x')",
        "key = 'other'",
    ],
)
def test_a_changed_seal_is_told(trail, change):
    tamper(f"UPDATE audit_seal SET {change} WHERE number = 2")
    assert "seal 2" in {where for where, _what in told()}


def test_a_seal_that_is_gone_is_told(trail):
    tamper("DELETE FROM audit_seal WHERE number = 2")
    assert ("seal 3", "seals are missing before") in told()


def test_a_chain_made_anew_lacks_our_mark(trail):
    tamper("UPDATE audit_entry SET action = 'nothing' WHERE id = %s", trail[0].pk)
    seals = list(Seal.objects.order_by("number"))
    for before, seal in zip([None, *seals], seals, strict=False):
        digests = chain.digests_of(seal)
        if trail[0].pk in digests and seal.table == "entry":
            with connection.cursor() as cursor:
                cursor.execute(
                    f"{chain.lines_of('entry', 1)} WHERE id = ANY(%s) ORDER BY xid, id", [seal.ids]
                )
                seal.digests = b"".join(chain.line(row).digest for row in cursor.fetchall())
        seal.previous = before.hash if before else chain.START
        seal.hash = chain.hash_of(seal)
        tamper(
            "UPDATE audit_seal SET digests = %s, previous = %s, hash = %s WHERE number = %s",
            *(seal.digests, seal.previous, seal.hash, seal.number),
        )
    assert told() == [(f"seal {seal.number}", "is not marked by one of our keys") for seal in seals]


def test_a_chain_cut_short_is_told_by_the_head_that_was_written_down(trail):
    head = head_of(last_seal())
    assert verify("--published", head)
    number = last_seal().number
    tamper("DELETE FROM audit_access")
    tamper("DELETE FROM audit_seal WHERE number = %s", number)
    assert told() == []  # nothing inside can tell
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", "--published", head, stdout=out)
    assert f"First fault: seal {number} was published and is gone" in out.getvalue()


def test_another_head_than_the_published_one_is_told(trail):
    number = last_seal().number
    assert told(published=(number, b"x" * 32)) == [
        (f"seal {number}", "is not the one that was published")
    ]


@pytest.mark.parametrize("words", [["--since", "soon"], ["--published", "x"]])
def test_words_that_say_nothing_are_refused(words):
    with pytest.raises(CommandError):
        verify(*words)


def test_since_leaves_out_what_was_sealed_before(trail, mission):
    tamper("UPDATE audit_entry SET action = 'b' WHERE id = %s", trail[0].pk)
    border = timezone.now()
    audit.record(actor=None, action="later", subject=mission)
    seal_all()
    tally = Tally()
    assert list(faults(tally, since=border)) == []
    assert (tally.seals, tally.rows) == (1, 1)
    assert len(told()) == 1


# --- keys -------------------------------------------------------------------------------------


def test_keys_change_by_a_list(trail, mission, settings):
    old = settings.AUDIT_KEYS
    settings.AUDIT_KEYS = ["new", *old]
    audit.record(actor=None, action="later", subject=mission)
    seal_all()
    assert told() == []
    settings.AUDIT_KEYS = ["new"]
    assert {what for _where, what in told()} == {"is not marked by one of our keys"}
    settings.AUDIT_KEYS = old
    assert told() == [(f"seal {last_seal().number}", "is not marked by one of our keys")]


# --- forgetting (DP-04) -----------------------------------------------------------------------


def test_what_the_house_forgot_is_no_fault(trail):
    assert audit.forget_rows(Entry, trail[:6]) == 6
    tally = Tally()
    assert list(faults(tally)) == []
    assert (tally.forgotten, tally.rows) == (6, 7)


def test_what_others_deleted_with_a_note_of_theirs_is_told(trail):
    keys = [row.pk for row in trail[:2]]
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", keys)
    Forgotten.objects.create(
        table="entry", lowest=keys[0], highest=keys[1], ids=keys, at=timezone.now(), mark=b"x" * 32
    )
    assert [where for where, _what in told()] == [f"entry {key}" for key in keys]


def test_a_row_made_old_is_not_purged_away(trail, caplog):
    victim = trail[4]
    tamper("UPDATE audit_entry SET at = at - interval '9 years' WHERE id = %s", victim.pk)
    assert audit.forget_before(moment=timezone.now() - timedelta(days=800)) == 0
    assert "not as they were sealed" in caplog.text
    assert (f"entry {victim.pk}", "was changed") in told()


def test_what_was_never_sealed_is_forgotten_without_a_note(mission):
    entry = audit.record(actor=None, action="a", subject=mission)
    assert audit.forget_rows(Entry, [entry]) == 1
    assert not Forgotten.objects.exists()
    assert seal_all() == 0


# --- a server made from a dump ----------------------------------------------------------------


def test_a_restored_server_that_counts_transactions_anew_goes_on(mission, monkeypatch):
    ahead = 10**12
    now = sealing.transactions

    def old_server():
        return ahead + now()[0], ahead + now()[1]

    audit.record_all(actor=None, action="before", subjects=[mission] * 6)
    tamper("UPDATE audit_entry SET xid = xid + %s", ahead)
    monkeypatch.setattr(sealing, "transactions", old_server)
    assert sealing._seal_next("entry", 4) == 4  # then the dump was made
    monkeypatch.setattr(sealing, "transactions", now)
    audit.record_all(actor=None, action="after", subjects=[mission] * 3)
    assert open_rows()[0].rows == 2  # of the dump; then come the others
    assert seal_all() == 5
    audit.record(actor=None, action="again", subject=mission)
    assert seal_all() == 1
    assert told() == []
    victim = Entry.objects.filter(action="after").first()
    tamper("DELETE FROM audit_entry WHERE id = %s", victim.pk)
    assert [where for where, _what in told()] == [f"entry {victim.pk}"]


def test_rows_from_before_the_chain_are_sealed_whatever_their_times(mission):
    for days in (3, 400, 20):
        at = datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=days)
        Entry.objects.create(at=at, action="a", actor_label="x", subject_type="t", subject_id="1")
    tamper("UPDATE audit_entry SET xid = 0")
    assert seal_all(batch=2) == 3
    assert told() == []


# --- every way in -----------------------------------------------------------------------------


def test_a_row_that_the_booking_statement_hands_over_as_json_is_sealed(mission):
    row = {"at": timezone.now().isoformat(), "actor_label": "x", "action": "json", "reason": ""}
    row |= {"subject_type": "t", "subject_id": "1", "details": {}}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry SELECT r.* FROM jsonb_populate_record(NULL::audit_entry,"
            " %s::jsonb || jsonb_build_object('id',"
            " nextval(pg_get_serial_sequence('audit_entry', 'id')))) r",
            [json.dumps(row)],
        )
    assert seal_all() == 1
    assert told() == []
