"""What is logged after a resume is the mean over all steps since the last log, those before it included."""

from pathlib import Path

import pytest
from tests.finetuning import cases

from sdp.finetuning.backends.lean import run as train


@pytest.mark.parametrize("save_steps", [7, 9])
def test_logs_of_a_resumed_run_are_those_of_an_undisturbed_one(tmp_path: Path, save_steps: int) -> None:
    def losses(resume_from: Path | None = None) -> list[tuple[int, float]]:
        run = cases.new_run(tmp_path)
        train(cases.job(max_steps=10, logging_steps=5, save_steps=save_steps), run, resume_from=resume_from)
        paths.append(run.path)
        return [(event["step"], event["loss"]) for event in run.events() if event["event"] == "train"]

    paths: list[Path] = []
    straight = losses()
    between = paths[0] / "checkpoints" / f"step-{save_steps:06d}"
    again = losses(between)
    assert again
    assert again == straight[-len(again) :]
