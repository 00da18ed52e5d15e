"""A task whose rows came from elsewhere: they can be judged, as far as they say enough, but not made."""

from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa

from sdp.contract.generator import Generator, ItemGenerator


class Imported(Generator):
    """Stands for the generator that imported rows do not have."""

    known: ClassVar[Generator | None] = None
    """The task of that name that is installed here, if the rows hold all that its oracle needs."""
    unanswered: ClassVar[str] = ""
    """Why nothing can answer the questions again."""
    is_known: ClassVar[bool] = False
    """Whether a task of that name is installed here at all."""

    def solve_table(self, questions: pa.Table) -> pa.Array:
        """Asks the oracle of the installed task."""
        if self.known is None:
            raise NotImplementedError(self.unanswered)
        return self.known.solve_table(questions)


def imported(
    name: str, meta: Mapping[str, pa.DataType], task: type[Generator] | None, known: Generator | None, missing: str = ""
) -> Imported:
    """Makes the stand-in of a data set.

    Args:
        name: Of the task.
        meta: Typed fields of the rows, all of them.
        task: The installed task of that name, if there is one.
        known: The same, made, where its oracle can be asked about these rows.
        missing: What the rows lack for that.
    """
    reason = f"the rows do not hold what the oracle of '{name}' needs: {missing}"
    members = {
        "__module__": __name__,
        "__doc__": f"Rows of {name} that came from elsewhere.",
        "name": name,
        "version": task.version if task else 1,
        "meta": dict(meta),
        "answer_pattern": task.answer_pattern if task else Generator.answer_pattern,
        "max_floor": task.max_floor if task else Generator.max_floor,
        "known": known,
        "is_known": task is not None,
        "unanswered": reason if task else f"no task called '{name}' is installed here, so nothing can answer again",
    }
    made: type[Imported] = type("ImportedRows", (Imported,), members)
    return made()


def has_word_as_key(task: type[Generator] | None) -> bool:
    """Tells whether the key of a task's rows is a word of a lexicon, whose family is its stem."""
    return task is not None and issubclass(task, ItemGenerator)
