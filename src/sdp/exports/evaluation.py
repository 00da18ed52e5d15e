"""What a task for an evaluation harness needs to know of the rows: name, longest answer, where to stop."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sdp.exports.shaped import plain


@dataclass
class Seen:
    """What was seen of the rows while they were written."""

    task: str = ""
    longest_bytes: int = 0
    """UTF-8 bytes of the longest completion; it has no more tokens than that."""
    has_line: bool = False
    """Whether some completion has several lines …"""
    has_blank_line: bool = False
    """… or an empty line between others."""

    def look(self, batch: pa.RecordBatch) -> None:
        """Takes note of some rows."""
        if not batch.num_rows:
            return
        said = plain(batch["completion"])
        self.task = str(batch["task"][0])
        self.longest_bytes = max(self.longest_bytes, pc.max(pc.binary_length(said)).as_py())
        self.has_line |= pc.any(pc.match_substring(said, "\n")).as_py()
        self.has_blank_line |= pc.any(pc.match_substring(said, "\n\n")).as_py()

    @property
    def stops(self) -> list[str]:
        """Texts that end an output, for models that do not stop by themselves; none that an answer may hold."""
        if self.has_blank_line:
            return []
        return ["\n\n"] if self.has_line else ["\n"]


def evaluated(splits: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Names the splits that are asked, the one that a task stands for first: test, validation, or what there is."""
    found = sorted(set(splits) - {"train"}, key=lambda split: (split != "test", split)) or list(splits)
    for place, split in enumerate(found):
        yield place == 0, split


def task_name(task: str) -> str:
    """Makes a name that nobody else's task has, and that Python takes for a function."""
    return "sdp_" + re.sub(r"\W", "_", task)
