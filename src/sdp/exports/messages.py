"""Chat messages: what chat APIs, and most trainers, call `messages`."""

import pyarrow as pa

from sdp.exports.shaped import Shaped, conversation, spoken


class Messages(Shaped):
    """Writes ``{"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}``."""

    name = "messages"
    uses = frozenset({"system"})

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The assistant says the completion: of a trace, the worked letters and then the answer."""
        turns = spoken(self.options.system, [("user", batch["prompt"]), ("assistant", batch["completion"])])
        return pa.record_batch({"messages": conversation(turns, "role", "content")})
