"""The real tools, each in an environment of its own, and what they hold read back by their own means."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.exports import environments

ROOT = Path(__file__).resolve().parents[3]
FOLLOW = Path(__file__).with_name("follow.py")
READERS = Path(__file__).with_name("readers")
TOOLS = ("mlflow", "tensorboard", "trackio", "wandb")
AT_ONCE = {"mlflow", "tensorboard"}  # the others write a second later, and get the last values again
LIVE = [
    ("train/loss", 10, 0.1),
    ("train/learning_rate", 10, 0.001),
    ("train/loss", 20, 0.05),
    ("train/learning_rate", 20, 0.001),
    ("eval/loss", 20, 0.25),
    ("trained/steps", 20, 30),
    ("trained/best_step", 20, 20),
]
BENCH = [
    ("score/trained/position/exact_match", 20, 0.5),
    ("score/trained/position/exact_match_low", 20, 0.25),
    ("transfer/trained/baseline/position/difference", 20, 0.125),
]

pytestmark = pytest.mark.slow


class Tool:
    """One tool and a folder of runs."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder
        self.variables = {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "TRACKIO_DIR": str(folder / "trackio"),
            "WANDB_CACHE_DIR": str(folder / "cache"),
            "WANDB_CONFIG_DIR": str(folder / "config"),
            "WANDB_DATA_DIR": str(folder / "data"),
            "NETRC": str(folder / "none"),
        }

    def follow(self, *verbs, exit_code=0, **variables):
        for verb in verbs:
            words = (FOLLOW, verb, self.name, self.folder / "runs")
            done = environments.run(self.name, *words, cwd=self.folder, **self.variables | variables)
            assert done.returncode == exit_code, done.stdout + done.stderr
        return done

    def read(self, *arguments):
        file = READERS / f"read_{self.name}.py"
        done = environments.run(self.name, file, *arguments, cwd=self.folder, **self.variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    @property
    def run(self):
        (path,) = (self.folder / "runs").iterdir()
        return path

    def told(self):
        """What the tool holds, in one shape for all of them; checks what only one has."""
        return getattr(self, f"_{self.name}")()

    def _tensorboard(self):
        held = self.read(self.run / "tracking" / "tensorboard")
        texts = {name: "".join(text) for name, text in held["texts"].items()}
        settings = dict(line.strip().split(": ", 1) for line in texts["settings"].splitlines())
        settings = {name: json.loads(value) for name, value in settings.items()}
        assert (settings["group"], settings["tags"], settings["name"]) == ("seeds", "first, tiny", "spelled")
        named = {
            name.split("/", 1)[1]: {Path(line).name: digest(line.strip()) for line in text.splitlines()}
            for name, text in texts.items()
            if "/" in name
        }
        status = held["texts"]["status"][-1]
        return {"values": held["values"], "settings": settings, "artifacts": named, "status": status}

    def _wandb(self):
        parts = self.read(self.run / "tracking" / "wandb")
        parts = [part for part in parts if "id" in part]  # one that was killed at once is empty
        for part in parts:
            assert (part["project"], part["entity"], part["group"]) == ("letters", "team", "seeds")
            assert (part["tags"], part["name"], part["id"]) == (["first", "tiny"], "spelled", self.run.name)
            assert part["steps_of"] == [["*", "step"]]
        named = {
            name.removesuffix(f"-{self.run.name}"): one["files"]
            for part in parts
            for name, one in part["artifacts"].items()
        }
        return {
            "values": [value for part in parts for value in part["values"]],
            "settings": parts[-1]["settings"],
            "artifacts": named,
            "status": {0: "complete"}.get(parts[-1].get("exit"), "failed"),
        }

    def _trackio(self):
        (state,) = json.loads((self.run / "tracking.json").read_text())["told"]
        held = self.read("letters", *(f"{name}-{self.run.name}" for name in state["artifacts"]))
        (run,) = (run for run in held["runs"] if run["name"] != "reader")
        assert run["name"] == f"spelled-{self.run.name}"
        assert (run["settings"]["_Group"], run["settings"]["tags"]) == ("seeds", "first, tiny")
        assert {one["version"] for one in held["artifacts"].values()} <= {"v0"}
        named = {name.removesuffix(f"-{self.run.name}"): one["files"] for name, one in held["artifacts"].items()}
        return {"values": run["values"], "settings": run["settings"], "artifacts": named, "status": "complete"}

    def _mlflow(self):
        held = self.read(f"sqlite:///{self.folder / 'mlflow.db'}", "letters", "speller")
        (run,) = held["runs"]
        assert run["name"] == "spelled"
        tags = {"sdp.run": self.run.name, "group": "seeds", "entity": "team", "first": "true", "tiny": "true"}
        assert tags.items() <= run["tags"].items()
        versions = [(one["version"], one["run"], one["files"]) for one in held["versions"]]
        assert versions == [(1, run["id"], run["artifacts"]["adapter"])]
        return {**run, "status": {"FINISHED": "complete"}.get(run["status"], run["status"])}


def digest(path):
    return sha256(Path(path).read_bytes()).hexdigest()


@pytest.fixture(params=TOOLS)
def tool(request, tmp_path):
    return Tool(request.param, tmp_path)


def rounded(values):
    """Six digits: TensorBoard keeps single precision."""
    return sorted((name, step, float(f"{value:.6g}")) for name, step, value, *_ in values)


def check(tool, expected, *, twice_is_fine=False):
    told = tool.told()
    held = rounded(told["values"])
    assert (sorted(set(held)) if twice_is_fine else held) == rounded(expected)
    assert told["status"] == "complete"
    assert told["settings"]["recipe.model"] == "tiny"
    assert str(told["settings"]["recipe.lora.r"]) == "16"
    adapter = {path.name: digest(path) for path in (tool.run / "adapter").iterdir()}
    assert told["artifacts"]["adapter"] == adapter
    return told


def test_a_run_and_its_bench_are_all_there_once(tool):
    notes = [line for line in tool.follow("live").stderr.splitlines() if line.startswith("note: ")]
    assert len(notes) == 1
    assert notes[0].startswith(f"note: tracked by {tool.name}: ")
    check(tool, LIVE)
    tool.follow("bench")
    told = check(tool, [*LIVE, *BENCH])
    report = tool.run / "bench" / "20260102-030405" / "report.html"
    assert told["artifacts"]["bench-20260102-030405"] == {"report.html": digest(report)}
    for _ in range(2):
        assert tool.follow("sync").stdout == f"{tool.name} 0 0 None\n"
    assert check(tool, [*LIVE, *BENCH])["values"] == told["values"]


def test_a_run_that_was_sent_later_is_the_same(tool):
    assert tool.follow("untracked", "sync").stdout == f"{tool.name} 4 1 None\n"
    check(tool, LIVE)
    if tool.name != "trackio":  # which stamps what it gets when it gets it
        events = [json.loads(line) for line in (tool.run / "events.jsonl").read_text().splitlines()]
        measured = [datetime.fromisoformat(event["time"]).timestamp() for event in events if event["event"] == "train"]
        assert min(time for *_, time in tool.told()["values"]) == pytest.approx(min(measured), abs=1e-3)


def test_a_killed_run_goes_on_without_a_gap(tool):
    tool.follow("killed", exit_code=-9)
    tool.follow("resumed")
    resumed = [("train/loss", 30, 1 / 30), ("train/learning_rate", 30, 0.001)]
    resumed += [(name, 30, value) for name, _, value in LIVE if name.startswith("trained/")]
    check(tool, [*LIVE[:4], *resumed], twice_is_fine=tool.name not in AT_ONCE)


def test_a_server_that_is_gone_costs_a_sentence(tmp_path):
    tool = Tool("mlflow", tmp_path)
    done = tool.follow("live", MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert done.stderr.count("note: ") == 1
    assert "`sdp runs sync" in done.stderr
    assert json.loads((tool.run / "run.json").read_text())["status"] == "complete"
    tool.follow("sync")
    check(tool, LIVE)


def test_the_command_line_tracks_trainings_and_benches(tmp_path):
    tool = Tool("tensorboard", tmp_path)

    def sdp(*words):
        done = environments.run(tool.name, "-m", "sdp", *words, cwd=tmp_path, OMP_NUM_THREADS="1", **tool.variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    sdp("generate", "spelling", "--n", "200")
    often = ("-o", "training.logging_steps=2", "-o", "training.per_device_train_batch_size=4")
    assert json.loads(sdp("finetune", "--steps", "4", *often, "--track", "tensorboard", "--json"))
    sdp("bench", "--compare", "baseline", "--data", "spelling", "--limit", "5", "--track", "tensorboard")
    held = tool.read(tool.run / "tracking" / "tensorboard")
    events = [json.loads(line) for line in (tool.run / "events.jsonl").read_text().splitlines()]
    losses = [("train/loss", event["step"], event["loss"]) for event in events if event["event"] == "train"]
    assert len(losses) == 2
    assert rounded(losses) == rounded(value for value in held["values"] if value[0] == "train/loss")
    names = {name for name, *_ in held["values"]}
    assert {"score/trained/spelling/exact_match", "transfer/trained/baseline/spelling/difference"} <= names
    texts = set(held["texts"])
    assert "model/adapter" in texts
    assert [name for name in texts if name.startswith("report/bench-")]
    (row,) = json.loads(sdp("runs", "sync", "--json"))
    assert (row["tracker"], row["outcome"]) == ("tensorboard", "up to date")
    assert tool.read(tool.run / "tracking" / "tensorboard") == held
