"""Split purity: no word family in two splits, no held-out phrasing in training."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.schema import HELD_OUT
from sdp.contract.validator import Validator
from sdp.data.splits import split_of


class SplitPurity(Validator):
    """Rejects rows whose family hashes to another split, and training rows in a held-out phrasing."""

    name = "split_purity"

    def reasons(self, table: pa.Table) -> pa.Array:
        """Hashes each family again."""
        coded = table["family"].combine_chunks().dictionary_encode()
        belongs = pa.array([split_of(family) for family in coded.dictionary.to_pylist()], pa.string()).take(
            coded.indices
        )
        split = pc.cast(table["split"], pa.string()).combine_chunks()
        wrong = pc.binary_join_element_wise("the family belongs to ", belongs, "")
        held_out = pc.struct_field(table["meta"].combine_chunks(), HELD_OUT)
        leaked = pc.and_(held_out, pc.equal(split, "train"))
        return pc.case_when(
            pc.make_struct(pc.not_equal(split, belongs), leaked), wrong, "a held-out phrasing is in train"
        )
