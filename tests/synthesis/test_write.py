"""Writing a data set: manifest last, rejects replaced, floors recounted, nothing of another set taken over."""

import hashlib
import json

import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import contents, make, rows, source

from sdp.api import InputError
from sdp.contract.rows import SPLITS
from sdp.data.atomic import alone
from sdp.data.place import Place
from sdp.progress import SILENT
from sdp.synthesis import shard, write
from sdp.synthesis.shard import PARTS
from sdp.synthesis.write import REQUEST, Workshop, staging_of, write_data


def interrupted(monkeypatch, folder, after, **settings):
    """Begins a data set and breaks off after some shards."""
    made = []

    def make_some(*args):
        if len(made) == after:
            raise KeyboardInterrupt
        made.append(shard.make_shard(*args))
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(write, "make_shard", make_some)
        with pytest.raises(KeyboardInterrupt):
            make(folder, **settings)


def markers_of(folder):
    return sorted(path.name for path in (staging_of(folder) / PARTS).glob("*.parquet.json"))


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_the_manifest_tells_the_truth_by_recount(tmp_path, task):
    folder = make(tmp_path / task, task, 701, rows_per_shard=150, ratios=(0.6, 0.2, 0.2))
    manifest = folder.manifest
    assert sum(facts.rows for facts in manifest.splits.values()) == 701  # what else they say: test_facts
    assert {split: facts.rows for split, facts in manifest.splits.items()} == {
        split: len(folder.table(split)) for split in SPLITS
    }
    for one in manifest.shards:
        content = (folder.path / one.file).read_bytes()
        assert (one.bytes, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert one.rows == pq.read_metadata(folder.path / one.file).num_rows <= 150
    assert manifest.settings["seed"] == 0
    assert manifest.words.hash == source(task).lexicon.hash
    assert {fact.hash for fact in manifest.phrasings} >= {row["template"] for row in rows(folder)}


def test_nothing_lies_there_but_what_belongs_there(tmp_path):
    folder = make(tmp_path / "spelling", rows_per_shard=50)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spelling"]
    assert sorted(contents(folder.path)) == [
        "README.md",
        "distributions.svg",
        "manifest.json",
        "test-00000-of-00001.parquet",
        "train-00000-of-00002.parquet",
        "train-00001-of-00002.parquet",
        "validation-00000-of-00001.parquet",
    ]


def test_shards_of_another_size_hold_the_same_rows(tmp_path):
    one, other = make(tmp_path / "a", rows_per_shard=7), make(tmp_path / "b")
    assert rows(one) == rows(other)


def test_the_example_of_the_card_is_the_first_row_and_the_figure_is_there(tmp_path):
    folder = make(tmp_path / "spelling")
    first = rows(folder)[0]
    card = (folder.path / "README.md").read_text()
    assert first["prompt"] in card
    assert first["completion"] in card
    assert "distributions.svg" in card
    assert (folder.path / "distributions.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_was_broken_off_is_finished_to_the_same_bytes(monkeypatch, tmp_path, after):
    undisturbed = contents(make(tmp_path / "whole", rows_per_shard=20).path)
    interrupted(monkeypatch, tmp_path / "again", after, rows_per_shard=20)
    assert not (tmp_path / "again").exists()
    staging = staging_of(tmp_path / "again")
    assert len(markers_of(tmp_path / "again")) == after
    (staging / ".train-00003-of-00004.parquet.1.tmp").write_text("half")
    finished = {path.name: path.stat().st_mtime_ns for path in staging.glob("*.parquet")}
    assert len(finished) == after
    assert contents(make(tmp_path / "again", rows_per_shard=20).path) == undisturbed
    again = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "again").glob("*.parquet")}
    assert {name: again[name] for name in finished} == finished  # finished shards were not made again


@pytest.mark.parametrize("after", [0, 2, 4])
def test_an_open_task_goes_on_too(monkeypatch, tmp_path, plugged, after):
    plugged(generators=[plugins.Mistaken])
    settings = {"task": "mistaken", "n": 90, "rows_per_shard": 20}
    undisturbed = contents(make(tmp_path / "whole", **settings).path)
    interrupted(monkeypatch, tmp_path / "again", after, **settings)
    assert contents(make(tmp_path / "again", **settings).path) == undisturbed


@pytest.mark.parametrize("after", [3, 7, 10])
def test_rounds_of_replacing_go_on_where_they_broke_off(monkeypatch, tmp_path, plugged, after):
    """Five shards, then those again that lost rows."""
    plugged(validators=[plugins.Fussy])
    settings = {"task": "count", "n": 120, "rows_per_shard": 40}
    undisturbed = contents(make(tmp_path / "whole", **settings).path)
    interrupted(monkeypatch, tmp_path / "a", after, **settings)
    assert contents(make(tmp_path / "a", **settings).path) == undisturbed


def test_a_damaged_shard_of_a_broken_off_run_is_made_again(monkeypatch, tmp_path):
    undisturbed = contents(make(tmp_path / "whole", rows_per_shard=20).path)
    interrupted(monkeypatch, tmp_path / "again", 3, rows_per_shard=20)
    staging = staging_of(tmp_path / "again")
    (staging / "train-00000-of-00004.parquet").write_bytes(b"")
    (staging / "train-00001-of-00004.parquet").unlink()
    (staging / PARTS / "train-00002-of-00004.parquet.json").write_text("{")
    assert contents(make(tmp_path / "again", rows_per_shard=20).path) == undisturbed


def test_an_unfinished_folder_of_other_settings_is_refused_with_the_difference(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 2, rows_per_shard=20)
    before = contents(staging_of(tmp_path / "a"))
    with pytest.raises(InputError, match="beginning of another data set: seed was 0, now 5") as caught:
        make(tmp_path / "a", rows_per_shard=20, seed=5)
    assert "--overwrite" in caught.value.hint
    assert contents(staging_of(tmp_path / "a")) == before
    undisturbed = contents(make(tmp_path / "whole", seed=5).path)
    assert contents(make(tmp_path / "a", seed=5, anew=True).path) == undisturbed


def test_a_beginning_without_a_single_shard_is_nobody_s_loss(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 0)
    assert make(tmp_path / "a", seed=5).manifest.settings["seed"] == 5


def test_shards_without_their_request_are_not_trusted(monkeypatch, tmp_path):
    """A kill in the middle of throwing an unfinished folder away could leave shards of other settings behind."""
    undisturbed = contents(make(tmp_path / "whole", seed=5).path)
    interrupted(monkeypatch, tmp_path / "a", 2, seed=4)
    (staging_of(tmp_path / "a") / REQUEST).unlink()
    assert contents(make(tmp_path / "a", seed=5).path) == undisturbed


@pytest.mark.parametrize("last_step", ["_merge_rejects", "split_facts", "data_card", "example_of", "_clear", "swap_in"])
def test_a_kill_while_finishing_is_made_good(monkeypatch, tmp_path, last_step):
    undisturbed = contents(make(tmp_path / "whole").path)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(write, last_step, die)
        with pytest.raises(KeyboardInterrupt):
            make(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    assert contents(make(tmp_path / "a").path) == undisturbed


def test_two_at_once_are_refused(tmp_path):
    with alone(staging_of(tmp_path / "a")), pytest.raises(InputError, match="another process works on"):
        make(tmp_path / "a")


def test_too_many_rows_leave_nothing_behind(tmp_path):
    with pytest.raises(InputError, match="the capacity is"):
        make(tmp_path / "a", n=10**12)
    assert list(tmp_path.iterdir()) == []


def test_markers_are_json_that_people_can_read(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 1)
    (name,) = markers_of(tmp_path / "a")
    marker = json.loads((staging_of(tmp_path / "a") / PARTS / name).read_text())
    assert (marker["split"], marker["rows"], marker["rejects"]) == ("train", 80, {})


def test_an_engine_may_make_shards_in_any_order(tmp_path):
    """Results come in order; the work may have been done backwards, on other machines, twice."""

    def backwards(work, shared, items):
        listed = list(items)
        done = {item.name: work(shared, item) for item in reversed(listed)}
        yield from (work(shared, item) and done[item.name] for item in listed)

    straight = contents(make(tmp_path / "straight", "count", 200, rows_per_shard=30).path)
    place = Place.of(tmp_path / "backwards")
    write_data(source("count", 200, rows_per_shard=30), Workshop(place, engine=backwards), SILENT)
    assert contents(place.path) == straight


def test_a_store_gets_the_same_files_and_no_marker_stays(tmp_path):
    """In an object store nothing can be renamed: it grows in place, and is no data set before its manifest is there."""
    wanted = contents(make(tmp_path / "a", "count", 200, rows_per_shard=60).path)
    place = Place.of("memory://bucket/count")
    write_data(source("count", 200, rows_per_shard=60), Workshop(place), SILENT)
    assert {name: place.read(name) for name in place.names()} == wanted
    assert place.child(PARTS).names() == []
    with pytest.raises(FileNotFoundError):
        place.read(REQUEST)


@pytest.mark.parametrize("anew", [False, True])
def test_in_a_store_nothing_of_somebody_else_s_goes_away(anew):
    place = Place.of(f"memory://bucket/mine-{anew}")
    place.write_text("thesis.txt", "years of work")
    with pytest.raises(InputError, match=r"is no data set: it holds 'thesis\.txt'"):
        write_data(source(), Workshop(place, anew=anew), SILENT)
    assert place.names() == ["thesis.txt"]


def test_what_was_broken_off_in_a_store_is_finished_there(tmp_path, monkeypatch):
    wanted = contents(make(tmp_path / "a", "count", 200, rows_per_shard=60).path)
    place, data = Place.of("memory://bucket/again"), source("count", 200, rows_per_shard=60)
    made = []

    def some(work, shared, items):
        for item in items:
            if len(made) == 2:
                raise KeyboardInterrupt
            made.append(work(shared, item))
            yield made[-1]

    with pytest.raises(KeyboardInterrupt):
        write_data(data, Workshop(place, engine=some), SILENT)
    assert "manifest.json" not in place.names()
    with pytest.raises(InputError, match="beginning of another data set: seed was 0, now 1"):
        write_data(source("count", 200, rows_per_shard=60, seed=1), Workshop(place), SILENT)
    write_data(data, Workshop(place), SILENT)
    assert {name: place.read(name) for name in place.names()} == wanted


@pytest.mark.parametrize(
    "task",
    ["count", pytest.param("spelling", marks=pytest.mark.slow), pytest.param("position", marks=pytest.mark.slow)],
)
def test_any_number_of_workers_makes_the_same_bytes(tmp_path, task):
    settings = {"n": 260, "rows_per_shard": 40, "noise": ("case",), "style": "trace"}
    one, *others = (make(tmp_path / str(workers), task, workers=workers, **settings) for workers in (1, 2, 3))
    assert [contents(folder.path) == contents(one.path) for folder in others] == [True, True]
