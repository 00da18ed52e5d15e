"""Runs the contestants of ``peers/finetuning.py`` in turns, each in a process of its own, on the same rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from environments import python_of

from side_by_side.process import run
from side_by_side.setting import CONTESTANTS, Setting
from side_by_side.trainers import SCRIPTS, Trainer

WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
"""How threads wait for each other: as sdp sets it, for all alike."""
SLOW = 1.3
"""A setting of TRL that takes so many times as long as its best is not run again: the others' rounds stay close in
time, and its place is known."""


@dataclass(frozen=True)
class Course:
    """What is trained, the same for all."""

    model: str
    """``tiny`` or ``qwen``."""
    steps: int
    """Of an epoch. All epochs have the same rows; the first is for warming up, the others are timed."""
    epochs: int
    learning_rate: float
    n_validation: int
    snapshot_every: int
    """Steps between two looks at the loss; 0: only the last, and no time to a loss: FLOPs are counted in the untimed
    epoch, not in a run of their own."""
    most_rounds: int
    threads: int = 2
    batch: int = 64

    @property
    def n_rows(self) -> int:
        """Rows of an epoch."""
        return self.steps * self.batch

    def shared(self) -> dict[str, Any]:
        """Gives what every contestant reads."""
        return {
            "model": self.model, "n_rows": self.n_rows, "n_validation": self.n_validation, "epochs": self.epochs,
            "batch": self.batch, "learning_rate": self.learning_rate, "warmup_steps": self.steps // 2, "seed": 0,
            "threads": self.threads, "snapshot_every": self.snapshot_every, "r": 16, "alpha": 32,
        }  # fmt: skip


COURSES = {
    "tiny": Course("tiny", steps=15, epochs=4, learning_rate=5e-3, n_validation=512, snapshot_every=3, most_rounds=9),
    "qwen": Course("qwen", steps=1, epochs=2, learning_rate=1e-3, n_validation=64, snapshot_every=0, most_rounds=2),
}


@dataclass
class Result:
    """What a contestant did, round by round."""

    trainer: Trainer
    train_s: list[float] = field(default_factory=list)
    """The timed epochs; start-up and the first epoch are not in it."""
    wall_s: list[float] = field(default_factory=list)
    """The whole process: start-up, all epochs, what it saves."""
    peak_bytes: list[int] = field(default_factory=list)
    clocks: list[list[float]] = field(default_factory=list)
    """Seconds from the first step's beginning to the end of each step."""
    losses: dict[int, float] = field(default_factory=dict)
    """By step, nats per answer token on the validation rows."""
    flops: float = 0.0
    """Per answer token."""

    @property
    def loss(self) -> float:
        """At the end."""
        return self.losses[max(self.losses)]

    def seconds_to(self, loss: float) -> list[float]:
        """Gives the seconds of training until the validation loss was as low, one per round; none if it never was."""
        step = min((step for step, found in self.losses.items() if found <= loss), default=None)
        return [] if step is None else [clock[step - 1] if step else 0.0 for clock in self.clocks]


@dataclass(frozen=True)
class Race:
    """All results on one course."""

    course: Course
    facts: dict[str, Any]
    """Of model and rows."""
    results: list[Result]

    @property
    def best_peer(self) -> Result | None:
        """TRL's fastest setting."""
        peers = [result for result in self.results if result.trainer.tool == "trl"]
        return min(peers, key=lambda result: median(result.train_s), default=None)

    @property
    def target_loss(self) -> float:
        """Where all contestants get to: the worst of their last losses."""
        return max(result.loss for result in self.results)


def race(setting: Setting, course: Course, trainers: Sequence[Trainer]) -> Race:
    """Runs all contestants on a course, and looks at what they learnt."""
    with setting.folder() as folder:
        path, facts = _shared(setting, course, folder)
        results = [Result(trainer) for trainer in trainers]
        for number in range(min(setting.repeats, course.most_rounds)):
            for place, result in enumerate(results):
                if not _is_far_behind(result, results):
                    _train(setting, result, course, path, folder / f"{number}-{place}")
        _evaluate(setting, results, path, folder)
        _count(setting, results, path, folder / "counted")
        return Race(course, facts, results)


def _shared(setting: Setting, course: Course, folder: Path) -> tuple[Path, dict[str, Any]]:
    sizes = ["--train", str(course.n_rows), "--validation", str(course.n_validation), "--test", "1"]
    data = folder / "data" / "spelling"
    setting.sdp(folder, "generate", "spelling", *sizes, "--out", str(data))
    shared = json.dumps(course.shared() | {"data": str(data)})
    done = setting.script(folder, "training_files.py", shared, str(folder))
    return folder / "shared.json", done.facts


def _is_far_behind(result: Result, results: list[Result]) -> bool:
    known = [median(one.train_s) for one in results if one.train_s and one.trainer.tool == "trl"]
    return result.trainer.tool == "trl" and bool(result.train_s) and median(result.train_s) > SLOW * min(known)


def _train(setting: Setting, result: Result, course: Course, shared: Path, folder: Path) -> None:
    counts = not result.clocks and not course.snapshot_every
    facts = _run(setting, result, shared, folder, **({"counts": True} if counts else {}))
    clock = facts["clock"]
    result.clocks.append(clock)
    result.train_s.append(clock[-1] - clock[len(clock) // course.epochs - 1])


def _run(setting: Setting, result: Result, shared: Path, folder: Path, **more: Any) -> dict[str, Any]:
    """Runs a contestant; one that counts FLOPs in a run of its own leaves time and memory alone."""
    folder.mkdir()
    trainer = result.trainer
    script, arguments = SCRIPTS[trainer.tool], [str(shared), json.dumps(trainer.settings | more), str(folder)]
    if trainer.tool == "trl":
        done = run([python_of("trl"), CONTESTANTS / script, *arguments], folder, WAITING)
    else:
        done = setting.script(folder, script, *arguments, **WAITING)
    if "epochs" not in more:
        result.wall_s.append(done.wall_s)
        result.peak_bytes.append(done.peak_bytes)
    if "flops" in done.facts:
        result.flops = done.facts["flops"] / json.loads(shared.read_text())["n_answer_tokens"]
    return done.facts


def _evaluate(setting: Setting, results: list[Result], shared: Path, folder: Path) -> None:
    """Looks at what was learnt in the first round; the others learn the same."""
    files = [
        (result, int(file.stem.removeprefix("step-")), file)
        for place, result in enumerate(results)
        for file in sorted((folder / f"0-{place}").glob("step-*.safetensors"))
    ]
    done = setting.script(folder, "evaluate_adapters.py", str(shared), *(str(file) for _, _, file in files))
    for (result, step, _), loss in zip(files, done.facts["losses"], strict=True):
        result.losses[step] = loss


def _count(setting: Setting, results: list[Result], shared: Path, folder: Path) -> None:
    """Counts the FLOPs of one epoch, once per shape of work."""
    folder.mkdir()
    counted: dict[str, float] = {}
    for result in results:
        shape = result.trainer.shape
        if shape not in counted and not result.flops:
            _run(setting, result, shared, folder / shape, counts=True, epochs=1)
        counted.setdefault(shape, result.flops)
        result.flops = counted[shape]
