"""Errors: one tree, one text, one exit code each, and they survive the way out of a worker process."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp import errors
from sdp.errors import ExitCode, InputError, SdpError, near

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SdpError)]


def test_the_text_says_what_where_and_what_to_do():
    error = InputError("no words", where="words.txt:3", hint="add some")
    assert str(error) == "no words\n  at: words.txt:3\n  try: add some"
    assert str(InputError("no words")) == "no words"


@pytest.mark.parametrize("kind", KINDS)
def test_each_travels_between_processes(kind):
    copy = pickle.loads(pickle.dumps(kind("what", where="where", hint="hint")))
    assert type(copy) is kind
    assert (copy.what, copy.where, copy.hint) == ("what", "where", "hint")


def test_exit_codes_are_those_of_the_table():
    codes = {kind.__name__: int(kind.exit_code) for kind in KINDS}
    assert codes == {
        "SdpError": 70,
        "InputError": 3,
        "ConfigError": 3,
        "TemplateError": 3,
        "PluginError": 4,
        "MissingExtra": 5,
        "ResourceError": 5,
        "CheckFailed": 1,
    }
    assert ExitCode.INTERRUPTED == 128 + 2
    assert ExitCode.TERMINATED == 128 + 15


def test_the_tree_in_the_docstring_names_every_error():
    assert all(kind.__name__ in str(errors.__doc__) for kind in KINDS)


def test_near_names_are_offered():
    assert near("speling", ["spelling", "count"]) == "did you mean 'spelling'? choices are: count, spelling"
    assert near("xyz", ["spelling", "count"]) == "choices are: count, spelling"
    assert near("xyz", []) == "there are none"


@given(st.text(max_size=12), st.lists(st.text(min_size=1, max_size=12), max_size=5))
def test_near_lists_every_choice_whatever_was_given(name, choices):
    assert all(choice in near(name, choices) for choice in choices)
