"""Places: a file appears whole or not at all, on a disk, in memory and in an object store, and travels as it is."""

import pickle
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.place import Place
from sdp.errors import InputError, MissingExtra, ResourceError

TABLE = pa.table({"word": ["straße", "σοφός", "क्षत्रिय"], "n": [1, 2, 3]})


@pytest.fixture(params=["disk", "memory", "s3"])
def place(request, tmp_path):
    """The same promises, wherever it is."""
    if request.param == "disk":
        return Place.of(tmp_path / "deep" / "folder")
    if request.param == "s3":
        request.getfixturevalue("s3")
        return Place.of("s3://bucket/deep/folder")
    return Place.of(f"memory://{tmp_path.name}/folder")


def test_what_is_written_is_read(place):
    with place.write("a.bin") as file:
        file.write(b"ab")
        file.write(b"c")
    place.write_text("b.txt", "é\n")
    assert place.read("a.bin") == b"abc"
    assert place.read("b.txt") == b"\xc3\xa9\n"
    assert place.names() == ["a.bin", "b.txt"]
    assert (place.size("a.bin"), place.size("b.txt"), place.size("c")) == (3, 3, None)


def test_an_empty_file_is_a_file(place):
    with place.write("empty"):
        pass
    assert (place.size("empty"), place.read("empty")) == (0, b"")


def test_nothing_is_there_before_the_end(place):
    with place.write("a.bin") as file:
        file.write(b"abc")
        file.flush()
        assert place.size("a.bin") is None


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(place, error):
    place.write_text("a.txt", "old")

    def break_off():
        with place.write("a.txt") as file:
            file.write(b"new")
            raise error

    with pytest.raises(error):
        break_off()
    assert place.read("a.txt") == b"old"
    assert place.names() == ["a.txt"]


def test_a_writer_that_closes_does_not_complete(place):
    """Arrow's writers close what they write to, also when they fail."""

    def break_off():
        with place.write("a.bin") as file:
            file.write(b"abc")
            if not place.is_local:  # a closed file of the disk cannot be flushed to it
                file.close()
            raise ValueError

    with pytest.raises(ValueError):
        break_off()
    assert place.names() == []


def test_a_newer_file_takes_the_place_of_the_old_one(place):
    for text in ("one", "two", "3"):
        place.write_text("a", text)
        with place.write("b") as file:
            file.write(text.encode())
    assert place.read("a") == place.read("b") == b"3"


def test_parquet_goes_both_ways(place):
    with place.write("a.parquet") as file:
        pq.write_table(TABLE, file)
    with place.write("b.parquet") as file, pq.ParquetWriter(file, TABLE.schema) as writer:
        writer.write_table(TABLE)
    for name in ("a.parquet", "b.parquet"):
        with place.open(name) as file, pq.ParquetFile(file) as parquet:
            assert parquet.read().equals(TABLE)


def test_two_readers_do_not_disturb_each_other(place):
    place.write_text("a", "0123456789")
    with place.open("a") as one, place.open("a") as two:
        assert one.read(4) == b"0123"
        two.seek(-2, 2)
        assert (two.tell(), two.read()) == (8, b"89")
        assert one.read(2) == b"45"
        assert (one.readable(), one.seekable()) == (True, True)


def test_what_is_not_there_is_said(place):
    for ask in (place.read, place.open):
        with pytest.raises(FileNotFoundError):
            ask("missing")
    place.remove("missing")
    assert place.names() == []


def test_what_is_removed_is_gone(place):
    for name in ("a", "b"):
        place.write_text(name, name)
    place.remove("a")
    assert place.names() == ["b"]


def test_folders_below_are_not_files(place):
    place.child("below").write_text("a", "deep")
    place.write_text("b", "")
    assert place.names() == ["b"]
    assert place.size("below") is None
    assert place.child("below").names() == ["a"]
    assert place.read("below/a") == b"deep"


def test_folders_are_named_apart_from_files(place):
    assert place.folders() == []
    place.write_text("file", "")
    for name in ("b", "a", "a/deeper"):
        place.child(name).write_text("file", "")
    assert place.folders() == ["a", "b"]
    assert place.child("a").folders() == ["deeper"]


def test_a_folder_next_door_with_the_same_beginning_is_another_one(place):
    place.child("a").write_text("x", "")
    place.child("ab").write_text("y", "")
    assert place.child("a").names() == ["x"]


def test_what_another_process_wrote_is_seen_at_once(place):
    """A listing that is remembered hides the shards of other workers."""
    place.write_text("a", "")
    assert place.names() == ["a"]
    other = pickle.loads(pickle.dumps(place))
    other.write_text("b", "")
    assert place.names() == ["a", "b"]
    assert place.size("b") == 0


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\x7f", exclude_categories=("C",)), min_size=1, max_size=40
).filter(lambda name: name.strip(". ") == name)


@given(name=NAMES, data=st.binary(max_size=100))
def test_names_and_bytes_are_kept(tmp_path_factory, name, data):
    for place in (Place.of(tmp_path_factory.mktemp("place")), Place.of(f"memory://names/{len(data)}")):
        with place.write(name) as file:
            file.write(data)
        assert name in place.names()
        assert place.read(name) == data
        place.remove(name)


@pytest.mark.parametrize("where", ["data/spelling", "./data//spelling/", Path("data/spelling")])
def test_a_path_is_a_path(where):
    place = Place.of(where)
    assert (place.is_local, place.path, place.url) == (True, Path("data/spelling"), "data/spelling")
    assert place.child("x").path == Path("data/spelling/x")


def test_a_file_url_is_a_path(tmp_path):
    assert Place.of(tmp_path.as_uri()).path == tmp_path


@pytest.mark.parametrize("where", ["s3://bucket/x/", "S3://bucket/x", Path("s3://bucket/x"), "s3:///bucket/x"])
def test_a_url_stays_one_also_as_a_path(where):
    """``Path("s3://bucket/x")`` is ``s3:/bucket/x``: written to, it makes a folder called "s3:"."""
    place = Place.of(where)
    assert (place.is_local, str(place)) == (False, "s3://bucket/x")
    assert place.child("y").url == "s3://bucket/x/y"


def test_a_drive_letter_is_no_scheme():
    assert Place.of("C:/data").is_local


@pytest.mark.parametrize("where", ["s3n://bucket/x", "http://host/x", Path("s3n://bucket/x")])
def test_an_unknown_store_is_refused_with_the_near_ones(where):
    with pytest.raises(InputError, match="unknown kind of store") as caught:
        Place.of(where)
    assert "gs, memory, s3" in caught.value.hint
    if "s3n" in str(where):
        assert "did you mean 's3'" in caught.value.hint


def test_a_bucket_must_be_named():
    with pytest.raises(InputError, match="names no bucket"):
        Place.of("s3://")


@pytest.mark.parametrize(
    ("where", "package", "extra"),
    [("gs://b/x", "gcsfs", "gs"), ("gcs://b/x", "gcsfs", "gs"), ("az://b/x", "adlfs", "az")],
)
def test_a_store_whose_package_is_missing_says_how_to_get_it(where, package, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=package) as caught:
        Place.of(where)
    assert caught.value.hint == f"pip install 'sdp[{extra}]'"


def test_a_store_has_no_path():
    with pytest.raises(InputError, match="not on this disk"):
        _ = Place.of("memory://a/b").path


def test_a_place_travels_with_its_whole_path(tmp_path):
    """A worker on another node stands in another folder."""
    there = pickle.loads(pickle.dumps(Place.of("data")))
    assert there.path == tmp_path / "data"
    assert pickle.loads(pickle.dumps(Place.of("memory://a/b"))) == Place.of("memory://a/b")


def test_the_disk_s_complaints_say_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    below_a_file = Place.of(tmp_path / "file")
    for ask in (below_a_file.names, lambda: below_a_file.read("x"), lambda: below_a_file.remove("x")):
        with pytest.raises(ResourceError, match="Not a directory"):
            ask()
    with pytest.raises(ResourceError, match="cannot write to"):
        below_a_file.write_text("x", "")
    with pytest.raises(ResourceError, match="Is a directory"):
        Place.of(tmp_path).read(".")


LAZY = """
import sys
from sdp.data.place import Place
place = Place.of("a")
place.write_text("b", "c")
place.names()
print(sorted({"fsspec", "s3fs", "botocore", "aiohttp"} & sys.modules.keys()))
"""


def test_folders_on_the_disk_need_no_store_s_packages():
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
