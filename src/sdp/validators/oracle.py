"""Oracle: the answer is derived again, by another way than the generator's."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.imported import Imported
from sdp.contract.schema import questions_of
from sdp.contract.validator import DataFacts, Validator
from sdp.validators.dictionaries import decompose, equal_texts, plain


class Oracle(Validator):
    """Rejects rows whose answer the task's own oracle does not confirm."""

    name = "oracle"

    def begin(self, facts: DataFacts) -> str | None:
        """Looks whether anybody can answer.

        Returns:
            A reason to do nothing where rows came from elsewhere and say too little.
        """
        del facts
        generator = self.generator
        return generator.unanswered if isinstance(generator, Imported) and generator.known is None else None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Asks the oracle, which never sees the answers."""
        solved = self.generator.solve_table(questions_of(self.generator, table))
        same = _compared(table["answer"], solved)
        if same.all():
            return pa.nulls(table.num_rows, pa.string())
        says = pc.binary_join_element_wise("the oracle says '", pc.fill_null(plain(solved), ""), "'", "")
        return pc.if_else(pa.array(same), None, says)


def _compared(answers: pa.ChunkedArray, solved: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    if pa.types.is_dictionary(answers.type) and pa.types.is_dictionary(solved.type):
        return equal_texts(decompose(answers), decompose(solved))
    return np.asarray(pc.fill_null(pc.equal(plain(answers), plain(solved)), False))  # noqa: FBT003  (pyarrow's signature)
