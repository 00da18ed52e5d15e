import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.recipes.schema import REPLAY
from sdp.recipes.sources import mix, parse_source

SHARES = st.floats(0.001, 10) | st.none()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("spelling", ("spelling", None)),
        ("spelling=0.9", ("spelling", 0.9)),
        ("a=b/spelling", ("a=b/spelling", None)),
        ("a=b/spelling=2", ("a=b/spelling", 2.0)),
    ],
)
def test_a_source_may_have_a_share(text: str, source: tuple[str, float | None]) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize("share", ["0", "-1", "nan", "inf"])
def test_a_share_must_be_above_zero(share: str) -> None:
    with pytest.raises(InputError, match="not above zero"):
        parse_source(f"spelling={share}")


@given(st.lists(SHARES, min_size=1, max_size=5), st.none() | st.floats(0.01, 0.99))
def test_shares_sum_to_one_and_replay_gets_its_own(shares: list[float | None], replay: float | None) -> None:
    sources = [(f"s{i}", share) for i, share in enumerate(shares)]
    try:
        mixed = mix(sources, replay)
    except InputError:
        assert None in shares
        assert sum(share or 0 for share in shares) >= 1
        return
    assert math.isclose(sum(source.share for source in mixed), 1)
    assert [source.source for source in mixed[: len(shares)]] == [name for name, _ in sources]
    if replay is not None:
        assert (mixed[-1].source, mixed[-1].share) == (REPLAY, replay)


def test_what_is_left_goes_to_those_without_a_share() -> None:
    shares = {source.source: source.share for source in mix([("a", 0.5), ("b", None), ("c", None)], 0.2)}
    assert shares == pytest.approx({"a": 0.4, "b": 0.2, "c": 0.2, REPLAY: 0.2})


@pytest.mark.parametrize("replay", [0.0, -0.1, 1.0, 2.0, math.nan])
def test_a_replay_that_leaves_nothing_or_is_nothing_is_refused(replay: float) -> None:
    with pytest.raises(InputError):
        mix([("a", None)], replay)


def test_a_source_twice_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        mix([("a", 0.5), ("a", 0.5)])


@pytest.mark.parametrize("replay", [None, 0.1])
def test_replay_is_no_data_set(replay: float | None) -> None:
    with pytest.raises(InputError, match="no data set") as caught:
        mix([("a", None), (REPLAY, None)], replay)
    assert "--replay" in str(caught.value)
