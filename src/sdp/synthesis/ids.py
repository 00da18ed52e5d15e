"""Content hashes: the same question has the same id in any run, so results pair by it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.columns import codes_of
from sdp.seeds import derive, derive_each
from sdp.synthesis.permutation import mix

Ids = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)


def way_id(task: str, version: int, phrasing: str, noise: str) -> int:
    """Hashes what all rows of one way to ask have in common.

    Args:
        task: Name of the generator.
        version: Of the generator.
        phrasing: Hash of the phrasing's text.
        noise: What was done to its looks.
    """
    return derive("row", task, version, phrasing, noise)


class ContentIds:
    """Hashes rows; remembers the hashes of each field's texts, which are the same for many shards."""

    def __init__(self) -> None:
        self._hashes: dict[str, tuple[pa.StringArray, Ids]] = {}

    def of(self, ways: Ids, columns: Mapping[str, pa.DictionaryArray]) -> Ids:
        """Adds every field shown to the hash of the way it is shown in.

        Args:
            ways: `way_id` of each row, (n,).
            columns: Each field and surface that the prompt shows, (n,), without nulls.

        Returns:
            One 64-bit hash per row, (n,). Among 200 M rows the chance of one collision is about 1 in 1,000.
        """
        ids = ways
        for name in sorted(columns):
            column = columns[name]
            step = ids * _STEP
            ids = mix(ids ^ self._of_texts(name, column.dictionary)[codes_of(column)])
            ids += step
        return ids

    def _of_texts(self, name: str, texts: pa.StringArray) -> Ids:
        known = self._hashes.get(name)
        if known is None or not known[0].equals(texts):
            known = self._hashes[name] = (texts, np.array(derive_each(name, texts.to_pylist()), dtype=np.uint64))
        return known[1]
