"""lm-evaluation-harness: the task folder, read and run by the harness itself."""

import json
import runpy

import pytest
import yaml
from tests.exports import environments, outputs
from tests.exports.read_back import UNUSUAL, lines_of, unusual, write_rows

from sdp.contract.exporter import ExportOptions
from sdp.errors import InputError
from sdp.exports.lm_eval import MOST_TOKENS, LmEval

RECORDED = '''
"""Answers every prompt with what a file says, and shows what the harness made of it."""
import json, sys
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

folder, task, file, n_fewshot = sys.argv[1:]
said = json.loads(open(file).read())

class Recorded(LM):
    def generate_until(self, requests):
        return [said[request.doc["id"]] for request in requests]

    def loglikelihood(self, requests):
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood

found = simple_evaluate(
    Recorded(), tasks=[task], task_manager=TaskManager(include_path=folder), num_fewshot=int(n_fewshot),
    bootstrap_iters=0,
)
rows = [
    {"id": one["doc"]["id"], "asked": one["arguments"][0][0], "how": one["arguments"][0][1], "target": one["target"],
     "scored": one["filtered_resps"][0], "right": float(one["exact_match"])} for one in found["samples"][task]
]
print(json.dumps({"rows": rows, "mean": found["results"][task]["exact_match,strict"]}))
'''


def task_in(folder, name="sdp_odd"):
    """The YAML as a reader sees it, functions as their names."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!function", lambda loader, node: f"function {loader.construct_scalar(node)}")
    return yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader)


def recorded(folder, rows, said, n_fewshot=0, task="sdp_odd"):
    (folder.parent / "said.json").write_text(json.dumps(said))
    (folder.parent / "recorded.py").write_text(RECORDED)
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    arguments = ("../recorded.py", folder, task, "../said.json", n_fewshot)
    done = environments.run("lm_eval", *arguments, cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert [row["id"] for row in found["rows"]] == [f"{row['id']:016x}" for row in rows]
    return found


def test_the_folder(tmp_path):
    splits = {"train": unusual(split="train"), "validation": unusual(split="validation"), "test": unusual()}
    assert write_rows(LmEval(), splits, tmp_path / "out") == [
        "train.jsonl", "validation.jsonl", "test.jsonl", "sdp_rows.py", "sdp_odd.yaml", "sdp_odd_validation.yaml",
        "README.md",
    ]  # fmt: skip
    task = task_in(tmp_path / "out")
    assert (task["task"], task["test_split"], task["fewshot_split"]) == ("sdp_odd", "test", "train")
    assert task_in(tmp_path / "out", "sdp_odd_validation")["test_split"] == "validation"
    rows = lines_of(tmp_path / "out" / "test.jsonl")
    assert [row["prompt"] for row in rows] == [f"{row['prompt']}\n" for row in splits["test"]]
    assert task["doc_to_text"] in rows[0], "a name of a field is taken as it is, anything else is rendered by Jinja"
    assert {kwarg for filtering in task["filter_list"] for kwarg in filtering} == {"name", "filter"}
    assert task["metric_list"] == [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}]
    assert (task["generation_kwargs"]["do_sample"], task["generation_kwargs"]["temperature"]) == (False, 0.0)


@pytest.mark.parametrize(
    ("words", "stops"), [(["one", "two"], ["\n"]), (["one", "two\nlines"], ["\n\n"]), (["a\n\nb"], [])]
)
def test_where_it_stops_and_how_long_it_may_get(words, stops, tmp_path):
    write_rows(LmEval(), {"test": unusual(words=words)}, tmp_path / "out")
    how = task_in(tmp_path / "out")["generation_kwargs"]
    assert how["until"] == stops
    assert not any(stop in word for stop in how["until"] for word in words)
    assert how["max_gen_toks"] >= max(len(word.encode()) for word in words)


def test_a_very_long_answer_does_not_take_the_whole_context(tmp_path):
    write_rows(LmEval(), {"test": unusual(words=["é" * 5000])}, tmp_path / "out")
    assert task_in(tmp_path / "out")["generation_kwargs"]["max_gen_toks"] == MOST_TOKENS


def test_a_data_set_that_only_trains_is_asked_about_itself(tmp_path):
    write_rows(LmEval(), {"train": unusual(split="train")}, tmp_path / "out")
    task = task_in(tmp_path / "out")
    assert task["test_split"] == "train"
    assert "fewshot_split" not in task


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        (ExportOptions(prompt_format="chat"), "Q"),
        (ExportOptions(prompt_format="plain", system="S"), "S\nQ\n"),
        (ExportOptions(prompt_format="human-assistant"), "<human>: Q\n<assistant>: "),
    ],
)
def test_prompt_formats(options, prompt, tmp_path):
    row = unusual()[0] | {"prompt": "Q"}
    write_rows(LmEval(options), {"test": [row]}, tmp_path / "out")
    assert lines_of(tmp_path / "out" / "test.jsonl")[0]["prompt"] == prompt


def test_a_system_message_beside_a_chat_template_is_refused():
    with pytest.raises(InputError, match="takes the system message itself") as caught:
        LmEval(ExportOptions(prompt_format="chat", system="S"))
    assert "--system_instruction" in caught.value.hint


def test_the_same_bytes_twice(tmp_path):
    for place in ("a", "b"):
        write_rows(LmEval(), {"train": unusual(), "test": unusual()}, tmp_path / place)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_the_data_is_read_as_it_is_and_of_train_only_a_few_rows(tmp_path):
    train = unusual(split="train", words=[f"2024-01-{day:02}" for day in range(1, 32)] * 3)
    write_rows(LmEval(), {"train": train, "test": unusual()}, tmp_path / "out")
    rows = runpy.run_path(str(tmp_path / "out" / "sdp_rows.py"))
    found = rows["load"](version=1)
    assert found["train"].num_rows == rows["N_FEWSHOT"] == 64
    assert found["train"]["answer"][0] == "2024-01-01"
    assert found["test"]["answer"] == list(UNUSUAL)


@pytest.mark.parametrize(("answer", "output", "right"), outputs.pairs())
def test_the_rule_is_the_one_of_sdp_bench(answer, output, right, tmp_path, rule):
    from sdp.benchmarks.scored_line import scored_line

    (found,) = rule["answers"]([[output]], [{"answer": answer}])
    assert found == [scored_line(output, answer)]
    assert (found[0] == rule["last_lines"](answer, answer)) == right


@pytest.fixture(scope="module")
def rule(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rule") / "out"
    write_rows(LmEval(), {"test": unusual()}, folder)
    return runpy.run_path(str(folder / "sdp_rows.py"))


@pytest.mark.slow
def test_the_harness_asks_the_prompts_as_they_are(tmp_path):
    rows = unusual()
    write_rows(LmEval(), {"train": unusual(split="train"), "test": rows}, tmp_path / "out")
    said = {f"{row['id']:016x}": row["answer"] for row in rows}
    found = recorded(tmp_path / "out", rows, said)
    assert [one["asked"] for one in found["rows"]] == [f"{row['prompt']}\n" for row in rows]
    assert [one["right"] for one in found["rows"]] == [1.0] * len(rows)
    assert found["mean"] == 1.0


@pytest.mark.slow
def test_the_harness_scores_row_by_row_as_it_must(tmp_path):
    cases = outputs.pairs()
    rows = unusual(words=[answer for answer, _, _ in cases])
    write_rows(LmEval(), {"test": rows}, tmp_path / "out")
    said = {f"{row['id']:016x}": output for row, (_, output, _) in zip(rows, cases, strict=True)}
    found = recorded(tmp_path / "out", rows, said)
    assert [bool(one["right"]) for one in found["rows"]] == [right for _, _, right in cases]
    assert found["mean"] == pytest.approx(sum(right for _, _, right in cases) / len(cases))


@pytest.mark.slow
def test_traces_are_shown_as_examples_and_scored_by_their_last_line(tmp_path):
    words = ["one", "two", "three"]
    train, rows = unusual(trace=True, split="train", words=words), unusual(trace=True, words=words)
    write_rows(LmEval(), {"train": train, "test": rows}, tmp_path / "out")
    said = {f"{row['id']:016x}": row["completion"] for row in rows}
    found = recorded(tmp_path / "out", rows, said, n_fewshot=2)
    shown = {f"{row['prompt']}\n{row['completion']}\n\n" for row in train}
    for one, row in zip(found["rows"], rows, strict=True):
        *examples, last = one["asked"].split("Say ")[1:]
        assert len(examples) == 2
        assert {f"Say {example}" for example in examples} <= shown
        assert f"Say {last}" == f"{row['prompt']}\n"
        assert (one["scored"], one["target"], one["right"]) == (row["answer"], row["answer"], 1.0)
        assert one["how"]["until"] == ["\n\n"]


@pytest.mark.slow
def test_the_command_runs_with_a_real_model_and_agrees_with_sdp_bench(tmp_path):
    """The tiny model on position: what the harness counts as right, `exact_match` does, row by row."""
    from tests.synthesis.made import make

    from sdp.benchmarks.metrics.exact_match import ExactMatch
    from sdp.models.resolve import resolve_model
    from sdp.workflows.export import ExportRequest, export

    make(tmp_path / "data" / "position", "position", 120, words="wordfreq:en", style="trace", ratios=(0, 0, 1))
    export(ExportRequest("data/position", "lm_eval", out=tmp_path / "out"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = environments.run(
        "lm_eval", "-m", "lm_eval", "run", "--include_path", tmp_path / "out", "--tasks", "sdp_position",
        "--model", "hf", "--model_args", f"pretrained={resolve_model('tiny').location}", "--device", "cpu",
        "--limit", "24", "--batch_size", "1", "--log_samples", "--output_path", "logs", cwd=elsewhere,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "exact_match" in done.stdout
    (log,) = elsewhere.rglob("samples_sdp_position_*.jsonl")
    rows = lines_of(log)
    assert len(rows) == 24
    said, answers = [row["resps"][0][0] for row in rows], [row["doc"]["answer"] for row in rows]
    right = [bool(row["exact_match"]) for row in rows]
    assert right == [bool(score) for score in ExactMatch().rows(said, answers)]
    assert any(right), "the tiny model has learnt its letters"
    assert not all(right), "and does not know all of them: both outcomes are seen"
