"""ShareGPT: conversations between `human` and `gpt`."""

import pyarrow as pa

from sdp.exports.shaped import Shaped, conversation, spoken


class ShareGpt(Shaped):
    """Writes ``{"id": …, "conversations": [{"from": "human", "value": …}, {"from": "gpt", "value": …}]}``."""

    name = "sharegpt"
    uses = frozenset({"system"})

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Gpt says the completion: of a trace, the worked letters and then the answer."""
        turns = spoken(self.options.system, [("human", batch["prompt"]), ("gpt", batch["completion"])])
        return pa.record_batch({"id": batch["id"], "conversations": conversation(turns, "from", "value")})
