"""SIGTERM, which clouds and clusters send before they take a machine away: a checkpoint first, then exit code 143."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.errors import ExitCode
from sdp.finetuning.distributed.agree import anybody
from sdp.runs.checkpoints.folder import name_of


class Termination(TrainerCallback):
    """Ends the training after the step in which SIGTERM came, with a checkpoint. Stands behind `Checkpointing`.

    Args:
        note: Told what was written.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._asked = False
        self._agreed = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Catches the signal during the block. A second one does what it did before: the process ends at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def hear(signum: int, frame: FrameType | None) -> None:
            del signum, frame
            self._asked = True
            signal.signal(signal.SIGTERM, before)

        before = signal.signal(signal.SIGTERM, hear)
        try:
            yield
            if self._asked:  # after the last step: nothing is lost, and whoever caught it before decides
                signal.raise_signal(signal.SIGTERM)
        finally:
            if signal.getsignal(signal.SIGTERM) is hear:
                signal.signal(signal.SIGTERM, before)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> TrainerControl:
        """Asks for a checkpoint; an evaluation that is due comes first, as it would have."""
        del state, kwargs
        # the signal reaches processes at different steps, and a checkpoint is the work of all
        self._agreed = anybody(args.device, asked=self._asked)
        if self._agreed:
            control.should_save = True
        return control

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Ends the process once the checkpoint is in its place."""
        del args, control, kwargs
        if self._agreed:
            self._note(f"terminated; {name_of(state.global_step)} is written: sdp finetune --resume goes on from there")
            raise SystemExit(int(ExitCode.TERMINATED))
