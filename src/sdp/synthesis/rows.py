"""From a plan and row numbers to rows: any rows, in any order, always the same."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.generator import Generator
from sdp.contract.schema import HELD_OUT, schema_of
from sdp.seeds import derive
from sdp.synthesis.blame import blame
from sdp.synthesis.ids import content_ids
from sdp.synthesis.permutation import permute
from sdp.synthesis.plan import Cell, Plan, SplitPlan
from sdp.templates.phrasing import Phrasing
from sdp.templates.render import Compiled
from sdp.templates.render import compile as compile_phrasing
from sdp.templates.surfaces import surfaces

Numbers = npt.NDArray[np.int64]


def rows_table(plan: Plan, split: SplitPlan, first: int, last: int) -> tuple[pa.Table, Numbers]:
    """Makes the rows `first` … `last` − 1 of a split.

    Returns:
        The rows in their order, and the cell that each comes from, (n,).
    """
    settings = plan.settings
    key = derive(settings.seed, "order", settings.task, split.split)
    ranks = permute(np.arange(first, last, dtype=np.uint64), split.n_rows, key).astype(np.int64)
    cells = np.searchsorted(split.quota_ends, ranks, side="right")
    within = ranks - (split.quota_ends[cells] - np.array([cell.quota for cell in split.cells])[cells])
    return cell_rows(plan, split, cells, within), cells


def cell_rows(plan: Plan, split: SplitPlan, cells: Numbers, within: Numbers) -> pa.Table:
    """Makes single rows of cells.

    Args:
        plan: Of the data set.
        split: The split they belong to.
        cells: Index of each row's cell in `split.cells`, (n,).
        within: Number of each row within its cell, below the cell's capacity, (n,).

    Returns:
        Rows in the row schema, in the order given.
    """
    by_cell = np.argsort(cells, kind="stable")
    pieces = [
        _stratum_rows(plan, split, stratum, cells[chosen], within[chosen])
        for stratum, chosen in _by_stratum(split, cells, by_cell)
    ]
    schema = schema_of(plan.generator)
    table = pa.concat_tables(pieces) if pieces else schema.empty_table()
    back = np.empty(len(cells), dtype=np.int64)
    back[by_cell] = np.arange(len(cells))
    return table.take(pa.array(back)).combine_chunks()


def _by_stratum(split: SplitPlan, cells: Numbers, by_cell: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Cuts the sorted rows where the stratum changes (cells are in stratum order)."""
    strata = np.array([cell.stratum for cell in split.cells])[cells[by_cell]]
    edges = np.flatnonzero(np.diff(strata)) + 1
    for chosen in np.split(by_cell, edges):
        if chosen.size:
            yield int(split.cells[cells[chosen[0]]].stratum), chosen


def _stratum_rows(plan: Plan, split: SplitPlan, stratum: int, cells: Numbers, within: Numbers) -> pa.Table:
    flat = np.empty(len(cells), dtype=np.int64)  # question × surface of each row
    n_surfaces = np.ones(len(cells), dtype=np.int64)
    runs = [(index, cells == index) for index in np.unique(cells)]
    for index, mask in runs:
        cell = split.cells[index]
        flat[mask] = permute(within[mask].astype(np.uint64), cell.capacity, _cell_key(plan, split, cell)).astype(
            np.int64
        )
        n_surfaces[mask] = cell.n_surfaces
    question, surface = flat // n_surfaces, flat % n_surfaces
    ends = split.item_ends[stratum]
    word = np.searchsorted(ends, question, side="right")
    k = question - (ends[word] - split.n_items[word, stratum])
    with blame(f"{plan.generator.name}: items", plan.generator):
        items = plan.generator.items(split.words, word, stratum, k)
    items = items.append_column("family", split.words["family"].take(pa.array(word)))
    rows = []
    for index, mask in runs:
        where = pa.array(np.flatnonzero(mask))
        rows.append(_phrase(plan, split, split.cells[index], items.take(where), surface[mask]))
    return pa.concat_tables(rows)


def _cell_key(plan: Plan, split: SplitPlan, cell: Cell) -> int:
    generator = plan.generator
    return derive(
        plan.settings.seed,
        generator.name,
        generator.version,
        split.split,
        generator.strata[cell.stratum],
        cell.phrasing.hash,
    )


def _phrase(plan: Plan, split: SplitPlan, cell: Cell, items: pa.Table, surface: Numbers) -> pa.Table:
    fields = sorted(plan.generator.fields(cell.stratum))
    shown = {name: items[name].combine_chunks() for name in fields} | surfaces(cell.phrasing).decode(surface)
    return assemble(
        plan.generator,
        split=split.split,
        style=plan.settings.style,
        phrasing=cell.phrasing,
        items=items,
        key=items["word"],
        shown=shown,
    )


def assemble(
    generator: Generator,
    *,
    split: str,
    style: str,
    phrasing: Phrasing,
    items: pa.Table,
    key: pa.ChunkedArray,
    shown: Mapping[str, pa.Array],
) -> pa.Table:
    """Puts questions of one phrasing into words and into the row schema.

    Args:
        generator: The task.
        split: Of all rows.
        style: `direct` or `trace`.
        phrasing: Of all rows.
        items: `answer`, `trace`, `family`, and the typed meta columns.
        key: What must not leak.
        shown: Fields and surfaces by name.

    Returns:
        Rows in the row schema.
    """
    n = items.num_rows
    schema = schema_of(generator)
    ids = content_ids(generator.name, generator.version, phrasing.hash, n, shown)
    columns = {
        "id": pa.array(ids, pa.uint64()),
        "task": _constant(generator.name, n),
        "split": _constant(split, n),
        "prompt": _compiled(phrasing).render(shown),
        "answer": items["answer"],
        "completion": _completion(items, style),
        "key": key,
        "family": items["family"],
        "template": _constant(phrasing.hash, n),
        "meta": _meta(generator, schema, items, shown, held_out=phrasing.held_out),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)


@lru_cache(maxsize=1024)
def _compiled(phrasing: Phrasing) -> Compiled:
    """Parses a phrasing once, not for every stratum, split and shard."""
    return compile_phrasing(phrasing)


def _constant(text: str, n: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), n), pa.array([text], pa.string()))


def _completion(items: pa.Table, style: str) -> pa.ChunkedArray:
    if style == "direct":
        return items["answer"]
    traced = pc.binary_join_element_wise(items["trace"], items["answer"], "\n")  # null where there is no trace
    return pc.coalesce(traced, items["answer"])


def _meta(
    generator: Generator, schema: pa.Schema, items: pa.Table, shown: Mapping[str, pa.Array], *, held_out: bool
) -> pa.StructArray:
    kind = schema.field("meta").type
    n = items.num_rows
    columns: list[pa.Array] = []
    for field in kind:
        if field.name == HELD_OUT:
            columns.append(pa.repeat(pa.scalar(held_out), n))
        elif field.name in generator.meta:
            columns.append(items[field.name].combine_chunks().cast(field.type))
        else:
            columns.append(shown.get(field.name, pa.nulls(n, field.type)))
    return pa.StructArray.from_arrays([_flat(column) for column in columns], fields=list(kind))


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
