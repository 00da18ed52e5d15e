"""Schema: every column is there, of its type, and says something."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.schema import schema_of
from sdp.contract.validator import Validator
from sdp.errors import InputError


class Schema(Validator):
    """Rejects empty texts, and completions whose last line is not the answer."""

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
        reasons = pa.nulls(table.num_rows, pa.string())
        for column in ("prompt", "answer", "completion", "key", "family"):
            empty = pc.fill_null(pc.equal(pc.utf8_length(table[column]), 0), True)  # noqa: FBT003  (pyarrow's signature)
            reasons = _first(reasons, empty, f"{column} is empty")
        last = pc.replace_substring_regex(table["completion"], r"(?s)^.*\n", "")
        return _first(reasons, pc.not_equal(last, table["answer"]), "the completion's last line is not the answer")

    def _compare(self, found: pa.Schema) -> None:
        for field in self._schema:
            if field.name not in found.names:
                raise InputError(f"column '{field.name}' is missing", where=self.generator.name)
            if found.field(field.name).type != field.type:
                raise InputError(
                    f"column '{field.name}' is {found.field(field.name).type}, it should be {field.type}",
                    where=self.generator.name,
                )
        extra = sorted(set(found.names) - set(self._schema.names))
        if extra:
            raise InputError(f"column '{extra[0]}' does not belong there", where=self.generator.name)


def _first(reasons: pa.Array, mask: pa.Array | pa.ChunkedArray, reason: str) -> pa.Array:
    """Keeps the first reason of each row."""
    mask = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
    return pc.coalesce(reasons, pc.if_else(mask, reason, None))
