"""Files of a test lie in a folder of its own; nobody waits for a worker that is not there."""

from __future__ import annotations

import copy

import pytest
from django.core.files.base import ContentFile

from applications import operations
from applications.models import Document
from applications.views import papers as views
from portal.uploads.settling import settle
from tests.factories import ApplicationFactory
from tests.portal.uploads.papers import pdf


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """The folder that holds the sealed files of this test."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["files"]["OPTIONS"]["location"] = tmp_path / "files"
    settings.STORAGES = storages
    monkeypatch.setattr(views, "PATIENCE", 0)
    return tmp_path / "files"


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True, purpose="tourism", mission__state="DE")


@pytest.fixture
def send(application):
    """Send a file as the traveller does; a number makes it differ from the others."""

    def add(kind="photo", content=None, *, settled=False, **more):
        row = Document.objects.filter(application=application, kind=kind).first()
        given = {"seen_version": row.version if row else 0, **more}
        document = operations.add_file(
            application_id=application.pk,
            owner=application.owner,
            kind=kind,
            upload=ContentFile(pdf() if content is None else content, name="paper.pdf"),
            **given,
        )
        if settled:
            assert settle(document.parts.latest("pk").file_id)
        return document

    return add
