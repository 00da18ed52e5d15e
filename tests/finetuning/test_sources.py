import json
import shutil
from pathlib import Path

import pytest

from sdp.errors import InputError
from sdp.finetuning.sources import as_text, joined, newest_data, open_source, read_part, trains_traces


def test_the_newest_data_set_is_found(data: Path) -> None:
    assert newest_data(data).task == "spelling"


def test_data_for_benchmarks_is_not_training_data(tmp_path: Path, data_root: Path) -> None:
    shutil.copytree(data_root / "position", tmp_path / "data" / "bench" / "position")
    with pytest.raises(InputError) as caught:
        newest_data(tmp_path / "data")
    assert "sdp generate spelling" in str(caught.value)


def test_no_data_says_how_to_make_some(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        newest_data(tmp_path / "data")
    assert "sdp generate spelling --n 50000" in str(caught.value)


def test_a_source_is_a_task_or_a_folder(data: Path) -> None:
    assert open_source("position", data).task == "position"
    assert open_source(str(data / "position"), Path("elsewhere")).task == "position"


def test_an_unknown_source_is_refused_with_near_names(data: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_source("speling", data)
    assert "did you mean 'spelling'?" in str(caught.value)
    with pytest.raises(InputError) as caught:
        open_source("count", Path("elsewhere"))
    assert "sdp generate count" in str(caught.value)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "spelling").mkdir(parents=True)
    with pytest.raises(InputError, match=r"manifest\.json"):
        open_source("spelling", tmp_path / "data")


def test_a_changed_shard_is_refused_by_name(data_root: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_root / "spelling", tmp_path / "spelling"))
    shard = next(folder.glob("train-*.parquet"))
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(bytes(content))
    with pytest.raises(InputError, match=shard.name):
        open_source(str(folder), tmp_path)


def test_an_empty_train_split_is_refused(data_root: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_root / "spelling", tmp_path / "spelling"))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["splits"]["train"]["rows"] = 0
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="no train rows"):
        open_source(str(folder), tmp_path)


def test_the_style_chooses_what_is_trained(data: Path) -> None:
    folder = open_source("position", data)
    assert trains_traces(folder)
    assert not trains_traces(open_source("spelling", data))
    rows = folder.table("train")
    worked, bare = (read_part(folder, 1, "train", style).table for style in ("auto", "direct"))
    assert worked["text"].to_pylist() == rows["completion"].to_pylist()
    assert bare["text"].to_pylist() == rows["answer"].to_pylist()
    assert worked["text"] != bare["text"]
    prompts, texts, ids = joined([as_text(rows, "trace"), as_text(rows, "direct")])
    assert ids.tolist() == rows["id"].to_pylist() * 2
    assert prompts == rows["prompt"].to_pylist() * 2
    assert texts == rows["completion"].to_pylist() + rows["answer"].to_pylist()
