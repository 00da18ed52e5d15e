import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.benchmarks.scored_line import scored_line


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("a", "a"),
        (" a \n\n", "a"),
        ("p-l-a-n\na", "a"),
        ("p-l-a-n\r\na\r\n", "a"),
        ("", ""),
        ("\n \n", ""),
        ("The answer is a", "The answer is a"),
    ],
)
def test_the_last_line_stripped(output, expected):
    assert scored_line(output) == expected


@given(st.text())
def test_scoring_twice_changes_nothing(output):
    assert scored_line(scored_line(output)) == scored_line(output)
