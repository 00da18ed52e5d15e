"""Alpaca: instruction, input, output."""

import pyarrow as pa

from sdp.exports.shaped import Shaped


class Alpaca(Shaped):
    """Writes ``{"instruction": …, "input": "", "output": …}``."""

    name = "alpaca"

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A question is one text, so `input` is empty, as in most of Alpaca itself. `output` is the completion."""
        nothing = pa.repeat("", batch.num_rows)
        return pa.record_batch({"instruction": batch["prompt"], "input": nothing, "output": batch["completion"]})
