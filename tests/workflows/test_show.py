"""`sdp show` as a function: with and without data."""

from pathlib import Path

import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make

from sdp.api import InputError, TemplateError
from sdp.workflows.show import ShowRequest, show


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_rows_are_made_on_the_spot(task):
    result = show(ShowRequest(task, rows=5))
    assert len(result.rows) == 5
    assert {(row.task, row.split) for row in result.rows} == {(task, "test")}
    assert (result.folder, result.splits) == (None, {})
    assert result.n_phrasings >= 16
    assert result.n_held_out == result.n_phrasings // 4
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
    assert [row.id for row in result.rows] == [f"{i:016x}" for i in folder.table("train")["id"].to_pylist()[:7]]
    assert result.splits["train"]["rows"] == 90
    assert show(ShowRequest("spelling", rows=3, split="test")).rows[0].split == "train"  # it has no test rows
    assert len(show(ShowRequest("spelling", rows=1_000, split="validation")).rows) == 10


def test_an_open_task(plugged):
    plugged(generators=[plugins.Mirror])
    result = show(ShowRequest("mirror", rows=6))
    assert len(result.rows) == 6
    assert (result.strata, result.n_phrasings) == ([], 2)


def test_bad_requests():
    with pytest.raises(InputError, match="unknown task 'cuont'"):
        show(ShowRequest("cuont"))
    with pytest.raises(TemplateError, match="no phrasings for 'count' in language 'tlh'"):
        show(ShowRequest("count", language="tlh"))
