"""The logged loss is a mean over the steps since the last log; a checkpoint in between must not lose its first half."""

from typing import Any

import torch
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import ExportableState


class LoggedMean(TrainerCallback, ExportableState):
    """Takes the sum that is not logged yet into the checkpoint and back: early stopping may decide by what is logged.

    `transformers.Trainer` begins a new sum when it resumes.

    Args:
        trainer: Holds the sum.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer

    def state(self) -> dict[str, Any]:
        """Gives what goes into trainer_state.json."""
        total = getattr(self._trainer, "_tr_loss", None)
        since = getattr(self._trainer, "_globalstep_last_logged", None)
        attributes = {} if total is None or since is None else {"total": float(total), "since": int(since)}
        return {"args": {}, "attributes": attributes}

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Puts the sum back. Of several processes only the first one's is known: their next mean is of fewer steps."""
        del control, kwargs
        stored: Any = state.stateful_callbacks
        mine = stored.setdefault(type(self).__name__, self.state())["attributes"]
        if mine and state.global_step and args.world_size == 1:
            self._trainer._tr_loss = torch.tensor(mine["total"], device=args.device)  # noqa: SLF001  (see above)
            self._trainer._globalstep_last_logged = mine["since"]  # noqa: SLF001  (see above)
