"""Writing a data set of which rows are refused: replaced to exactly n, kept with their reasons, or an end with one."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make, rows, source

from sdp.api import InputError, PluginError
from sdp.contract.rows import SPLITS
from sdp.synthesis.rows import rows_table
from sdp.synthesis.shard import PARTS


def test_rejected_rows_are_replaced_and_kept_with_their_reasons(tmp_path, plugged):
    plugged(validators=[plugins.Picky])
    folder = make(tmp_path / "count", "count", 103, rows_per_shard=50, words="wordfreq:en:5000")
    made = rows(folder)
    assert len(made) == len({row["id"] for row in made}) == 103
    assert not any("e" in row["key"] for row in made)
    assert [folder.n_rows(split) for split in SPLITS] == [83, 10, 10]
    rejects = pq.read_table(folder.path / "rejects.parquet").to_pylist()
    assert all("e" in row["key"] and row["reason"] == "picky: there is an e" for row in rejects)
    assert folder.manifest.rejects == {"picky: there is an e": len(rejects)}
    assert len(rejects) == len({row["id"] for row in rejects})
    assert not {row["id"] for row in rejects} & {row["id"] for row in made}
    balance = Counter(min(row["meta"]["count"], 3) for row in made if row["split"] == "train")
    assert max(balance.values()) - min(balance.values()) <= 1  # a rejected row's place goes to its own kind


def test_rows_that_stay_are_those_that_were_planned_in_their_order(tmp_path, plugged):
    before = rows(make(tmp_path / "before", "count", 303, rows_per_shard=100))
    plugged(validators=[plugins.Fussy])
    after = [row["id"] for row in rows(make(tmp_path / "after", "count", 303, rows_per_shard=100))]
    kept = [row["id"] for row in before if row["id"] % 4]
    assert 200 < len(kept) < 260
    assert [one for one in after if one in set(kept)] == kept


def test_several_rounds_are_made_until_none_is_missing(tmp_path, plugged):
    """Half of the rows refused: half of what replaces them is refused, too, and so on."""

    class Half(plugins.Never):
        name = "half"

        def reasons(self, table):
            refused = np.asarray(table["id"]) % 2 == 0
            return pc.if_else(pa.array(refused), "even", pa.scalar(None, pa.string()))

    plugged(validators=[Half])
    folder = make(tmp_path / "a", "position", 200, rows_per_shard=60)
    made = rows(folder)
    assert len({row["id"] for row in made}) == 200
    assert all(row["id"] % 2 for row in made)
    assert [folder.n_rows(split) for split in SPLITS] == [160, 20, 20]
    assert [one.rows for one in folder.manifest.shards] == [60, 60, 40, 20, 20]
    rejects = pq.read_table(folder.path / "rejects.parquet")["id"].to_pylist()
    assert len(rejects) == len(set(rejects)) == folder.manifest.rejects["half: even"]
    assert 120 < len(rejects) < 290  # 200 are expected
    assert not (folder.path / PARTS).exists()


@pytest.mark.parametrize("size", [33, 200])
def test_all_rows_that_were_planned_and_refused_are_among_the_rejects(tmp_path, plugged, size):
    data = source("count", 200)
    planned = [one for split in data.plan.splits.values()
               for one in rows_table(data.plan, split, 0, split.n_rows)["id"].to_pylist()]  # fmt: skip
    plugged(validators=[plugins.Fussy])
    folder = make(tmp_path / "a", "count", 200, rows_per_shard=size)
    rejects = set(pq.read_table(folder.path / "rejects.parquet")["id"].to_pylist())
    assert {one for one in planned if one % 4 == 0} <= rejects
    assert {one for one in planned if one % 4} <= {row["id"] for row in rows(folder)}


def test_an_oracle_that_disagrees_takes_rows_out(tmp_path, plugged):
    plugged(generators=[plugins.Misspelling])
    folder = make(tmp_path / "misspelling", "misspelling", 100)
    assert len(rows(folder)) == 100
    assert not any(row["answer"] == "?" for row in rows(folder))
    assert sum(folder.manifest.rejects.values()) > 5
    assert all(reason.startswith("oracle: the oracle says '") for reason in folder.manifest.rejects)


def test_a_shard_that_loses_all_its_rows_is_filled_with_others(tmp_path, plugged):
    """What is read first must still be a row."""

    class FirstShard(plugins.Never):
        name = "first_shard"

        def reasons(self, table):
            refused = np.isin(np.asarray(table["id"]), first)
            return pc.if_else(pa.array(refused), "no", pa.scalar(None, pa.string()))

    first = np.array([row["id"] for row in rows(make(tmp_path / "before", rows_per_shard=20))[:20]], dtype=np.uint64)
    plugged(validators=[FirstShard])
    folder = make(tmp_path / "after", rows_per_shard=20)
    assert [folder.n_rows(split) for split in SPLITS] == [80, 10, 10]
    assert [one.rows for one in folder.manifest.shards] == [20, 20, 20, 20, 10, 10]
    assert list(folder.manifest.splits) == list(SPLITS)
    assert folder.manifest.rejects == {"first_shard: no": 20}
    assert not {row["id"] for row in rows(folder)} & set(first.tolist())


@pytest.mark.parametrize(
    ("task", "n", "more"), [("spelling", 90, {"strata": ("dots",)}), ("mirror", 150, {}), ("ten", 8, {})]
)
def test_a_validator_that_rejects_everything_ends_with_its_reason(tmp_path, plugged, task, n, more):
    plugged(validators=[plugins.Never], generators=[plugins.Mirror, plugins.Ten])
    with pytest.raises(InputError, match="rejected") as caught:
        make(tmp_path / task, task, n, ratios=(1, 0, 0), **more)
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
