import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.metrics.edit_similarity import EditSimilarity
from sdp.data.graphemes import graphemes

TEXTS = st.text("abé-ü🇩🇪", max_size=8)


def distance(first: list[str], second: list[str]) -> int:
    """The textbook table."""
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, start=1):
        above, row[0] = row[0], i
        for j, right in enumerate(second, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (left != right))
    return row[-1]


@given(TEXTS, TEXTS)
def test_equals_the_textbook_distance_over_letters(prediction, reference):
    left, right = graphemes(prediction.strip()), graphemes(reference.strip())
    longest = max(len(left), len(right))
    expected = 1 - distance(left, right) / longest if longest else 1
    assert EditSimilarity().rows([prediction], [reference])[0] == pytest.approx(expected)


def test_only_the_last_line_counts():
    assert EditSimilarity().rows(["x-y-z\nab"], ["ab"]).tolist() == [1.0]


def test_a_letter_is_a_grapheme_cluster():
    flags = "🇩🇪🇫🇷"  # two letters, four code points
    assert EditSimilarity().rows(["🇩🇪"], [flags])[0] == pytest.approx(0.5)


def test_the_way_an_accent_was_typed_does_not_matter():
    assert EditSimilarity().rows(["cafe\u0301"], ["caf\u00e9"]).tolist() == [1.0]


def test_a_missing_letter_costs_its_share():
    assert EditSimilarity().rows(["s-t-r-w"], ["s-t-r-a-w"])[0] == pytest.approx(1 - 2 / 9)
