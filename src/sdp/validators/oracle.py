"""Oracle: the answer is derived again, by another way than the generator's."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.schema import questions_of
from sdp.contract.validator import Validator


class Oracle(Validator):
    """Rejects rows whose answer the task's own oracle does not confirm."""

    name = "oracle"

    def reasons(self, table: pa.Table) -> pa.Array:
        """Asks the oracle, which never sees the answers."""
        solved = self.generator.solve_table(questions_of(self.generator, table))
        same = pc.fill_null(pc.equal(table["answer"], solved), False).combine_chunks()  # noqa: FBT003  (pyarrow's signature)
        says = pc.binary_join_element_wise("the oracle says '", pc.fill_null(solved, ""), "'", "")
        return pc.if_else(same, None, says)
