import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.finetuning.mix import Part, drop_families, epoch_rows, mixed, sample


def part(name: str, n: int, share: float) -> Part:
    texts = [f"{name}{i}" for i in range(n)]
    return Part(name, share, pa.table({"prompt": texts, "text": texts, "family": [f"f{i % 5}" for i in range(n)]}))


@given(st.integers(2, 500), st.integers(2, 500), st.floats(0.1, 0.9))
def test_an_epoch_keeps_the_shares_and_repeats_nothing(n_a: int, n_b: int, share: float) -> None:
    parts = [part("a", n_a, share), part("b", n_b, 1 - share)]
    n = epoch_rows(parts)
    drawn = mixed(parts, n, seed=0)
    assert sum(map(len, drawn.values())) <= n + 1
    for name, wanted in (("a", share), ("b", 1 - share)):
        texts = drawn[name]["text"].to_pylist()
        assert len(set(texts)) == len(texts)
        assert abs(len(texts) - wanted * n) <= 1
    assert n >= min(n_a / share, n_b / (1 - share)) - 1, "as many rows as possible"


def test_replay_makes_its_share() -> None:
    asked = []

    def make(n: int) -> pa.Table:
        asked.append(n)
        return part("replay", n, 1).table

    parts = [part("a", 90, 0.9)]
    drawn = mixed(parts, epoch_rows(parts, 0.1), 0, (0.1, make))
    assert (len(drawn["a"]), asked) == (90, [10])


def test_a_draw_depends_on_seed_and_name() -> None:
    table = part("a", 100, 1).table
    first = sample(table, 10, 0, "a")
    assert len(set(first["text"].to_pylist())) == 10
    assert first == sample(table, 10, 0, "a")
    assert first != sample(table, 10, 1, "a")
    assert first != sample(table, 10, 0, "b")
    assert sample(table, 100, 0, "a") == table


def test_replay_families_are_dropped_and_counted() -> None:
    left, n = drop_families(part("a", 10, 1), frozenset({"f1", "f4", "elsewhere"}))
    assert n == 4
    assert set(left.table["family"].to_pylist()) == {"f0", "f2", "f3"}


def test_a_source_that_is_all_replay_is_refused() -> None:
    with pytest.raises(InputError, match="all rows of 'a'"):
        drop_families(part("a", 1, 1), frozenset({"f0"}))
