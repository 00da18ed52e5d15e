"""Shards: a marker is believed only together with the shard that it describes."""

import json
from dataclasses import replace

import pytest
from tests.synthesis.made import source

from sdp.api import InputError
from sdp.synthesis.shard import Work, make_shard, make_shard_apart, read_marker


@pytest.fixture
def made(tmp_path):
    data = source("count", 60)
    work = Work(data.settings, data.fingerprint, tmp_path, "train-r0-00000", "train", first=0, last=30)
    return data, work, make_shard(data, work)


def test_a_made_shard_is_found_again(made, tmp_path):
    data, work, done = made
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert make_shard(data, work) == done
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert (done.rows, done.rejects, done.missing) == (30, {}, {})


def test_cells_are_numbers_again_after_json(made, tmp_path):
    _, _, done = made
    marker = tmp_path / "train-r0-00000.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"missing": {"3": 2}}))
    assert read_marker(marker) == replace(done, missing={3: 2})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": 1}', "null"])
def test_what_is_no_marker_is_none(made, tmp_path, text):
    (tmp_path / "train-r0-00000.json").write_text(text)
    assert read_marker(tmp_path / "train-r0-00000.json") is None


def test_a_worker_makes_the_same_shard(made, tmp_path):
    _, work, done = made
    (tmp_path / "apart").mkdir()
    assert make_shard_apart(replace(work, folder=tmp_path / "apart")) == done


def test_a_worker_whose_words_changed_refuses(made, tmp_path):
    _, work, _ = made
    with pytest.raises(InputError, match="changed while rows were made"):
        make_shard_apart(replace(work, fingerprint="0" * 16))
