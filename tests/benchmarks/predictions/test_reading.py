import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.predictions.reading import READERS, open_source, read_predictions, short_name
from sdp.benchmarks.predictions.recorded import FieldNames
from sdp.errors import InputError

LOGS = Path(__file__).resolve().parents[1] / "logs"
SAID = ["s-t-r", "", "3"]


def write(folder, name):
    """The same predictions as a file of any kind."""
    rows = [{"id": f"q{number}", "response": text} for number, text in enumerate(SAID)]
    path = folder / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif name.endswith((".csv", ".tsv")):
        mark = "," if name.endswith("csv") else "\t"
        path.write_text("\n".join(mark.join(cells) for cells in [("id", "response"), *map(dict.values, rows)]) + "\n")
    elif name.endswith(".txt"):
        path.write_text("".join(f"{text}\n" for text in SAID))
    else:
        path.write_text(json.dumps(rows) if name.endswith(".json") else "".join(f"{json.dumps(row)}\n" for row in rows))
    return str(path)


@pytest.mark.parametrize("ending", sorted(set(READERS) - {".eval"}))
def test_every_kind_of_file_gives_the_same_predictions(tmp_path, ending):
    (found,) = read_predictions(write(tmp_path, f"gpt{ending}"))
    assert found.outputs == SAID
    assert found.label == "gpt"
    assert found.names == (None if ending == ".txt" else ["q0", "q1", "q2"])
    assert found.n_empty == 1
    assert found.fields["prediction"] == ("line" if ending == ".txt" else "response")


@pytest.mark.parametrize(("name", "n"), [("inspect.eval", 12), ("inspect.json", 6)])
def test_inspect_logs_are_recognised(name, n):
    (found,) = read_predictions(str(LOGS / name))
    assert (found.kind, found.label, len(found.outputs)) == ("Inspect log", "mockllm/model", n)
    assert len(found.references) == n


def test_lm_eval_logs_are_recognised():
    path = str(next((LOGS / "tiny").iterdir()))
    (found,) = read_predictions(path)
    assert (found.kind, found.label, found.fields) == ("lm-eval samples", "tiny", {"prediction": "resps", "id": "id"})
    (left,) = read_predictions(path, FieldNames(log_filter="last-line"))
    assert left.fields["prediction"] == "filtered_resps"
    assert left.outputs == [output.rpartition("\n")[2] for output in found.outputs]


def test_fields_may_be_named(tmp_path):
    path = tmp_path / "a.jsonl"
    record = {"custom_id": 7, "response": {"choices": [{"text": "a"}]}}
    path.write_text(json.dumps(record) + "\n")
    names = FieldNames(prediction="response.choices.0.text", id="custom_id")
    (found,) = read_predictions(str(path), names)
    assert (found.outputs, found.names) == (["a"], ["7"])


def test_null_is_an_empty_prediction_and_counted(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"prediction": "a"}\n{"prediction": null}\n')
    (found,) = read_predictions(str(path))
    assert (found.outputs, found.n_null, found.n_empty) == (["a", ""], 1, 1)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('{"id": 1, "respnse": "a"}\n', "no field holds the prediction", 1),
        ('{"id": 1, "output": "a", "response": "b"}\n', "may all hold the prediction", 1),
        ('{"id": 1, "output": "a"}\n{"id": 2}\n', "no field 'output' in this record", 2),
        ('{"id": 1, "output": "a"}\n{"id": 2, "output": NaN}\n', "'output' is NaN", 2),
        ('{"id": 1, "output": "a"}\n{"id": null, "output": "a"}\n', "the id in 'id' is empty", 2),
        ('{"id": 1.5, "output": "a"}\n', "'id' is 1.5", 1),
    ],
)
def test_a_record_that_cannot_be_used_is_named_with_its_line(tmp_path, text, what, line):
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=what) as caught:
        read_predictions(str(path))
    assert caught.value.where == f"{path}:{line}"


@pytest.mark.parametrize(
    ("more", "names", "right"),
    [
        ({"answer": 3}, {}, ["3"]),
        ({"answer": "a", "target": "b"}, {}, None),  # which of them, nobody says
        ({"answer": "a", "target": "b"}, {"reference": "target"}, ["b"]),
        ({"answer": "a"}, {"reference": "label"}, None),  # that field is one of the references' file
        ({"answer": "a", "target": "b"}, {"prediction": "answer"}, ["b"]),
        ({"answer": "a"}, {"prediction": "answer"}, None),
        ({"answer": ["a", "b"]}, {}, [None]),
    ],
)
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_what_the_file_itself_says_is_right_and_asked(tmp_path, more, names, right, kind):
    row = {"output": "x", "question": "why?"} | more
    path = tmp_path / f"a.{kind}"
    path.write_text(json.dumps(row)) if kind == "jsonl" else pq.write_table(pa.Table.from_pylist([row]), path)
    (found,) = read_predictions(str(path), FieldNames(**({"prediction": "output"} | names)))
    assert (found.references, found.prompts) == (right, ["why?"])


def test_a_file_that_is_not_there_or_of_no_kind(tmp_path):
    path = write(tmp_path, "gpt.jsonl")
    with pytest.raises(InputError, match="there is no file") as caught:
        open_source(Path(path).with_suffix(".json"))
    assert "gpt.jsonl" in caught.value.hint
    (tmp_path / "a.preds").write_text("a\n")
    with pytest.raises(InputError, match="does not say what it is"):
        open_source(tmp_path / "a.preds")
    with pytest.raises(InputError, match="a folder without the rows of a bench"):
        read_predictions(str(tmp_path))


def test_a_bench_s_folder_and_one_model_of_it(tmp_path):
    rows = pa.concat_tables([bench_rows("base", [0, 1]), bench_rows("a#b", [1, 1])])
    pq.write_table(rows, tmp_path / "rows.parquet")
    assert [one.label for one in read_predictions(str(tmp_path))] == ["base", "a#b"]
    assert [one.label for one in read_predictions(f"{tmp_path}#base")] == ["base"]


def test_names_without_endings():
    assert short_name(Path("x/a.b.jsonl.gz")) == "a.b"
    assert short_name(Path("a.csv")) == "a"
