"""Content hashes: the same question has the same id in any run, so results pair by it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.seeds import derive, derive_each
from sdp.synthesis.permutation import mix


def content_ids(
    task: str, version: int, phrasing: str, n: int, columns: Mapping[str, pa.Array | pa.ChunkedArray]
) -> npt.NDArray[np.uint64]:
    """Hashes task, version, phrasing and every field shown.

    Args:
        task: Name of the generator.
        version: Of the generator.
        phrasing: Hash of the phrasing's text.
        n: Rows.
        columns: Name and text of each field and surface that the prompt shows, each (n,).

    Returns:
        One 64-bit hash per row, (n,). Among 200 M rows the chance of one collision is about 1 in 1,000.
    """
    ids = np.full(n, derive("row", task, version, phrasing), dtype=np.uint64)
    for name in sorted(columns):
        column = columns[name]
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        coded = column.dictionary_encode()
        hashes = np.array(derive_each(name, coded.dictionary.to_pylist()), dtype=np.uint64)
        ids = mix(ids ^ hashes[np.asarray(coded.indices)]) + ids * np.uint64(0x9E3779B97F4A7C15)
    return ids
