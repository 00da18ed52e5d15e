"""Micro-batches that did not fit into memory stay cut after a resume, so that it adds the same numbers in one order."""

from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import ExportableState

from sdp.finetuning.trainer import AnswerTrainer


class Parts(TrainerCallback, ExportableState):
    """Takes the number of parts into the checkpoint and back.

    Args:
        trainer: Cuts.
    """

    def __init__(self, trainer: AnswerTrainer) -> None:
        self._trainer = trainer

    def state(self) -> dict[str, Any]:
        """Gives what goes into trainer_state.json."""
        return {"args": {}, "attributes": {"n_parts": self._trainer.n_parts}}

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Puts it back."""
        del args, control, kwargs
        stored: Any = state.stateful_callbacks
        self._trainer.n_parts = stored.setdefault(type(self).__name__, self.state())["attributes"]["n_parts"]
