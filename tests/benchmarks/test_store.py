import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks import store
from sdp.benchmarks.result import BenchResult, ModelResult, Score, TaskResult
from sdp.benchmarks.store import METRICS, ROWS, bench_folder, save
from sdp.errors import InputError, ResourceError

SCORE = Score("exact_match", 0.5, None, None, "exact_match: …")
TASK = TaskResult("count", 2, 2, 0.5, "1", {"em": SCORE})
RESULT = BenchResult(
    created="2026-01-01T00:00:00+00:00",
    models=[ModelResult("m", "tiny", None, {"count": TASK}, 2, 9, 4, 0.1)],
    comparisons=[],
    settings={"seed": 0},
    data=[],
    claim="",
)
ROWS_TABLE = bench_rows("m", [0, 1])


def test_scores_and_rows_come_back(tmp_path):
    folder = tmp_path / "run" / "bench" / "now"
    save(folder, RESULT, ROWS_TABLE)
    assert pq.read_table(folder / ROWS) == ROWS_TABLE
    metrics = json.loads((folder / METRICS).read_text())
    assert metrics["models"][0]["tasks"]["count"]["scores"]["em"]["value"] == 0.5
    assert sorted(path.name for path in folder.iterdir()) == sorted([METRICS, ROWS])
    assert [path.name for path in folder.parent.iterdir()] == ["now"]


@pytest.mark.parametrize("step", ["write_json", "write_table"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("broken")])
def test_what_breaks_off_leaves_nothing(tmp_path, monkeypatch, step, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(store if step == "write_json" else store.pq, step, fail)
    with pytest.raises(type(error)):
        save(tmp_path / "bench", RESULT, ROWS_TABLE)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.pq, "write_table", full)
    with pytest.raises(ResourceError, match="No space"):
        save(tmp_path / "bench", RESULT, ROWS_TABLE)


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    leftover = tmp_path / ".bench.tmp"
    leftover.mkdir()
    (leftover / ROWS).write_text("half")
    save(tmp_path / "bench", RESULT, ROWS_TABLE)
    assert [path.name for path in tmp_path.iterdir()] == ["bench"]


def test_nothing_is_overwritten(tmp_path):
    save(tmp_path / "bench", RESULT, ROWS_TABLE)
    with pytest.raises(InputError, match="there already"):
        save(tmp_path / "bench", RESULT, ROWS_TABLE)


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "bench").mkdir()
    save(tmp_path / "bench", RESULT, ROWS_TABLE)
    assert (tmp_path / "bench" / METRICS).is_file()


def test_two_benches_of_one_second_get_two_folders(tmp_path):
    time = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    first = bench_folder(tmp_path, time)
    save(first, RESULT, ROWS_TABLE)
    second = bench_folder(tmp_path, time)
    assert (first.name, second.name) == ("20260102-030405", "20260102-030405-2")
