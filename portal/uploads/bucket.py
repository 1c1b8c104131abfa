"""Sealed files in a bucket of any server that speaks S3."""

from __future__ import annotations

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage

PART = 8 * 1024 * 1024  # bytes of one part of an upload: what one upload holds in memory
IN_MEMORY = 1024 * 1024  # bytes of a download; the rest goes into a nameless file, sealed


class SealedBucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """A bucket that is written part after part and whose files have no address."""

    def get_default_settings(self) -> dict[str, Any]:
        """Return what differs from the library's own settings."""
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {
            "addressing_style": "path",
            "default_acl": None,
            "file_overwrite": True,  # names are random; asking whether one is free costs a request
            "max_memory_size": IN_MEMORY,
            "gzip": False,
            "client_config": Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                # Servers other than Amazon's often do not know the newer check sums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            "transfer_config": TransferConfig(
                multipart_threshold=PART, multipart_chunksize=PART, use_threads=False
            ),
        }

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Refuse: files are served by `serving.serve` alone."""
        raise NotImplementedError("stored files have no address")
