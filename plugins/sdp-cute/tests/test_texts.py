"""Texts: every number is another text, with the words that its shape says, and words give nothing away."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.testing import oracle_answers, table_of
from sdp_cute.contains import ContainsWord
from sdp_cute.sequences import Sequences
from sdp_cute.texts import FILLERS, LONGEST, SHORTEST, Ring, Space, compose, with_both, with_keys
from sdp_cute.word_edits import DeleteWord, InsertWord, SubstituteWord, SwapWord

MADE = (ContainsWord, InsertWord, DeleteWord, SubstituteWord, SwapWord)


def table(n):
    return table_of([f"{chr(97 + i % 26)}{chr(97 + i // 26)}w" for i in range(n)])


def drawn(task, words, row, stratum, numbers):
    rows = np.full(len(numbers), row)
    made = task.items(words, rows, stratum, np.asarray(numbers)).to_pylist()
    word = words["word"][row].as_py()
    return [one | {"word": word} for one in made]


@pytest.mark.parametrize("n_words", [12, 13, 22, 23, 33])
@pytest.mark.parametrize("made", MADE)
def test_no_number_makes_the_text_of_another(made, n_words):
    task, words = made(), table(n_words)
    for stratum, n in enumerate(task.n_items(words)[5].tolist()):
        shown = [tuple(one[name] for name in task.fields(stratum)) for one in drawn(task, words, 5, stratum, range(n))]
        assert len(set(shown)) == n > 0


@pytest.mark.parametrize("made", MADE)
def test_fewer_than_twelve_words_make_no_texts(made):
    assert not made().n_items(table(11)).any()


@pytest.mark.parametrize("n_words", [12, 40, 150_000, 3_000_000])
def test_numbers_fit_however_many_words_there_are(n_words):
    n_looks = 1_000  # of a phrasing: names, places, surface noise
    space = Space.of(n_words, max(map(len, SwapWord().shapes)))
    assert 0 < n_words * space.size * n_looks < 2**63


@pytest.mark.parametrize("made", MADE)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_oracle_agrees_and_the_word_is_there_as_often_as_the_stratum_says(made, data):
    task, words = made(), table(data.draw(st.integers(12, 60)))
    for stratum, n in enumerate(task.n_items(words)[0].tolist()):
        numbers = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=5))
        row = data.draw(st.integers(0, words.num_rows - 1))
        questions = drawn(task, words, row, stratum, numbers)
        assert oracle_answers(task, questions) == [one["answer"] for one in questions]
        for one in questions:
            text = one["text"].split(" ")
            assert SHORTEST <= len(text) == one["n_words"] <= LONGEST
            counts = Counter(text)
            name = task.strata[stratum]
            asked = [counts.pop(one["word"], 0), counts.pop(one.get("other"), 0)]
            assert set(counts.values()) <= {1}  # everything else is there once
            wanted = {"yes": [[1, 0]], "no": [[0, 0]], "one": [[1, 0]], "two": [[2, 0]], "three": [[3, 0]]}
            wanted |= {"once_each": [[1, 1]], "repeated": [[1, 2], [2, 1]]}
            assert asked in wanted[name]
            assert not {one.get("added"), one.get("replacement")} & set(text)


def test_length_does_not_say_whether_the_word_is_in_it():
    task, words = ContainsWord(), table(40)
    shares = []
    for stratum, n in enumerate(task.n_items(words)[0].tolist()):
        lengths = Counter(one["n_words"] for one in drawn(task, words, 0, stratum, range(n)))
        shares.append({length: count / n for length, count in lengths.items()})
    assert shares[0] == pytest.approx(shares[1])


def test_fillers_stand_in_no_order_of_the_table():
    """Words of one frequency are sorted by the alphabet: neighbours in the table would make sorted texts."""
    words = table(600)
    texts = compose(with_keys(1), Ring.of(words), np.zeros(500, dtype=np.int64), np.arange(500) * 49)
    steps = np.sign(np.diff(texts.fillers, axis=1)).mean(axis=1)
    assert abs(steps.mean()) < 0.1
    assert sorted(Ring.of(words).order.tolist()) == list(range(600))
    assert texts.fillers.shape[1] == FILLERS


def test_a_word_has_the_same_place_whatever_the_others_are_before_and_behind_it():
    few, many = table(50), table(60)
    order = [many["word"][i].as_py() for i in Ring.of(many).order.tolist()]
    known = set(few["word"].to_pylist())
    assert [word for word in order if word in known] == [few["word"][i].as_py() for i in Ring.of(few).order.tolist()]


@pytest.mark.parametrize(("keys", "others"), [(1, 1), (2, 1), (1, 2)])
def test_shapes_are_all_there_are_once_each(keys, others):
    shapes = with_both(keys, others)
    assert len({(*row, n) for row, n in zip(shapes.places.tolist(), shapes.lengths.tolist(), strict=True)}) == len(
        shapes
    )
    assert set(((shapes.places == 0).sum(axis=1)).tolist()) == {keys}
    assert set(((shapes.places == 1).sum(axis=1)).tolist()) == {others}


lists = st.lists(st.lists(st.integers(0, 3), min_size=0, max_size=6), min_size=1, max_size=8)


@given(lists=lists, data=st.data())
def test_sequences_by_plain_lists(lists, data):
    n = len(lists)
    one, other = (np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))) for _ in range(2))
    made = Sequences(np.array([v for part in lists for v in part], dtype=np.int64), np.array([*map(len, lists)]))

    def same(found, wanted):
        assert [part.tolist() for part in np.split(found.values, np.cumsum(found.lengths)[:-1])] == wanted

    each = list(zip(lists, one.tolist(), other.tolist(), strict=True))
    same(made.without(one), [[v for v in part if v != a] for part, a, _ in each])
    same(made.with_after(one, other), [[w for v in part for w in ([v, b] if v == a else [v])] for part, a, b in each])
    same(made.substituted(one, other), [[b if v == a else v for v in part] for part, a, b in each])
    same(made.swapped(one, other), [[b if v == a else a if v == b else v for v in part] for part, a, b in each])
    same(made.reversed(), [part[::-1] for part in lists])
    rows = np.array(data.draw(st.lists(st.integers(0, n - 1), max_size=6)), dtype=np.int64)
    if len(rows):
        same(made.take(rows), [lists[row] for row in rows.tolist()])
