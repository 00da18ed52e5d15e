from hypothesis import given
from hypothesis import strategies as st

from sdp.reports import numerals

SHARES = st.floats(0, 1)


@given(SHARES)
def test_percent_reads_back(share):
    assert abs(float(numerals.percent(share)) - 100 * share) <= 0.05 + 1e-9


@given(st.floats(-1, 1))
def test_points_read_back_with_their_sign(difference):
    text = numerals.points(difference)
    assert abs(float(text.replace("−", "-")) - 100 * difference) <= 0.05 + 1e-9
    assert text == "0.0" or text[0] in "+−"


@given(st.floats(0, 1))
def test_p_values_are_never_written_as_zero(p):
    text = numerals.p_value(p)
    if text.startswith("<"):
        assert p < float(text[1:])
    else:
        assert float(text) > 0
        assert abs(float(text) - p) <= 0.05 * p


@given(st.floats(0, 1e12))
def test_decimals_stay_short(value):
    assert len(numerals.decimal(value)) <= 8


def test_what_is_not_defined_says_so():
    shown = {
        numerals.percent(None), numerals.points(None), numerals.p_value(None), numerals.decimal(None),
        numerals.percent_range(None, None), numerals.points_range(0.1, None),
    }  # fmt: skip
    nan = float("nan")
    shown |= {numerals.percent(nan), numerals.points(nan), numerals.p_value(nan), numerals.decimal(nan)}
    assert shown == {numerals.NOT_DEFINED}


def test_a_known_row():
    assert numerals.percent_range(0.421, 0.4834) == "42.1–48.3"
    assert numerals.points_range(-0.0123, 0.0345) == "−1.2 to +3.5"
    assert numerals.points(-0.00001) == "0.0"
    assert numerals.p_value(0.01234) == "0.012"
    assert numerals.p_value(0.00012) == "1.2e-04"
    assert numerals.count(46_532_040) == "46,532,040"
