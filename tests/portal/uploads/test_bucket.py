"""A real server that speaks S3 over HTTP holds the files."""

import copy
import socket
from urllib.request import urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from portal.settings import _files_store
from portal.uploads import bucket, stores
from portal.uploads.models import StoredFile
from portal.uploads.operations import destroy
from portal.uploads.sealing import BrokenSeal
from portal.uploads.spool import Spool
from portal.uploads.sweeping import remove_orphans

from . import papers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    running.start()
    yield f"127.0.0.1:{port}"
    running.stop()


@pytest.fixture
def contents(server, settings, folder):
    """The site keeps its files in a fresh bucket; returns what the bucket holds."""
    s3 = boto3.client("s3", endpoint_url=f"http://{server}", aws_access_key_id="key",
                      aws_secret_access_key="a/secret", region_name="eu-south-1")  # fmt: skip
    urlopen(f"http://{server}/moto-api/reset", data=b"")
    s3.create_bucket(Bucket="papers",
                     CreateBucketConfiguration={"LocationConstraint": "eu-south-1"})  # fmt: skip
    storages = copy.deepcopy(settings.STORAGES)
    storages["files"] = _files_store(f"http://key:a%2Fsecret@{server}/papers?region=eu-south-1")
    settings.STORAGES = storages

    def held():
        listed = s3.list_objects_v2(Bucket="papers").get("Contents", [])
        return {
            one["Key"]: s3.get_object(Bucket="papers", Key=one["Key"])["Body"].read()
            for one in listed
        }

    return held


def test_a_file_lives_and_ends_in_the_bucket(contents, settled, folder):
    content = papers.pdf(2)
    row = settled(content)
    assert row.is_ready
    assert set(contents()) == {row.original_name, row.cleaned_name}
    assert not any(b"%PDF" in held for held in contents().values())
    with stores.opened(row.original_name, row.original_key) as original:
        assert original.read() == content
    assert not folder.exists()
    destroy(row)
    assert contents() == {}


def test_a_file_of_several_parts_comes_back_whole(contents):
    import os

    content = os.urandom(2 * bucket.PART + 12_345)
    spool = Spool(len(content))
    spool.append(content)
    spool.finish()
    spool.store()
    with stores.opened(spool.name, spool.key) as stored:
        assert b"".join(stored.chunks()) == content
        stored.seek(bucket.PART)
        assert stored.read(100) == content[bucket.PART : bucket.PART + 100]


def test_what_the_bucket_lost_or_changed_is_noticed(contents, settled):
    row = settled()
    with pytest.raises(BrokenSeal):
        stores.opened(row.original_name, row.cleaned_key)
    stores.remove(row.original_name)
    with pytest.raises(FileNotFoundError):
        stores.opened(row.original_name, row.original_key)


def test_orphans_are_found_in_a_bucket(contents, settled, monkeypatch):
    from datetime import timedelta

    from portal.uploads import sweeping

    row = settled()
    kept = {row.original_name, row.cleaned_name}
    spool = Spool(100)
    spool.finish()
    spool.store()
    assert remove_orphans() == 0
    monkeypatch.setattr(sweeping, "GRACE", timedelta(0))
    assert remove_orphans() == 1
    assert set(contents()) == kept
    assert StoredFile.objects.count() == 1


def test_no_file_has_an_address(contents):
    with pytest.raises(NotImplementedError):
        stores.store().url("ab/abc")


@pytest.mark.parametrize("url", ["https://key:secret@host/", "https:///bucket", "bucket"])
def test_half_an_address_is_refused_when_the_site_starts(url):
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        _files_store(url)
