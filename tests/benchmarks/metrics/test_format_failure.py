import pytest

from sdp.benchmarks.metrics.format_failure import FormatFailure
from sdp.errors import InputError

COUNT, LETTER = r"\d+", r"(?!\s)\X"


@pytest.mark.parametrize(
    ("pattern", "prediction", "failed"),
    [
        (COUNT, "3", False),
        (COUNT, "99", False),  # wrong perhaps, but a number
        (COUNT, "three", True),
        (COUNT, "3 letters", True),
        (COUNT, "p-l-a-n\n3", False),
        (COUNT, "3\np-l-a-n", True),
        (LETTER, "a", False),
        (LETTER, "é", False),
        (LETTER, "e\u0301", False),
        (LETTER, "p-l-a-n", True),
        (LETTER, "", True),
        (r"(?s).+", "", True),
        (r"(?s).+", "anything", False),
    ],
)
def test_form_is_judged_and_content_is_not(pattern, prediction, failed):
    assert FormatFailure(pattern).rows([prediction], ["x"]).tolist() == [float(failed)]


def test_lower_is_better_and_the_signature_names_the_pattern():
    metric = FormatFailure(COUNT)
    assert not metric.higher_is_better
    assert COUNT in metric.signature


def test_a_broken_pattern_is_refused():
    with pytest.raises(InputError, match="regular expression"):
        FormatFailure("(")
