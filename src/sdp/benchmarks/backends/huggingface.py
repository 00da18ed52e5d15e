"""Greedy answers and likelihoods from a Hugging Face causal language model."""

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import transformers
from transformers import GenerationConfig, LogitsProcessorList, PreTrainedModel

from sdp.benchmarks.backends.batches import in_halves, plan
from sdp.benchmarks.backends.fragile import MarginWatch
from sdp.errors import InputError
from sdp.models.joiner import Joiner
from sdp.progress import SILENT, Progress

BATCH_TOKENS = 16_384
"""Tokens of a batch, padding and room for the answer included."""

LOGITS = 2**27
"""Logits held at once while scoring: half a GiB in fp32."""

NEUTRAL: dict[str, Any] = {"do_sample": False, "num_beams": 1, "repetition_penalty": 1.0, "use_cache": True}
"""Greedy and nothing else. A model's own generation config is not read: Qwen2.5-Instruct's, for one, carries a
repetition penalty that applies to greedy decoding too and forbids the double letters of a spelling."""


Row = TypeVar("Row")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Generated:
    """One answer."""

    text: str
    n_tokens: int
    """Up to and with the stop token."""
    n_prompt_tokens: int


@dataclass(frozen=True)
class Likelihood:
    """How likely a model finds one reference."""

    nll: float
    """Nats, summed over the reference's tokens and its end."""
    n_tokens: int


class HuggingFaceBackend:
    """Answers and scores questions with a model as it is now: an adapter that is switched on takes part.

    Args:
        model: In evaluation mode, on its device, not wrapped: adapters live in its layers.
        joiner: The one place that turns questions and answers into tokens.
        batch_tokens: See BATCH_TOKENS.
        progress: Where to show bars.
    """

    def __init__(
        self, model: PreTrainedModel, joiner: Joiner, *, batch_tokens: int = BATCH_TOKENS, progress: Progress = SILENT
    ) -> None:
        self._model = model
        self._untyped: Any = model  # PreTrainedModel declares neither `generate` nor what a call returns
        self._joiner = joiner
        self._batch_tokens = batch_tokens
        self._progress = progress
        self._takes_positions = "logits_to_keep" in inspect.signature(model.forward).parameters

    def settings(self) -> dict[str, Any]:
        """Names everything here that may change an answer."""
        return {
            "backend": "huggingface",
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "device": self._model.device.type,
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "batch_tokens": self._batch_tokens,
            "generation": {**NEUTRAL, "stop_ids": sorted(self._joiner.stop_ids)},
        }

    def room(self, prompts: Sequence[str]) -> int | None:
        """Says how many tokens fit into the model's context after the longest question; None: as many as you like."""
        limit = self._context()
        return None if limit is None else limit - max(map(len, self._joiner.encode_prompts(prompts)), default=0)

    def generate(self, prompts: Sequence[str], max_new_tokens: int, *, label: str = "answering") -> list[Generated]:
        """Answers every question greedily.

        In fp32 an answer depends on its question alone, not on the batch: rows whose choice hangs on rounding are
        decoded again one by one. In fp16 and bf16 rounding is coarser than that test, and batches may matter.

        Args:
            prompts: Neutral text.
            max_new_tokens: Where an answer is cut.
            label: What the progress bar says.

        Returns:
            One answer per prompt, in order.

        Raises:
            InputError: A question and its answer do not fit into the model's context.
            ResourceError: A single question does not fit into memory.
        """
        rows = self._joiner.encode_prompts(prompts)
        lengths = [len(row) + max_new_tokens for row in rows]
        self._check_context(lengths, prompts)
        with _neutral(self._model):
            new = self._run(rows, plan(lengths, self._batch_tokens), lambda b: self._decode(b, max_new_tokens), label)
        pairs = zip(rows, new, strict=True)
        return [Generated(self._joiner.text(ids), len(ids), len(row)) for row, ids in pairs]

    def likelihoods(
        self, prompts: Sequence[str], completions: Sequence[str], *, label: str = "scoring"
    ) -> list[Likelihood]:
        """Scores every reference by one teacher-forced pass over question and reference.

        Args:
            prompts: Neutral text.
            completions: One reference per prompt.
            label: What the progress bar says.

        Returns:
            One likelihood per row, in order.

        Raises:
            InputError: A row does not fit into the model's context, or the logits are not numbers.
            ResourceError: A single row does not fit into memory.
        """
        questions, answers = self._joiner.encode_prompts(prompts), self._joiner.encode_answers(completions)
        rows = list(zip(questions, answers, strict=True))
        lengths = [len(prompt) + len(answer) for prompt, answer in rows]
        self._check_context(lengths, prompts)
        vocabulary = int(self._model.config.get_text_config().vocab_size)
        max_rows = max(1, LOGITS // (vocabulary * max(lengths, default=1)))
        found = self._run(rows, plan(lengths, self._batch_tokens, max_rows), self._score, label)
        for prompt, likelihood in zip(prompts, found, strict=True):
            if not math.isfinite(likelihood.nll):
                raise InputError(
                    f"the model's logits give an NLL of {likelihood.nll}",
                    where=f"the question '{prompt}'",
                    hint="its weights may be broken, or overflow in half precision: try --device cpu",
                )
        return found

    def _run(
        self, rows: list[Row], batches: list[list[int]], work: Callable[[list[Row]], list[Result]], label: str
    ) -> list[Result]:
        results: dict[int, Result] = {}

        def note(size: int) -> None:
            self._progress.note(f"not enough memory: going on with batches of {size} rows")

        with torch.inference_mode(), self._progress.bar(label, len(rows), unit="rows") as bar:
            for batch in batches:
                results.update(zip(batch, in_halves(work, [rows[i] for i in batch], note), strict=True))
                bar.advance(len(batch))
        return [results[i] for i in range(len(rows))]

    def _decode(self, rows: list[list[int]], max_new_tokens: int) -> list[list[int]]:
        watch = MarginWatch(self._joiner.stop_ids)
        width = max(map(len, rows))
        pad = min(self._joiner.stop_ids)
        ids = torch.tensor([[pad] * (width - len(row)) + row for row in rows], device=self._model.device)
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=self._model.device)
        config = GenerationConfig(
            **NEUTRAL, max_new_tokens=max_new_tokens, eos_token_id=sorted(self._joiner.stop_ids), pad_token_id=pad
        )
        out: torch.Tensor = self._untyped.generate(
            ids, attention_mask=mask, generation_config=config, logits_processor=LogitsProcessorList([watch])
        )
        answers = [self._cut(row) for row in out[:, width:].tolist()]  # (n_rows, n_new)
        if len(rows) > 1 and self._model.dtype == torch.float32:
            for fragile in watch.rows():
                answers[fragile] = self._decode([rows[fragile]], max_new_tokens)[0]
        return answers

    def _cut(self, ids: list[int]) -> list[int]:
        ends = [place for place, token in enumerate(ids) if token in self._joiner.stop_ids]
        return ids[: ends[0] + 1] if ends else ids

    def _score(self, rows: list[tuple[list[int], list[int]]]) -> list[Likelihood]:
        width = max(len(prompt) + len(answer) for prompt, answer in rows)
        first = min(len(prompt) for prompt, _ in rows)  # the leftmost answer token of the batch
        ids = torch.tensor([_right_padded(prompt + answer, width) for prompt, answer in rows])
        kept = torch.tensor([_right_padded([0] * len(p) + [1] * len(a), width) for p, a in rows])
        mask = torch.tensor([_right_padded([1] * (len(p) + len(a)), width) for p, a in rows])
        logits = self._logits(ids.to(self._model.device), mask.to(self._model.device), first - 1, width - 1)
        place = kept[:, first:].bool().to(logits.device)
        chosen = logits[place].float()  # (n_answer_tokens of the batch, n_vocabulary)
        targets = ids[:, first:].to(logits.device)[place]
        nll = torch.logsumexp(chosen, dim=-1) - chosen.gather(1, targets[:, None])[:, 0]
        parts = nll.double().cpu().split([len(answer) for _, answer in rows])
        return [Likelihood(float(part.sum()), part.numel()) for part in parts]

    def _logits(self, ids: torch.Tensor, mask: torch.Tensor, start: int, stop: int) -> torch.Tensor:
        """Runs the model; the head, where it lets itself be told, on the positions from `start` to `stop` only."""
        inputs: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "use_cache": False}
        if self._takes_positions:
            inputs["logits_to_keep"] = torch.arange(start, stop, device=ids.device)
        logits: torch.Tensor = self._untyped(**inputs).logits
        return logits if self._takes_positions else logits[:, start:stop]

    def _context(self) -> int | None:
        limit: int | None = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        return limit

    def _check_context(self, lengths: Sequence[int], prompts: Sequence[str]) -> None:
        limit = self._context()
        longest = max(range(len(lengths)), key=lengths.__getitem__, default=None)
        if limit is not None and longest is not None and lengths[longest] > limit:
            raise InputError(
                f"a question and its answer take {lengths[longest]} tokens, and the model has room for {limit}",
                where=f"the question '{prompts[longest]}'",
                hint="choose a model with a longer context, or leave such questions out of the data",
            )


def _right_padded(ids: list[int], width: int) -> list[int]:
    return ids + [0] * (width - len(ids))


@contextmanager
def _neutral(model: PreTrainedModel) -> Iterator[None]:
    """Puts the model's own generation config away: `generate` fills every unset value from it, unasked."""
    own = model.generation_config
    model.generation_config = GenerationConfig()
    try:
        yield
    finally:
        model.generation_config = own
