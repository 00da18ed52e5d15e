import dataclasses

import pytest
from pydantic import ValidationError
from transformers import TrainingArguments

from sdp.recipes.schema import Lora, Recipe, Training, defaults_for


def test_training_keys_are_those_of_transformers() -> None:
    theirs = {field.name for field in dataclasses.fields(TrainingArguments)}
    trl = {"max_length", "packing"}  # of its SFTConfig
    assert set(Training.model_fields) - theirs == {*trl, "too_long"}


@pytest.mark.parametrize("r", [1, 16, 128])
def test_alpha_grows_with_the_rank(r: int) -> None:
    """A fixed alpha of 8 makes rank 128 learn at a sixteenth of the scale of rank 8."""
    assert Lora(r=r).scale_alpha / r == 2
    assert Lora(r=r, alpha=8).scale_alpha == 8


def test_the_tiny_model_learns_faster() -> None:
    tiny, other = defaults_for("tiny"), defaults_for("some/model")
    assert tiny.training.learning_rate == 5e-3
    assert other.training.learning_rate == 2e-4
    assert (tiny.model, other.model) == ("tiny", "some/model")


def test_a_recipe_survives_the_run_folder() -> None:
    recipe = defaults_for("tiny")
    assert Recipe.model_validate(recipe.model_dump()) == recipe


def test_what_a_recipe_does_not_know_it_refuses() -> None:
    with pytest.raises(ValidationError):
        Recipe.model_validate({"modle": "tiny"})
