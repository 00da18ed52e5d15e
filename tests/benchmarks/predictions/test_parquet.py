import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdp.benchmarks.predictions.parquet import column_names, read_parquet
from sdp.errors import InputError


def test_our_ids_become_hexadecimal_digits_and_other_numbers_stay(tmp_path):
    path = tmp_path / "a.parquet"
    columns = {"id": pa.array([255, None], pa.uint64()), "n": [1, 2], "said": ["a", None]}
    pq.write_table(pa.table(columns), path, row_group_size=1)
    assert list(read_parquet(path).records) == [
        (1, {"id": f"{255:016x}", "n": 1, "said": "a"}),
        (2, {"id": None, "n": 2, "said": None}),
    ]
    assert column_names(path) == ["id", "n", "said"]


@pytest.mark.parametrize("data", [b"", b"no parquet at all", b"PAR1....PAR1"])
def test_what_is_no_parquet_file_is_refused(tmp_path, data):
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    with pytest.raises(InputError, match="is no Parquet file"):
        list(read_parquet(path).records)


def test_no_rows_and_no_file(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"said": pa.array([], pa.string())}), path)
    with pytest.raises(InputError, match="has no rows"):
        list(read_parquet(path).records)
    with pytest.raises(InputError, match="there is no file"):
        column_names(tmp_path / "b.parquet")
