"""Object stores that fail: what is tried again, what is said, and that no half object is ever there."""

import gc
import os
import signal
import subprocess
import sys

import pytest

from sdp.data.place import Place
from sdp.data.stores import PART_BYTES
from sdp.errors import ResourceError

PART = b"x" * PART_BYTES


@pytest.fixture
def place(s3):
    return Place.of("s3://bucket/data")


@pytest.mark.parametrize("how", ["500", "503", "SlowDown", "hang up"])
def test_a_store_that_stumbles_is_asked_again(s3, place, how):
    s3.fail({"match": "PUT", "times": 2, "how": how})
    place.write_text("a", "text")
    assert len([line for line in s3.log() if line.startswith("PUT")]) == 3
    s3.fail({"match": "GET|HEAD", "times": 2, "how": how})
    assert place.read("a") == b"text"
    s3.fail({"match": "GET", "times": 2, "how": how})
    assert place.names() == ["a"]


@pytest.mark.parametrize("how", ["500", "SlowDown", "hang up"])
def test_a_store_that_is_down_ends_it_after_some_tries(s3, place, how):
    s3.fail({"match": "PUT", "times": 1000, "how": how})
    with pytest.raises(ResourceError, match="does not take it") as caught:
        place.write_text("a", "text")
    assert caught.value.where == "s3://bucket/data/a"
    assert "same command" in caught.value.hint
    assert 3 <= len(s3.log()) <= 15
    s3.fail()
    assert place.names() == []


@pytest.mark.parametrize(
    "rule",
    [
        {"match": r"POST .*\?uploads", "times": 2, "how": "500"},
        {"match": "PUT .*partNumber=2", "times": 2, "how": "503"},
        {"match": "POST .*uploadId", "times": 2, "how": "SlowDown"},
    ],
)
def test_a_large_object_survives_errors_at_every_step(s3, place, rule):
    s3.fail(rule)
    with place.write("large") as file:
        for _ in range(3):
            file.write(PART)
        file.write(b"end")
    assert s3.keys("bucket") == {"data/large": 3 * PART_BYTES + 3}
    assert s3.uploads("bucket") == []
    assert place.read("large") == PART * 3 + b"end"


@pytest.mark.parametrize("step", [r"POST .*\?uploads", "PUT .*partNumber=1", "PUT .*partNumber=2", "POST .*uploadId"])
def test_an_upload_that_fails_half_way_leaves_nothing(s3, place, step):
    s3.fail({"match": step, "times": 1000, "how": "500"})

    def send():
        with place.write("large") as file:
            for _ in range(3):
                file.write(PART)

    with pytest.raises(ResourceError, match="does not take it"):
        send()
    assert s3.keys("bucket") == {}
    assert s3.uploads("bucket") == [], "the parts cost money until somebody removes them"


def test_a_writer_that_fails_half_way_leaves_nothing(s3, place):
    place.write_text("large", "old")

    def send():
        with place.write("large") as file:
            file.write(PART)
            file.write(PART)
            raise ValueError("the rows ran out")

    with pytest.raises(ValueError, match="the rows ran out"):
        send()
    assert s3.keys("bucket") == {"data/large": 3}
    assert s3.uploads("bucket") == []


def test_an_upload_that_fails_is_not_completed_by_the_garbage_collector(s3, place):
    """fsspec's files complete their upload in `__del__`."""
    s3.fail({"match": "DELETE", "times": 1000, "how": "500"})

    def send():
        with place.write("a") as file:
            file.write(PART + b"half")
            raise ValueError

    with pytest.raises(ValueError):
        send()
    gc.collect()
    s3.fail()
    assert s3.keys("bucket") == {}


HALF = """
import sys
from sdp.data.place import Place
with Place.of("s3://bucket/data").write("large") as file:
    file.write(b"x" * int(sys.argv[1]))
    print("half way", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_is_killed_half_way_leaves_no_object(s3, number):
    process = subprocess.Popen(
        [sys.executable, "-c", HALF, str(2 * PART_BYTES)],
        env=os.environ.copy(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout.readline() == "half way\n"
        process.send_signal(number)
        process.wait(timeout=60)
    assert s3.keys("bucket") == {}
    assert Place.of("s3://bucket/data").names() == []
    # Nobody can clean up after SIGKILL; docs/scaling-out.md says what can: a rule of the bucket.
    assert s3.uploads("bucket") == (["data/large"] if number == signal.SIGKILL else [])


def test_wrong_credentials_are_said(s3, place):
    place.write_text("a", "")
    s3.ask_for_credentials()
    try:
        for ask in (place.names, lambda: place.read("a"), lambda: place.size("a"), lambda: place.write_text("b", "")):
            with pytest.raises(ResourceError) as caught:
                ask()
            assert "AWS_ACCESS_KEY_ID" in caught.value.hint
            assert caught.value.where.startswith("s3://bucket/data")
    finally:
        s3.let_everybody_in()


def test_no_credentials_are_said(s3, place, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(ResourceError, match="credentials") as caught:
        place.names()
    assert "AWS_PROFILE" in caught.value.hint


def test_a_missing_bucket_is_said(s3):
    lost = Place.of("s3://no-bucket-of-ours/data")
    for ask in (lost.names, lambda: lost.read("a"), lambda: lost.write_text("a", "")):
        with pytest.raises(ResourceError, match="there is no bucket 'no-bucket-of-ours'") as caught:
            ask()
        assert "create it" in caught.value.hint

    def send():
        with lost.write("a") as file:
            file.write(b"a")

    with pytest.raises(ResourceError, match="there is no bucket"):
        send()


def test_an_endpoint_that_nobody_listens_at_is_said(s3, place, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # the discard service, off everywhere
    with pytest.raises(ResourceError, match="Could not connect") as caught:
        place.names()
    assert "AWS_ENDPOINT_URL" in caught.value.hint


def test_a_read_that_breaks_off_is_taken_up_again(s3, place):
    place.write_text("a", "0123456789")
    with place.open("a") as file:
        s3.fail({"match": "GET .*data/a", "times": 2, "how": "hang up"})
        assert file.read() == b"0123456789"


def test_a_read_that_fails_says_where(s3, place):
    place.write_text("a", "0123456789")
    with place.open("a") as file:
        s3.fail({"match": "GET", "times": 1000, "how": "500"})
        with pytest.raises(ResourceError, match="does not give it") as caught:
            file.read()
    assert caught.value.where == "s3://bucket/data/a"


@pytest.mark.slow
def test_many_names_are_listed_whole(s3, place):
    """S3 lists a thousand at a time."""
    client = s3.client()
    for number in range(1005):
        client.put_object(Bucket="bucket", Key=f"data/{number:05d}", Body=b"")
    client.put_object(Bucket="bucket", Key="data/", Body=b"")  # what consoles make to show a folder
    assert place.names() == [f"{number:05d}" for number in range(1005)]
