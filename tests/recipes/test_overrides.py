import pytest

from sdp.errors import ConfigError
from sdp.recipes.overrides import keys, validated, with_overrides
from sdp.recipes.schema import Recipe

RECIPE = Recipe()


def test_keys_are_set_by_their_dotted_name() -> None:
    changed = with_overrides(
        RECIPE,
        ["training.max_steps=7", "training.learning_rate=1e-4", "lora.alpha=none", 'lora.target_modules=["q_proj"]',
         "system=Be brief.", "model=a/b=c"],
    )  # fmt: skip
    assert changed.training.max_steps == 7
    assert changed.training.learning_rate == 1e-4
    assert changed.lora.alpha is None
    assert changed.lora.target_modules == ["q_proj"]
    assert changed.system == "Be brief."
    assert changed.model == "a/b=c"
    assert Recipe() == RECIPE, "the given recipe stays as it was"


@pytest.mark.parametrize("key", [key for key in keys() if key.partition(".")[2]])
def test_every_key_can_be_set_to_what_it_is(key: str) -> None:
    part, _, name = key.partition(".")
    value = getattr(getattr(RECIPE, part), name)
    whose = RECIPE.model_copy(update={"method": "qlora"})  # in which every key does something
    assert with_overrides(whose, [f"{key}={'none' if value is None else value}"]) == whose


@pytest.mark.parametrize(
    ("assignment", "hint"),
    [
        ("training.learning_rat=1", "did you mean 'training.learning_rate'?"),
        ("learning_rate=1", "did you mean 'training.learning_rate'?"),
        ("training=1", "choices are"),
        ("data=1", "choices are"),
        ("training.max_steps", "-o training.max_steps=100"),
    ],
)
def test_an_unknown_key_is_refused_with_near_names(assignment: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        with_overrides(RECIPE, [assignment])
    assert hint in str(caught.value)


def test_steps_and_epochs_replace_each_other() -> None:
    epochs = with_overrides(RECIPE, ["training.num_train_epochs=3"]).training
    assert (epochs.max_steps, epochs.num_train_epochs) == (None, 3)
    steps = with_overrides(with_overrides(RECIPE, ["training.num_train_epochs=3"]), ["training.max_steps=7"]).training
    assert (steps.max_steps, steps.num_train_epochs) == (7, None)
    for both in (["training.max_steps=7", "training.num_train_epochs=3"], ["training.max_steps=none"]):
        with pytest.raises(ConfigError, match="give either"):
            with_overrides(RECIPE, both)


def test_lists_are_given_with_commas() -> None:
    changed = with_overrides(RECIPE, ["lora.target_modules=q_proj, v_proj", "tracking.to=wandb,mlflow"])
    assert changed.lora.target_modules == ["q_proj", "v_proj"]
    assert with_overrides(RECIPE, ["lora.target_modules=q_proj,"]).lora.target_modules == ["q_proj"]
    assert changed.tracking.to == ["wandb", "mlflow"]


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        (["method=full", "lora.r=4"], "'lora.r' does nothing with the method full"),
        (["quantization.bnb_4bit_quant_type=fp4"], "does nothing with the method lora"),
        (["training.optim=sgd", "training.adam_beta1=0.5"], "'training.adam_beta1' does nothing with"),
        (["training.lr_scheduler_type=constant", 'training.lr_scheduler_kwargs={"a": 1}'], "=constant"),
        (["training.save_total_limit=2", "checkpoints.keep=last:3"], "beside training.save_total_limit"),
        (["stopping.criterion=a:B", "stopping.min_delta=1"], "where stopping.criterion decides"),
        (["training.bf16=true", "training.fp16=true"], "give one of"),
    ],
)
def test_what_would_do_nothing_is_refused(assignments: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        with_overrides(RECIPE, assignments)


def test_a_renamed_key_says_its_name() -> None:
    with pytest.raises(ConfigError, match="any more") as caught:
        with_overrides(RECIPE, ["training.early_stopping_patience=3"])
    assert "stopping.patience" in str(caught.value)


@pytest.mark.parametrize(
    "assignment",
    ["training.max_steps=0", "training.max_steps=many", "training.learning_rate=-1", "lora.dropout=1", "lora.r=1.5",
     "training.lr_scheduler_type=lineal", "training.learning_rate=NaN", "training.learning_rate=Infinity"],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_name(assignment: str) -> None:
    with pytest.raises(ConfigError, match=assignment.partition("=")[0]):
        with_overrides(RECIPE, [assignment])


def test_the_place_of_a_bad_value_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        validated({"model": 1}, where="run.json")
    assert caught.value.where == "run.json"
