"""SIGTERM: the step ends, its checkpoint is written, the process ends with 143."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.finetuning import cases

from sdp.errors import ExitCode
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.signals import Termination
from sdp.runs.checkpoints import folder as folders


class Sender:
    """A progress that sends the signal at a step."""

    def __init__(self, step: int) -> None:
        self.left = step
        self.notes: list[str] = []

    @contextmanager
    def bar(self, label: str, total: float, unit: str = "") -> Iterator["Sender"]:
        yield self

    def advance(self, n: float = 1) -> None:
        self.left -= 1
        if not self.left:
            signal.raise_signal(signal.SIGTERM)

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What reaches the handler that was there before."""
    found: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: found.append(number))
    yield found
    signal.signal(signal.SIGTERM, before)


def test_a_checkpoint_comes_first(tmp_path: Path, heard: list[int]) -> None:
    straight, run = cases.new_run(tmp_path, "straight"), cases.new_run(tmp_path)
    settings = {"max_steps": 9, "save_steps": 4, "lora": {"dropout": 0.2}, "eval_steps": 3}
    train(cases.job(validation=cases.examples(5), **settings), straight)
    sender = Sender(5)
    with pytest.raises(SystemExit) as caught:
        train(cases.job(validation=cases.examples(5), **settings), run, progress=sender)
    assert caught.value.code == ExitCode.TERMINATED
    newest = list(folders.complete(run.path / "checkpoints"))[-1]
    assert newest in {5, 6}
    assert f"terminated; step-00000{newest} is written" in sender.notes[-1]
    train(cases.job(validation=cases.examples(5), **settings), run,
          resume_from=run.path / "checkpoints" / folders.name_of(newest))  # fmt: skip
    assert cases.adapter_bytes(run) == cases.adapter_bytes(straight)
    assert heard == [], "the handler from before is not asked"
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM], "and is there again"


def test_a_second_signal_does_what_it_did_before(heard: list[int]) -> None:
    with Termination(print).listening():
        signal.raise_signal(signal.SIGTERM)
        assert heard == []
        signal.raise_signal(signal.SIGTERM)
        assert heard == [signal.SIGTERM]


def test_one_that_comes_after_the_last_step_is_handed_on(heard: list[int]) -> None:
    with Termination(print).listening():
        signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]


def fails() -> None:
    signal.raise_signal(signal.SIGTERM)
    raise ValueError("first")


def test_an_error_is_not_hidden_by_the_signal(heard: list[int]) -> None:
    with pytest.raises(ValueError, match="first"), Termination(print).listening():
        fails()
    assert heard == []
