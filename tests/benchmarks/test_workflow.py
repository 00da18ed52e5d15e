"""`sdp.workflows.bench`: requests in, folders and comparisons out."""

import json
import shutil
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.benchmarks.conftest import save_adapter, save_run

from sdp.benchmarks.result import ROWS_SCHEMA
from sdp.contract.metric import Metric
from sdp.errors import InputError
from sdp.runs.find import standing_of
from sdp.runs.folder import Run, runs
from sdp.workflows import bench as module
from sdp.workflows.bench import BenchRequest, bench
from sdp.workflows.generate import GenerateRequest, generate

LIMIT = 6


@pytest.fixture
def here(data_root, tmp_path) -> Path:
    """A working folder with data, as `sdp generate` leaves it."""
    shutil.copytree(data_root, tmp_path / "data")
    return tmp_path


@pytest.fixture
def run(here, model_folder) -> Path:
    return save_run(Path("runs"), model_folder)


def ask(**kwargs):
    return bench(BenchRequest(**({"limit": LIMIT, "device": "cpu"} | kwargs)))


def test_with_nothing_said_the_newest_run_against_its_baseline(run):
    done = ask(compare=["baseline"])
    assert [model.label for model in done.result.models] == ["baseline", "spelling"]
    assert [model.adapter for model in done.result.models] == [None, str(run / "adapter")]
    assert [(row.task, row.label, row.against) for row in done.result.comparisons] == [
        (task, "spelling", "baseline") for task in ("spelling", "position", "count")
    ]
    assert all(row.n_pairs == LIMIT for row in done.result.comparisons)
    assert done.folder.parent == run / "bench"
    assert "one training run each" in done.result.claim


def test_everything_is_on_disk(run):
    done = ask(compare=["baseline"])
    assert {path.name for path in done.folder.iterdir()} == {"metrics.json", "rows.parquet", "report.html"}
    rows = pq.read_table(done.rows)
    assert rows.schema.equals(ROWS_SCHEMA)
    assert rows.num_rows == 2 * 3 * LIMIT
    metrics = json.loads((done.folder / "metrics.json").read_text())
    exact = metrics["models"][1]["tasks"]["count"]["scores"]["exact_match"]["value"]
    chosen = [row["exact"] for row in rows.to_pylist() if (row["label"], row["task"]) == ("spelling", "count")]
    assert exact == sum(chosen) / LIMIT
    assert metrics["settings"]["models"]["spelling"]["generation"]["do_sample"] is False
    assert "spelling" in done.report.read_text()


def test_both_models_answer_the_same_questions(run):
    rows = pq.read_table(ask(compare=["baseline"]).rows).to_pylist()
    ids = [{(row["task"], row["id"]) for row in rows if row["label"] == label} for label in ("baseline", "spelling")]
    assert ids[0] == ids[1]


def test_a_model_without_a_run_gets_a_bench_run(here, model_folder):
    done = ask(models=[str(model_folder)])
    made = runs(Path("runs"), "bench")
    assert len(made) == 1
    assert made[0].record["status"] == "complete"
    assert done.folder.parent == made[0].path / "bench"
    assert done.result.comparisons == []


def test_a_model_is_its_own_baseline(here, model_folder):
    done = ask(models=[str(model_folder)], compare=["baseline"])
    assert done.result.comparisons == []
    assert any("own baseline" in note for note in done.result.notes)


def test_a_place_of_ones_own(run):
    done = ask(out=Path("here/please"))
    assert done.folder == Path("here/please")
    with pytest.raises(InputError, match="there already"):
        ask(out=Path("here/please"))


def test_several_arms_share_one_baseline(run, model_folder):
    other = save_run(Path("runs"), model_folder, "with-replay")
    done = ask(runs=[run.name, other.name], compare=["baseline"])
    assert [model.label for model in done.result.models] == ["baseline", "spelling", "with-replay"]
    assert {(row.label, row.against) for row in done.result.comparisons} == {
        ("spelling", "baseline"),
        ("with-replay", "baseline"),
    }


def test_arms_of_one_name_get_labels_of_their_own(run, model_folder):
    other = save_run(Path("runs"), model_folder)
    done = ask(runs=[run.name, other.name])
    assert [model.label for model in done.result.models] == ["spelling", other.name]


def test_different_prompt_formats_have_different_baselines(run, model_folder):
    other = save_run(Path("runs"), model_folder, "chatty", prompt_format="human-assistant")
    done = ask(runs=[run.name, other.name], compare=["baseline"])
    assert [model.label for model in done.result.models][:2] == ["baseline", "baseline of chatty"]
    assert {(row.label, row.against) for row in done.result.comparisons} == {
        ("spelling", "baseline"),
        ("chatty", "baseline of chatty"),
    }


def test_compare_with_a_run_and_an_adapter(run, model_folder, tmp_path):
    other = save_run(Path("runs"), model_folder, "other")
    adapter = save_adapter(tmp_path / "loose", base=str(model_folder))
    done = ask(runs=[run.name], compare=[str(other), str(adapter)])
    assert [model.label for model in done.result.models] == ["other", "loose", "spelling"]
    assert {row.against for row in done.result.comparisons} == {"other", "loose"}


def test_comparing_with_a_model_that_is_asked_anyway_asks_it_once(run, model_folder):
    other = save_run(Path("runs"), model_folder, "other")
    done = ask(runs=[run.name, other.name], compare=[other.name])
    assert [model.label for model in done.result.models] == ["spelling", "other"]
    assert {(row.label, row.against) for row in done.result.comparisons} == {("spelling", "other")}


def test_naming_a_model_twice_is_refused(run):
    with pytest.raises(InputError, match="twice"):
        ask(runs=[run.name, run.name])


def test_missing_test_sets_are_made_of_held_out_words(here, model_folder, monkeypatch):
    monkeypatch.setattr("sdp.workflows.question_sets.N_MADE", 30)
    shutil.rmtree("data/position")
    shutil.rmtree("data/count")
    done = ask(models=[str(model_folder)])
    folders = {entry["task"]: entry["folder"] for entry in done.result.data}
    assert folders == {"spelling": "data/spelling", "position": "data/bench/position", "count": "data/bench/count"}
    assert any("position, count" in note for note in done.result.notes)
    assert set(pq.read_table(done.rows)["split"].to_pylist()) == {"test"}
    manifest = Path("data/bench/count/manifest.json")
    before = manifest.stat().st_mtime_ns
    ask(models=[str(model_folder)])
    assert manifest.stat().st_mtime_ns == before  # the second bench takes what the first one made
    ask(models=[str(model_folder)], style="trace")
    assert manifest.stat().st_mtime_ns != before


def test_sets_are_made_in_the_models_answer_style(here, model_folder, monkeypatch):
    monkeypatch.setattr("sdp.workflows.question_sets.N_MADE", 30)
    shutil.rmtree("data/count")
    save_run(Path("runs"), model_folder, answer_style="trace")
    done = ask()
    styles = {entry["task"]: entry["style"] for entry in done.result.data}
    assert styles == {"spelling": "direct", "position": "direct", "count": "trace"}


def test_data_without_test_rows_is_passed_over(here, model_folder, monkeypatch):
    monkeypatch.setattr("sdp.workflows.question_sets.N_MADE", 30)
    generate(GenerateRequest("count", 30, ratios=(1.0, 0.0, 0.0), overwrite=True))
    done = ask(models=[str(model_folder)])
    assert {entry["task"]: entry["folder"] for entry in done.result.data}["count"] == "data/bench/count"


def test_data_that_is_named_is_what_is_asked(here, model_folder):
    done = ask(models=[str(model_folder)], data=["count", "data/position"])
    assert list(done.result.models[0].tasks) == ["count", "position"]


def test_one_task_twice_is_refused(here, model_folder):
    shutil.copytree("data/count", "data/again")
    with pytest.raises(InputError, match="'count'"):
        ask(models=[str(model_folder)], data=["count", "data/again"])


def test_data_without_a_manifest_is_refused(here, model_folder):
    Path("data/count/manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json"):
        ask(models=[str(model_folder)], data=["data/count"])


def test_data_with_a_shard_that_was_cut_is_refused(here, model_folder):
    shard = next(Path("data/count").glob("test-*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(InputError, match=shard.name):
        ask(models=[str(model_folder)])


def test_a_limit_takes_the_same_rows_again(run):
    first, second = (pq.read_table(ask(runs=[run.name]).rows) for _ in range(2))
    assert first.drop_columns("nll") == second.drop_columns("nll")


def test_answers_in_another_style_than_the_references_are_said(run, monkeypatch):
    def spelled_first(self, ids):
        return "x-y-z\nx"

    monkeypatch.setattr("sdp.models.joiner.Joiner.text", spelled_first)
    monkeypatch.setattr("sdp.models.joiner.Joiner.check", lambda self, answers: None)
    notes = ask(data=["count"]).result.notes
    assert any(note.startswith("count: spelling and the references differ") for note in notes)


def test_metrics_of_plugins_are_scored_too(run, monkeypatch):
    import numpy as np

    class Shouting(Metric):
        name = "shouting"
        signature = "shouting: share of capital letters"

        def rows(self, predictions, references):
            return np.array([p.isupper() for p in predictions], float)

    monkeypatch.setattr(module, "plugin_metrics", lambda: [Shouting()])
    scores = ask(data=["count"]).result.models[0].tasks["count"].scores
    assert scores["shouting"].signature == Shouting.signature


def test_a_bench_that_breaks_off_is_marked(here, model_folder, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run_models", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ask(models=[str(model_folder)])
    made = runs(Path("runs"), "bench")[0]
    assert made.record["status"] == "interrupted"
    assert not (made.path / "bench").exists()


def test_a_bench_that_says_nothing_for_long_is_not_broken_off(here, model_folder, monkeypatch):
    """Between its first and its last event lie minutes."""
    seen = []

    def slow(*args, **kwargs):
        made = runs(Path("runs"), "bench")[0]
        seen.append(standing_of(made, now=time.time() + 60))
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run_models", slow)
    with pytest.raises(KeyboardInterrupt):
        ask(models=[str(model_folder)])
    assert seen == ["running"]


def test_a_run_keeps_its_record(run):
    before = Run.open(run).record
    ask(runs=[run.name])
    assert Run.open(run).record == before


def test_no_batch_of_no_tokens(run):
    with pytest.raises(InputError, match="batches"):
        ask(batch_tokens=0)
