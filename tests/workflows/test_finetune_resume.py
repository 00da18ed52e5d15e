"""What a run that goes on may change: where and by whom it is computed, not what it learns."""

from pathlib import Path

import pytest

from sdp.errors import InputError
from sdp.recipes.schema import Recipe
from sdp.runs.folder import Run
from sdp.workflows.finetune_resume import recipe_to_resume


@pytest.fixture
def run() -> Run:
    recipe = Recipe(data=[{"source": "data/spelling", "share": 1.0}])
    return Run.create(Path("runs"), "finetune", "x", {"recipe": recipe.model_dump(), "data": []})


@pytest.mark.parametrize(
    "changes",
    [
        [],
        ["dtype=bfloat16"],
        ["checkpoints.mirror=s3://bucket/x", "checkpoints.keep=all"],
        ["training.per_device_train_batch_size=4", "training.gradient_accumulation_steps=4"],
        ["distributed.kind=ddp", "distributed.num_processes=2", "training.per_device_train_batch_size=8"],
    ],
)
def test_where_and_by_whom(run: Run, changes: list[str]) -> None:
    recipe = recipe_to_resume(run, changes)
    assert (recipe != Recipe.model_validate(run.record["config"]["recipe"])) == bool(changes)


@pytest.mark.parametrize(
    "change",
    ["training.max_steps=9", "lora.r=2", "training.seed=1", "eval_rows=3", "training.learning_rate=1", "model=x"],
)
def test_not_what_it_learns(run: Run, change: str) -> None:
    with pytest.raises(InputError, match="keeps its recipe"):
        recipe_to_resume(run, [change])


def test_not_how_many_examples_a_step_has(run: Run) -> None:
    with pytest.raises(InputError, match="a step of the run has 16 examples, and these settings make 32") as caught:
        recipe_to_resume(run, ["training.gradient_accumulation_steps=2"])
    assert "must stay" in str(caught.value.hint)
