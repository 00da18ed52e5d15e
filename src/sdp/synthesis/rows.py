"""From a plan and row numbers to rows: any rows, in any order, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import coded, constant
from sdp.contract.generator import ItemGenerator
from sdp.contract.schema import HELD_OUT, NOISE, TOKENS, schema_of
from sdp.errors import PluginError
from sdp.seeds import derive
from sdp.synthesis.assembly import Assembly, Part
from sdp.synthesis.blame import blame
from sdp.synthesis.ids import ContentIds, Ids
from sdp.synthesis.permutation import permute, permute_runs
from sdp.synthesis.plan import Cell, Plan, SplitPlan
from sdp.synthesis.wording import Wording

Numbers = npt.NDArray[np.int64]

MOST_IN_TABLE = 4_000_000
"""Questions of a stratum whose words are looked up in a table of 4 bytes each, twenty times as fast as bisection."""
FEW_CELLS = 2**15
"""So few are sorted by counting, in a fifth of the time."""


@dataclass(frozen=True)
class Drawn:
    """Which question each row asks, and in which way; rows of one stratum, cell by cell."""

    stratum: int
    cells: Numbers
    words: Numbers
    """Row of the words table, (n,)."""
    k: Numbers
    """Which of the word's questions, (n,)."""
    ways: Numbers
    surfaces: Numbers


class Rows:
    """Makes the rows of one split, and remembers what all of them share.

    Args:
        plan: Of the data set.
        split: Which of its splits.
    """

    def __init__(self, plan: Plan, split: SplitPlan) -> None:
        self.plan = plan
        self.split = split
        self.generator = plan.generator
        self.schema = schema_of(plan.generator)
        self._ids = ContentIds()
        self._assembly = Assembly()
        self._texts: pa.StringArray = split.words["word"].combine_chunks()  # once: what knows a dictionary stays fast
        self._word_tables: dict[int, npt.NDArray[np.int32] | None] = {}
        self._firsts: dict[int, Numbers] = {}
        self._cell_numbers: dict[str, Numbers] = {}
        self._wordings = {stratum: self._wording(stratum) for stratum in dict.fromkeys(split.cell_strata.tolist())}
        self._uniform = [bool((split.n_items[:, s] == 1).all()) for s in range(split.n_items.shape[1])]

    def _wording(self, stratum: int) -> Wording:
        phrasings = dict.fromkeys(cell.phrasing for cell in self.split.cells if cell.stratum == stratum)
        return Wording(self.generator.name, self.generator.version, tuple(phrasings), self.plan.settings.noise)

    @cached_property
    def _template_of(self) -> tuple[Numbers, pa.StringArray, npt.NDArray[np.bool_]]:
        """Per cell its phrasing's number, the phrasings' hashes, and per cell whether it is held out."""
        hashes = list(dict.fromkeys(cell.phrasing.hash for cell in self.split.cells))
        numbers = np.array([hashes.index(cell.phrasing.hash) for cell in self.split.cells], dtype=np.int64)
        held_out = np.array([cell.phrasing.held_out for cell in self.split.cells], dtype=bool)
        return numbers, pa.array(hashes, pa.string()), held_out

    def range(self, first: int, last: int) -> tuple[pa.Table, Numbers]:
        """Makes the rows `first` … `last` − 1 of the split.

        Returns:
            The rows in their order, and the cell that each comes from, (n,).
        """
        split = self.split
        key = derive(self.plan.settings.seed, "order", self.plan.settings.task, split.split)
        ranks = permute(np.arange(first, last, dtype=np.uint64), split.n_rows, key).astype(np.int64)
        cells = np.searchsorted(split.quota_ends, ranks, side="right")
        return self.of_cells(cells, ranks - split.quota_starts[cells]), cells

    def of_cells(self, cells: Numbers, within: Numbers) -> pa.Table:
        """Makes single rows of cells.

        Args:
            cells: Index of each row's cell in `split.cells`, (n,).
            within: Number of each row within its cell, below the cell's capacity, (n,).

        Returns:
            Rows in the row schema, in the order given.
        """
        n = len(cells)
        if not n:
            return self.schema.empty_table()
        by_cell = np.argsort(cells.astype(np.int16 if len(self.split.cells) < FEW_CELLS else np.int64), kind="stable")
        ids, place = np.empty(n, dtype=np.uint64), np.empty(n, dtype=np.int64)
        prompts: list[pa.StringArray] = []
        parts: dict[str, list[Part]] = {}
        start = n_prompts = 0
        for drawn in self._draw(cells[by_cell], within[by_cell]):
            rows = by_cell[start : start + len(drawn.cells)]
            items = self._items(drawn)
            for some, texts, hashes in self._prompts(drawn, items):
                ids[rows[some]] = hashes
                place[rows[some]] = np.arange(n_prompts, n_prompts + len(some))
                prompts.append(texts)
                n_prompts += len(some)
            for name, column in self._columns(drawn, items).items():
                parts.setdefault(name, []).append((rows, column))
            start += len(rows)
        columns = {"id": pa.array(ids), "prompt": pa.concat_arrays(prompts).take(pa.array(place))}
        return self._table(n, columns, parts)

    def _table(self, n: int, columns: dict[str, pa.Array], parts: dict[str, list[Part]]) -> pa.Table:
        """Puts parts in their places, and everything into the row schema."""
        meta = self.schema.field("meta").type
        members = [self._put(n, parts.get(f"meta.{field.name}"), field.type) for field in meta]
        columns |= {
            "task": constant(self.generator.name, n),
            "split": constant(self.split.split, n),
            "meta": pa.StructArray.from_arrays(members, fields=list(meta)),
        }
        for name in ("answer", "completion", "key", "family", "template"):
            if name in parts:
                columns[name] = self._put(n, parts[name], self.schema.field(name).type)
        columns.setdefault("completion", columns["answer"])
        return pa.table([columns[name] for name in self.schema.names], schema=self.schema)

    def _put(self, n: int, parts: list[Part] | None, kind: pa.DataType) -> pa.Array:
        return self._assembly.column(n, parts, kind) if parts else pa.nulls(n, kind)

    def _draw(self, cells: Numbers, within: Numbers) -> Iterator[Drawn]:
        """Finds out which questions sorted rows ask, stratum by stratum (cells are in stratum order)."""
        split = self.split
        edges = np.flatnonzero(np.diff(cells)) + 1
        firsts, lasts = np.append(0, edges), np.append(edges, len(cells))
        present = cells[firsts].tolist()
        images = permute_runs(
            within.astype(np.uint64),
            (lasts - firsts).tolist(),
            [split.cells[index].capacity for index in present],
            [self._keys[index] for index in present],
        ).astype(np.int64)
        questions, looks = np.divmod(images, self._per_cell("n_looks")[cells])
        questions += self._per_cell("first_item")[cells]
        strata = split.cell_strata[cells]
        ends = [*(np.flatnonzero(np.diff(strata)) + 1).tolist(), len(cells)]
        for first, last in zip([0, *ends[:-1]], ends, strict=True):
            yield self._drawn(int(strata[first]), cells[first:last], questions[first:last], looks[first:last])

    def _drawn(self, stratum: int, cells: Numbers, questions: Numbers, looks: Numbers) -> Drawn:
        if self._uniform[stratum]:
            words, k = questions, np.zeros(len(questions), dtype=np.int64)
        else:
            words = self._words_of(stratum, questions)
            k = questions - self._first_items(stratum)[words]
        surfaces, variant = np.divmod(looks, self._per_cell("n_variants")[cells])
        return Drawn(stratum, cells, words, k, self._first_ways[cells] + variant, surfaces)

    def _words_of(self, stratum: int, questions: Numbers) -> Numbers:
        """Finds each question's word: in a table, or by bisection where that would be large."""
        n_items = self.split.n_items[:, stratum]
        if stratum not in self._word_tables:
            few = n_items.sum() <= MOST_IN_TABLE
            self._word_tables[stratum] = np.repeat(np.arange(len(n_items), dtype=np.int32), n_items) if few else None
        table = self._word_tables[stratum]
        if table is None:
            return np.searchsorted(self.split.item_ends[stratum], questions, side="right")
        return table[questions].astype(np.int64)

    def _first_items(self, stratum: int) -> Numbers:
        """Number of each word's first question, (n_words,)."""
        if stratum not in self._firsts:
            self._firsts[stratum] = self.split.item_ends[stratum] - self.split.n_items[:, stratum]
        return self._firsts[stratum]

    def _per_cell(self, name: str) -> Numbers:
        """A number of every cell, (n_cells,)."""
        if name not in self._cell_numbers:
            self._cell_numbers[name] = np.array([getattr(cell, name) for cell in self.split.cells], dtype=np.int64)
        return self._cell_numbers[name]

    @cached_property
    def _first_ways(self) -> Numbers:
        """Per cell the number of its phrasing's first way to ask, among those of its stratum."""
        return np.array(
            [self._wordings[cell.stratum].way_of(cell.phrasing) for cell in self.split.cells], dtype=np.int64
        )

    @cached_property
    def _keys(self) -> list[int]:
        """Per cell which permutation draws its questions."""
        seed, generator, split = self.plan.settings.seed, self.generator, self.split.split
        return [
            derive(seed, generator.name, generator.version, split, _name(generator, cell), cell.phrasing.hash)
            for cell in self.split.cells
        ]

    def _items(self, drawn: Drawn) -> dict[str, pa.Array]:
        """Asks the generator, and checks what it gives."""
        generator, words = self.generator, self.split.words
        with blame(f"{generator.name}: items", generator):
            table = generator.items(words, drawn.words, drawn.stratum, drawn.k)
        wanted = {"answer", *generator.fields(drawn.stratum), *generator.meta} - {"word"}
        if missing := sorted(wanted - set(table.column_names)):
            raise PluginError(f"{generator.name}: items lacks the column '{missing[0]}'")
        if table.num_rows != len(drawn.words):
            raise PluginError(f"{generator.name}: items gave {table.num_rows} rows for {len(drawn.words)} questions")
        items = {name: _encoded(table[name].combine_chunks()) for name in table.column_names if name != "word"}
        return items | {"word": coded(drawn.words, self._texts)}

    def _prompts(self, drawn: Drawn, items: dict[str, pa.Array]) -> Iterator[tuple[Numbers, pa.StringArray, Ids]]:
        """Puts the questions into words; yields which rows, their prompts, and their ids."""
        wording, fields = self._wordings[drawn.stratum], self.generator.fields(drawn.stratum)
        for shape, rows, which in wording.groups(drawn.ways):
            where = pa.array(rows)
            columns = {name: items[name].take(where) for name in fields}
            columns |= shape.surfaces(drawn.surfaces[rows])
            yield rows, shape.render(which, columns), self._ids.of(wording.ids[drawn.ways[rows]], columns)

    def _columns(self, drawn: Drawn, items: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """Everything but id, prompt, and what is the same in all rows."""
        split, wording = self.split, self._wordings[drawn.stratum]
        families, family_texts = split.families
        templates, hashes, held_out = self._template_of
        meta = {name: items[name] for name in (*self.generator.fields(drawn.stratum), *self.generator.meta)}
        meta |= {NOISE: coded(wording.name_codes[drawn.ways], wording.names), HELD_OUT: pa.array(held_out[drawn.cells])}
        if self.generator.options.tokenized:
            meta |= token_columns(split.words, drawn.words, items.get("letter_index"))
        columns = {
            "answer": items["answer"],
            "key": items["word"],
            "family": coded(families[drawn.words], family_texts),
            "template": coded(templates[drawn.cells], hashes),
        }
        if self.plan.settings.style == "trace":
            columns["completion"] = _traced(items)
        return columns | {f"meta.{name}": column for name, column in meta.items()}


def _name(generator: ItemGenerator, cell: Cell) -> str:
    return f"{generator.strata[cell.stratum]}/{cell.band.name}"


def token_columns(words: pa.Table, rows: Numbers, letter: pa.Array | None) -> dict[str, pa.Array]:
    """Says how many tokens each word has, and how long the one with the asked letter is.

    Args:
        words: With `n_tokens` and `token_lengths`.
        rows: Which word each question is about, (n,).
        letter: Place of the letter asked about, from 0, (n,); null, or None for all, where there is none.
    """
    n_tokens = np.asarray(words["n_tokens"], dtype=np.int32)[rows]
    length = pa.nulls(len(rows), TOKENS["token_length"])
    if letter is not None:
        lists = words["token_lengths"].combine_chunks()
        starts = np.asarray(lists.offsets, dtype=np.int64)[rows]
        at = pc.add(pa.array(starts), letter.cast(pa.int64()))
        length = lists.values.take(at).cast(TOKENS["token_length"])
    return {"n_tokens": pa.array(n_tokens), "single_token": pa.array(n_tokens == 1), "token_length": length}


def _encoded(column: pa.Array) -> pa.Array:
    """Encodes plain strings; numbers stay what they are."""
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def _traced(items: dict[str, pa.Array]) -> pa.Array:
    """Worked letters and then the answer, where there is something to work out."""
    answer = items["answer"]
    if "trace" not in items:
        return answer
    plain = [column.cast(pa.string()) for column in (items["trace"], answer)]
    return pc.coalesce(pc.binary_join_element_wise(*plain, "\n"), plain[1]).dictionary_encode()


def rows_table(plan: Plan, split: SplitPlan, first: int, last: int) -> pa.Table:
    """Makes the rows `first` … `last` − 1 of a split, once."""
    return Rows(plan, split).range(first, last)[0]
