"""Gemini's tuning data: `systemInstruction` and `contents`, one example per line.

The format: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-supervised-tuning-prepare
"""

import numpy as np
import pyarrow as pa

from sdp.exports.shaped import Shaped, conversation, plain


class Gemini(Shaped):
    """Writes ``{"contents": [{"role": "user", "parts": [{"text": …}]}, {"role": "model", "parts": …}]}``."""

    name = "gemini"
    uses = frozenset({"system"})

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The model says the completion: of a trace, the worked letters and then the answer."""
        turns = [("user", _parts(batch["prompt"])), ("model", _parts(plain(batch["completion"])))]
        columns = {"contents": conversation(turns, "role", "parts")}
        if self.options.system:
            said = _parts(pa.repeat(self.options.system, batch.num_rows))
            system = pa.StructArray.from_arrays([pa.repeat("system", batch.num_rows), said], ["role", "parts"])
            columns = {"systemInstruction": system, **columns}
        return pa.record_batch(columns)


def _parts(texts: pa.Array) -> pa.ListArray:
    """Makes a message of one part of each text."""
    ends = np.arange(len(texts) + 1, dtype=np.int32)
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays([texts], ["text"]))
