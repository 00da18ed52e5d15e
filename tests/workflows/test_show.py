"""`sdp show` as a function: with and without data."""

import shutil
from pathlib import Path

import pytest
from tests.data import filled
from tests.synthesis import plugins
from tests.synthesis.made import make

from sdp.api import InputError, TemplateError
from sdp.workflows.show import ShowRequest, show


def ids(request):
    return [row.id for row in show(request).rows]


def stored(folder, split):
    return [f"{number:016x}" for number in folder.table(split)["id"].to_pylist()]


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_rows_are_made_on_the_spot(task):
    result = show(ShowRequest(task, rows=5))
    assert len(result.rows) == 5
    assert {(row.task, row.split) for row in result.rows} == {(task, "test")}
    assert (result.folder, result.splits, result.manifest) == (None, {}, None)
    assert result.n_phrasings >= 16
    assert 0 < result.n_held_out < result.n_phrasings / 2
    assert result.strata
    assert result.description.endswith(".")
    assert list(Path().iterdir()) == []


def test_seed_style_and_split_are_minded():
    rows = show(ShowRequest("count", 5, "train", 7, "trace")).rows
    assert all("\n" in row.completion and row.split == "train" for row in rows)
    assert [row.id for row in rows] != [row.id for row in show(ShowRequest("count", 5, "train", 8, "trace")).rows]


def test_rows_of_the_data_set_when_there_is_one():
    folder = make(Path("data/spelling"), rows_per_shard=4, ratios=(0.9, 0.1, 0))
    result = show(ShowRequest("spelling", rows=7, split="train"))
    assert result.folder == folder.path
    assert result.manifest == folder.manifest
    assert [row.id for row in result.rows] == stored(folder, "train")[:7]
    assert result.splits["train"]["rows"] == 90
    assert show(ShowRequest("spelling", rows=3)).rows[0].split == "train"  # it has no test rows
    assert len(show(ShowRequest("spelling", rows=1_000, split="validation")).rows) == 10
    with pytest.raises(InputError, match="has no test rows"):
        show(ShowRequest("spelling", split="test"))


def test_a_folder_anywhere():
    folder = make(Path("elsewhere/mine"), "count", 40)
    assert ids(ShowRequest("elsewhere/mine", 3)) == stored(folder, "test")[:3]
    make(Path("data/count"), "count", 60)
    assert show(ShowRequest("elsewhere/mine")).manifest.settings["n"] == 40
    assert show(ShowRequest("count")).manifest.settings["n"] == 60


def test_a_data_set_whose_task_is_not_installed():
    folder = make(Path("data/count"), "count", 40)
    folder.manifest.model_copy(update={"task": "gone"}).save(folder.path)
    result = show(ShowRequest("data/count", 2))
    assert (result.task, result.description, len(result.rows)) == ("gone", "", 2)


@pytest.mark.parametrize("n", [1, 7, 20, 99, 100, 500])
def test_a_sample_is_shared_out_over_the_splits(n):
    folder = make(Path("data/count"), "count", 100, rows_per_shard=13)
    rows = show(ShowRequest("count", sample=n)).rows
    assert len(rows) == len({row.id for row in rows}) == min(n, 100)
    for split, size in (("train", 80), ("validation", 10), ("test", 10)):
        found = {row.id for row in rows if row.split == split}
        assert found <= set(stored(folder, split))
        assert abs(len(found) - min(n, 100) * size / 100) < 1


def test_a_sample_follows_from_its_seed():
    make(Path("data/count"), "count", 200)
    sample = ids(ShowRequest("count", sample=40, split="train"))
    assert sample == ids(ShowRequest("count", sample=40, split="train"))
    assert sample[:15] == ids(ShowRequest("count", sample=15, split="train"))
    assert sample != ids(ShowRequest("count", sample=40, split="train", seed=1))
    # Neighbouring seeds share no more than chance: 40 of 160 twice share 10 on average, more than 20 hardly ever.
    assert len(set(sample) & set(ids(ShowRequest("count", sample=40, split="train", seed=1)))) <= 20


def test_a_sample_is_no_stretch_of_the_file():
    folder = make(Path("data/count"), "count", 200)
    order = stored(folder, "train")
    places = [order.index(one) for one in ids(ShowRequest("count", sample=40, split="train"))]
    assert places != sorted(places)
    assert min(places) < 40
    assert max(places) >= 120


def test_a_sample_without_data_is_made():
    rows = show(ShowRequest("position", sample=20)).rows
    assert [row.split for row in rows] == ["train"] * 16 + ["validation"] * 2 + ["test"] * 2
    assert {row.split for row in show(ShowRequest("position", sample=5, split="train")).rows} == {"train"}


def test_an_open_task(plugged):
    plugged(generators=[plugins.Mirror])
    result = show(ShowRequest("mirror", rows=6))
    assert len(result.rows) == 6
    assert (result.strata, result.n_phrasings) == ([], 2)
    assert len(show(ShowRequest("mirror", sample=10)).rows) == 10


def test_bad_requests():
    with pytest.raises(InputError, match="unknown task 'cuont'"):
        show(ShowRequest("cuont"))
    with pytest.raises(TemplateError, match="no phrasings for 'count' in language 'tlh'"):
        show(ShowRequest("count", language="tlh"))
    with pytest.raises(InputError, match="there is no folder 'data/count'"):
        show(ShowRequest("data/count"))
    with pytest.raises(InputError, match="there is no data set 'count'") as caught:
        show(ShowRequest("count", rows=0, stats=True))
    assert "sdp generate count" in caught.value.hint
    Path("empty").mkdir()
    with pytest.raises(InputError, match="'empty' holds no finished data set"):
        show(ShowRequest("empty"))


def test_damage_is_named():
    folder = make(Path("data/count"), "count", 40)
    file = folder.files("test")[0]
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(InputError, match="was changed after it was written"):
        show(ShowRequest("count"))
    file.write_bytes(b"\0" * len(whole))
    with pytest.raises(InputError, match=r"shard 'test-.*' cannot be read"):
        show(ShowRequest("count"))
    file.unlink()
    with pytest.raises(InputError, match=r"shard 'test-.*' is missing"):
        show(ShowRequest("count", sample=3))


def test_kinds_of_question_come_from_the_manifest():
    folder = make(Path("data/count"), "count", 40)
    splits = {split: filled.split_facts(facts.rows) for split, facts in folder.manifest.splits.items()}
    folder.manifest.model_copy(update={"splits": splits}).save(folder.path)
    assert show(ShowRequest("count", 1)).strata == ["zero", "more"]
    shutil.rmtree(folder.path)
    assert show(ShowRequest("count", 1)).strata == ["zero", "one", "two", "three_or_more"]
