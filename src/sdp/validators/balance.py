"""Balance: guessing one answer must not look like skill."""

from math import sqrt

import pyarrow as pa

from sdp.contract.generator import Generator
from sdp.contract.imported import Imported
from sdp.contract.validator import DataFacts, Validator
from sdp.validators.tally import Tally, total


class Balance(Validator):
    """Complains when one answer is commoner in a split than the task allows (`Generator.max_floor`)."""

    name = "balance"
    scope = "set"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._answers = Tally("answer")

    def begin(self, facts: DataFacts) -> str | None:
        """Looks whether the task says what is allowed.

        Returns:
            A reason to do nothing where rows came from elsewhere and no installed task is theirs.
        """
        del facts
        generator = self.generator
        if isinstance(generator, Imported) and not generator.is_known:
            return f"no task called '{generator.name}' is installed here to say how common one answer may be"
        return None

    def reasons(self, table: pa.Table) -> pa.Array:
        """Counts answers; no single row is at fault."""
        self._answers.add(table)
        return pa.nulls(table.num_rows, pa.string())

    def finish(self) -> list[str]:
        """Compares the commonest answer with what is allowed, plus three standard errors for small splits."""
        problems = []
        for split in sorted(self._answers.splits):
            counts = self._answers.counts(split)
            n, most, answer = total(counts), counts["n"][0].as_py(), counts["value"][0].as_py()
            allowed = self.generator.max_floor
            slack = 3 * sqrt(allowed * (1 - allowed) / n)
            if most / n > allowed + slack:
                problems.append(
                    f"{split}: '{answer}' is the answer of {most / n:.1%} of {n:,} rows, at most {allowed:.0%}"
                )
        return problems
