import io
import os
import time

import pytest

from portal.uploads import stores
from portal.uploads.spool import Spool
from portal.uploads.sweeping import GRACE, remove_orphans

pytestmark = pytest.mark.django_db(transaction=True)


def orphan(folder, age):
    spool = Spool(100)
    spool.append(b"nobody knows me")
    spool.finish()
    spool.store()
    then = time.time() - age.total_seconds()
    os.utime(folder / spool.name, (then, then))
    return folder / spool.name


def test_what_no_row_names_is_removed_once_it_is_old(settled, folder):
    row = settled()
    for name in (row.original_name, row.cleaned_name):
        then = time.time() - 10 * GRACE.total_seconds()
        os.utime(folder / name, (then, then))
    old, young = orphan(folder, GRACE * 2), orphan(folder, GRACE / 2)
    assert remove_orphans() == 1
    assert not old.exists()
    assert young.exists()
    assert (folder / row.original_name).exists()
    assert (folder / row.cleaned_name).exists()


def test_what_is_not_ours_is_left_alone(folder):
    stores.store().save("ab/readme.txt", io.BytesIO(b"x"))
    then = time.time() - 10 * GRACE.total_seconds()
    os.utime(folder / "ab/readme.txt", (then, then))
    assert remove_orphans() == 0


def test_a_store_that_holds_nothing_yet_is_swept():
    assert remove_orphans() == 0
