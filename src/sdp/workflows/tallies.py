"""What a validation report draws, counted while the rows pass by."""

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.data.dataset import TaskFolder
from sdp.validators.length_distribution import by_length
from sdp.validators.tally import Tally

REJECTS = "rejects.parquet"
TOP = 12
"""Answers shown."""
EXAMPLES = 5
"""Rejected rows shown."""


class Tallies:
    """Counts answers, keys and phrasings of every split."""

    def __init__(self) -> None:
        self._answers, self._keys, self._templates = Tally("answer"), Tally("key"), Tally("template")

    def add(self, table: pa.Table) -> None:
        """Counts the rows of a chunk."""
        for tally in (self._answers, self._keys, self._templates):
            tally.add(table)

    def facts(self, folder: TaskFolder) -> dict[str, Any]:
        """Gives plain dictionaries for the page.

        Args:
            folder: The data set that the rows came from.

        Returns:
            `splits` (rows, keys, floor … as the manifest has them), `answers`, `lengths` and `templates` per split,
            `phrasings`, `rejects` by reason, `reject_examples`, and `made_from`.
        """
        manifest = folder.manifest.model_dump(mode="json")
        return {
            "splits": {split: manifest["splits"][split] for split in self._answers.splits},
            "answers": self._top_answers(),
            "lengths": {split: by_length(self._keys.counts(split)).astype(int).tolist() for split in self._keys.splits},
            "templates": {split: _counted(self._templates.counts(split)) for split in self._templates.splits},
            "phrasings": manifest["phrasings"],
            "rejects": manifest["rejects"],
            "reject_examples": _reject_examples(folder),
            "made_from": {
                "fingerprint": manifest["fingerprint"],
                "settings": manifest["settings"],
                "words": manifest["words"],
                "packages": manifest["packages"],
            },
        }

    def _top_answers(self) -> dict[str, dict[str, int]]:
        """Counts, in every split, the answers that are commonest in any."""
        counted = {split: self._answers.counts(split) for split in self._answers.splits}
        shown = dict.fromkeys(answer for table in counted.values() for answer in table["value"][:TOP].to_pylist())
        wanted = pa.array(list(shown), pa.string())
        return {split: _counted(_only(table, wanted)) for split, table in counted.items()}


def _only(counts: pa.Table, values: pa.Array) -> pa.Table:
    import pyarrow.compute as pc

    return counts.filter(pc.is_in(counts["value"], values))


def _counted(counts: pa.Table) -> dict[str, int]:
    return dict(zip(counts["value"].to_pylist(), counts["n"].to_pylist(), strict=True))


def _reject_examples(folder: TaskFolder) -> list[dict[str, Any]]:
    path = folder.path / REJECTS
    if not path.is_file():
        return []
    with pq.ParquetFile(path, pre_buffer=False) as parquet:  # no threads, which this process might end before
        columns = ["split", "prompt", "answer", "reason"]
        first = next(parquet.iter_batches(EXAMPLES, columns=columns, use_threads=False), None)
    return first.to_pylist() if first is not None else []
