"""TRL's prompt–completion data: loss on the completion only, without another setting."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.exporter import ExportOptions
from sdp.exports.prompt_text import text_around
from sdp.exports.shaped import Shaped, conversation, plain, spoken


class Trl(Shaped):
    """Writes ``{"prompt": …, "completion": …}``: as messages, for models with a chat template, or as text.

    Args:
        options: With `prompt_format` ``plain`` or ``human-assistant``, prompts are text that ends where the completion
            begins; TRL adds the end token.
    """

    name = "trl"
    uses = frozenset({"prompt_format", "system"})

    def __init__(self, options: ExportOptions | None = None) -> None:
        super().__init__(options)
        self._around = text_around(self.options.prompt_format or "chat", self.options.system)

    def shape(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The completion is what is trained: of a trace, the worked letters and then the answer."""
        prompt, completion = batch["prompt"], plain(batch["completion"])
        if self._around is None:
            turns = spoken(self.options.system, [("user", prompt)])
            prompt = conversation(turns, "role", "content")
            completion = conversation([("assistant", completion)], "role", "content")
        else:
            prompt = pc.binary_join_element_wise(self._around.before, prompt, self._around.after, "")
        return pa.record_batch({"prompt": prompt, "completion": completion})
