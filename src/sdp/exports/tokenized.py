"""Token ids and labels, as a model reads and learns them: Parquet that a torch DataLoader takes."""

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sdp import __version__
from sdp.contract.exporter import Exporter, ExportOptions
from sdp.errors import InputError
from sdp.exports.shaped import plain

if TYPE_CHECKING:
    from sdp.models.joiner import Joiner

IGNORED = -100
"""The label that no loss is computed for."""
IDS = pa.list_(pa.int32())
SCHEMA = pa.schema(
    [("id", pa.uint64()), ("input_ids", IDS), ("labels", IDS), ("length", pa.int32()), ("prompt_length", pa.int32())]
)
PIECE = 8192
"""Rows that are tokenised at a time."""
CHECKED = 256
"""Distinct completions of a piece that must come back from the tokenizer as they were."""
NO_LIMIT = 1_000_000
"""Tokenizers that know no limit name a number above this."""


class Tokenized(Exporter):
    """Writes ``<split>.parquet``: `input_ids`, `labels`, `length` and `prompt_length`, one row per question.

    Made by the same joiner that training and scoring use. The prompt is labelled -100; the completion and the token
    that ends it are labelled with themselves. Nothing is padded, nothing is cut: a row that the model cannot read whole
    is left out, and counted.

    Args:
        options: `tokenizer` is needed. `prompt_format` defaults to what the model's folder says, else its chat
            template, else plain; `max_length` to what the model reads.

    Raises:
        InputError: No tokenizer was named.
    """

    name = "tokenized"
    uses = frozenset({"tokenizer", "prompt_format", "system", "max_length"})

    def __init__(self, options: ExportOptions | None = None) -> None:
        super().__init__(options)
        if not self.options.tokenizer:
            raise InputError(
                "token ids of which model?",
                where="--tokenizer",
                hint="tiny, a folder, or a name on the Hugging Face hub",
            )

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes batch by batch; the schema's metadata says which tokenizer, prompt format and system message.

        Raises:
            InputError: The tokenizer cannot be used, or no row fits.
            ResourceError: It is on the hub, and that cannot be reached.
        """
        from sdp.models.resolve import resolve_tokenizer

        del schema
        resolved = resolve_tokenizer(str(self.options.tokenizer))  # a wrong name is told before torch is imported

        from sdp.models.joiner import Joiner
        from sdp.models.load import load_tokenizer

        tokenizer = load_tokenizer(resolved)
        wanted = self.options.prompt_format or "auto"
        joiner = Joiner(tokenizer, resolved.prompt_format if wanted == "auto" else wanted, self.options.system)
        limit = self.options.max_length or _reads(resolved.folder, tokenizer.model_max_length)
        made_with = {
            "sdp": __version__,
            "tokenizer": Path(resolved.name).name if resolved.is_local else resolved.name,
            "prompt_format": joiner.format_name,
            "system": self.options.system,
            "max_length": limit,
        }
        described = SCHEMA.with_metadata({"sdp": json.dumps(made_with, ensure_ascii=False)})
        files, n_rows = [], 0
        for split, batches in splits.items():
            path = folder / f"{split}.parquet"
            with pq.ParquetWriter(path, described, compression="zstd") as writer:
                for batch in batches:
                    kept = self._short(_encoded(batch, joiner), limit)
                    writer.write_batch(kept.cast(described))
                    n_rows += kept.num_rows
            files.append(path)
        self._check(n_rows, limit)
        return files

    def _short(self, batch: pa.RecordBatch, limit: int | None) -> pa.RecordBatch:
        """Leaves out what is longer than the model reads."""
        fits = np.asarray(batch["length"]) <= (limit or np.iinfo(np.int32).max)
        if fits.all():
            return batch
        reason = f"longer than {limit:,} tokens"
        self.left_out[reason] = self.left_out.get(reason, 0) + int((~fits).sum())
        return batch.filter(pa.array(fits))

    def _check(self, n_rows: int, limit: int | None) -> None:
        if not n_rows and self.left_out:
            raise InputError(
                f"all {sum(self.left_out.values()):,} rows are longer than {limit:,} tokens",
                where="--max-length" if self.options.max_length else f"--tokenizer {self.options.tokenizer}",
                hint="use a model that reads more, or a shorter --system",
            )


def _encoded(batch: pa.RecordBatch, joiner: "Joiner") -> pa.RecordBatch:
    pieces = [_piece(batch.slice(first, PIECE), joiner) for first in range(0, batch.num_rows, PIECE)]
    whole = pa.Table.from_batches(pieces, SCHEMA).combine_chunks()
    return whole.to_batches()[0] if pieces else pa.RecordBatch.from_pylist([], schema=SCHEMA)


def _piece(batch: pa.RecordBatch, joiner: "Joiner") -> pa.RecordBatch:
    prompts, answers = batch["prompt"].to_pylist(), plain(batch["completion"]).to_pylist()
    joiner.check(list(dict.fromkeys(answers))[:CHECKED])
    asked, answered = joiner.encode_prompts(prompts), joiner.encode_answers(answers)
    n_prompt = np.fromiter(map(len, asked), np.int32, len(asked))
    n_tokens = n_prompt + np.fromiter(map(len, answered), np.int32, len(answered))
    ends = np.concatenate([np.zeros(1, np.int32), np.cumsum(n_tokens, dtype=np.int32)])
    ids = np.fromiter(
        chain.from_iterable(chain.from_iterable(zip(asked, answered, strict=True))), np.int32, int(ends[-1])
    )
    place_in_row = np.arange(len(ids)) - np.repeat(ends[:-1], n_tokens)
    labels = np.where(place_in_row < np.repeat(n_prompt, n_tokens), np.int32(IGNORED), ids)
    lists = [pa.ListArray.from_arrays(ends, flat) for flat in (ids, labels)]
    return pa.record_batch([batch["id"], *lists, pa.array(n_tokens), pa.array(n_prompt)], schema=SCHEMA)


def _reads(folder: Path, tokenizer_limit: object) -> int | None:
    """Says how many tokens a model reads at most; None if nobody knows."""
    config = folder / "config.json"
    found: dict[str, Any] = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    limits = [part.get("max_position_embeddings") for part in (found, found.get("text_config", {}))]
    limits.append(tokenizer_limit)
    return min((int(limit) for limit in limits if isinstance(limit, int) and limit < NO_LIMIT), default=None)
