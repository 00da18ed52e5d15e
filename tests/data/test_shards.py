"""Shards: what is read is what was written, the checksum is the file's, and dictionaries hold what the rows have."""

import hashlib
from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.columns import coded
from sdp.contract.rows import DICTIONARY
from sdp.data.place import Place
from sdp.data.shards import ShardWriter, sha256_of

VALUES = pa.array([f"text {number}" for number in range(40)] + ["é", ""])
SCHEMA = pa.schema(
    [
        pa.field("id", pa.uint64(), nullable=False),
        ("word", DICTIONARY),
        ("prompt", pa.string()),
        ("meta", pa.struct([("letter", DICTIONARY), ("n", pa.int32()), ("held_out", pa.bool_())])),
    ]
)
CODE = st.integers(-1, len(VALUES) - 1)
GROUPS = st.lists(st.lists(st.tuples(st.integers(0, 2**64 - 1), CODE, CODE), max_size=30), max_size=4)


def table_of(group):
    """Rows with the whole dictionary, however few of its texts they have, as the engine makes them."""
    ids, words, letters = zip(*group, strict=True) if group else ((), (), ())
    letter, n = coded(np.array(letters, dtype=np.int32), VALUES), pa.array(letters, pa.int32())
    held_out = pa.array([code % 2 == 0 for code in letters], pa.bool_())
    meta = pa.StructArray.from_arrays([letter, n, held_out], fields=list(SCHEMA.field("meta").type))
    prompts = pa.array([f"prompt {number}" for number in ids], pa.string())
    word = coded(np.array(words, dtype=np.int32), VALUES)
    return pa.table([pa.array(ids, pa.uint64()), word, prompts, meta], schema=SCHEMA)


def written(*tables):
    memory = BytesIO()
    with ShardWriter(memory) as writer:
        for table in tables:
            writer.write(table)
    return memory.getvalue(), writer


@given(GROUPS.filter(bool))
def test_what_is_read_is_what_was_written(groups):
    tables = [table_of(group) for group in groups]
    content, writer = written(*tables)
    read = pq.read_table(BytesIO(content))
    assert read.schema.equals(SCHEMA)
    assert read.to_pylist() == [row for table in tables for row in table.to_pylist()]
    assert (writer.n_rows, writer.n_bytes) == (read.num_rows, len(content))
    assert writer.sha256 == hashlib.sha256(content).hexdigest()


def test_each_table_is_a_row_group_so_that_memory_stays_bounded():
    content, _ = written(table_of([(1, 1, 1)] * 5), table_of([(2, 2, 2)] * 3))
    metadata = pq.ParquetFile(BytesIO(content)).metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [5, 3]


def test_a_table_without_rows_is_a_file_with_a_schema():
    content, writer = written(SCHEMA.empty_table())
    read = pq.read_table(BytesIO(content))
    assert (read.num_rows, writer.n_rows) == (0, 0)
    assert read.schema.equals(SCHEMA)


def test_texts_that_no_row_has_are_left_out_of_the_file():
    """All the words of a lexicon would go into every shard."""
    many = pa.array([f"word number {number}" for number in range(50_000)])
    used = coded(np.arange(100) * 37, many)
    table = pa.table({"word": used})
    content, _ = written(table)
    assert len(content) < 3_000
    assert pq.read_table(BytesIO(content))["word"].to_pylist() == used.to_pylist()
    assert len(pq.read_table(BytesIO(content))["word"].combine_chunks().dictionary) == 100


@pytest.mark.parametrize("codes", [[5, 3, 5, -1], [-1, -1], [0], [41, 0, 41]])
def test_compaction_keeps_every_row(codes):
    table = pa.table({"word": coded(np.array(codes), VALUES)})
    texts = [None if code < 0 else VALUES[code].as_py() for code in codes]
    assert pq.read_table(BytesIO(written(table)[0]))["word"].to_pylist() == texts


def test_chunks_and_slices_make_the_same_bytes():
    table = table_of([(number, number % 9, number % 3) for number in range(300)])
    pieces = pa.concat_tables([table.slice(0, 10), table.slice(10)])
    larger = pa.concat_tables([table_of([(7, 7, 7)] * 4), table]).combine_chunks().slice(4)
    assert written(table)[0] == written(pieces)[0] == written(larger)[0]


def test_the_order_of_a_dictionary_or_what_else_is_in_it_does_not_change_the_rows():
    one = pa.table({"word": coded(np.array([0, 1, 0]), pa.array(["a", "b"]))})
    other = pa.table({"word": coded(np.array([2, 0, 2]), pa.array(["b", "x", "a"]))})
    texts = [pq.read_table(BytesIO(written(table)[0]))["word"].to_pylist() for table in (one, other)]
    assert texts[0] == texts[1] == ["a", "b", "a"]


def test_nothing_written_is_nothing(tmp_path):
    content, writer = written()
    assert content == b""
    assert (writer.n_rows, writer.n_bytes) == (0, 0)


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    content, writer = written(table_of([(1, 2, 3)] * 1_000))
    place = Place.of(tmp_path)
    with place.write("a.parquet") as handle:
        handle.write(content)
    assert sha256_of(place, "a.parquet") == writer.sha256
    (tmp_path / "a.parquet").write_bytes(content[:-1])
    assert sha256_of(place, "a.parquet") == hashlib.sha256(content[:-1]).hexdigest()
    with pytest.raises(FileNotFoundError):
        sha256_of(place, "none.parquet")
