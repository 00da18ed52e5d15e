from typing import get_args

import pytest

from sdp.errors import ConfigError
from sdp.finetuning.schedule import check_schedule
from sdp.recipes.schema import Training

NEEDED = {"cosine_with_min_lr": {"min_lr_rate": 0.1}, "warmup_stable_decay": {"num_decay_steps": 2}}


@pytest.mark.parametrize("name", get_args(Training.model_fields["lr_scheduler_type"].annotation))
def test_every_schedule_can_be_made_and_what_some_need_is_asked_for(name: str) -> None:
    check_schedule(Training(lr_scheduler_type=name, lr_scheduler_kwargs=NEEDED.get(name)))  # type: ignore[arg-type]
    if name in NEEDED:
        with pytest.raises(ConfigError, match=f"the schedule {name}") as caught:
            check_schedule(Training(lr_scheduler_type=name))  # type: ignore[arg-type]
        assert next(iter(NEEDED[name])).removesuffix("_rate") in str(caught.value)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("linear", {"foo": 1}, "unexpected keyword argument 'foo'"),
        ("polynomial", {"lr_end": 1}, "lr_end"),
        ("polynomial", {"power": "x"}, "polynomial"),
        ("cosine", {"num_cycles": "many"}, "cosine"),
    ],
)
def test_what_a_schedule_does_not_take_is_refused_before_training(name: str, given: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        check_schedule(Training(lr_scheduler_type=name, lr_scheduler_kwargs=given))  # type: ignore[arg-type]
    assert caught.value.where == "training.lr_scheduler_kwargs"
