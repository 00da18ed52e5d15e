"""Rows of an open task: candidates 0, 1, 2 …, each drawn by its own random numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.columns import coded, constant
from sdp.contract.generator import Item, RowGenerator
from sdp.contract.rows import SPLITS
from sdp.contract.schema import HELD_OUT, NOISE, oracle_fields, schema_of
from sdp.data.splits import split_of
from sdp.errors import PluginError
from sdp.seeds import derive, stream
from sdp.synthesis.blame import blame
from sdp.synthesis.ids import ContentIds
from sdp.synthesis.source import Source
from sdp.synthesis.wording import Wording, looks
from sdp.templates.surfaces import surfaces

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Candidate:
    """One drawn question, its split, and which phrasing, looks and surface it gets."""

    index: int
    item: Item
    split: str
    phrasing: int
    way: int
    surface: int


class OpenRows:
    """Makes rows of an open task, and remembers what all of them share.

    Args:
        source: The task and its settings.

    Raises:
        PluginError: The task is not an open one.
    """

    def __init__(self, source: Source) -> None:
        if not isinstance(source.generator, RowGenerator):
            raise PluginError(f"'{source.generator.name}' is no open task")
        self._generator = source.generator
        self._source = source
        self._schema = schema_of(source.generator)
        self._fields = oracle_fields(source.generator)
        self._ids = ContentIds()
        noise = source.settings.noise
        self._wording = Wording(source.generator.name, source.generator.version, source.phrasings, noise)
        self._n_variants = [len(looks(phrasing, noise)) for phrasing in source.phrasings]
        self._n_surfaces = [surfaces(phrasing).count for phrasing in source.phrasings]
        every = range(len(source.phrasings))
        trained = [number for number in every if not source.phrasings[number].held_out]
        self._allowed = {split: trained if split == "train" else list(every) for split in SPLITS}

    def draw(self, index: int) -> Candidate:
        """Draws candidate `index`; the same one in any process and order.

        Raises:
            PluginError: The generator gave something that is no usable question.
        """
        generator, seed = self._generator, self._source.settings.seed
        rng = stream(seed, f"{generator.name}@{generator.version}", index)
        with blame(f"{generator.name}: row {index}", generator):
            item = generator.row(index, rng)
        self._check(item, index)
        split = split_of(item.family or item.key)
        allowed = self._allowed[split]
        number, choice = divmod(derive(seed, "phrasing", generator.name, index), len(allowed))
        phrasing = allowed[choice]
        number, variant = divmod(number, self._n_variants[phrasing])
        way = int(self._wording.first_way[phrasing]) + variant
        return Candidate(index, item, split, phrasing, way, number % self._n_surfaces[phrasing])

    def _check(self, item: Item, index: int) -> None:
        name = self._generator.name
        if not item.key or not item.answer:
            raise PluginError(f"{name}: row {index} has no key or no answer", hint="return an Item with both")
        if set(item.fields) != set(self._fields):
            raise PluginError(
                f"{name}: row {index} has the fields {sorted(item.fields)}, the first one had {sorted(self._fields)}",
                hint="give every row the same fields",
            )
        if undeclared := sorted(set(item.meta) - set(self._generator.meta)):
            raise PluginError(f"{name}: meta '{undeclared[0]}' is not declared", hint="declare it in `meta`")

    def table(self, indices: Iterable[int]) -> pa.Table:
        """Makes the rows of some candidates, in the order given, whichever their splits."""
        drawn = [self.draw(int(index)) for index in indices]
        if not drawn:
            return self._schema.empty_table()
        items = [candidate.item for candidate in drawn]
        fields = {name: _encode([item.fields[name] for item in items]) for name in self._fields}
        answer = _encode([item.answer for item in items])
        prompts, ids = self._prompts(drawn, fields)
        phrasings = self._source.phrasings
        columns = {
            "id": pa.array(ids),
            "task": constant(self._generator.name, len(drawn)),
            "split": _encode([candidate.split for candidate in drawn]),
            "prompt": prompts,
            "answer": answer,
            "completion": self._completion(items, answer),
            "key": _encode([item.key for item in items]),
            "family": _encode([item.family or item.key for item in items]),
            "template": coded(
                np.array([candidate.phrasing for candidate in drawn]),
                pa.array([phrasing.hash for phrasing in phrasings], pa.string()),
            ),
            "meta": self._meta(drawn, fields),
        }
        return pa.table([columns[name] for name in self._schema.names], schema=self._schema)

    def _prompts(
        self, drawn: Sequence[Candidate], fields: dict[str, pa.DictionaryArray]
    ) -> tuple[pa.StringArray, npt.NDArray[np.uint64]]:
        ways = np.array([candidate.way for candidate in drawn], dtype=np.int64)
        surface = np.array([candidate.surface for candidate in drawn], dtype=np.int64)
        ids = np.empty(len(drawn), dtype=np.uint64)
        prompts, orders = [], []
        for shape, rows, which in self._wording.groups(ways):
            where = pa.array(rows)
            columns = {name: column.take(where) for name, column in fields.items()} | shape.surfaces(surface[rows])
            prompts.append(shape.render(which, columns))
            ids[rows] = self._ids.of(self._wording.ids[ways[rows]], columns)
            orders.append(rows)
        return pa.concat_arrays(prompts).take(pa.array(np.argsort(np.concatenate(orders)))), ids

    def _completion(self, items: Sequence[Item], answer: pa.DictionaryArray) -> pa.DictionaryArray:
        if self._source.settings.style == "direct" or all(item.trace is None for item in items):
            return answer
        return _encode([item.answer if item.trace is None else f"{item.trace}\n{item.answer}" for item in items])

    def _meta(self, drawn: Sequence[Candidate], fields: dict[str, pa.DictionaryArray]) -> pa.StructArray:
        wording = self._wording
        held_out = np.array([self._source.phrasings[candidate.phrasing].held_out for candidate in drawn])
        codes = np.array([wording.name_codes[candidate.way] for candidate in drawn])
        columns = fields | {
            NOISE: coded(codes, wording.names),
            HELD_OUT: pa.array(held_out),
        }
        for name, kind in self._generator.meta.items():
            try:
                columns[name] = pa.array([candidate.item.meta.get(name) for candidate in drawn], kind)
            except pa.ArrowException as error:
                raise PluginError(f"{self._generator.name}: meta '{name}' is not {kind}: {error}") from error
        kind = self._schema.field("meta").type
        return pa.StructArray.from_arrays([_as(columns[field.name], field.type) for field in kind], fields=list(kind))


def _encode(texts: Sequence[str]) -> pa.DictionaryArray:
    return pc.dictionary_encode(pa.array(texts, pa.string()))


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    return column.dictionary_encode() if pa.types.is_string(column.type) else column.cast(kind)
