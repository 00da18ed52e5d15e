"""`transformers.Trainer` with our order of examples, our reading and an exact evaluation loss; the loop is theirs."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader
from transformers import Trainer

from sdp.errors import ResourceError
from sdp.finetuning.examples import Example, Examples
from sdp.finetuning.order import MicroBatches, Order
from sdp.finetuning.reading import Reading
from sdp.models.out_of_memory import is_out_of_memory
from sdp.progress import SILENT, Progress


class AnswerTrainer(Trainer):
    """Trains on answers.

    Args:
        order: Which examples each step trains.
        reading: How the model reads them.
        label_smoothing: Share of each target that is spread over the vocabulary. Evaluation knows none.
        progress: Told when a micro-batch does not fit into memory.
        **kwargs: As `transformers.Trainer`; both data sets are `Examples`.
    """

    train_dataset: Examples
    eval_dataset: Examples | None

    def __init__(
        self,
        *,
        order: Order,
        reading: Reading,
        label_smoothing: float = 0.0,
        progress: Progress = SILENT,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_collator=_unchanged, **kwargs)
        self.order = order
        self.reading = reading
        self.label_smoothing = label_smoothing
        self.eval_s = 0.0
        """Seconds spent evaluating."""
        self.step_examples: list[int] = []
        """Places in the data set of the examples of the step at hand, on this process."""
        self.n_parts = 1
        """Into how many parts a micro-batch is cut, because as a whole it does not fit into memory."""
        self.loss_is_scaled_for_ga = True  # by `compute_loss`, which divides by the answer tokens of the whole step
        self._progress = progress
        self._step: list[list[Example]] = []

    def get_train_dataloader(self) -> DataLoader[Example]:
        """Gives this process's micro-batches, in an order that depends on seed and epoch alone.

        Not prepared by accelerate, which would share them out among the processes again.
        """
        batches = MicroBatches(self.order, self.args.process_index)
        return DataLoader(_Numbered(self.train_dataset), batch_sampler=batches, collate_fn=_unchanged)

    def get_batch_samples(
        self, epoch_iterator: Iterator[Any], num_batches: int, device: torch.device
    ) -> tuple[list[Any], torch.Tensor]:
        """Takes the micro-batches of a step, and counts its answer tokens over all processes."""
        taken = list(islice(epoch_iterator, num_batches))
        self.step_examples = [place for batch in taken for place, _ in batch]
        self._step = [[example for _, example in batch] for batch in taken]
        n_tokens = sum(len(ids) - n_prompt for batch in self._step for ids, n_prompt in batch)
        total = torch.tensor(n_tokens, device=device)
        return self._step, self.accelerator.reduce(total, "sum") if self.args.world_size > 1 else total

    def training_step(
        self, model: nn.Module, inputs: Any, num_items_in_batch: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        """Computes the gradient of a micro-batch, in parts where memory does not suffice for the whole.

        Args:
            model: Wrapped, if there are several processes.
            inputs: Examples of the micro-batch.
            num_items_in_batch: Answer tokens of the whole step, over all processes.

        Returns:
            The micro-batch's share of the step's loss, nats per answer token.

        Raises:
            ResourceError: A single example does not fit.
        """
        if not model.training:
            model.train()
        try:
            return self._backward(model, inputs, num_items_in_batch)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self._halve(inputs, error)
        # Outside the handler: the traceback would keep the batch's tensors alive. What the step has added up so far
        # may be half a micro-batch's; so the step begins anew.
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        model.zero_grad()
        place = next(i for i, batch in enumerate(self._step) if batch is inputs)
        for earlier in self._step[:place]:
            self._backward(model, earlier, num_items_in_batch)
        return self.training_step(model, inputs, num_items_in_batch)

    def compute_loss(
        self,
        model: nn.Module,
        inputs: Any,
        return_outputs: bool = False,  # noqa: FBT001, FBT002  (the parent's)
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """Computes a micro-batch's share of the step's loss, nats per answer token.

        A mean of the micro-batches' means would weigh tokens of short answers more than those of long ones; so the sum
        is divided by the answer tokens of the whole step.
        """
        del return_outputs
        # a process without an example in the last step of an epoch takes part all the same: the others wait for it
        examples, weight = (inputs, 1.0) if inputs else ([self.train_dataset[0]], 0.0)
        total, _ = self.reading.summed_loss(model, examples, self.label_smoothing)
        n_processes = self.accelerator.num_processes  # their gradients are averaged
        return total * (weight * n_processes / (num_items_in_batch or 1))

    def floating_point_ops(self, inputs: Any) -> int:
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
            ``eval_loss``, nats per answer token, end token included; ``eval_token_accuracy``, the share of answer
            tokens that the model ranks first after the right beginning; ``eval_exact_match``, the share of answers of
            which it ranks first all tokens: what greedy decoding gets right.
        """
        del args, kwargs
        began = time.perf_counter()
        data, model = self.eval_dataset, self.model
        if data is None or model is None:
            return {}
        model.eval()
        order = (-data.lengths).argsort(kind="stable").tolist()
        size = self.args.eval_batch_size
        loss, right, whole = 0.0, 0, 0
        for first in range(0, len(order), size):
            for total, found in self._answered(model, [data[i] for i in order[first : first + size]]):
                loss += total
                right += sum(int(part.sum()) for part in found)
                whole += sum(bool(part.all()) for part in found)
        model.train()
        values = {
            "loss": loss / data.n_answer_tokens,
            "token_accuracy": right / data.n_answer_tokens,
            "exact_match": whole / len(data),
        }
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in values.items()}
        self.eval_s += time.perf_counter() - began
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _backward(self, model: nn.Module, examples: list[Example], n_tokens: torch.Tensor | int | None) -> torch.Tensor:
        parts = [loss for part in _cut(examples, self.n_parts) for loss in [self._part(model, part, n_tokens)]]
        return parts[0] if len(parts) == 1 else torch.stack(parts).sum()

    def _part(self, model: nn.Module, examples: list[Example], n_tokens: torch.Tensor | int | None) -> torch.Tensor:
        with self.compute_loss_context_manager():
            loss: torch.Tensor = self.compute_loss(model, examples, num_items_in_batch=n_tokens)
        # DeepSpeed would divide by the micro-batches of a step, which the loss has been divided by already
        scaling = {"scale_wrt_gas": False} if self.is_deepspeed_enabled else {}
        self.accelerator.backward(loss, **scaling)
        return loss.detach()

    def _answered(self, model: nn.Module, examples: list[Example]) -> Iterator[tuple[float, Sequence[torch.Tensor]]]:
        """Gives the summed loss, and which tokens of each answer are right, in halves where memory is short."""
        try:
            total, answers = self.reading.summed_loss(model, examples)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error) or len(examples) == 1 or self.args.world_size > 1:
                raise
        else:
            lengths = [len(ids) - n_prompt for ids, n_prompt in examples]
            yield float(total), () if answers.right is None else answers.right.cpu().split(lengths)
            return
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        for half in _cut(examples, 2):
            yield from self._answered(model, half)

    def _halve(self, examples: list[Example], error: Exception) -> None:
        if self.args.world_size > 1 or self.n_parts >= len(examples):
            raise ResourceError(
                "training does not fit into memory",
                hint="lower training.per_device_train_batch_size, raise training.gradient_accumulation_steps, or set "
                "training.gradient_checkpointing=true (-o)",
            ) from error
        self.n_parts = min(self.n_parts * 2, len(examples))
        size = -(-len(examples) // self.n_parts)
        self._progress.note(f"not enough memory: going on with micro-batches of {size} examples, added up as before")


def _unchanged(batch: list[Any]) -> Any:
    return batch


class _Numbered(torch.utils.data.Dataset[Any]):
    """Examples with their places, so that those of a step can be named."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, place: int) -> tuple[int, Example]:
        return place, self._examples[place]


def _cut(examples: Sequence[Example], n_parts: int) -> list[list[Example]]:
    """Cuts a micro-batch into parts of like size; an empty one stays as it is."""
    n = min(n_parts, len(examples)) or 1
    bounds = [len(examples) * i // n for i in range(n + 1)]
    return [list(examples[first:last]) for first, last in pairwise(bounds)]
