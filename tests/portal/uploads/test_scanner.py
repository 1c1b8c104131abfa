"""Against a scanner that speaks clamd's protocol, and against clamd itself where it is there."""

import shutil
import socket
import subprocess
import time

import pytest

from portal.audit.models import Entry
from portal.uploads import scanner
from portal.uploads.models import StoredFile
from portal.uploads.settling import scan_waiting, settle
from portal.uploads.signals import file_settled

from . import papers

pytestmark = pytest.mark.django_db(transaction=True)
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")


def infected_pdf():
    def hide(paper):
        paper.Root.Secret = papers.Stream(paper, papers.EICAR)

    return papers.pdf(1, hide, compress_streams=False)


def fresh(row):
    return StoredFile.objects.get(pk=row.pk)


def test_a_clean_file_is_seen_whole(clamd, settled):
    content = papers.noise((300, 300))
    row = settled(content)
    assert clamd.seen == [content]
    assert (row.scan_state, row.is_ready_for_staff) == ("clean", True)


def test_malware_is_refused_and_destroyed_and_told(clamd, settled, folder):
    told = []

    def listen(stored_file, **_):
        told.append((stored_file.refusal.code, stored_file.owner_id))

    file_settled.connect(listen)
    try:
        row = settled(infected_pdf())
    finally:
        file_settled.disconnect(listen)
    assert (row.state, row.scan_state, row.refusal.code) == ("refused", "infected", "infected")
    assert told == [("infected", row.owner_id)]
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert Entry.objects.filter(action="storedfile.refuse").count() == 1


def test_an_upload_is_accepted_while_the_scanner_is_away(settled, settings, clamd):
    url, settings.CLAMD_URL = settings.CLAMD_URL, "tcp://127.0.0.1:1"
    row = settled()
    assert row.is_ready
    assert not row.is_ready_for_staff
    assert scan_waiting() == 0
    settings.CLAMD_URL = url
    assert scan_waiting() == 1
    assert fresh(row).is_ready_for_staff
    assert scan_waiting() == 0


def test_malware_found_later_ends_a_file_that_was_shown(settled, settings, clamd, folder):
    url, settings.CLAMD_URL = settings.CLAMD_URL, ""
    row = settled(infected_pdf())
    assert row.is_ready_for_staff
    settings.CLAMD_URL = url
    assert not fresh(row).is_ready_for_staff
    assert scan_waiting() == 1
    assert fresh(row).refusal.code == "infected"
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("mood", ["hangs up", "silent", "too small"])
def test_no_verdict_is_no_pass(clamd, settled, monkeypatch, mood):
    monkeypatch.setattr(scanner, "PATIENCE", 0.5)
    clamd.mood = mood
    if mood == "too small":
        clamd.limit = 100
    row = settled()
    assert row.is_ready
    assert not row.is_ready_for_staff
    assert row.scan_tried_at is not None


def test_one_file_without_a_verdict_blocks_no_other(clamd, settled, settings):
    url, settings.CLAMD_URL = settings.CLAMD_URL, ""
    heavy, light = settled(papers.noise((200, 200))), settled()
    settings.CLAMD_URL, clamd.limit = url, 100_000
    assert scan_waiting() == 1
    assert not fresh(heavy).is_ready_for_staff
    assert fresh(light).is_ready_for_staff


def test_a_silent_scanner_is_not_waited_for_without_end(clamd, monkeypatch):
    monkeypatch.setattr(scanner, "PATIENCE", 0.3)
    clamd.mood = "silent"
    with pytest.raises(scanner.ScanFailed):
        scanner.malware_in([b"x"])


def test_without_a_scanner_nothing_waits(settled, settings):
    settings.CLAMD_URL = ""
    row = settled()
    assert row.is_ready_for_staff
    assert scan_waiting() == 0


# --- clamd itself -------------------------------------------------------------------------------


@pytest.fixture
def real_clamd(tmp_path, settings):
    """The daemon with one signature of our own, so that it needs no network."""
    if CLAMD is None:
        pytest.skip("clamd is not installed")
    place = tmp_path / "clamd.sock"
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "own.ndb").write_text(f"Own.Eicar:0:*:{papers.EICAR.hex()}\n")
    conf = tmp_path / "clamd.conf"
    conf.write_text(
        f"DatabaseDirectory {tmp_path / 'db'}\nLocalSocket {place}\nForeground yes\n"
        f"TemporaryDirectory {tmp_path}\nUser root\n"
    )
    daemon = subprocess.Popen([CLAMD, "-c", str(conf)], stdout=subprocess.DEVNULL)
    settings.CLAMD_URL = f"unix://{place}"
    _wait_for(daemon, place)
    yield
    daemon.kill()
    daemon.wait()


def _wait_for(daemon, place):
    for _ in range(300):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                return probe.connect(str(place))
            except OSError:
                assert daemon.poll() is None, "clamd did not start"
                time.sleep(0.1)
    raise AssertionError("clamd does not listen")


def test_clamd_itself_agrees(real_clamd, received):
    good, bad = received(papers.pdf(2)), received(infected_pdf())
    assert settle(good.pk)
    assert settle(bad.pk)
    assert fresh(good).is_ready_for_staff
    assert fresh(bad).refusal.code == "infected"
