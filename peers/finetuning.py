"""How fast models are fine-tuned: sdp beside TRL's SFTTrainer, and a plain loop for orientation.

Run ``python peers/finetuning.py`` (about 20 minutes on two cores) and it prints the tables of ``docs/performance.md``.
TRL needs its environment: ``python peers/environments.py trl``.
"""

import argparse
import json
import os
import platform
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from side_by_side.process import RunError
from side_by_side.setting import Setting
from side_by_side.trainers import Trainer, trainers
from side_by_side.training import COURSES, Course, race
from side_by_side.training_table import table, values

PACKAGES = ("sdp", "torch", "transformers", "peft", "accelerate")
QUICK = {
    "tiny": {"steps": 4, "epochs": 2, "n_validation": 64, "snapshot_every": 2},
    "qwen": {"epochs": 2, "n_validation": 16},
}


def main() -> None:
    """Prints the tables, each as soon as it is there.

    Raises:
        SystemExit: A contestant failed, or did other work than the others.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=COURSES, default=list(COURSES), help="models")
    parser.add_argument("--trainers", nargs="+", metavar="WORD", help="only those whose names hold one of the words")
    parser.add_argument("--steps", type=int, help="steps of an epoch, instead of the model's own")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; contestants take turns in each")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="few steps, one round: to see that all of it works")
    parser.add_argument("--work", type=Path, help="where files go meanwhile; the temporary folder by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    given = parser.parse_args()
    chosen = {name: _chosen(name, given.trainers) for name in given.only}
    if not all(chosen.values()):
        parser.error(f"--trainers: none of {'; '.join(one.name for one in trainers('tiny'))}")
    machine = {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
    if not given.json:
        packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
        print(f"{machine['cores']} cores, Python {machine['python']}, {packages}\n", flush=True)
    races = []
    with TemporaryDirectory(prefix="sdp-peers-", dir=given.work) as work:
        setting = Setting(1 if given.quick else given.repeats, Path(work).resolve())
        for name in given.only:
            try:
                races.append(race(setting, _course(name, given), chosen[name]))
            except RunError as failure:
                raise SystemExit(str(failure)) from failure
            if not given.json:
                print(table(races[-1]), flush=True)
    if given.json:
        print(json.dumps({"machine": machine, "races": [values(one) for one in races]}))


def _chosen(model: str, words: list[str] | None) -> list[Trainer]:
    return [one for one in trainers(model) if not words or any(word in one.name for word in words)]


def _course(name: str, given: argparse.Namespace) -> Course:
    course = replace(COURSES[name], threads=given.threads, **(QUICK[name] if given.quick else {}))
    return course if given.steps is None else replace(course, steps=given.steps)


if __name__ == "__main__":
    main()
