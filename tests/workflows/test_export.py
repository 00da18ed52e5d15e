"""`sdp export` as a function: whole or not at all, and nothing of anybody else is replaced."""

from pathlib import Path

import pytest
from tests.data.conftest import s3, s3_process
from tests.synthesis.made import contents, make

from sdp.api import Exporter, ExportOptions, InputError, PluginError, ResourceError
from sdp.contract.deprecations import PluginDeprecationWarning
from sdp.data.manifest import Manifest
from sdp.data.place import Place
from sdp.workflows.export import ExportRequest, export

__all__ = ["s3", "s3_process"]


class Bad(Exporter):
    """Fails half-way."""

    name = "bad"

    def write(self, splits, schema, folder):
        (folder / "half").write_text("half")
        next(iter(splits["train"]))
        raise self.error


class Old(Exporter):
    """As plugins wrote them before there were options."""

    name = "old"

    def __init__(self):
        self.ready = True

    def write(self, splits, schema, folder):
        (folder / "n").write_text(str({split: sum(b.num_rows for b in batches) for split, batches in splits.items()}))
        return [folder / "n"]


class Brief(Exporter):
    """Heeds one option, and leaves rows out."""

    name = "brief"
    uses = frozenset({"system"})

    def write(self, splits, schema, folder):
        self.left_out["not wanted"] = 7
        (folder / "said").write_text(str(self.options.system))
        return [folder / "said"]


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


@pytest.mark.slow
def test_every_built_in_format_writes_the_same_bytes_twice(folder):
    from sdp.plugins.manager import load

    for name, kind in load().exporters.items():
        options = ExportOptions(tokenizer="tiny" if "tokenizer" in kind.uses else None)
        for out in ("a", "b"):
            export(ExportRequest("spelling", name, out=Path(out) / name, options=options))
        made = contents(Path("a") / name)
        assert made, name
        assert made == contents(Path("b") / name), name


def test_an_older_plugin_needs_no_options(plugged):
    plugged(exporters=[Old])
    with pytest.warns(PluginDeprecationWarning, match=r"super\(\)\.__init__"):
        result = export(ExportRequest("spelling", "old"))
    assert result.files[0].read_text() == "{'train': 80, 'validation': 10, 'test': 10}"
    assert (result.n_rows, result.left_out) == (100, {})


def test_options_reach_who_heeds_them_and_what_is_left_out_is_told(plugged):
    plugged(exporters=[Brief])
    result = export(ExportRequest("spelling", "brief", options=ExportOptions(system="S")))
    assert result.files[0].read_text() == "S"
    assert (result.n_rows, result.left_out) == (93, {"not wanted": 7})


@pytest.mark.parametrize(
    ("to", "options", "what", "users"),
    [
        ("csv", ExportOptions(tokenizer="tiny"), "--tokenizer was given", "tokenized"),
        ("jsonl", ExportOptions(max_length=3), "--max-length was given", "tokenized"),
        ("qa", ExportOptions(system="S"), "'qa' has no use for it", "gemini, inspect, lm_eval, messages, sharegpt"),
        ("messages", ExportOptions(prompt_format="plain"), "--prompt-format", "lm_eval, tokenized, trl"),
    ],
)
def test_an_option_that_a_format_does_not_heed_is_refused(to, options, what, users):
    with pytest.raises(InputError, match=what) as caught:
        export(ExportRequest("spelling", to, options=options))
    assert users in caught.value.hint
    assert not Path("exports").exists()


@pytest.fixture(params=["memory", "s3"])
def store(request, tmp_path):
    if request.param == "s3":
        request.getfixturevalue("s3")
        return "s3://bucket/out"
    return f"memory://{tmp_path.name}/out"


def in_store(url):
    place = Place.of(url)
    found = {name: place.read(name) for name in place.names()}
    for below in ("train", "validation", "test"):
        found |= {f"{below}/{name}": place.child(below).read(name) for name in place.child(below).names()}
    return found


@pytest.mark.parametrize("to", ["jsonl", "hf", "lm_eval"])
def test_a_store_gets_the_same_bytes(store, to):
    here = export(ExportRequest("spelling", to))
    there = export(ExportRequest("spelling", to, out=Path(store)))
    assert in_store(store) == contents(here.folder)
    assert there.folder == store
    assert sorted(there.files) == sorted(f"{store}/{name}" for name in contents(here.folder))
    with pytest.raises(InputError, match="is there already"):
        export(ExportRequest("spelling", to, out=store))


def test_data_is_read_from_a_store(store, folder):
    place = Place.of(store)
    for name, data in contents(folder.path).items():
        with place.write(name) as file:
            file.write(data)
    export(ExportRequest("spelling", "jsonl", out=Path("here")))
    export(ExportRequest(store, "jsonl", out=Path("there")))
    assert contents(Path("here")) == contents(Path("there"))
    assert export(ExportRequest(store, "csv")).folder == Path("exports/spelling-csv")
    place.remove("test-00000-of-00001.parquet")
    with pytest.raises(InputError, match="is missing") as caught:
        export(ExportRequest(store, "parquet"))
    assert caught.value.where == store


def test_what_breaks_off_leaves_nothing_in_a_store(store, plugged):
    Bad.error = ValueError("no")
    plugged(exporters=[Bad])
    with pytest.raises(PluginError):
        export(ExportRequest("spelling", "bad", out=store))
    assert in_store(store) == {}


def test_a_full_disk_on_the_way_to_a_store(tmp_path, monkeypatch):
    from sdp.exports.jsonl import Jsonl

    monkeypatch.setattr(Jsonl, "write", lambda *_: Path("/dev/full").write_text("x"))
    with pytest.raises(ResourceError, match="No space left on device") as caught:
        export(ExportRequest("spelling", "jsonl", out=f"memory://{tmp_path.name}/out"))
    assert "TMPDIR" in caught.value.hint
