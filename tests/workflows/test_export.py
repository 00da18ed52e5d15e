"""`sdp export` as a function: whole or not at all, and nothing of anybody else is replaced."""

from pathlib import Path

import pytest
from tests.synthesis.made import contents, make

from sdp.api import Exporter, InputError, PluginError, ResourceError
from sdp.data.manifest import Manifest
from sdp.workflows.export import ExportRequest, export


class Bad(Exporter):
    """Fails half-way."""

    name = "bad"

    def write(self, splits, schema, folder):
        (folder / "half").write_text("half")
        next(iter(splits["train"]))
        raise self.error


class Stray(Bad):
    """Claims to have written a file elsewhere."""

    name = "stray"

    def write(self, splits, schema, folder):
        return [Path("elsewhere")]


@pytest.fixture(autouse=True)
def folder():
    return make(Path("data/spelling"))


@pytest.mark.parametrize(("to", "n_files"), [("parquet", 3), ("jsonl", 3), ("csv", 3)])
def test_formats_by_name_in_the_usual_place(to, n_files):
    result = export(ExportRequest("spelling", to))
    assert result.folder == Path("exports") / f"spelling-{to}"
    assert (result.n_rows, len(result.files), result.format) == (100, n_files, to)
    assert all(file.is_file() for file in result.files)
    assert [path.name for path in Path("exports").iterdir()] == [f"spelling-{to}"]


def test_hugging_face_by_name():
    result = export(ExportRequest("spelling", "hf"))
    assert Path("exports/spelling-hf/dataset_dict.json") in result.files


def test_data_of_a_plugin_that_is_gone_can_still_be_taken_along(folder):
    Manifest.load(folder.path).model_copy(update={"task": "mirror"}).save(folder.path)
    assert export(ExportRequest("data/spelling", "jsonl")).folder == Path("exports/mirror-jsonl")


def test_an_export_that_is_there_is_replaced_only_when_asked():
    export(ExportRequest("spelling", "jsonl"))
    before = contents(Path("exports"))
    with pytest.raises(InputError, match="is there already") as caught:
        export(ExportRequest("spelling", "jsonl"))
    assert "--overwrite" in caught.value.hint
    make(Path("data/count"), "count")
    export(ExportRequest("count", "jsonl", out=Path("exports/spelling-jsonl"), overwrite=True))
    assert contents(Path("exports")) != before


def test_what_this_export_would_not_write_is_not_replaced():
    Path("thesis/chapters").mkdir(parents=True)
    Path("thesis/chapters/one.docx").write_text("years")
    with pytest.raises(InputError, match=r"'thesis' holds 'chapters/one\.docx'"):
        export(ExportRequest("spelling", "jsonl", out=Path("thesis"), overwrite=True))
    Path("file").write_text("")
    with pytest.raises(InputError, match="'file' is a file"):
        export(ExportRequest("spelling", "jsonl", out=Path("file"), overwrite=True))
    with pytest.raises(InputError, match="holds the working folder"):
        export(ExportRequest("spelling", "jsonl", out=Path(), overwrite=True))
    assert sorted(path.name for path in Path().iterdir()) == ["data", "file", "thesis"]


@pytest.mark.parametrize(
    ("raised", "comes_out", "what"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt, None),
        (ValueError("no"), PluginError, r"exporter 'bad': ValueError: no \(.*test_export\.py"),
    ],
)
def test_what_breaks_off_leaves_nothing(plugged, raised, comes_out, what):
    Bad.error = raised
    plugged(exporters=[Bad])
    with pytest.raises(comes_out, match=what):
        export(ExportRequest("spelling", "bad"))
    assert not Path("exports").exists() or list(Path("exports").iterdir()) == []


def test_a_file_outside_the_folder_is_the_exporter_s_error(plugged):
    plugged(exporters=[Stray])
    with pytest.raises(PluginError, match="exporter 'stray'"):
        export(ExportRequest("spelling", "stray"))


def test_a_full_disk_leaves_nothing(monkeypatch):
    from sdp.exports.jsonl import Jsonl

    def full(self, splits, schema, folder):
        (folder / "half").write_text("half")
        Path("/dev/full").write_text("x")

    monkeypatch.setattr(Jsonl, "write", full)
    with pytest.raises(ResourceError, match="No space left on device"):
        export(ExportRequest("spelling", "jsonl"))
    assert list(Path("exports").iterdir()) == []


@pytest.mark.parametrize(
    ("data", "to", "what"),
    [
        ("spelling", "jsnl", "unknown format 'jsnl'"),
        ("count", "jsonl", "there is no data set 'count'"),
        ("data", "jsonl", "has no manifest"),
    ],
)
def test_bad_requests(data, to, what):
    with pytest.raises(InputError, match=what):
        export(ExportRequest(data, to))


def test_a_changed_shard_is_not_exported(folder):
    path = folder.path / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="was changed"):
        export(ExportRequest("spelling", "jsonl"))
    assert not Path("exports").exists()
