"""Where the bytes of attachments lie: a folder, or an S3-compatible store that several hosts share.

Names are random and chosen by the caller; a store knows nothing of cases. `open_blobs` reads the
setting ATTACHMENTS_URL.
"""

import os
import tempfile
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from app.errors import CaseError


class BlobMissing(CaseError):
    """The file {name} is not in the attachment store. Tell your administrator."""

    code = "blob_missing"


class Blobs(Protocol):
    """A place for bytes under names."""

    def put(self, name: str, content: bytes, *, media_type: str) -> None:
        """Keep `content` under `name`; when the call returns it is there to stay."""

    def get(self, name: str) -> bytes:
        """Return what is kept under `name`. Raises: BlobMissing."""

    def delete(self, name: str) -> None:
        """Forget what is kept under `name`; nothing happens where nothing is."""


def open_blobs(url: str) -> Blobs:
    """Return the store at `file:///folder` or `s3://bucket/prefix?endpoint=https://…`.

    The S3 client takes its credentials from its usual environment variables or files.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderBlobs(Path(parts.path))
    endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
    return S3Blobs(parts.netloc, parts.path.strip("/"), endpoint)


class FolderBlobs:
    """Files in a folder, spread over sub-folders by the first two characters of their name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes, *, media_type: str) -> None:  # noqa: ARG002
        """Write beside the target and move it there, so that no half-written file is ever read."""
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(target)

    def get(self, name: str) -> bytes:
        """Return the file's content."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(name=name) from error

    def delete(self, name: str) -> None:
        """Delete the file."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise BlobMissing(name=name)
        return self._folder / name[:2] / name


class S3Blobs:
    """Objects in a bucket of an S3-compatible store (needs the extra `s3`)."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None) -> None:
        import boto3

        self._client: Any = boto3.client("s3", endpoint_url=endpoint)
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""

    def put(self, name: str, content: bytes, *, media_type: str) -> None:
        """Write the object."""
        self._client.put_object(
            Bucket=self._bucket, Key=self._prefix + name, Body=content, ContentType=media_type
        )

    def get(self, name: str) -> bytes:
        """Return the object's content."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
        except self._client.exceptions.NoSuchKey as error:
            raise BlobMissing(name=name) from error
        content: bytes = found["Body"].read()
        return content

    def delete(self, name: str) -> None:
        """Delete the object."""
        self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)
