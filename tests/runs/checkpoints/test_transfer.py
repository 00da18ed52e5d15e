"""Folders to a store and back: whole, compared, the record last."""

from pathlib import Path

import pytest
from tests.data.conftest import s3, s3_process
from tests.runs.checkpoints import made

from sdp.data.place import Place
from sdp.errors import InputError, ResourceError
from sdp.runs.checkpoints import transfer
from sdp.runs.checkpoints.folder import publish
from sdp.runs.checkpoints.listing import list_files, parse, to_text
from sdp.runs.checkpoints.record import NAME, read
from sdp.runs.checkpoints.transfer import Sent, fetch, read_or_none, send

__all__ = ["s3", "s3_process"]


@pytest.fixture(params=["disk", "memory", pytest.param("s3", marks=pytest.mark.slow)])
def place(request, tmp_path) -> Place:
    if request.param == "s3":
        request.getfixturevalue("s3")
        return Place.of("s3://bucket/deep/folder")
    return Place.of(tmp_path / "there" if request.param == "disk" else f"memory://{tmp_path.name}/folder")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = made.write(tmp_path / "checkpoints", 10)
    (path / "deeper").mkdir()
    (path / "deeper" / "file.bin").write_bytes(b"\0" * 3000)
    return publish(tmp_path / "checkpoints", made.about(), 10)


def pushed(checkpoint: Path, place: Place) -> Sent:
    record = read(checkpoint)
    return send(checkpoint, record.files, place, NAME, record.text())


def test_there_and_back(place: Place, checkpoint: Path, tmp_path: Path) -> None:
    assert pushed(checkpoint, place).n_files == 3
    fetch(place, read(checkpoint).files, tmp_path / "back")
    there = made.contents(checkpoint)
    assert there.pop(NAME) == place.read(NAME)
    assert made.contents(tmp_path / "back") == there


def test_what_is_there_is_not_sent_again(place: Place, checkpoint: Path) -> None:
    pushed(checkpoint, place)
    assert pushed(checkpoint, place) == Sent(0, 0, 3)


def test_the_record_comes_last_and_goes_first(place: Place, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise ResourceError("down")

    with monkeypatch.context() as patch:
        patch.setattr(transfer.shutil, "copyfileobj", broken)
        with pytest.raises(ResourceError):
            pushed(checkpoint, place)
    assert read_or_none(place, NAME) is None
    pushed(checkpoint, place)
    other = made.publish(checkpoint.parent, 11)
    with monkeypatch.context() as patch:
        patch.setattr(transfer.shutil, "copyfileobj", broken)
        with pytest.raises(ResourceError):
            pushed(other, place)
    assert read_or_none(place, NAME) is None, "of the old one not everything is there any more"


def test_what_arrives_with_other_bytes_is_said(place: Place, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer.shutil, "copyfileobj", lambda source, target, size: target.write(b"other"))
    with pytest.raises(ResourceError, match="arrived with other bytes"):
        pushed(checkpoint, place)
    assert read_or_none(place, NAME) is None


def test_damage_here_is_not_sent(place: Place, checkpoint: Path) -> None:
    (checkpoint / "optimizer.pt").write_bytes(b"x")
    with pytest.raises(InputError, match="was changed"):
        pushed(checkpoint, place)


def test_damage_there_is_seen(place: Place, checkpoint: Path, tmp_path: Path) -> None:
    pushed(checkpoint, place)
    place.write_text("optimizer.pt", "x" * 100)
    with pytest.raises(InputError, match=r"'optimizer\.pt' in '.*' was changed"):
        fetch(place, read(checkpoint).files, tmp_path / "back")
    place.remove("optimizer.pt")
    with pytest.raises(InputError, match="is missing"):
        fetch(place, read(checkpoint).files, tmp_path / "back")
    assert pushed(checkpoint, place).n_files == 1, "it is mended by pushing again"


def test_a_disk_that_is_full_is_said(checkpoint: Path, tmp_path: Path) -> None:
    place = Place.of(tmp_path / "there")
    pushed(checkpoint, place)
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "optimizer.pt").mkdir()
    with pytest.raises(ResourceError, match="cannot write"):
        fetch(place, read(checkpoint).files, tmp_path / "back")


def test_a_listing_is_read_as_it_was_written(checkpoint: Path) -> None:
    files = list_files(checkpoint)
    assert [file.file for file in files] == ["adapter_model.safetensors", NAME, "deeper/file.bin", "optimizer.pt"]
    assert parse(to_text(files).encode(), "x") == files
    with pytest.raises(InputError, match=r"files\.json is damaged"):
        parse(b'[{"file": "../x", "bytes": 1, "sha256": ""}]', "x")
