import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.predictions.bench_rows import asked_in_bench, bench_file, read_bench
from sdp.benchmarks.result import ASKED, LIKELIHOODS
from sdp.errors import InputError


def save(folder, *tables):
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.concat_tables(tables), folder / "rows.parquet")
    return folder / "rows.parquet"


def test_one_entry_per_model_with_ids_and_likelihoods(tmp_path):
    path = save(tmp_path / "b", bench_rows("base", [0, 1]), bench_rows("new", [1, 1], nll=[2.0, 3.0]))
    base, new = read_bench(path)
    assert (base.label, new.label) == ("base", "new")
    assert base.outputs == ["b", "a"]
    assert base.names == ["0" * 16, "0" * 15 + "1"]
    assert base.numbers.tolist() == [0, 1]
    assert base.is_ours
    assert new.likelihoods.schema == LIKELIHOODS
    assert new.likelihoods["nll"].to_pylist() == [2.0, 3.0]
    assert [one.label for one in read_bench(path, "new")] == ["new"]


def test_an_earlier_scoring_has_no_likelihoods(tmp_path):
    path = save(tmp_path / "b", bench_rows("m", [0, 1], nll=[None, None]))
    assert read_bench(path)[0].likelihoods is None


def test_questions_come_once(tmp_path):
    rows = bench_rows("base", [0, 1])
    path = save(tmp_path / "b", rows, bench_rows("new", [1, 1, 0]))
    asked = asked_in_bench(path)
    assert asked.schema == ASKED
    assert asked["id"].to_pylist() == [0, 1, 2]
    assert asked.slice(0, 2) == rows.select(ASKED.names)


def test_what_is_the_rows_of_a_bench(tmp_path):
    path = save(tmp_path / "b", bench_rows("m", [1]))
    assert bench_file(tmp_path / "b") == path
    assert bench_file(path) == path
    pq.write_table(pa.table({"label": ["m"]}), tmp_path / "other.parquet")
    (tmp_path / "a.txt").touch()
    assert [bench_file(tmp_path / name) for name in ("other.parquet", "a.txt", ".", "none.parquet")] == [None] * 4


def test_what_cannot_be_used_is_refused(tmp_path):
    path = save(tmp_path / "b", bench_rows("base", [1]))
    with pytest.raises(InputError, match="no model 'bas' was benched") as caught:
        read_bench(path, "bas")
    assert "did you mean 'base'? models are: base" in caught.value.hint
    with pytest.raises(InputError, match="has no rows"):
        read_bench(save(tmp_path / "c", bench_rows("m", [])))
    (tmp_path / "c" / "rows.parquet").write_bytes(b"x")
    with pytest.raises(InputError, match="cannot be read"):
        read_bench(tmp_path / "c" / "rows.parquet")
    pq.write_table(pa.table({"label": ["m"]}), tmp_path / "c" / "rows.parquet")
    with pytest.raises(InputError, match="has no column 'answer'"):
        read_bench(tmp_path / "c" / "rows.parquet")
