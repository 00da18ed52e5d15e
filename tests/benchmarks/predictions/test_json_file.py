import json

import pytest

from sdp.benchmarks.predictions.json_file import read_json
from sdp.errors import InputError


def read(tmp_path, value):
    path = tmp_path / "a.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    source = read_json(path)
    return source, [record for _, record in source.records]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_list_of_objects_also_inside_an_object(tmp_path, wrapped):
    rows = [{"id": "1", "said": "a"}, {"id": "2", "said": "b"}]
    source, found = read(tmp_path, {"version": 1, "examples": rows} if wrapped else rows)
    assert found == rows
    assert source.prediction is None
    assert source.notes == (["the records stand in 'examples'"] if wrapped else [])


def test_a_list_of_texts(tmp_path):
    source, found = read(tmp_path, ["a", "", None])
    assert [record[source.prediction] for record in found] == ["a", "", None]


def test_texts_by_id(tmp_path):
    source, found = read(tmp_path, {"q1": "a", "q2": "b"})
    assert found == [{"id": "q1", "text": "a"}, {"id": "q2", "text": "b"}]
    assert (source.prediction, source.reference) == ("text", "text")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"a": [], "b": []}, "holds no list of records"),
        ({"a": 1}, "holds no list of records"),
        ({}, "holds no list of records"),
        (3, "holds no list of records"),
        ([], "holds no records"),
        ([{"a": 1}, "b"], "mixes kinds"),
        ([["a"]], "mixes kinds"),
        ("[1, 2", "cannot be read as JSON"),
        ('{"q1": "a", "q1": "b"}', "the key 'q1' is there twice"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_other_shapes_are_refused(tmp_path, value, what):
    with pytest.raises(InputError, match=what):
        read(tmp_path, value)


def test_json_lines_under_the_wrong_name_are_told(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, '{"a": 1}\n{"a": 2}\n')
    assert "end the name in .jsonl" in caught.value.hint
