"""Examples as the columns that other trainers read: ids and labels of each example, nothing left for them to decide."""

import numpy as np
import pyarrow as pa

from sdp.finetuning.collate import IGNORED
from sdp.finetuning.examples import Examples


def columns(examples: Examples) -> pa.Table:
    """Makes `input_ids` and `labels`, -100 where nothing is learnt, one row per example.

    Args:
        examples: Prompts and answers, ends included.
    """
    starts = pa.array(examples.starts, pa.int64())
    n = np.diff(examples.starts)
    place = np.arange(len(examples.ids)) - np.repeat(examples.starts[:-1], n)  # of each token in its example
    labels = np.where(place < np.repeat(examples.n_prompt, n), IGNORED, examples.ids)
    return pa.table(
        {
            "input_ids": pa.LargeListArray.from_arrays(starts, pa.array(examples.ids, pa.int64())),
            "labels": pa.LargeListArray.from_arrays(starts, pa.array(labels, pa.int64())),
        }
    )
