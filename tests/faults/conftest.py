"""A data set of many shards, with rejected rows, and what an undisturbed run makes of it."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.data.conftest import s3, s3_process
from tests.faults.processes import contents, run

__all__ = ["s3", "s3_process"]
PICKY = '''
"""A plugin: rejects words with a w, so that shards are made again with other rows at their end."""
import pyarrow as pa
import pyarrow.compute as pc
from sdp.api import Validator, hookimpl

class Picky(Validator):
    name = "picky"

    def reasons(self, table):
        disliked = pc.match_substring(table["key"].cast(pa.string()), "w").combine_chunks()
        return pc.if_else(disliked, "there is a w", pa.scalar(None, pa.string()))

@hookimpl
def sdp_validators():
    return [Picky]
'''
MADE = ("generate", "spelling", "--n", "2000", "--words", "wordfreq:en:3000", "-q")


@dataclass(frozen=True)
class Undisturbed:
    """What nobody disturbed."""

    files: dict[str, str]
    """Name → SHA-256."""
    n_touches: int
    """How often the process touched a file of it."""
    sizes: dict[str, int]
    """Name → bytes."""


@pytest.fixture(scope="session")
def plugin(tmp_path_factory) -> Path:
    """A folder that holds a plugin, installed for whoever has it on his path."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "picky.py").write_text(PICKY)
    facts = folder / "picky-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: picky\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[sdp]\npicky = picky\n")
    return folder


@pytest.fixture
def picky(plugin, monkeypatch):
    """Lets the processes of a test have the plugin."""
    monkeypatch.setenv("PYTHONPATH", str(plugin), prepend=os.pathsep)


@pytest.fixture(scope="session")
def undisturbed(plugin, tmp_path_factory) -> Undisturbed:
    """`MADE` with the plugin and without any faults, by one process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(plugin), prepend=os.pathsep)
        made = _undisturbed(tmp_path_factory.mktemp("undisturbed"), patch)
    assert "spelling/rejects.parquet" in made.files
    return made


@pytest.fixture(scope="session")
def plain(tmp_path_factory) -> Undisturbed:
    """The same without the plugin: no row is rejected, so that no shard is made twice."""
    with pytest.MonkeyPatch.context() as patch:
        return _undisturbed(tmp_path_factory.mktemp("plain"), patch)


def _undisturbed(folder: Path, patch: pytest.MonkeyPatch) -> Undisturbed:
    patch.chdir(folder)
    done = run(*MADE, COUNT="count")
    assert done.returncode == 0, done.stderr
    files = contents(Path("data"))
    sizes = {name: Path("data", name).stat().st_size for name in files}
    return Undisturbed(files, int(Path("count").read_text()), sizes)
