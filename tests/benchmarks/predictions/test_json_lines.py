import pytest

from sdp.benchmarks.predictions.json_lines import read_json_lines
from sdp.errors import InputError


def records(tmp_path, text):
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    return list(read_json_lines(path).records)


def test_records_come_with_their_lines_and_blank_lines_do_not_count(tmp_path):
    assert records(tmp_path, '{"a": 1}\n\n  \n{"a": "é"}') == [(1, {"a": 1}), (4, {"a": "é"})]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('{"a": 1}\n{"a": \n', "cannot be read as JSON", 2),
        ('{"a": 1}\n{"id": 1, "id": 2}\n', "the key 'id' is there twice", 2),
        ('{"a": 1}\n' + "[" * 100_000, "nested too deeply", 2),
        ('["a"]\n', "the line is list, not an object", 1),
        ('{"a": 1}\n"b"\n', "the line is str", 2),
    ],
)
def test_what_is_no_object_is_named_with_its_line(tmp_path, text, what, line):
    with pytest.raises(InputError, match=what) as caught:
        records(tmp_path, text)
    assert caught.value.where.endswith(f"a.jsonl:{line}")


def test_blank_lines_alone_are_nothing(tmp_path):
    with pytest.raises(InputError, match="holds no objects"):
        records(tmp_path, "\n \n")
