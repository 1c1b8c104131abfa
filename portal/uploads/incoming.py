"""Uploads are sealed while they arrive: no plain byte touches a disk, and memory stays constant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from . import limits
from .spool import Spool


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # not subscriptable when run
    """What a form gets for a file: sealed already, and readable like any other upload.

    A file over the limit keeps its size and none of its content, so that the form can say so and
    nothing else that was typed is lost.
    """

    def __init__(self, spool: Spool, name: str, content_type: str | None = None) -> None:
        """Take content that has arrived whole; `name` is kept as it was sent, for display."""
        content = None if spool.is_over else spool.unsealed()
        super().__init__(content, name, content_type, spool.size)  # type: ignore[arg-type]  # an IO
        self.spool = spool
        self.sent_name = name

    def close(self) -> None:
        """Let the nameless file go."""
        if self.file is not None:
            self.file.close()
        self.spool.close()


def sealed(upload: File[bytes]) -> SealedUpload:
    """Return an upload as a sealed one, also where another handler or a program made it."""
    if isinstance(upload, SealedUpload):
        return upload
    spool = Spool(limits.largest_file())
    for chunk in upload.chunks():
        spool.append(chunk)
    spool.finish()
    return SealedUpload(spool, upload.name or "")


class SealingUploadHandler(FileUploadHandler):
    """Django's way in: gives forms a SealedUpload for every file (FILE_UPLOAD_HANDLERS)."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse a body that no form of this site sends, before reading it."""
        if content_length > settings.UPLOAD_MAX_BODY:
            raise RequestDataTooBig("The body exceeds settings.UPLOAD_MAX_BODY.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to seal one file of the form."""
        super().new_file(*args, **kwargs)
        self.file = Spool(limits.largest_file())  # Django closes what is called `file`

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal what arrived."""
        self.file.append(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """Hand over what was sealed; the next file gets a spool of its own."""
        self.file.finish()
        return SealedUpload(self.file, str(self.file_name), self.content_type)

    def upload_interrupted(self) -> None:
        """Let go of half a file."""
        if hasattr(self, "file"):
            self.file.close()
