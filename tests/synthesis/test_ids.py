"""Content ids: golden, and different for everything that makes another question."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.rows import id_to_text
from sdp.synthesis.ids import ContentIds, way_id

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5)
PHRASING = "0123456789abcdef"


def ids(columns, task="spelling", version=1, phrasing=PHRASING, noise="as written", hashes=None):
    n = len(next(iter(columns.values())))
    ways = np.full(n, way_id(task, version, phrasing, noise), dtype=np.uint64)
    encoded = {name: pa.array(texts, pa.string()).dictionary_encode() for name, texts in columns.items()}
    return (hashes or ContentIds()).of(ways, encoded)


def test_golden_values():
    made = ids({"word": ["straw", "café"], "separator": ["hyphens", "hyphens"]})
    assert [id_to_text(int(one)) for one in made] == ["ae31a4e6a361457f", "84f5f3c1d3993047"]


def test_everything_that_makes_another_question_makes_another_id():
    made = [
        ids({"word": ["straw"], "name": ["Ann"]}),
        ids({"word": ["straw"], "name": ["Bob"]}),
        ids({"word": ["straws"], "name": ["Ann"]}),
        ids({"word": ["Ann"], "name": ["straw"]}),
        ids({"word": ["straw"], "place": ["Ann"]}),
        ids({"word": ["straw"]}),
        ids({"word": ["straw"], "name": ["Ann"]}, task="count"),
        ids({"word": ["straw"], "name": ["Ann"]}, version=2),
        ids({"word": ["straw"], "name": ["Ann"]}, phrasing="f" * 16),
        ids({"word": ["straw"], "name": ["Ann"]}, noise="lower case"),
    ]
    assert len({int(one[0]) for one in made}) == len(made)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_a_row_s_id_depends_on_that_row_alone(rows):
    together = ids({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
    alone = [int(ids({"b": [b], "a": [a]})[0]) for a, b in rows]
    assert together.tolist() == alone
    assert len(set(alone)) == len(set(rows))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20), st.integers(0, 20), st.randoms())
def test_what_was_hashed_before_and_the_order_of_the_dictionary_have_no_say(rows, cut, random):
    """Texts are hashed once and remembered: another dictionary must not be taken for the remembered one."""
    hashes = ContentIds()
    whole = ids({"a": [a for a, _ in rows], "b": [b for _, b in rows]}, hashes=hashes)
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    again = [ids({"a": [a for a, _ in part], "b": [b for _, b in part]}, hashes=hashes) for part in parts]
    assert np.concatenate(again).tolist() == whole.tolist()
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = ids({"a": [rows[i][0] for i in order], "b": [rows[i][1] for i in order]}, hashes=hashes)
    assert shuffled.tolist() == whole[order].tolist()


def test_texts_that_no_row_has_do_not_matter():
    ways = np.full(2, 7, dtype=np.uint64)
    plain = pa.array(["b", "a"]).dictionary_encode()
    spare = pa.DictionaryArray.from_arrays(pa.array([2, 0], pa.int32()), pa.array(["a", "x", "b"]))
    assert ContentIds().of(ways, {"word": plain}).tolist() == ContentIds().of(ways, {"word": spare}).tolist()


def test_ways_that_show_nothing_have_their_own_id():
    ways = np.array([1, 2, 1], dtype=np.uint64)
    assert ContentIds().of(ways, {}).tolist() == [1, 2, 1]
    assert ways.tolist() == [1, 2, 1]


def test_ids_fill_their_64_bits_evenly():
    """A bias in any bit would make two rows share an id more often than 1 in 2⁶⁴."""
    made = ids({"word": [f"word{i}" for i in range(20_000)], "letter": [str(i % 7) for i in range(20_000)]})
    assert len(np.unique(made)) == 20_000
    ones = [int((made >> np.uint64(bit) & np.uint64(1)).sum()) for bit in range(64)]
    assert all(abs(n - 10_000) < 5 * 71 for n in ones)  # the standard deviation is √20,000 / 2 = 71
