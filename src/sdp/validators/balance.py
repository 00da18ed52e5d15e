"""Balance: guessing one answer must not look like skill."""

from collections import Counter
from math import sqrt

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.validator import Validator


class Balance(Validator):
    """Complains when one answer is commoner in a split than the task allows (`Generator.max_floor`)."""

    name = "balance"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._counts: dict[str, Counter[str]] = {}

    def reasons(self, table: pa.Table) -> pa.Array:
        """Counts answers; no single row is at fault."""
        for split in pc.unique(table["split"]).to_pylist():
            answers = table["answer"].filter(pc.equal(pc.cast(table["split"], pa.string()), split))
            counted = pc.value_counts(answers)
            pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
            self._counts.setdefault(split, Counter()).update(dict(pairs))
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Compares the commonest answer with what is allowed, plus three standard errors for small splits."""
        problems = []
        for split, counts in sorted(self._counts.items()):
            n = counts.total()
            answer, most = counts.most_common(1)[0]
            allowed = self.generator.max_floor
            slack = 3 * sqrt(allowed * (1 - allowed) / n)
            if most / n > allowed + slack:
                problems.append(
                    f"{split}: '{answer}' is the answer of {most / n:.1%} of {n:,} rows, at most {allowed:.0%}"
                )
        return problems
