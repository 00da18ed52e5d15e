"""`transformers.Trainer` with our order of examples and an exact evaluation loss; the loop is theirs."""

import time
from typing import Any

import torch
from torch.utils.data import DataLoader
from transformers import Trainer

from sdp.finetuning.collate import IGNORED
from sdp.finetuning.examples import Example, Examples
from sdp.finetuning.loss import answer_loss
from sdp.finetuning.order import LengthSampler


class AnswerTrainer(Trainer):
    """Trains on answers.

    Args:
        order_seed: Seed of the order of examples.
        **kwargs: As `transformers.Trainer`; both data sets are `Examples`.
    """

    train_dataset: Examples
    eval_dataset: Examples | None

    def __init__(self, *, order_seed: int, **kwargs: Any) -> None:
        super().__init__(compute_loss_func=answer_loss, **kwargs)
        self.order_seed = order_seed
        self.eval_s = 0.0
        """Seconds spent evaluating."""

    def get_train_dataloader(self) -> DataLoader[Example]:
        """Gives batches of like length, in an order that depends on seed and epoch alone."""
        sampler = LengthSampler(self.train_dataset.lengths, self._train_batch_size, self.order_seed)
        loader = DataLoader(
            self.train_dataset, batch_size=self._train_batch_size, sampler=sampler, collate_fn=self.data_collator
        )
        prepared: DataLoader[Example] = self.accelerator.prepare(loader)
        return prepared

    def floating_point_ops(self, inputs: dict[str, Any]) -> int:
        """Counts nothing: the parent walks through all modules at every step for a number that nobody reads."""
        del inputs
        return 0

    @torch.no_grad()
    def evaluate(self, *args: Any, metric_key_prefix: str = "eval", **kwargs: Any) -> dict[str, float]:
        """Computes the summed loss over the summed answer tokens; the parent averages averages.

        Args:
            *args: Ignored: the data set is `eval_dataset`.
            metric_key_prefix: Put before the names.
            **kwargs: Ignored.

        Returns:
            ``eval_loss``, nats per answer token, end token included.
        """
        del args, kwargs
        began = time.perf_counter()
        data = self.eval_dataset
        model = self.model
        if data is None or model is None:
            return {}
        model.eval()
        order = (-data.lengths).argsort(kind="stable").tolist()
        total = torch.zeros((), dtype=torch.float64)
        n_tokens = 0
        for batch in DataLoader(data, self.args.eval_batch_size, sampler=order, collate_fn=self.data_collator):
            inputs = self._prepare_inputs(batch)
            labels = inputs.pop("labels")
            total += answer_loss(model(**inputs), labels, num_items_in_batch=1).cpu().double()
            n_tokens += int((labels != IGNORED).sum())
        model.train()
        metrics = {f"{metric_key_prefix}_loss": float(total) / n_tokens}
        self.eval_s += time.perf_counter() - began
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics
