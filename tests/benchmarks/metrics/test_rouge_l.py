from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from sdp.benchmarks.metrics.rouge_l import RougeL, is_spelled, letters, words
from sdp.benchmarks.scored_line import scored_line


def score(prediction: str, reference: str) -> float:
    return RougeL().rows([prediction], [reference])[0]


def longest_common(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """By trying every subsequence."""
    for size in range(len(first), 0, -1):
        if set(combinations(first, size)) & set(combinations(second, size)):
            return size
    return 0


@given(st.lists(st.sampled_from("abcé"), min_size=2, max_size=6), st.lists(st.sampled_from("abcé"), max_size=6))
def test_spelled_references_are_compared_letter_by_letter(reference, prediction):
    common = longest_common(tuple(reference), tuple(prediction))
    expected = 2 * common / (len(reference) + len(prediction)) if common else 0
    assert score("-".join(prediction), "-".join(reference)) == pytest.approx(expected)


class Tokens:
    """Our tokens for the package that ROUGE is usually taken from."""

    def __init__(self, tokenize):
        self.tokenize = tokenize


@given(st.text("abé- \n1", max_size=12), st.text("abé- \n1", max_size=12))
def test_equals_the_package_rouge_score_on_our_tokens(prediction, reference):
    scorer = RougeScorer(["rougeL"], tokenizer=Tokens(letters if is_spelled(reference) else words))
    expected = scorer.score(reference, scored_line(prediction, reference))["rougeL"].fmeasure
    assert score(prediction, reference) == expected


def test_letters_beyond_a_to_z_count():
    assert score("é", "é") == 1
    assert score("ü", "u") == 0
    assert score("ж", "ж") == 1
    assert score("हिन्दी", "हिन्दी") == 1


def test_case_is_kept():
    assert score("A", "a") == 0


def test_a_word_is_not_its_letters():
    assert score("apple", "a") == 0
    assert score("13", "3") == 0


def test_separators_do_not_count():
    assert score("s t r a w", "s-t-r-a-w") == 1
    assert score("straw", "s-t-r-a-w") == 1
    assert score("x-y-z", "a-b-c") == 0


def test_only_the_last_line_counts():
    assert score("p-l-a-n\nb", "a") == 0


def test_nothing_scores_nothing():
    assert score("", "a") == 0


@pytest.mark.parametrize(("text", "expected"), [("s-t-r", True), ("s, t", True), ("a", False), ("to be", False)])
def test_what_counts_as_spelled(text, expected):
    assert is_spelled(text) is expected
