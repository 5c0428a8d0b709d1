"""Media in a bucket of an S3 server. Readers never ask that server: what they load comes from our own address."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, BinaryIO

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from ketablog.media import MediaAway, Stored, plain

FOR_GOOD = f"public, max-age={365 * 24 * 60 * 60}, immutable"
MISSING = {"404", "NoSuchKey", "KeyTooLongError", "InvalidURI"}
PATIENCE = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 2},
    # Not every server knows the check sums that the client adds of late.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_making = Lock()


@contextmanager
def plainly() -> Iterator[None]:
    """Errors of the bucket as those of a folder: `FileNotFoundError`, or `MediaAway`."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise FileNotFoundError from None
        raise MediaAway(type(error).__name__) from error
    except BotoCoreError as error:
        raise MediaAway(type(error).__name__) from error


class MediaBucket(S3Storage):
    def __init__(self, **options: Any) -> None:
        style = "path" if options.get("endpoint_url") else "auto"
        config = PATIENCE.merge(Config(s3={"addressing_style": style}))
        super().__init__(file_overwrite=False, client_config=config, **options)
        self._size = lru_cache(maxsize=10_000)(self._ask_size)

    @cached_property
    def client(self) -> Any:
        """One for all threads; each of its own would take another 13 MB."""
        with _making:
            return self._create_session().client(
                "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
            )

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}

    def keep(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file under exactly this name: whole, or not at all."""
        kind = mimetypes.guess_type(name)[0] or self.default_content_type
        with plainly():
            self.client.put_object(**self._at(name), Body=content, ContentType=kind, CacheControl=FOR_GOOD)

    def names(self, prefix: str = "") -> Iterator[str]:
        """The names of all files that begin so."""
        root = f"{self.location.rstrip('/')}/" if self.location else ""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=root + prefix)
        with plainly():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(root)

    def stored(self, name: str) -> Stored:
        """The file. Raises `OSError` where there is none, and `MediaAway`."""
        with plainly():
            found = self.client.get_object(**self._at(plain(name)))
        return Stored(found["Body"], found["ContentLength"], found["LastModified"])

    def exists(self, name: str) -> bool:
        try:
            self._ask_size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._size(name)

    def _ask_size(self, name: str) -> int:
        with plainly():
            return self.client.head_object(**self._at(name))["ContentLength"]

    def delete(self, name: str) -> None:
        with plainly():
            self.client.delete_object(**self._at(name))

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        with plainly(), self.client.get_object(**self._at(name))["Body"] as body:
            return ContentFile(body.read(), name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        self.keep(name, content.read())
        return name
