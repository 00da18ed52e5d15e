"""A folder put into a store: whole, or marked as unfinished, or gone again."""

from pathlib import Path

import pytest

from sdp.data import publish as module
from sdp.data.place import Place
from sdp.data.publish import UNFINISHED, check_free, check_whole, publish
from sdp.errors import InputError, ResourceError

FILES = [Path("a.jsonl"), Path("train/b.arrow"), Path("c.json")]


@pytest.fixture(params=["memory", "s3"])
def place(request, tmp_path):
    if request.param == "s3":
        request.getfixturevalue("s3")
        return Place.of("s3://bucket/deep/folder")
    return Place.of(f"memory://{tmp_path.name}/folder")


@pytest.fixture
def folder(tmp_path):
    for file in FILES:
        (tmp_path / "made" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "made" / file).write_text(f"text of {file}")
    return tmp_path / "made"


def contents(place):
    found = {name: place.read(name).decode() for name in place.names()}
    return found | {f"train/{name}": place.child("train").read(name).decode() for name in place.child("train").names()}


WHOLE = {file.as_posix(): f"text of {file}" for file in FILES}


def test_every_file_arrives_and_no_mark_is_left(place, folder):
    publish(folder, FILES, place, overwrite=False)
    assert contents(place) == WHOLE


def test_what_is_there_is_replaced_only_when_asked(place, folder):
    publish(folder, FILES, place, overwrite=False)
    with pytest.raises(InputError, match="is there already"):
        publish(folder, FILES, place, overwrite=False)
    (folder / "a.jsonl").write_text("new")
    publish(folder, FILES, place, overwrite=True)
    assert contents(place) == WHOLE | {"a.jsonl": "new"}


@pytest.mark.parametrize("name", ["thesis.docx", "train/thesis.docx"])
def test_what_is_not_ours_stays(place, folder, name):
    parent, _, file = name.rpartition("/")
    (place.child(parent) if parent else place).write_text(file, "years")
    with pytest.raises(InputError, match=f"holds '{name}'"):
        publish(folder, FILES, place, overwrite=True)
    assert contents(place) == {name: "years"}


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_what_breaks_off_is_taken_back(place, folder, monkeypatch, fails_at):
    copies = []

    def copy(source, target, size):
        copies.append(source)
        if len(copies) > fails_at:
            raise KeyboardInterrupt
        target.write(source.read())

    monkeypatch.setattr(module.shutil, "copyfileobj", copy)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, FILES, place, overwrite=False)
    assert contents(place) == {}


def test_what_replaces_and_breaks_off_is_marked_and_goes_on(place, folder, monkeypatch):
    publish(folder, FILES, place, overwrite=False)
    with monkeypatch.context() as patched:
        patched.setattr(module.shutil, "copyfileobj", lambda *_: (_ for _ in ()).throw(ResourceError("down")))
        with pytest.raises(ResourceError):
            publish(folder, FILES, place, overwrite=True)
    assert set(contents(place)) == {*WHOLE, UNFINISHED, f"train/{UNFINISHED}"}
    for read in (place, place.child("train")):
        with pytest.raises(InputError, match="is unfinished"):
            check_whole(read)
    check_free(place, overwrite=False)
    publish(folder, FILES, place, overwrite=False)
    assert contents(place) == WHOLE
    check_whole(place)


def test_who_may_read_one_file_alone_is_not_asked_for_more(s3, folder):
    place = Place.of("s3://bucket/deep/folder")
    publish(folder, FILES, place, overwrite=False)
    s3.fail({"match": r"(HEAD|GET) .*unfinished", "times": 1000, "how": "403"})
    check_whole(place)


def test_a_store_that_is_down(s3, folder):
    s3.fail({"match": r"PUT .*b\.arrow", "times": 1000, "how": "500"})
    with pytest.raises(ResourceError, match="does not take it"):
        publish(folder, FILES, Place.of("s3://bucket/deep/folder"), overwrite=False)
    assert s3.keys("bucket") == {}
