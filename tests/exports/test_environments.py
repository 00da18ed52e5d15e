"""The other tools' environments: their lists are pinned, and torch is never in them."""

import re

import pytest
from tests.exports import environments

LISTS = sorted(environments.LISTS.glob("*.txt"))


def test_there_are_lists():
    assert {path.stem for path in LISTS} >= {"lm_eval", "inspect", "trl", "genai"}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_is_exact(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert not [line for line in lines if re.match(r"torch|nvidia|triton", line)], "gigabytes"
    # ours is seen from there; Unsloth alone pins an older one
    assert path.stem == "unsloth" or not [line for line in lines if line.startswith("transformers==")]
