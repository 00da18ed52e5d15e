"""Question and answer, as GSM8K and many others have them."""

import pyarrow as pa

from sdp.exports.shaped import Shaped


class QuestionAnswer(Shaped):
    """Writes ``{"question": …, "answer": …}``."""

    name = "qa"

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """`answer` is the completion, as in GSM8K: of a trace, the worked letters and then the answer."""
        return pa.record_batch({"question": batch["prompt"], "answer": batch["completion"]})
