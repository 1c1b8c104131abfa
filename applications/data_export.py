"""What applications hold about a person, for the export of everything (DP-05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet

from portal.accounts.models import User
from portal.data_rights.sections import ExportFile, register_section
from portal.paper.models import Seal
from portal.uploads import stores
from portal.uploads.kinds import Kind
from portal.uploads.models import StoredFile

from .models import (
    Application,
    Decision,
    Derogation,
    Document,
    DocumentFile,
    FileMessage,
    HostedApplication,
    HostingCertificate,
    PaperRequest,
    Traveller,
)
from .receipts import subject_ref

# Keys that make encrypted values findable, and what names a member of staff.
_LEFT_OUT = frozenset(
    (
        *("owner", "traveller_key", "name_key", "passport_key", "number_key"),
        *("asked_by", "proposed_by", "settled_by", "recorded_by", "author", "settled_at"),
    )
)


def register() -> None:
    """Tell the registry; called once the apps are ready."""
    register_section("household", household_of, subjects=lambda user: [_of(Traveller, user)])
    register_section(
        "hosting_certificates",
        certificates_of,
        subjects=lambda user: [_of(HostingCertificate, user), _in_files(HostedApplication, user)],
    )
    register_section("applications", applications_of, files=files_of, subjects=_subjects)
    register_section("receipts", receipts_of)


def household_of(user: User) -> list[dict[str, Any]]:
    """Return the people of the household."""
    return [_values(row) for row in _of(Traveller, user)]


def certificates_of(user: User) -> list[dict[str, Any]]:
    """Return the hosting certificates and which applications they cover."""
    rows = _of(HostingCertificate, user).prefetch_related("covered__application")
    return [
        {**_values(row), "covers": [one.application.reference for one in row.covered.all()]}
        for row in rows
    ]


def applications_of(user: User) -> list[dict[str, Any]]:
    """Return each application with its answers, papers, conversation and decisions."""
    rows = _of(Application, user).select_related("mission")
    rows = rows.prefetch_related(*_PARTS, "documents__parts__file")
    return [_application(row) for row in rows]


def receipts_of(user: User) -> list[dict[str, Any]]:
    """Return the receipts that were issued, with the code that shows each genuine."""
    about = {subject_ref(row): row.reference for row in _of(Application, user)}
    return [
        {
            "application": about[seal.subject_ref],
            "kind": seal.kind,
            "code": seal.code,
            "issued": seal.issued_at,
            "replaced": seal.replaced_at,
            "revoked": seal.revoked_at,
        }
        for seal in Seal.objects.filter(subject_ref__in=about).order_by("pk")
    ]


def files_of(user: User) -> Iterator[ExportFile]:
    """Yield the papers as they were sent, as far as they passed their checks."""
    for part in _parts(user):
        if part.file.is_ready:
            yield ExportFile(_path(part), partial(_chunks, part.file))


_PARTS = ("documents", "messages", "paper_requests", "derogations", "decisions")


def _application(row: Application) -> dict[str, Any]:
    return {
        **_values(row),
        "mission": row.mission.code,
        "papers": [_paper(paper) for paper in row.documents.all()],
        "messages": [
            {**_values(one), "from": "staff" if one.from_staff else "you"}
            for one in row.messages.all()
        ],
        "requests": [_values(one) for one in row.paper_requests.all()],
        "derogations": [_values(one) for one in row.derogations.all()],
        "decisions": [_values(one) for one in row.decisions.all()],
    }


def _paper(paper: Document) -> dict[str, Any]:
    return {**_values(paper), "files": [_file(part) for part in paper.parts.all()]}


def _file(part: DocumentFile) -> dict[str, Any]:
    file = part.file
    path = _path(part) if file.is_ready else ""
    return {
        "name": file.name,
        "bytes": file.size,
        "sent": file.created_at,
        "state": file.state,
        "path": path,
    }


def _path(part: DocumentFile) -> str:
    """Make a path of our own words: the name a file was sent under never leads anywhere."""
    paper = part.document
    return f"files/{paper.application.reference}/{paper.kind}-{part.pk}{_suffix(part.file)}"


def _suffix(file: StoredFile) -> str:
    return "." + Kind(file.kind).suffix.lstrip(".")


def _chunks(file: StoredFile) -> Iterator[bytes]:
    with closing(stores.opened(file.original_name, file.original_key)) as content:
        yield from content.chunks()


def _parts(user: User) -> Iterable[DocumentFile]:
    rows = DocumentFile.objects.filter(document__application__owner=user)
    return rows.select_related("file", "document__application").order_by("pk")


def _values(row: Model) -> dict[str, Any]:
    """Return the columns of a row as they are, without keys and without names of staff."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in _LEFT_OUT and field.name != "application"
    }


def _of(model: Any, user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(owner=user).order_by("created_at", "pk")
    return rows


def _in_files(model: Any, user: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(application__owner=user).order_by("pk")
    return rows


def _subjects(user: User) -> Iterable[QuerySet[Any]]:
    yield _of(Application, user)
    for model in (Document, Decision, Derogation, PaperRequest, FileMessage):
        yield _in_files(model, user)
    yield StoredFile.objects.filter(part__document__application__owner=user)
