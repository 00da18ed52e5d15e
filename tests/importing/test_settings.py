"""What may be asked for, and the near word where it is misspelt."""

import pytest

from sdp.errors import InputError
from sdp.importing.settings import STEPS, ImportSettings


def made(**values):
    return ImportSettings(task="t", sources=("x",), **values)


def test_the_order_of_steps_and_filters_means_nothing():
    assert made(steps=("split", "convert"), filters=("echo", "short")) == made(
        steps=("convert", "split"), filters=("short", "echo")
    )


@pytest.mark.parametrize(
    ("values", "hint"),
    [({"steps": ("filtre",)}, "did you mean 'filter'"), ({"filters": ("refusals",)}, "did you mean 'refusal'")],
)
def test_near_names(values, hint):
    with pytest.raises(InputError) as caught:
        made(**values)
    assert hint in caught.value.hint


def test_augmenting_needs_a_name_and_a_name_is_enough():
    with pytest.raises(InputError, match="by what"):
        made(steps=STEPS)
    assert made(augment=("case",)).does("augment")
    assert not made().does("augment")


@pytest.mark.parametrize("task", ["../escaped", "My Task", "", "a-b", "1st", "a\n"])
def test_a_task_s_name_is_a_word_of_the_command_line(task):
    with pytest.raises(InputError, match="is no name of a task") as caught:
        ImportSettings(task=task, sources=("x",))
    assert caught.value.where == "--as"
