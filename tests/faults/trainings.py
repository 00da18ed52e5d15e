"""What the trainings of these tests are made of: a model, data, settings, and a run that nobody disturbed."""

from collections.abc import Collection
from pathlib import Path

import pytest
from tests.faults.warm_training import Warm, warm
from tests.models import build

from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import Run
from sdp.workflows.generate import GenerateRequest, generate

STATE = ("adapter_model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json")
"""Weights, optimiser, schedule, random numbers; and what was logged at every step, so the order of examples, too."""
SETTINGS = {
    "training.max_steps": 14, "training.per_device_train_batch_size": 4, "training.gradient_accumulation_steps": 2,
    "training.save_steps": 3, "training.eval_steps": 4, "training.logging_steps": 2, "training.learning_rate": 1e-2,
    "lora.dropout": 0.1, "eval_rows": 6,
}  # fmt: skip
OPTIONS = [word for key, value in SETTINGS.items() for word in ("-o", f"{key}={value}")]
LAST = "step-000014"
RESUME = ("finetune", "--resume", "--device", "cpu", "--quiet")


@pytest.fixture(scope="module")
def process():
    """Runs command lines."""
    with warm() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A model and data: 64 train rows of mixed lengths, so that 14 steps of 8 end in the second epoch."""
    folder = tmp_path_factory.mktemp("made")
    build.save(folder / "model")
    generate(GenerateRequest(task="spelling", n=80, out=folder / "data" / "spelling", words="wordfreq:en:2000"))
    return folder


@pytest.fixture
def begin(made) -> tuple[str, ...]:
    """The command, in a folder with data in it."""
    return _begin(made)


@pytest.fixture(scope="module")
def undisturbed(process, made, tmp_path_factory) -> tuple[Run, int]:
    """A run that nobody disturbed, and how often it touched its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("undisturbed"))
        done = process.sdp(*_begin(made))
        assert done.code == 0, done.err
        (run,) = Path("runs").resolve().iterdir()
        return Run.open(run), done.n_touches


def _begin(made: Path) -> tuple[str, ...]:
    Path("data").symlink_to(made / "data")
    return ("finetune", "--model", str(made / "model"), "--device", "cpu", "--quiet", *OPTIONS)


def there() -> list[Path]:
    """Run folders that say what they are."""
    return [path.parent for path in Path("runs").glob("*/run.json")]


def finished(process: Warm, begin: tuple[str, ...], undisturbed: Run, resume: tuple[str, ...] = RESUME) -> Run:
    """Goes on with what is left, and compares everything with the run that nobody disturbed."""
    if not any(Run.open(path).record["status"] == "complete" for path in there()):  # killed after its very end
        done = process.sdp(*(resume if there() else begin))
        assert done.code == 0, done.err
    (run,) = map(Run.open, there())
    same(run, undisturbed)
    return run


def same(run: Run, undisturbed: Run, but: Collection[str] = ()) -> None:
    """Compares a complete run with one that nobody disturbed, but for some files."""
    assert run.record["status"] == "complete"
    name = "adapter/adapter_model.safetensors"
    assert (run.path / name).read_bytes() == (undisturbed.path / name).read_bytes()
    folders = [here.path / "checkpoints" for here in (run, undisturbed)]
    for step in sorted({path.name for path in folders[0].iterdir()} & {path.name for path in folders[1].iterdir()}):
        check(folders[0] / step)
        for file in set(STATE) - set(but):
            one, other = ((folder / step / file).read_bytes() for folder in folders)
            assert one == other, f"{step}/{file}"
    assert (folders[0] / LAST).is_dir()
    assert not [path.name for path in folders[0].iterdir() if path.name.startswith(".")], "nothing half-written is left"
