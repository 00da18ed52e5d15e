"""An S3 server that fails on demand."""

import os

import pytest
from tests.data.s3_server import serving


@pytest.fixture(scope="session")
def s3_process():
    """The server, once for all tests of a process."""
    pytest.importorskip("s3fs", reason="needs s3fs: pip install 'sdp[s3]'")
    pytest.importorskip("moto", reason="needs moto[server]")
    with serving() as server:
        yield server


@pytest.fixture
def s3(s3_process, monkeypatch):
    """The server with an empty bucket called `bucket`, answering everything; this process knows where it is."""
    from s3fs import S3FileSystem

    for name in [name for name in os.environ if name.startswith(("AWS_", "FSSPEC_"))]:
        monkeypatch.delenv(name)
    for name, value in s3_process.environment().items():
        monkeypatch.setenv(name, value)
    s3_process.fail()
    s3_process.let_everybody_in()
    s3_process.post("/moto-api/reset")
    s3_process.client().create_bucket(Bucket="bucket")
    S3FileSystem.clear_instance_cache()
    yield s3_process
    S3FileSystem.clear_instance_cache()
