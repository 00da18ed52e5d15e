"""Content ids: golden, and different for everything that makes another question."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.contract.rows import id_to_text
from sdp.synthesis.ids import content_ids

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5)
PHRASING = "0123456789abcdef"


def ids(columns, task="spelling", version=1, phrasing=PHRASING):
    n = len(next(iter(columns.values())))
    arrays = {name: pa.array(texts, pa.string()) for name, texts in columns.items()}
    return content_ids(task, version, phrasing, n, arrays)


def test_golden_values():
    made = ids({"word": ["straw", "café"], "separator": ["hyphens", "hyphens"]})
    assert [id_to_text(int(one)) for one in made] == ["18fdce8019bd977e", "6f5246ee4a39d85e"]


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
    ]
    assert len({int(one[0]) for one in made}) == len(made)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_a_row_s_id_depends_on_that_row_alone(rows):
    together = ids({"a": [a for a, _ in rows], "b": [b for _, b in rows]})
    alone = [int(ids({"b": [b], "a": [a]})[0]) for a, b in rows]
    assert together.tolist() == alone
    assert len(set(alone)) == len(set(rows))


def test_chunks_do_not_matter():
    whole = pa.array(["a", "b", "a", "c"])
    chunked = pa.chunked_array([whole[:1], whole[1:]])
    one, other = (content_ids("t", 1, PHRASING, 4, {"word": column}) for column in (whole, chunked))
    assert np.array_equal(one, other)
