"""Sealed files in a folder of this machine."""

from __future__ import annotations

from django.core.files.storage import FileSystemStorage


class SealedFolder(FileSystemStorage):
    """A folder that no address leads to."""

    def url(self, name: str | None) -> str:
        """Refuse: files are served by `serving.serve` alone."""
        raise NotImplementedError("stored files have no address")

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """List a folder; one that nothing was stored in yet is empty."""
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []
