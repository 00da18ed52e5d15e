import csv

import pytest

from sdp.benchmarks.predictions.delimited import read_csv, read_tsv
from sdp.errors import InputError


def records(tmp_path, data, read=read_csv):
    path = tmp_path / "a.csv"
    path.write_bytes(data.encode())
    return list(read(path).records)


def test_quotes_line_breaks_and_a_byte_order_mark(tmp_path):
    found = records(tmp_path, '\ufeffid,said\r\n1,"a, b"\r\n2,"c\nd"\r\n\r\n3,\r\n')
    assert found == [(2, {"id": "1", "said": "a, b"}), (4, {"id": "2", "said": "c\nd"}), (6, {"id": "3", "said": ""})]


def test_tabs(tmp_path):
    assert records(tmp_path, "id\tsaid\n1\ta,b\n", read_tsv) == [(2, {"id": "1", "said": "a,b"})]


def test_an_empty_cell_of_the_only_column_is_a_record(tmp_path):
    assert [record for _, record in records(tmp_path, "said\na\n\nb\n")] == [{"said": "a"}, {"said": ""}, {"said": "b"}]


def test_long_cells_are_read_and_the_limit_of_the_process_is_put_back(tmp_path):
    before = csv.field_size_limit()
    assert len(records(tmp_path, f"said\n{'x' * 300_000}\n")[0][1]["said"]) == 300_000
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        ("id,said\n1,a,b\n", "3 cells, the header has 2", 2),
        ("id,said\n1,a\n2\n", "1 cells, the header has 2", 3),
        ("id,id\n1,a\n", "two columns are called 'id'", 1),
        ('id,said\n1,"a"b\n', "cannot be read", 2),
        ("id,said\n", "a header and no rows", None),
    ],
)
def test_what_is_out_of_shape_is_named_with_its_line(tmp_path, data, what, line):
    with pytest.raises(InputError, match=what) as caught:
        records(tmp_path, data)
    assert line is None or caught.value.where.endswith(f"a.csv:{line}")
