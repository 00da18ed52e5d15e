"""Whether a schedule can be made of what a recipe says of it, asked before anything is loaded."""

import torch
from transformers import get_scheduler

from sdp.errors import ConfigError
from sdp.recipes.schema import Training


def check_schedule(settings: Training) -> None:
    """Makes a schedule as the trainer will, for nothing.

    Args:
        settings: Name it, and what it takes (`lr_scheduler_kwargs`).

    Raises:
        ConfigError: It does not take that, or needs more.
    """
    name = settings.lr_scheduler_type
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=settings.learning_rate)
    try:
        schedule = get_scheduler(name, optimizer, 1, 100, scheduler_specific_kwargs=settings.lr_scheduler_kwargs)
        for step in (0, 50, 100):
            schedule.lr_lambdas[0](step)  # all of `Training.lr_scheduler_type` have one
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ConfigError(
            f"the schedule {name} cannot be made: {str(error).partition('() ')[2] or error}",
            where="training.lr_scheduler_kwargs",
            hint="-o 'training.lr_scheduler_kwargs={\"min_lr_rate\": 0.1}' is what one looks like; "
            "keys are those of transformers' function for this schedule",
        ) from error
