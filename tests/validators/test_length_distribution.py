"""Length distribution: a split of long words is found; letters are what a reader takes for letters."""

import numpy as np
import pyarrow as pa
import pytest
from tests.validators.mutated import ENCODINGS, good

from sdp.generators.count import Count
from sdp.validators.length_distribution import LengthDistribution, by_length


def judged(splits):
    validator = LengthDistribution(Count())
    for split, keys in splits.items():
        table = pa.table({"key": pa.array(keys), "split": pa.array([split] * len(keys))})
        assert validator.reasons(table).null_count == len(keys)
    return validator.finish(), validator.notes()


def words(n, shortest, longest, seed=0):
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list("abcdefgh"), rng.integers(shortest, longest))) for _ in range(n)]


def test_like_lengths_pass_with_their_distance():
    problems, notes = judged({"train": words(2_000, 3, 12), "test": words(300, 3, 12, seed=1)})
    assert problems == []
    assert notes[0].startswith("train: keys of 7.")
    assert notes[-1].startswith("test: Kolmogorov–Smirnov distance 0.0")


def test_a_split_of_long_words_is_said():
    (problem,), _ = judged({"train": words(2_000, 3, 9), "validation": words(300, 7, 14), "test": words(300, 3, 9, 2)})
    assert problem.startswith("validation: its keys have other lengths than train's (")
    assert problem.endswith("at most 0.2")


def test_many_rows_about_three_words_are_no_evidence():
    assert (
        judged({"train": words(2_000, 3, 9), "test": ["strawberries", "blackberries", "cloudberries"] * 500})[0] == []
    )


def test_letters_are_grapheme_clusters_and_rows_count():
    keys = {"plan": 3, "é": 2, "한국": 1, "न्दी": 4, "👩‍💻": 5}
    lengths = by_length(pa.table({"value": pa.array(list(keys)), "n": list(keys.values())}))
    assert lengths.tolist() == [0, 2 + 4 + 5, 1, 0, 3]


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_one_split_alone_passes(encode):
    validator = LengthDistribution(Count())
    validator.reasons(encode(good("count")))
    assert validator.finish() == []
    assert LengthDistribution(Count()).finish() == []
