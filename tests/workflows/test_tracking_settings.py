import pytest

from sdp.errors import ConfigError
from sdp.recipes.schema import Recipe, Tracking
from sdp.runs.tracking.contract import Settings
from sdp.workflows.tracking_settings import settings_of_run, tracking_settings, with_settings


def test_a_finetune_run_says_it_in_its_recipe_and_a_bench_beside_the_rest():
    tracking = Tracking(to=["wandb"], project="letters", tags=["a"])
    expected = Settings(to=["wandb"], project="letters", tags=["a"])
    assert tracking_settings(tracking) == expected
    assert settings_of_run({"config": {"recipe": Recipe(tracking=tracking).model_dump()}}) == expected
    assert settings_of_run({"config": {"tracking": tracking.model_dump()}}) == expected


@pytest.mark.parametrize("config", [{}, {"recipe": {"model": "tiny"}}, {"recipe": {"tracking": None}}])
def test_a_run_from_before_tracking_says_nothing(config):
    assert settings_of_run({"config": config}) == Settings()


def test_single_keys_are_set():
    changed = with_settings(Settings(project="letters", group="g"), ["tracking.tags=a,b", "tracking.entity=team"])
    assert changed == Settings(to=[], project="letters", group="g", tags=["a", "b"], entity="team")


@pytest.mark.parametrize("assignment", ["tracking.x=1", "project=x", "training.seed=1", "tracking=1"])
def test_other_keys_are_refused(assignment):
    with pytest.raises(ConfigError, match="cannot be set here"):
        with_settings(Settings(), [assignment])
