"""A loss that is not a number ends training before it reaches the weights, and the step's rows are written down."""

import math
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from sdp.data.atomic import write_json
from sdp.errors import InputError
from sdp.finetuning.arguments import order_of
from sdp.finetuning.distributed.agree import anybody
from sdp.finetuning.job import Job
from sdp.runs.folder import Run

FILE = "not_finite.json"


class NotFinite(TrainerCallback):
    """Stops at the first step whose loss is NaN or infinite.

    Args:
        run: Gets ``not_finite.json``.
        job: What is trained.
        trainer: Holds the sum of the losses since the last log.
    """

    def __init__(self, run: Run, job: Job, trainer: Any) -> None:
        self._run = run
        self._job = job
        self._trainer = trainer

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Looks at the loss once per step, when the gradients are there and the weights are as they were."""
        del control, kwargs
        total = self._trainer._tr_loss  # noqa: SLF001  (the loss is given to callbacks only when it is logged)
        if anybody(args.device, asked=not math.isfinite(float(total))):
            raise self._refusal(state.global_step)

    def _refusal(self, done: int) -> InputError:
        of_lean = self._job.recipe.backend == "lean"  # the order of others is not known
        rows = [self._row(index) for index in (order_of(self._job).step(done) if of_lean else [])]
        bad = sum(row["loss"] is None for row in rows)
        if self._run.writes:
            write_json(self._run.path / FILE, {"step": done + 1, "rows": rows})
        self._run.event("not_finite", step=done + 1, file=FILE, n_rows=len(rows), n_bad=bad)
        about = f"; alone, {bad} of its {len(rows)} rows have such a loss" if rows else ""
        return InputError(
            f"the loss of step {done + 1} is not a number{about}",
            where=str(self._run.path / FILE),
            hint="lower training.learning_rate or raise training.warmup_steps; earlier checkpoints are intact",
        )

    @torch.no_grad()
    def _row(self, index: int) -> dict[str, Any]:
        data, tokenizer = self._job.train, self._job.tokenizer
        ids, n_prompt = data[index]
        total, _ = self._trainer.reading.summed_loss(self._job.model.eval(), [data[index]])
        loss = float(total) / (len(ids) - n_prompt)
        return {
            "id": None if data.row_ids is None else f"{int(data.row_ids[index]):016x}",
            "text": None if tokenizer is None else str(tokenizer.decode(ids)),
            "loss": loss if math.isfinite(loss) else None,
        }
