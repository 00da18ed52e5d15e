"""Schema: every column is there, of its type, and says something."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.schema import schema_of
from sdp.contract.validator import Validator
from sdp.errors import InputError
from sdp.validators.dictionaries import Column, PerDictionary, decompose, equal_texts, same_values

Mask = npt.NDArray[np.bool_]
TEXTS = ("prompt", "answer", "completion", "key", "family")


class Schema(Validator):
    """Rejects empty texts, and completions whose last line is not the answer.

    A text column may be plain or a dictionary: what was written before columns became dictionaries stays good.
    """

    name = "schema"

    def __init__(self, generator: Generator) -> None:
        super().__init__(generator)
        self._schema = schema_of(generator)

    def reasons(self, table: pa.Table) -> pa.Array:
        """Judges rows; a table of another schema cannot be judged row by row.

        Raises:
            InputError: A column is missing, too many, or of another type.
        """
        self._compare(table.schema)
        faults = [(_empty(table[column]), f"{column} is empty") for column in TEXTS]
        faults.append((_other_end(table), "the completion's last line is not the answer"))
        found = [(mask, reason) for mask, reason in faults if mask is not None and mask.any()]
        if not found:
            return pa.nulls(table.num_rows, pa.string())
        masks = pc.make_struct(*(pa.array(mask) for mask, _ in found))
        return pc.case_when(masks, *(pa.scalar(reason) for _, reason in found))  # the first one that holds

    def _compare(self, found: pa.Schema) -> None:
        if found.equals(self._schema):
            return
        for field in self._schema:
            if field.name not in found.names:
                raise InputError(f"column '{field.name}' is missing", where=self.generator.name)
            if _spread(found.field(field.name).type) != _spread(field.type):
                raise InputError(
                    f"column '{field.name}' is {found.field(field.name).type}, it should be {field.type}",
                    where=self.generator.name,
                )
        extra = sorted(set(found.names) - set(self._schema.names))
        if extra:
            raise InputError(f"column '{extra[0]}' does not belong there", where=self.generator.name)


def _spread(kind: pa.DataType) -> pa.DataType:
    """Gives a type without its dictionaries."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(member.name, _spread(member.type)) for member in kind])
    return kind


def _empty(column: pa.ChunkedArray) -> Mask | None:
    """Marks rows without a text; None where there are none."""
    if pa.types.is_dictionary(column.type):
        codes, values = decompose(column)
        empty = _empty_values(values)
        return empty[codes] if empty[:-1].any() or column.null_count else None
    lengths = pc.binary_length(column)
    if not column.null_count and (pc.min(lengths).as_py() or 0) > 0:
        return None
    return np.asarray(pc.equal(pc.fill_null(lengths, 0), 0))


def _of_values(values: pa.StringArray) -> Mask:
    empty = pc.equal(pc.fill_null(pc.binary_length(values), 0), 0)
    return np.append(np.asarray(empty), True)  # the last entry is that of null, −1


_empty_values = PerDictionary(_of_values)


def _other_end(table: pa.Table) -> Mask | None:
    """Marks rows whose completion ends with something else than the answer; None where there are none."""
    answers, (completions, texts) = decompose(table["answer"]), decompose(table["completion"])
    if same_values(answers[1], texts) and (answers[0] == completions).all():
        return None
    same = equal_texts(answers, (completions, _ends(texts)))
    if not same.all():
        same |= _ends_with_lines(answers, (completions, texts), np.flatnonzero(~same))
    return None if same.all() else ~same


def _ends_with_lines(answers: Column, completions: Column, rows: npt.NDArray[np.intp]) -> Mask:
    """Looks at some rows by themselves: an answer of several lines is the end of its completion, all of it."""
    ends = np.zeros(len(answers[0]), dtype=bool)
    rows = rows[(answers[0][rows] >= 0) & (completions[0][rows] >= 0)]
    texts = [side[1].take(pa.array(side[0][rows])).to_pylist() for side in (answers, completions)]
    ends[rows] = [
        bool(answer) and "\n" in answer and f"\n{completion}".endswith(f"\n{answer}")
        for answer, completion in zip(*texts, strict=True)
    ]
    return ends


def _last_lines(texts: pa.StringArray) -> pa.StringArray:
    """Cuts texts after their last line end; splitting takes a sixth of a regular expression's time."""
    parts = pc.split_pattern(pc.fill_null(texts, ""), "\n", max_splits=1, reverse=True)
    return parts.values.take(pc.subtract(parts.offsets.slice(1), 1))


_ends = PerDictionary(_last_lines)
