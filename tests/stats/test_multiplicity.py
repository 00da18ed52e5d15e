import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from sdp.errors import InputError
from sdp.stats import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def step_down(p, alpha):
    """The procedure as Holm wrote it: the smallest against alpha/m, the next against alpha/(m - 1), until one fails."""
    rejected = set()
    for left, position in zip(range(len(p), 0, -1), sorted(range(len(p)), key=p.__getitem__), strict=True):
        if p[position] * left > alpha:
            break
        rejected.add(position)
    return rejected


@given(p_values, st.floats(0, 0.999))
def test_holm_rejects_what_the_step_down_procedure_rejects(p, alpha):
    assert {i for i, q in enumerate(holm(p)) if q <= alpha} == step_down(p, alpha)


def test_holm_equals_statsmodels():
    p = [0.011, 0.62, 0.004, 0.3, 0.011, 0.047]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@given(p_values)
def test_benjamini_hochberg_equals_statsmodels(p):
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


def test_worked_example_of_benjamini_and_hochberg():
    # Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995), section 3.2: four of fifteen at .05, Holm finds three.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert sum(q <= 0.05 for q in benjamini_hochberg(p)) == 4
    assert sum(q <= 0.05 for q in holm(p)) == 3


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_edges(adjust):
    assert adjust([]) == ()
    assert adjust([0.03]) == pytest.approx((0.03,))
    assert adjust([0.02, 0.02]) == pytest.approx(adjust([0.02, 0.02])[::-1])
    assert adjust([1.0, 1.0]) == (1.0, 1.0)
    assert adjust([0.0, 0.0]) == (0.0, 0.0)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize("bad", [[0.1, float("nan")], [0.1, 1.2], [0.1, -1], [0.1, "x"], [[0.1]]])
def test_what_is_no_p_value_is_an_error(adjust, bad):
    with pytest.raises(InputError):
        adjust(bad)
