"""Shards: a marker is believed only together with the shard that it describes."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import source

from sdp.api import InputError
from sdp.data.place import Place
from sdp.synthesis.rows import rows_table
from sdp.synthesis.shard import PARTS, Work, make_shard, read_marker, read_tally, rejects_name, tally_name
from sdp.synthesis.tally import COUNTED

NAME = "train-00000-of-00002.parquet"


def work_of(data, folder, **more):
    return Work(data.fingerprint, Place.of(folder), NAME, "train", **({"first": 0, "last": 30} | more))


@pytest.fixture
def made(tmp_path):
    data = source("count", 60)
    work = work_of(data, tmp_path)
    return data, work, make_shard(data, work)


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_it_holds_the_rows_of_its_range(made, tmp_path):
    data, _, done = made
    wanted = rows_table(data.plan, data.plan.splits["train"], 0, 30)
    assert pq.read_table(tmp_path / NAME).to_pylist() == wanted.to_pylist()
    content = (tmp_path / NAME).read_bytes()
    assert (done.rows, done.bytes, done.sha256) == (30, len(content), hashlib.sha256(content).hexdigest())


def test_its_tally_is_a_count_of_its_rows(made, tmp_path):
    data, _, _ = made
    made_rows = pq.read_table(tmp_path / NAME).to_pylist()
    wanted = Counter((name, row[name]) for row in made_rows for name in COUNTED)
    names = data.generator.strata
    wanted.update(("stratum", names[min(row["meta"]["count"], 3)]) for row in made_rows)
    tally = read_tally(Place.of(tmp_path), NAME).to_pylist()
    assert {(one["what"], one["value"]): one["n"] for one in tally} == dict(wanted)


def test_a_made_shard_is_found_again(made, tmp_path):
    data, work, done = made
    before = times(tmp_path)
    assert make_shard(data, work) == done
    assert times(tmp_path) == before
    assert (done.rows, done.rejects, done.missing) == (30, {}, {})


def test_cells_are_numbers_again_after_json(made, tmp_path):
    _, work, done = made
    marker = tmp_path / PARTS / f"{NAME}.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"missing": {"3": 2}}))
    assert read_marker(work) == replace(done, missing={3: 2})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": 1}', "null"])
def test_what_is_no_marker_is_none(made, tmp_path, text):
    _, work, _ = made
    (tmp_path / PARTS / f"{NAME}.json").write_text(text)
    assert read_marker(work) is None


def spoil_shard(folder):
    content = bytearray((folder / NAME).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / NAME).write_bytes(content)


def cut_shard(folder):
    (folder / NAME).write_bytes((folder / NAME).read_bytes()[:-1])


def spoil_tally(folder):
    path = folder / PARTS / tally_name(NAME)
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    "damage",
    [
        spoil_shard,
        cut_shard,
        spoil_tally,
        lambda folder: (folder / NAME).unlink(),
        lambda folder: (folder / PARTS / tally_name(NAME)).unlink(),
        lambda folder: (folder / PARTS / f"{NAME}.json").unlink(),
        lambda folder: (folder / PARTS / f"{NAME}.json").write_text("{"),
    ],
)
def test_a_shard_that_is_not_what_its_marker_says_is_made_again(made, tmp_path, damage):
    data, work, done = made
    before = (tmp_path / NAME).read_bytes()
    damage(tmp_path)
    assert read_marker(work) is None
    assert make_shard(data, work) == done
    assert (tmp_path / NAME).read_bytes() == before


def test_a_shard_of_another_plan_or_round_is_made_again(made):
    _, work, _ = made
    assert read_marker(replace(work, fingerprint="0" * 16)) is None
    assert read_marker(replace(work, refills=(((0, 5, 6),),))) is None


def test_a_source_that_is_not_what_the_plan_was_made_from_is_refused(made, tmp_path):
    data, work, _ = made
    with pytest.raises(InputError, match="changed while rows were made"):
        make_shard(data, replace(work, fingerprint="0" * 16, place=Place.of(tmp_path / "other")))


def test_rejected_rows_are_counted_by_cell_and_kept_with_their_reason(tmp_path, plugged):
    plugged(validators=[plugins.Picky])
    data = source("count", 60)
    done = make_shard(data, work_of(data, tmp_path))
    kept = pq.read_table(tmp_path / NAME).to_pylist()
    lost = pq.read_table(tmp_path / PARTS / rejects_name(NAME)).to_pylist()
    assert 0 < len(lost) < 30
    assert done.rows == len(kept) == 30 - len(lost)
    assert sum(done.missing.values()) == done.rejects["picky: there is an e"] == len(lost)
    assert not any("e" in row["key"] for row in kept)
    assert all("e" in row["key"] and row["reason"] == "picky: there is an e" for row in lost)
    cells = data.plan.splits["train"].cells
    strata = Counter(min(row["meta"]["count"], 3) for row in lost)
    assert Counter({s: n for s, n in strata.items() if n}) == sum(
        (Counter({cells[cell].stratum: n}) for cell, n in done.missing.items()), Counter()
    )


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_a_shard_whose_rejects_were_lost_is_made_again(tmp_path, plugged, damage):
    """They are merged into one file when all shards are there: it must not break off then, nor miss any."""
    plugged(validators=[plugins.Fussy])
    data = source("count", 60)
    done = make_shard(data, work_of(data, tmp_path))
    path = tmp_path / PARTS / rejects_name(NAME)
    before = path.read_bytes()
    damage(path)
    assert make_shard(data, work_of(data, tmp_path)) == done
    assert path.read_bytes() == before


def test_rows_that_replace_rejected_ones_come_behind_and_only_the_last_round_s_are_missing(tmp_path, plugged):
    plugged(validators=[plugins.Picky])
    data = source("count", 60)
    first = make_shard(data, work_of(data, tmp_path))
    kept = pq.read_table(tmp_path / NAME).to_pylist()
    cell = next(iter(first.missing))
    quota = data.plan.splits["train"].cells[cell].quota
    again = make_shard(data, work_of(data, tmp_path, refills=(((cell, quota, quota + 8),),)))
    both = pq.read_table(tmp_path / NAME).to_pylist()
    assert both[: len(kept)] == kept
    assert 0 < len(both) - len(kept) < 8
    assert set(again.missing) == {cell}
    assert again.missing[cell] == 8 - (len(both) - len(kept))
    assert again.refills == 1


def test_a_shard_whose_rows_are_all_refused_is_a_file_without_rows(tmp_path, plugged):
    plugged(validators=[plugins.Never])
    data = source("spelling", 60)
    done = make_shard(data, work_of(data, tmp_path))
    assert (done.rows, sum(done.missing.values())) == (0, 30)
    assert pq.read_table(tmp_path / NAME).num_rows == 0
    assert make_shard(data, work_of(data, tmp_path)) == done
