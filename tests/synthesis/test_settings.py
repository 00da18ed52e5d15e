"""Settings: what may be asked for, and equality that survives JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sdp.contract.rows import SPLITS
from sdp.synthesis.settings import DataSettings, only


def test_the_order_of_noise_and_repeats_mean_nothing():
    one = DataSettings(task="count", n=1, noise=("quotes", "case", "quotes"))
    assert one == DataSettings(task="count", n=1, noise=("case", "quotes"))


def test_there_and_back():
    settings = DataSettings(
        task="count", n=7, seed=2**63, style="trace", ratios=(1, 0, 0), noise=("case",), templates=("a", "b"),
        strata=("zero",), balance="length", difficulty="hard", tokenizer="tiny", domain={"letters": ("e", "ß")},
    )  # fmt: skip
    assert DataSettings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"n": -1}, {"style": "both"}, {"rows_per_shard": 0}, {"sed": 1}, {"difficulty": "harder"}, {"seed": -1}],
)
def test_what_cannot_be_asked_for(wrong):
    with pytest.raises(ValidationError):
        DataSettings(**({"task": "count", "n": 1} | wrong))


def test_only_one_split():
    assert only("test") == (0.0, 0.0, 1.0)
    assert sum(only("train")) == sum(only("validation")) == 1


@given(st.integers(1, 10**6), st.tuples(*[st.floats(0, 10)] * 3).filter(any))
def test_split_sizes_add_up_to_n(n, ratios):
    sizes = DataSettings(task="count", n=n, ratios=ratios).split_sizes
    assert list(sizes) == list(SPLITS)
    assert sum(sizes.values()) == n
    assert all(abs(size - n * ratio / sum(ratios)) < 1 for size, ratio in zip(sizes.values(), ratios, strict=True))


def test_rows_per_split_are_shares_too():
    assert DataSettings(task="count", n=1_003, ratios=(900, 3, 100)).split_sizes == {
        "train": 900,
        "validation": 3,
        "test": 100,
    }
