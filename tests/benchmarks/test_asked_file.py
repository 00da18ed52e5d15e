import json
from pathlib import Path

import pytest

from sdp.benchmarks.asked_file import of_source
from sdp.benchmarks.predictions.reading import open_source
from sdp.benchmarks.predictions.recorded import FieldNames
from sdp.benchmarks.references import answers
from sdp.benchmarks.result import ASKED
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError
from sdp.workflows.export import ExportRequest, export

LOGS = Path(__file__).resolve().parent / "logs"


def read(path, **names):
    named = FieldNames(**names)
    return of_source(open_source(Path(path), named), named)


def lines(tmp_path, *rows, name="a.jsonl"):
    path = tmp_path / name
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("task", ["position", "count"])
def test_our_exports_say_the_same_as_the_folder(data_root, tmp_path, task, to):
    """Ids, keys and every field that slices are made by survive the way through a file."""
    from sdp.benchmarks.references import of_folder

    export(ExportRequest(str(data_root / task), to, tmp_path / "out"))
    (file,) = [path for path in (tmp_path / "out").iterdir() if path.name.startswith("test")]
    found = read(file)
    assert found.asked == of_folder(TaskFolder.open(data_root / task), "test").asked
    assert found.notes == []


def test_an_lm_eval_log_holds_its_questions():
    found = read(next((LOGS / "tiny").iterdir()))
    assert found.asked == read(LOGS / "reference.jsonl").asked
    assert found.tasks == ["spelling", "position", "count"]


def test_an_inspect_log_holds_its_questions():
    found, reference = read(LOGS / "inspect.eval"), read(LOGS / "reference.jsonl")
    for name in ("id", "answer", "prompt", "key", "length"):
        assert found.asked[name] == reference.asked[name]
    assert found.tasks == ["letters"]


def test_nothing_is_made_up(tmp_path):
    found = read(lines(tmp_path, {"question": "a?", "gold": "b"}, {"question": "c?", "gold": "d"}, name="quiz.jsonl"))
    assert found.asked.schema == ASKED
    assert answers(found) == ["b", "d"]
    assert not found.has_ids
    assert found.tasks == ["quiz"]
    assert found.asked["key"].to_pylist() == ["line 1", "line 2"]
    assert found.asked["prompt"].to_pylist() == ["a?", "c?"]
    assert all(found.asked[name].null_count == 2 for name in ("length", "position", "true_count", "held_out_phrasing"))
    assert "no field holds a key" in found.notes[0]


def test_without_ids_they_follow_from_line_and_content(tmp_path):
    rows = [{"prompt": "a", "answer": "b"}, {"prompt": "a", "answer": "b"}]
    one, two = read(lines(tmp_path, *rows)), read(lines(tmp_path, *rows))
    assert one.numbers.tolist() == two.numbers.tolist()
    assert len(set(one.numbers.tolist())) == 2
    other = read(lines(tmp_path, rows[0], {"prompt": "a", "answer": "c"}))
    assert (one.numbers == other.numbers).tolist() == [True, False]


def test_a_key_may_be_named(tmp_path):
    found = read(lines(tmp_path, {"word": "straw", "answer": "a"}, {"word": "straw", "answer": "b"}), key="word")
    assert found.asked["key"].to_pylist() == ["straw", "straw"]
    assert found.asked["length"].to_pylist() == [5, 5]
    assert found.notes == []


def test_lengths_are_those_of_the_file_and_else_those_of_a_word(tmp_path):
    row = {"key": "straw", "topic": "letters", "answer": "a"}
    assert read(lines(tmp_path, row)).asked["length"].to_pylist() == [5]
    assert read(lines(tmp_path, row), key="topic").asked["length"].to_pylist() == [None]
    assert read(lines(tmp_path, row | {"length": 12})).asked["length"].to_pylist() == [12]


def test_a_task_that_only_the_file_s_name_says_is_marked(tmp_path):
    named = {"task": "count", "answer": "a"}
    assert read(lines(tmp_path, named, name="count.jsonl")).by_file == set()
    assert read(lines(tmp_path, {"answer": "a"}, named, name="count.jsonl")).by_file == {"count"}


def test_what_a_model_said_is_not_what_is_right(tmp_path):
    source = open_source(lines(tmp_path, {"answer": "a"}))
    with pytest.raises(InputError, match="what was answered, not what is right"):
        of_source(source, FieldNames(prediction="answer"), "answer")


def test_fields_of_ours_in_anybody_s_file(tmp_path):
    row = {"answer": "a", "position": "2", "length": 5, "true_count": 1, "held_out_phrasing": "true", "count": "x"}
    found = read(lines(tmp_path, row))
    got = [found.asked[name][0].as_py() for name in ("position", "length", "true_count", "held_out_phrasing")]
    assert got == [2, 5, 1, True]


def test_a_field_of_that_name_with_something_else_in_it_is_left_out_and_told(tmp_path):
    found = read(lines(tmp_path, {"answer": "a", "key": "k", "position": "left"}))
    assert found.asked["position"].to_pylist() == [None]
    assert any("'position' holds something else" in note for note in found.notes)


def test_text_and_texts_by_id(tmp_path):
    path = tmp_path / "right.txt"
    path.write_text("a\nb\n")
    assert answers(read(path)) == ["a", "b"]
    path = tmp_path / "right.json"
    path.write_text('{"q1": "a", "q2": "b"}')
    assert read(path).has_ids


@pytest.mark.parametrize(
    ("row", "names", "what"),
    [
        ({"answr": "a"}, {}, "no field holds the right answer"),
        ({"answer": "a", "gold": "b"}, {}, "may all hold the right answer"),
        ({"answer": "a"}, {"reference": "gold"}, "no field 'gold'"),
        ({"answer": "a"}, {"key": "word"}, "no field 'word'"),
        ({"answer": " "}, {}, "'answer' is empty"),
        ({"answer": None}, {}, "'answer' is empty"),
        ({"answer": ["a", "b"]}, {}, "a list, not text"),
        ({"answer": "a", "key": ""}, {}, "'key' is empty"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path, row, names, what):
    path = lines(tmp_path, row)
    with pytest.raises(InputError, match=what) as caught:
        read(path, **names)
    assert caught.value.where == f"{path}:1"


def test_ids_that_occur_twice_are_named(tmp_path):
    with pytest.raises(InputError, match="1 ids occur more than once: q1"):
        read(lines(tmp_path, *[{"id": "q1", "answer": "a"}] * 2))
