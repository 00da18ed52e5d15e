"""An object store that fails and processes that are killed while they talk to it: the same bytes as on a disk."""

import re
import signal
import time
from hashlib import sha256

import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import ended, run, start

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("picky")]
THERE = ("--out", "s3://bucket/data/spelling")
STUMBLES = [
    {"match": "PUT .*train-00003", "how": "500", "times": 2},
    {"match": "PUT .*parts", "after": 5, "how": "SlowDown", "times": 2},
    {"match": "GET .*tally", "after": 3, "how": "503", "times": 2},
    {"match": "PUT .*manifest", "how": "hang up", "times": 1},
    {"match": "DELETE", "after": 3, "how": "500", "times": 1},
]
"""What a client that tries three times gets over."""


def stored(s3):
    """SHA-256 of every object."""
    client = s3.client()
    keys = s3.keys("bucket")
    return {key.removeprefix("data/"): digest(client.get_object(Bucket="bucket", Key=key)["Body"]) for key in keys}


def digest(body):
    return sha256(body.read()).hexdigest()


def test_errors_at_every_step(s3, undisturbed):
    s3.fail(*STUMBLES)
    done = run(*MADE, *THERE, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert stored(s3) == undisturbed.files, "also nothing else is there: no request, no markers"


@pytest.mark.parametrize("at", ["request.json", "train-00004.*parquet", "manifest"])
def test_a_kill_while_an_object_is_on_its_way(s3, undisturbed, at):
    """The server keeps the request without an answer until the process is gone."""
    s3.fail({"match": f"PUT .*{at}", "how": "stall"})
    process = start(*MADE, *THERE)
    while not any(re.search(f"PUT .*{at}", line) for line in s3.log()):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.kill()
    assert ended(process).returncode == -signal.SIGKILL
    assert not any(key.endswith("manifest.json") for key in s3.keys("bucket")), "it does not look complete"
    s3.fail(*STUMBLES)
    done = run(*MADE, *THERE)
    assert done.returncode == 0, done.stderr
    assert stored(s3) == undisturbed.files


def test_finished_shards_are_kept(s3, plain, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    s3.fail({"match": "PUT .*train-00006", "how": "500", "times": 100})
    done = run(*MADE, *THERE)
    assert done.returncode == 5
    assert "the store does not take it" in done.stderr
    assert "the same command" in done.stderr.splitlines()[-1]
    s3.fail()
    assert run(*MADE, *THERE).returncode == 0
    again = [line for line in s3.log() if re.search("PUT .*train-0000[0-5].*parquet[?]", line)]
    assert not again, "their hashes were looked at, and that is all"
    assert stored(s3) == plain.files
    before = s3.keys("bucket")
    s3.fail()
    assert "verified" in run(*MADE, *THERE).stdout
    assert not [line for line in s3.log() if not line.startswith(("GET", "HEAD"))], "a finished one is only read"
    assert s3.keys("bucket") == before


def test_a_changed_object_is_named(s3, plain, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    assert run(*MADE, *THERE).returncode == 0
    key = "data/spelling/train-00002-of-00008.parquet"
    data = bytearray(s3.client().get_object(Bucket="bucket", Key=key)["Body"].read())
    data[100] ^= 1
    s3.client().put_object(Bucket="bucket", Key=key, Body=bytes(data))
    done = run(*MADE, *THERE)
    assert done.returncode == 3
    assert "shard 'train-00002-of-00008.parquet' was changed" in done.stderr
    assert run(*MADE, *THERE, "--overwrite").returncode == 0
    assert stored(s3) == plain.files
