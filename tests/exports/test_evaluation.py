"""What a task for a harness knows of its rows."""

import pytest

from sdp.exports.evaluation import evaluated, task_name


@pytest.mark.parametrize(
    ("splits", "asked"),
    [
        (["train", "validation", "test"], ["test", "validation"]),
        (["train", "validation"], ["validation"]),
        (["train"], ["train"]),
        (["test"], ["test"]),
    ],
)
def test_the_split_that_a_task_stands_for_comes_first(splits, asked):
    assert list(evaluated(splits)) == [(place == 0, split) for place, split in enumerate(asked)]


@pytest.mark.parametrize(
    ("task", "name"), [("spelling", "sdp_spelling"), ("class", "sdp_class"), ("a-b c", "sdp_a_b_c")]
)
def test_a_name_is_a_name_in_python_and_nobody_else_s(task, name):
    assert task_name(task) == name
    assert name.isidentifier()
