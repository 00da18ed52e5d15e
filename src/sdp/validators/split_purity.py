"""Split purity: no word family in two splits, no held-out phrasing in training."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.rows import SPLITS
from sdp.contract.schema import HELD_OUT
from sdp.contract.validator import Validator
from sdp.data.splits import split_codes
from sdp.validators.dictionaries import Codes, PerDictionary, decompose

TRAIN = SPLITS.index("train")


class SplitPurity(Validator):
    """Rejects rows whose family hashes to another split, and training rows in a held-out phrasing."""

    name = "split_purity"

    def reasons(self, table: pa.Table) -> pa.Array:
        """Hashes each family again, once."""
        families, family_names = decompose(table["family"])
        belongs = _belongs(family_names)[families]  # a null family, −1, takes the last entry
        splits, split_names = decompose(table["split"])
        split = _numbers(split_names)[splits]
        moved = belongs != split
        held_out = np.asarray(pc.struct_field(table["meta"].combine_chunks(), HELD_OUT).fill_null(False))  # noqa: FBT003  (pyarrow's signature)
        leaked = held_out & (split == TRAIN)
        if not moved.any() and not leaked.any():
            return pa.nulls(table.num_rows, pa.string())
        wrong = pa.array([f"the family belongs to {name}" for name in SPLITS]).take(pa.array(belongs))
        faults = pc.make_struct(pa.array(moved), pa.array(leaked))
        return pc.case_when(faults, wrong, "a held-out phrasing is in train")


def _numbers_of_families(values: pa.StringArray) -> Codes:
    return split_codes([*values.to_pylist(), ""]).astype(np.int32)


# Validators are made anew for every shard; the families stay the same as long as the process lives.
_belongs = PerDictionary(_numbers_of_families)


def _numbers(names: pa.StringArray) -> Codes:
    """Gives the place of each name in SPLITS, −1 for what is none."""
    known = {name: number for number, name in enumerate(SPLITS)}
    return np.array([*(known.get(name, -1) for name in names.to_pylist()), -1], dtype=np.int32)
