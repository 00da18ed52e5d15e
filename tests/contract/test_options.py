"""Options of a task: equal after a trip to another process, and nobody can change them on the way."""

import pickle

import pytest

from sdp.contract.options import TaskOptions


@pytest.mark.parametrize(
    "options",
    [TaskOptions(), TaskOptions("de", "length", tokenized=True), TaskOptions(domain={"letters": ("e", "ß")})],
)
def test_they_travel(options):
    there = pickle.loads(pickle.dumps(options))
    assert (there.language, there.balance, there.tokenized) == (options.language, options.balance, options.tokenized)
    assert dict(there.domain) == dict(options.domain)


def test_the_default_is_english_and_equal_shares():
    assert (TaskOptions().language, TaskOptions().balance, TaskOptions().tokenized) == ("en", "strata", False)
    assert not TaskOptions().domain
    with pytest.raises(TypeError):
        TaskOptions().domain["letters"] = ("e",)
