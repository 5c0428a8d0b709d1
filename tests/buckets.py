"""A bucket on an S3 server of its own, asked over HTTP as any other is."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

KEYS = {"S3_ACCESS_KEY_ID": "only-for-tests", "S3_SECRET_ACCESS_KEY": "only-for-tests"}


@dataclass
class Bucket:
    name: str
    endpoint: str
    server: Any

    @property
    def env(self) -> dict[str, str]:
        """What a site that keeps its media here has in its environment."""
        return {"MEDIA_STORAGE": f"s3://{self.name}/blog?endpoint={self.endpoint}&region=eu-west-1", **KEYS}

    @property
    def storages(self) -> dict[str, Any]:
        options = {"bucket_name": self.name, "location": "blog", "endpoint_url": self.endpoint}
        keys = {"region_name": "eu-west-1", "access_key": "only-for-tests", "secret_key": "only-for-tests"}
        return {"BACKEND": "ketablog.buckets.MediaBucket", "OPTIONS": {**options, **keys}}


@contextmanager
def bucket_of_its_own() -> Iterator[Bucket]:
    server_module = pytest.importorskip("moto.server")
    import boto3

    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="eu-west-1",
            aws_access_key_id="only-for-tests",
            aws_secret_access_key="only-for-tests",
        )
        # All servers of one process keep their buckets in one place.
        name = f"media-{uuid.uuid4().hex}"
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield Bucket(name, endpoint, server)
    finally:
        server.stop()
