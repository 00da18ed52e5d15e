"""Fills phrasings in: a whole column at once where the phrasing is only text and fields, row by row otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from sdp.errors import TemplateError
from sdp.templates.phrasing import Phrasing
from sdp.templates.plain import MAX_TEXT, Segments

Column: TypeAlias = "pa.Array[Any] | pa.ChunkedArray[Any]"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A phrasing that is ready to be filled in."""

    phrasing: Phrasing

    @property
    def columnar(self) -> bool:
        """Whether a column is made by one concatenation."""
        return self.phrasing.segments is not None

    def render(self, columns: Mapping[str, Column]) -> pa.StringArray:
        """Makes one prompt per row.

        Args:
            columns: Field values, all of one length; more than the phrasing uses is fine.

        Returns:
            The prompts; null where a field that is used is null.

        Raises:
            TemplateError: A field has no column, the template fails, or a prompt is longer than 10,000 characters.
        """
        n_rows = len(next(iter(columns.values()), ()))
        used = {name: self._column(name, columns, n_rows) for name in sorted(self.phrasing.fields)}
        segments = self.phrasing.segments
        if segments is None:
            return self._rendered_by_row(used, n_rows)
        prompts = _concatenated(segments, used, n_rows)
        refuse_long(prompts, self.phrasing.where)
        return prompts

    def rendered_by_row(self, columns: Mapping[str, Column]) -> pa.StringArray:
        """Makes the same prompts through Jinja, whatever the phrasing: slow, to compare with."""
        n_rows = len(next(iter(columns.values()), ()))
        used = {name: self._column(name, columns, n_rows) for name in sorted(self.phrasing.fields)}
        return self._rendered_by_row(used, n_rows)

    def _rendered_by_row(self, used: Mapping[str, pa.StringArray], n_rows: int) -> pa.StringArray:
        from sdp.templates.sandbox import renderer

        # Parsed here: compiling uses the tree up.
        render = renderer(self.phrasing.parsed(), self.phrasing.where)
        rows = zip(*(column.to_pylist() for column in used.values()), strict=True) if used else [()] * n_rows
        prompts = [None if None in row else render(dict(zip(used, row, strict=True))) for row in rows]
        column: pa.StringArray = pa.array(prompts, pa.string())
        return column

    def _column(self, name: str, columns: Mapping[str, Column], n_rows: int) -> pa.StringArray:
        if name not in columns:
            raise TemplateError(
                f"template uses an unknown field '{name}'",
                where=self.phrasing.where,
                hint=f"fields are: {', '.join(sorted(columns))}",
            )
        column = columns[name]
        if len(column) != n_rows:
            raise TemplateError(f"'{name}' has {len(column)} rows, not {n_rows}", where=self.phrasing.where)
        whole: Any = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        try:
            text: pa.StringArray = whole if whole.type == pa.string() else pc.cast(whole, pa.string())
            return text
        except pa.ArrowException as e:
            raise TemplateError(f"'{name}' is {whole.type}, not text", where=self.phrasing.where) from e


def compile(phrasing: Phrasing) -> Compiled:  # noqa: A001  (called as render.compile, like re.compile)
    """Prepares a phrasing for rendering.

    Args:
        phrasing: From `load_phrasings`.

    Returns:
        What renders it.
    """
    return Compiled(phrasing)


def refuse_long(prompts: pa.StringArray, where: str) -> None:
    """Raises TemplateError when a prompt has too many characters; they are only counted where bytes leave a doubt."""
    longest = pc.max(pc.binary_length(prompts)).as_py() or 0
    if longest > MAX_TEXT and pc.max(pc.utf8_length(prompts)).as_py() > MAX_TEXT:
        raise TemplateError(f"template cannot be rendered: it gives more than {MAX_TEXT} characters", where=where)


def _concatenated(segments: Segments, used: Mapping[str, pa.StringArray], n_rows: int) -> pa.StringArray:
    if not any(is_field for _, is_field in segments):
        return pa.repeat(pa.scalar("".join(text for text, _ in segments), pa.string()), n_rows)
    parts: list[Any] = [used[value] if is_field else pa.scalar(value, pa.string()) for value, is_field in segments]
    prompts: pa.StringArray = pc.binary_join_element_wise(*parts, pa.scalar("", pa.string()))
    return prompts
