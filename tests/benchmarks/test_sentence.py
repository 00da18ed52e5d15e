"""What a comparison says in words."""

from dataclasses import replace

import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.compare import compare
from sdp.benchmarks.sentence import describe


@pytest.fixture(scope="module")
def found():
    rows = [bench_rows(name, [int(name == "after")] * 1200) for name in ("before", "after")]
    return compare(*rows, label="after", against="before")[0]


def test_a_p_value_that_became_0_is_below_something(found):
    """Two times a half to the power of 1,200 is less than the smallest float."""
    assert found.p_holm == 0
    assert "p < 1e-300); 1200 rows fixed" in found.sentence


@pytest.mark.parametrize(
    ("p", "text"), [(5e-324, "p < 1e-300)"), (1.3e-62, "p = 1.3e-62)"), (0.021, "p = 0.021)"), (1, "p = 1)")]
)
def test_any_other_is_shown_with_two_digits(found, p, text):
    assert text in describe(replace(found, p_holm=p), 1)
