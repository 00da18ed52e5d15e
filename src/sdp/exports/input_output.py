"""`input_text` and `output_text`, as Vertex AI's older tuning jobs and many scripts have them."""

import pyarrow as pa

from sdp.exports.shaped import Shaped


class InputOutput(Shaped):
    """Writes ``{"input_text": …, "output_text": …}``."""

    name = "input_output"

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """`output_text` is the completion: of a trace, the worked letters and then the answer."""
        return pa.record_batch({"input_text": batch["prompt"], "output_text": batch["completion"]})
