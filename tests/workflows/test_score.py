"""`sdp.workflows.score`: files in, the folder of a bench out."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sdp.benchmarks.predictions.recorded import FieldNames
from sdp.benchmarks.result import ROWS_SCHEMA
from sdp.contract.metric import Metric
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError
from sdp.runs.folder import runs
from sdp.workflows.generate import GenerateRequest, generate
from sdp.workflows.score import ScoreRequest, score

LOGS = Path(__file__).resolve().parents[1] / "benchmarks" / "logs"
REFERENCE = str(LOGS / "reference.jsonl")
LM_EVAL = str(next((LOGS / "tiny").iterdir()))
N_ROWS = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "count"
    generate(GenerateRequest("count", N_ROWS, out=folder, ratios=(0.0, 0.0, 1.0)))
    return folder


@pytest.fixture
def data(made):
    """The folder, and its rows in their order."""
    return made, TaskFolder.open(made).table("test").to_pylist()


def write(name, rows):
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return name


def say(name, rows, wrong=(), **more):
    said = [
        {"id": f"{row['id']:016x}", "prediction": "99" if number in wrong else row["answer"]} | more
        for number, row in enumerate(rows)
    ]
    return write(name, said)


def ask(*predictions, **kwargs):
    return score(ScoreRequest(predictions, **kwargs))


def only(done, task="count"):
    (model,) = done.result.models
    return {name: one.value for name, one in model.tasks[task].scores.items()}


def test_a_folder_like_that_of_a_bench(data):
    folder, rows = data
    done = ask(say("gpt.jsonl", rows, wrong=range(6)), reference=[str(folder)])
    assert only(done)["exact_match"] == 0.9
    assert {path.name for path in done.folder.iterdir()} == {"metrics.json", "rows.parquet", "report.html"}
    table = pq.read_table(done.rows)
    assert table.schema.equals(ROWS_SCHEMA)
    assert table["exact"].to_pylist() == [number >= 6 for number in range(N_ROWS)]
    metrics = json.loads((done.folder / "metrics.json").read_text())
    assert metrics["verb"] == "score"
    assert metrics["settings"]["scored"] == "last line, stripped"
    assert metrics["settings"]["models"]["gpt"]["paired_by"] == "id"
    page = done.report.read_text()
    assert "<title>sdp score" in page
    assert "by true count" in page
    (run,) = runs(Path("runs"), "score")
    assert run.record["status"] == "complete"
    assert done.folder.parent == run.path


def test_a_text_file_pairs_line_by_line_with_the_order_of_the_data(data):
    folder, rows = data
    Path("gpt.txt").write_text("".join(f"{row['answer']}\n" for row in rows))
    assert only(ask("gpt.txt", reference=[str(folder)]))["exact_match"] == 1.0


def test_a_task_s_name_is_looked_up_under_data(data):
    folder, rows = data
    Path("data").mkdir()
    Path("data/count").symlink_to(folder)
    assert only(ask(say("gpt.jsonl", rows), reference=["count"]))["exact_match"] == 1.0


def compared(done):
    return [(row.label, row.against, row.n_fixed, row.n_broken, row.verdict) for row in done.result.comparisons]


def test_two_files_are_compared_and_turned_round_the_signs_turn(data):
    folder, rows = data
    good, bad = say("good.jsonl", rows, wrong=[0]), say("bad.jsonl", rows, wrong=range(1, 31))
    there = ask(good, compare=[bad], reference=[str(folder)])
    back = ask(bad, compare=[good], reference=[str(folder)])
    assert compared(there) == [("good", "bad", 30, 1, "better")]
    assert compared(back) == [("bad", "good", 1, 30, "worse")]
    assert there.result.comparisons[0].p == back.result.comparisons[0].p
    assert there.result.comparisons[0].mde is not None
    assert "recorded answers" in there.result.claim
    assert "replay" not in back.result.comparisons[0].sentence


def test_a_bench_s_folder_compares_in_both_directions(data):
    """An earlier scoring is such a folder; with likelihoods it is a bench's."""
    folder, rows = data
    ask(say("base.jsonl", rows, wrong=range(30)), reference=[str(folder)], out=Path("bench"))
    table = pq.read_table("bench/rows.parquet")
    for name, value in (("nll", 1.0), ("n_answer_tokens", 2), ("n_answer_chars", 1)):
        field = ROWS_SCHEMA.field(name)
        column = np.full(N_ROWS, value)
        table = table.set_column(
            ROWS_SCHEMA.get_field_index(name), field, [column.astype(field.type.to_pandas_dtype())]
        )
    pq.write_table(table, "bench/rows.parquet")
    new = say("new.jsonl", rows)
    there = ask(new, compare=["bench"], reference=[str(folder)])
    assert compared(there) == [("new", "base", 30, 0, "better")]
    back = ask("bench", compare=[new], reference=[str(folder)])
    assert compared(back) == [("base", "new", 0, 30, "worse")]
    without = ask("bench#base", compare=[new])
    assert compared(without) == compared(back)
    by_label = {model.label: model.tasks["count"].scores for model in back.result.models}
    assert "answer_ppl_token" in by_label["base"]
    assert "answer_ppl_token" not in by_label["new"]


def test_scored_again_a_bench_s_rows_have_the_same_scores(data):
    folder, rows = data
    first = ask(say("gpt.jsonl", rows, wrong=range(6)), reference=[str(folder)])
    assert only(ask(str(first.folder))) == only(first)


def test_logs_of_two_tools_about_the_same_questions():
    done = ask(str(LOGS / "inspect.eval"), compare=[LM_EVAL], reference=[REFERENCE])
    assert {row.task for row in done.result.comparisons} == {"spelling", "position", "count"}
    assert {(row.label, row.against, row.n_pairs) for row in done.result.comparisons} == {("mockllm/model", "tiny", 4)}
    assert all(row.p_holm >= row.p for row in done.result.comparisons)


@pytest.mark.parametrize(("log_filter", "share"), [("whole", 1 / 12), ("last-line", 5 / 12)])
def test_an_lm_eval_log_has_the_score_that_lm_eval_gave(log_filter, share):
    """The shares stand in the table that lm_eval printed; row by row they stand in its log."""
    done = ask(LM_EVAL, names=FieldNames(log_filter=log_filter), extract="verbatim")
    logged = [json.loads(line) for line in Path(LM_EVAL).read_text().splitlines()]
    theirs = {row["doc"]["id"]: row["exact_match"] for row in logged if row["filter"] == log_filter}
    ours = {f"{row['id']:016x}": float(row["exact"]) for row in pq.read_table(done.rows).to_pylist()}
    assert ours == theirs
    assert sum(ours.values()) / len(ours) == pytest.approx(share)


def test_inspect_s_own_scorer_drops_articles_and_ours_does_not():
    from sdp.benchmarks.predictions.reading import read_predictions

    (recorded,) = read_predictions(str(LOGS / "inspect.json"))
    log = json.loads((LOGS / "inspect.json").read_text())
    theirs = {row["id"]: row["scores"]["exact"]["value"] == "C" for row in log["samples"]}
    done = ask(str(LOGS / "inspect.json"), extract="as-is")
    ours = {f"{row['id']:016x}": row["exact"] for row in pq.read_table(done.rows).to_pylist()}
    differ = [name for name in ours if ours[name] != theirs[name]]
    said = dict(zip(recorded.names, recorded.outputs, strict=True))
    assert differ
    assert all(theirs[name] and said[name].startswith("A ") for name in differ)


def test_several_references_pair_by_id_only(data, tmp_path):
    folder, rows = data
    generate(GenerateRequest("spelling", 30, out=tmp_path / "spelling", ratios=(0.0, 0.0, 1.0)))
    both = [*rows, *TaskFolder.open(tmp_path / "spelling").table("test").to_pylist()]
    done = ask(say("gpt.jsonl", both), reference=[str(folder), "spelling"])
    assert list(done.result.models[0].tasks) == ["count", "spelling"]
    Path("right.txt").write_text("a\n")
    with pytest.raises(InputError, match="one of them has none"):
        ask("gpt.jsonl", reference=[str(folder), "right.txt"])


def test_labels(data):
    folder, rows = data
    Path("x").mkdir()
    Path("y").mkdir()
    files = [say("x/gpt.jsonl", rows), say("y/gpt.jsonl", rows)]
    done = ask(*files, reference=[str(folder)])
    assert [model.label for model in done.result.models] == ["gpt", "y/gpt"]
    done = ask(*files, reference=[str(folder)], labels=["one", "two"])
    assert [model.label for model in done.result.models] == ["one", "two"]
    with pytest.raises(InputError, match="labels: 1, models: 2"):
        ask(*files, reference=[str(folder)], labels=["one"])
    with pytest.raises(InputError, match="cannot both be called 'one'"):
        ask(*files, reference=[str(folder)], labels=["one", "one"])


def test_what_is_left_out_is_told(data):
    folder, rows = data
    write(
        "gpt.jsonl",
        [{"id": f"{row['id']:016x}", "prediction": "1"} for row in rows[:50]] + [{"id": "x", "prediction": ""}],
    )
    notes = ask("gpt.jsonl", reference=[str(folder)]).result.notes
    assert "gpt: questions without a prediction, left out: 10 of 60" in notes
    assert "gpt: predictions whose id no question has, left out: 1" in notes


def test_a_task_that_nobody_knows_is_told():
    write("quiz.jsonl", [{"answer": "a", "prediction": "a"}])
    done = ask("quiz.jsonl")
    assert any("quiz: no plugin knows this task" in note for note in done.result.notes)
    assert done.result.models[0].tasks["quiz"].scores["exact_match"].value == 1.0


def test_a_file_s_name_makes_it_no_task_of_ours():
    row = {"answer": "Paris", "prediction": "Lyon"}
    done = ask(write("count.jsonl", [row]))
    assert only(done)["format_failure"] == 0.0
    assert any("count: the records do not say" in note for note in done.result.notes)
    assert only(ask(write("b.jsonl", [row | {"task": "count"}])))["format_failure"] == 1.0


@pytest.mark.parametrize("more", [{}, {"reference": "answer"}])
def test_the_same_rows_in_another_order_are_refused(more):
    rows = [{"answer": text, "prediction": text, "question": f"{text}?"} for text in "abc"]
    write("m1.jsonl", rows)
    write("m2.jsonl", rows[::-1])
    with pytest.raises(InputError, match="2 of 3 rows say another right answer"):
        ask("m1.jsonl", "m2.jsonl", names=FieldNames(**more))
    write("m3.jsonl", [{"prediction": row["answer"], "question": row["question"]} for row in rows[::-1]])
    with pytest.raises(InputError, match="2 of 3 rows answer another question"):
        ask("m3.jsonl", reference=["m1.jsonl"])


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("p.txt", "a\n\nb\n", None),
        ("p.json", '["a", "b"]', None),
        ("p.json", '{"q1": "a"}', None),
        ("p.jsonl", '{"answer": "a"}\n', "answer"),
    ],
)
def test_predictions_are_not_their_own_references(name, text, field):
    Path(name).write_text(text)
    with pytest.raises(InputError, match="what was answered, not what is right") as caught:
        ask(name, names=FieldNames(prediction=field))
    assert "--reference" in caught.value.hint


def test_a_plugin_s_metric_scores_too(data, plugged):
    folder, rows = data

    class Long(Metric):
        """Length of the answer."""

        name, signature = "long", "long"

        def rows(self, predictions, references):
            return np.array(list(map(len, predictions)), float)

    plugged(metrics=[Long])
    done = ask(say("gpt.jsonl", rows), reference=[str(folder)], extract="as-is")
    assert only(done)["long"] == 1.0
    assert done.result.models[0].tasks["count"].scores["long"].signature == "long; as it is, stripped"


def test_a_place_that_is_taken_is_refused_before_anything_is_read():
    Path("here").mkdir()
    Path("here/file").touch()
    with pytest.raises(InputError, match="there already"):
        ask("nothing.jsonl", out=Path("here"))


def test_no_learning_library_is_imported():
    """In a fresh process, the whole way through."""
    code = (
        "import sys; from sdp.workflows.score import ScoreRequest, score\n"
        "score(ScoreRequest([sys.argv[1]]))\n"
        "print(sorted({'torch', 'transformers', 'peft', 'datasets', 'evaluate'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, LM_EVAL], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
