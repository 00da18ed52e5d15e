"""Writing a data set: manifest last, rejects replaced, floors recounted, nothing of another set taken over."""

import hashlib
import json
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import contents, make, rows, source

from sdp.api import InputError, PluginError
from sdp.contract.rows import SPLITS
from sdp.data.atomic import alone
from sdp.progress import SILENT
from sdp.synthesis import shard, write
from sdp.synthesis.write import REQUEST, staging_of, write_data


def interrupted(monkeypatch, folder, after, **settings):
    """Begins a data set and breaks off after some shards."""
    real, made = shard.make_shard, []

    def make_some(*args):
        if len(made) == after:
            raise KeyboardInterrupt
        made.append(real(*args))
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(write, "make_shard", make_some)
        with pytest.raises(KeyboardInterrupt):
            make(folder, **settings)


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_the_manifest_tells_the_truth_by_recount(tmp_path, task):
    folder = make(tmp_path / task, task, 701, rows_per_shard=150, ratios=(0.6, 0.2, 0.2))
    manifest = folder.manifest
    assert sum(facts.rows for facts in manifest.splits.values()) == 701
    for split, facts in manifest.splits.items():
        made = folder.table(split).to_pylist()
        answers = Counter(row["answer"] for row in made)
        most = max(answers.values())
        assert (facts.rows, facts.floor) == (len(made), most / len(made))
        assert facts.floor_answer == min(answer for answer, n in answers.items() if n == most)
        assert facts.keys == len({row["key"] for row in made})
        assert facts.families == len({row["family"] for row in made})
        assert facts.capacity >= facts.rows
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
        "manifest.json",
        "test-00000-of-00001.parquet",
        "train-00000-of-00002.parquet",
        "train-00001-of-00002.parquet",
        "validation-00000-of-00001.parquet",
    ]


def test_shards_of_another_size_hold_the_same_rows(tmp_path):
    one, other = make(tmp_path / "a", rows_per_shard=7), make(tmp_path / "b")
    assert rows(one) == rows(other)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_what_was_broken_off_is_finished_to_the_same_bytes(monkeypatch, tmp_path, after):
    undisturbed = contents(make(tmp_path / "whole", rows_per_shard=20).path)
    interrupted(monkeypatch, tmp_path / "again", after, rows_per_shard=20)
    assert not (tmp_path / "again").exists()
    staging = staging_of(tmp_path / "again")
    markers = {path.name: path.stat().st_mtime_ns for path in staging.glob("*-r0-*.json")}
    assert len(markers) == after
    (staging / ".train-r0-00009.parquet.1.tmp").write_text("half")
    kept = []
    real = shard.write_shard
    with monkeypatch.context() as patch:
        patch.setattr(shard, "write_shard", lambda table, path: kept.append(path.name) or real(table, path))
        assert contents(make(tmp_path / "again", rows_per_shard=20).path) == undisturbed
    assert len(kept) == 6 - after  # finished shards were not made again


def test_a_damaged_shard_of_a_broken_off_run_is_made_again(monkeypatch, tmp_path):
    undisturbed = contents(make(tmp_path / "whole", rows_per_shard=20).path)
    interrupted(monkeypatch, tmp_path / "again", 3, rows_per_shard=20)
    staging = staging_of(tmp_path / "again")
    (staging / "train-r0-00000.parquet").write_bytes(b"")
    (staging / "train-r0-00001.parquet").unlink()
    (staging / "train-r0-00002.json").write_text("{")
    assert contents(make(tmp_path / "again", rows_per_shard=20).path) == undisturbed


def test_an_unfinished_folder_of_other_settings_is_refused_with_the_difference(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 2, rows_per_shard=20)
    before = contents(staging_of(tmp_path / "a"))
    with pytest.raises(InputError, match="beginning of another data set: seed was 0, now 5") as caught:
        make(tmp_path / "a", rows_per_shard=20, seed=5)
    assert "--overwrite" in caught.value.hint
    assert contents(staging_of(tmp_path / "a")) == before
    write_data(source(seed=5), tmp_path / "a", workers=1, progress=SILENT, anew=True)
    assert (tmp_path / "a" / "manifest.json").is_file()


def test_a_beginning_without_a_single_shard_is_nobody_s_loss(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 0)
    assert make(tmp_path / "a", seed=5).manifest.settings["seed"] == 5


def test_shards_without_their_request_are_not_trusted(monkeypatch, tmp_path):
    """A kill in the middle of throwing an unfinished folder away could leave shards of other settings behind."""
    undisturbed = contents(make(tmp_path / "whole", seed=5).path)
    interrupted(monkeypatch, tmp_path / "a", 2, seed=4)
    (staging_of(tmp_path / "a") / REQUEST).unlink()
    assert contents(make(tmp_path / "a", seed=5).path) == undisturbed


@pytest.mark.parametrize("last_step", ["_merge_rejects", "write_text", "swap_in"])
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


def test_rejected_rows_are_replaced_and_kept_with_their_reasons(tmp_path, plugged):
    plugged(validators=[plugins.Picky])
    folder = make(tmp_path / "count", "count", 303, rows_per_shard=100, words="wordfreq:en:5000")
    made = rows(folder)
    assert len(made) == len({row["id"] for row in made}) == 303
    assert not any("e" in row["key"] for row in made)
    assert [folder.n_rows(split) for split in SPLITS] == [243, 30, 30]
    rejects = pq.read_table(folder.path / "rejects.parquet").to_pylist()
    assert all("e" in row["key"] and row["reason"] == "picky: there is an e" for row in rejects)
    assert folder.manifest.rejects == {"picky: there is an e": len(rejects)}
    assert not {row["id"] for row in rejects} & {row["id"] for row in made}
    balance = Counter(min(row["meta"]["count"], 3) for row in made if row["split"] == "train")
    assert max(balance.values()) - min(balance.values()) <= 1  # a rejected row's place goes to its own kind


def test_an_oracle_that_disagrees_takes_rows_out(tmp_path, plugged):
    plugged(generators=[plugins.Misspelling])
    folder = make(tmp_path / "misspelling", "misspelling", 100)
    assert len(rows(folder)) == 100
    assert not any(row["answer"] == "?" for row in rows(folder))
    assert sum(folder.manifest.rejects.values()) > 5
    assert all(reason.startswith("oracle: the oracle says '") for reason in folder.manifest.rejects)


def test_a_shard_without_a_row_left_is_no_shard(tmp_path, plugged):
    """All rows of the first shard rejected: what is read first must still be a row."""

    class FirstShard(plugins.Never):
        name = "first_shard"

        def reasons(self, table):
            rejected = table["id"][0].as_py() == first
            return super().reasons(table) if rejected else pa.nulls(table.num_rows, pa.string())

    first = rows(make(tmp_path / "before", rows_per_shard=20))[0]["id"]
    plugged(validators=[FirstShard])
    folder = make(tmp_path / "after", rows_per_shard=20)
    assert [folder.n_rows(split) for split in SPLITS] == [80, 10, 10]
    assert all(one.rows for one in folder.manifest.shards)
    assert list(folder.manifest.splits) == list(SPLITS)
    assert sum(folder.manifest.rejects.values()) == 20


@pytest.mark.parametrize(("task", "n"), [("spelling", 90), ("mirror", 150), ("ten", 8)])
def test_a_validator_that_rejects_everything_ends_with_its_reason(tmp_path, plugged, task, n):
    plugged(validators=[plugins.Never], generators=[plugins.Mirror, plugins.Ten])
    with pytest.raises(InputError, match="rejected") as caught:
        make(tmp_path / task, task, n, ratios=(1, 0, 0))
    assert not (tmp_path / task).exists()
    assert "never: no" in caught.value.what


@pytest.mark.parametrize(
    ("kinds", "task", "what"),
    [
        ({"validators": [plugins.Broken]}, "spelling", "validator 'broken': KeyError"),
        ({"generators": [plugins.Lopsided]}, "lopsided", "lopsided: n_items: ZeroDivisionError"),
    ],
)
def test_a_plugin_that_fails_is_named(tmp_path, plugged, kinds, task, what):
    plugged(**kinds)
    with pytest.raises(PluginError, match=what):
        make(tmp_path / "a", task)


def test_markers_are_json_that_people_can_read(monkeypatch, tmp_path):
    interrupted(monkeypatch, tmp_path / "a", 1)
    marker = json.loads((staging_of(tmp_path / "a") / "train-r0-00000.json").read_text())
    assert (marker["split"], marker["rows"], marker["rejects"]) == ("train", 80, {})
