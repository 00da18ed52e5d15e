"""Filling in a scaffold: whole or not at all."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from sdp import __version__
from sdp.errors import InputError, ResourceError
from sdp.plugins import ranges
from sdp.scaffold import fill as module
from sdp.scaffold.fill import fill, sdp_range

WORDS = {"name": "rhyme", "package": "sdp_rhyme", "distribution": "sdp-rhyme", "class": "Rhyme", "sdp": "sdp>=0.1,<1"}


@pytest.mark.parametrize("kind", ["plugin", "project"])
def test_every_word_is_filled_in_and_every_path(kind):
    made = fill(kind, WORDS, Path("there"))
    there = [path.relative_to("there").as_posix() for path in Path("there").rglob("*") if path.is_file()]
    assert made == tuple(sorted(there))
    for path in made:
        text = Path("there", path).read_text()
        assert "<<" not in text
        assert text.endswith("\n")
        assert not {"PACKAGE", "NAME"} & set(path.replace(".", "/").split("/"))
    assert not list(Path().glob(".*"))


@pytest.mark.parametrize("kind", ["plugin", "project"])
def test_a_file_that_does_not_end_as_scaffolds_do_would_be_lost(kind):
    scaffold = Path(str(files("sdp.scaffold"))) / kind
    assert {path.suffix for path in scaffold.rglob("*") if path.is_file()} == {".in"}


def test_hidden_files_are_hidden():
    assert {".gitignore", ".github/workflows/ci.yml"} < set(fill("plugin", WORDS, Path("there")))


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_there_is_left_alone(kind, tmp_path):
    place = tmp_path / "there"
    {"folder": place.mkdir, "file": place.touch, "link": lambda: place.symlink_to("nowhere")}[kind]()
    with pytest.raises(InputError, match="already"):
        fill("project", WORDS, place)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_parent_that_is_not_there_is_not_made():
    with pytest.raises(InputError, match="there is no folder 'nowhere'"):
        fill("project", WORDS, Path("nowhere/there"))
    assert not Path("nowhere").exists()


def test_a_place_that_cannot_be_written_to_says_so(tmp_path, monkeypatch):
    def full(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ResourceError, match="No space left"):
        fill("project", WORDS, tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


def test_a_word_that_nobody_gave_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyError):
        fill("plugin", {"name": "rhyme"}, tmp_path / "there")
    assert list(tmp_path.iterdir()) == []


def test_somebody_quicker_keeps_their_folder(tmp_path, monkeypatch):
    def quicker(folder):
        folder.mkdir()
        (folder / "mine").write_text("precious")

    monkeypatch.setattr(module, "check_free", quicker)
    with pytest.raises(ResourceError):
        fill("project", WORDS, tmp_path / "there")
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "mine"]


@pytest.mark.parametrize(
    ("version", "wanted"), [("0.1.0", "sdp>=0.1,<1"), ("1.4.2", "sdp>=1.4,<2"), ("2.0.0.dev1", "sdp>=2.0,<3")]
)
def test_the_range_reaches_to_the_next_major_version(monkeypatch, version, wanted):
    monkeypatch.setattr(module, "__version__", version)
    assert sdp_range() == wanted


def test_the_range_holds_for_the_version_that_wrote_it():
    fill("plugin", {**WORDS, "sdp": sdp_range()}, Path("there"))
    (wanted,) = tomllib.loads(Path("there/pyproject.toml").read_text())["project"]["dependencies"]

    class Made:
        requires = (wanted,)

    assert ranges.unmet(Made) is None
    assert __version__
