"""Which checkpoints stay."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.keep import Keep, prune, ranked, records_of
from sdp.runs.checkpoints.record import NAME, Checkpoint


def records(values: dict[int, float | None], **facts: object) -> dict[int, Checkpoint]:
    return {step: Checkpoint(step=step, files=[], **made.about(loss=value, **facts)) for step, value in values.items()}


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("best:3,last:2", Keep(3, 2)),
        ("last:5", Keep(0, 5)),
        (" last:1 , best:1 ", Keep(1, 1)),
        ("all", Keep(None, None)),
    ],
)
def test_a_policy(text: str, keep: Keep) -> None:
    assert Keep.parse(text) == keep


@pytest.mark.parametrize("text", ["", "best", "best:-1", "best:0", "best:0,last:0", "worst:3", "best:1,best:2", "3"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(InputError, match="checkpoint") as caught:
        Keep.parse(text, "checkpoints.keep")
    assert caught.value.where == "checkpoints.keep"
    assert "last:N" in str(caught.value.hint)


def test_the_best_come_first_and_of_equals_the_earlier() -> None:
    values = {10: 0.5, 20: 0.3, 30: None, 40: 0.3, 50: 0.4}
    assert ranked(records(values)) == [20, 40, 50, 10]
    assert ranked(records(values, greater_is_better=True)) == [10, 50, 20, 40]
    assert Keep(1, 1).chosen(records(values)) == {20, 50}
    assert Keep(0, 2).chosen(records(values)) == {40, 50}
    assert Keep(2, 0).chosen(records(values)) == {20, 40}
    assert Keep.parse("all").chosen(records(values)) == set(values)


@given(
    st.dictionaries(st.integers(0, 50), st.none() | st.floats(-5, 5), max_size=12), st.integers(0, 5), st.integers(0, 5)
)
def test_as_many_as_asked_for_stay(values: dict[int, float | None], best: int, last: int) -> None:
    stay = Keep(best, last).chosen(records(values))
    steps = sorted(values)
    assert set(steps[-last:] if last else []) <= stay
    judged = sorted((value, step) for step, value in values.items() if value is not None)
    assert {step for _, step in judged[:best]} <= stay
    assert len(stay) <= best + last


def test_a_run_that_is_not_at_its_end_needs_its_newest_and_its_best() -> None:
    assert Keep(0, 3).needed() == Keep(1, 3)
    assert Keep(2, 0).needed() == Keep(2, 1)
    assert Keep(None, None).needed() == Keep(None, None)


def test_only_what_is_kept_stays(tmp_path: Path) -> None:
    for step, loss in {1: 0.9, 2: 0.1, 3: 0.5, 4: 0.4, 5: 0.6}.items():
        made.publish(tmp_path, step, loss)
    assert prune(tmp_path, Keep(1, 1), also=frozenset({3})) == [1, 4]
    assert list(records_of(tmp_path)) == [2, 3, 5]
    folders.clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000002", "step-000003", "step-000005"]


def test_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        made.publish(tmp_path, step)
    (tmp_path / "step-000001" / NAME).write_text("{")
    assert prune(tmp_path, Keep(0, 1)) == [2]
    assert (tmp_path / "step-000001").is_dir()
