"""Tallies: counted as Counter counts, whatever dictionaries the rows bring."""

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.columns import coded
from sdp.synthesis.tally import COUNTED, SCHEMA, Tally, merged

VALUES = ["a", "b", "c", "é", ""]
ROW = st.tuples(*[st.integers(0, 4)] * 4)
CHUNKS = st.lists(st.tuples(st.permutations(VALUES), st.lists(ROW, max_size=15)), max_size=6)


def column(values, codes):
    return coded(np.array(codes, dtype=np.int32), pa.array(values))


def counted(table):
    triples = zip(*(table[name].to_pylist() for name in ("what", "value", "n")), strict=True)
    found = [((what, value), n) for what, value, n in triples]
    assert len(dict(found)) == len(found)  # each value once
    return dict(found)


def tallied(chunks):
    """A tally and a Counter of the same rows."""
    tally, counter = Tally(), Counter()
    for values, rows in chunks:
        table = pa.table({name: column(values, [row[i] for row in rows]) for i, name in enumerate(COUNTED)})
        tally.add(table, column(values, [row[3] for row in rows]))
        for row in rows:
            counter.update((name, values[row[i]]) for i, name in enumerate((*COUNTED, "stratum")))
    return tally.table(), counter


@given(CHUNKS)
def test_it_counts_as_counter_does(chunks):
    table, counter = tallied(chunks)
    assert table.schema == SCHEMA
    assert counted(table) == dict(counter)


@given(st.lists(CHUNKS, max_size=4))
def test_tallies_add_up(shards):
    each = [tallied(chunks) for chunks in shards]
    total = sum((counter for _, counter in each), Counter())
    assert counted(merged([table for table, _ in each])) == dict(total)


def test_a_table_of_several_chunks_is_one_table():
    one = pa.table({name: column(["a", "b"], [0, 1, 1]) for name in COUNTED})
    other = pa.table({name: column(["b", "z"], [0, 0]) for name in COUNTED})
    tally = Tally()
    tally.add(pa.concat_tables([one, other]), column(["all"], [0] * 5))
    assert counted(tally.table()) == {(name, value): n for name in COUNTED for value, n in (("a", 1), ("b", 4))} | {
        ("stratum", "all"): 5
    }


def test_nothing_counted_is_an_empty_table():
    assert merged([]).equals(SCHEMA.empty_table())
    assert Tally().table().equals(SCHEMA.empty_table())
