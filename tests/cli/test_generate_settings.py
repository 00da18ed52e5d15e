"""`sdp generate` and where its settings come from: recipe, flags, single keys, sdp.toml and the environment."""

import json
from pathlib import Path

import pytest

from sdp.cli.main import main
from sdp.data.dataset import TaskFolder

FEW = ("--words", "wordfreq:en:600")


@pytest.fixture
def run(capsys):
    """Runs the command in this process: run("spelling", …) → exit code, stdout, stderr."""

    def _run(*args):
        code = main(["generate", *args])
        out, err = capsys.readouterr()
        return int(code), out, err

    return _run


RECIPE = """
task: position
n: 60
ratios: [1, 0, 0]
words: file:words.txt
strata: [number_start, number_end]
domain: {bases: [1]}
seed: 3
"""


@pytest.fixture
def recipe():
    folder = Path("recipes")
    folder.mkdir()
    (folder / "words.txt").write_text("straw\ngarden\nteacher\nriver\n")
    (folder / "data.yaml").write_text(RECIPE)
    return "recipes/data.yaml"


def settings_of(name="data/position"):
    return TaskFolder.open(Path(name)).manifest.settings


def test_a_recipe_says_everything_and_the_manifest_keeps_it(run, recipe):
    assert run("--recipe", recipe)[0] == 0
    made = settings_of()
    assert (made["n"], made["seed"], made["ratios"]) == (60, 3, [1.0, 0.0, 0.0])
    assert made["words"] == "file:recipes/words.txt"
    assert made["strata"] == ["number_start", "number_end"]
    assert made["domain"] == {"bases": ["1"]}
    metas = TaskFolder.open(Path("data/position")).table("train")["meta"].to_pylist()
    assert {meta["base"] for meta in metas} == {"1"}
    assert run("--recipe", recipe)[1].startswith("verified 60")


def test_flags_override_a_recipe_and_single_keys_override_flags(run, recipe):
    args = ("--recipe", recipe, "--seed", "9", "--n", "40", "-o", "n=30", "-o", "domain.bases=0")
    assert run("position", *args)[0] == 0
    made = settings_of()
    assert (made["seed"], made["n"], made["domain"]) == (9, 30, {"bases": ["0"]})
    assert made["strata"] == ["number_start", "number_end"]
    assert run("position", "--recipe", recipe, "--train", "20", "--out", "other")[0] == 0
    assert settings_of("other")["n"] == 20


def test_another_task_than_the_recipe_s_overrides_it_too(run, recipe):
    code, _, err = run("count", "--recipe", recipe)
    assert code == 3
    assert "count has no domain setting 'bases'" in err


def test_sdp_toml_and_the_environment_override_a_recipe(run, recipe, monkeypatch):
    """As flags do: who says it nearer to the command is believed."""
    Path("sdp.toml").write_text("[generate]\nseed = 21\n")
    assert run("--recipe", recipe)[0] == 0
    assert settings_of()["seed"] == 21
    monkeypatch.setenv("SDP_GENERATE_SEED", "22")
    assert run("--recipe", recipe, "--out", "other")[0] == 0
    assert settings_of("other")["seed"] == 22
    assert run("--recipe", recipe, "--out", "third", "--seed", "0")[0] == 0
    assert settings_of("third")["seed"] == 0


def test_a_wrong_key_in_a_recipe_is_named_with_what_was_meant(run):
    Path("data.yaml").write_text("task: count\ndificulty: easy\n")
    code, _, err = run("--recipe", "data.yaml")
    assert code == 3
    assert "a data recipe has no 'dificulty'\n  at: data.yaml\n  try: did you mean 'difficulty'?" in err


def test_rows_per_split_are_made_exactly(run):
    assert run("spelling", "--train", "31", "--test", "7", *FEW)[0] == 0
    manifest = TaskFolder.open(Path("data/spelling")).manifest
    assert {split: facts.rows for split, facts in manifest.splits.items()} == {"train": 31, "test": 7}


def test_a_dry_run_shows_the_plan_and_writes_nothing(run):
    code, out, err = run("count", "--n", "400", "--dry-run", "--balance", "length", *FEW)
    assert (code, err) == (0, "")
    for text in ("train", "validation", "test", "zero, 3-4", "400 rows would go to data/count", "nothing was written"):
        assert text in out
    assert list(Path().iterdir()) == []
    plan = json.loads(run("count", "--n", "400", "--dry-run", "--json", *FEW)[1])
    made = json.loads(run("count", "--n", "400", "--json", *FEW)[1])
    assert plan["fingerprint"] == made["fingerprint"]
    assert {split["split"]: split["rows"] for split in plan["splits"]} == made["rows"]


def test_the_options_of_what_is_asked_reach_the_data(run):
    Path("mine/en/count").mkdir(parents=True)
    Path("mine/en/count/direct.jinja").write_text("My own way to ask for {{ letter }} in {{ word }}?\n")
    args = ("--noise", "case,quotes", "--templates", "mine", "--strata", "one,two", "--difficulty", "easy",
            "--tokenizer", "tiny", "-o", "domain.letters=e,a", "--balance", "none", "--n", "900")  # fmt: skip
    assert run("count", *args, "--words", "wordfreq:en:3000")[0] == 0
    folder = TaskFolder.open(Path("data/count"))
    made = [row for split in folder.manifest.splits for row in folder.table(split).to_pylist()]
    assert {row["meta"]["letter"] for row in made} == {"e", "a"}
    assert {row["answer"] for row in made} == {"1", "2"}
    assert max(row["meta"]["length"] for row in made) <= 5
    assert all(row["meta"]["n_tokens"] >= 1 for row in made)
    assert len({row["meta"]["noise"] for row in made}) > 3
    assert any("own way to ask" in row["prompt"].lower() for row in made)
