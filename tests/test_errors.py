import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp import errors
from sdp.errors import (
    CheckFailed,
    ConfigError,
    ExitCode,
    InputError,
    MissingExtra,
    PluginError,
    ResourceError,
    SdpError,
    TemplateError,
    near,
)

CODES = {
    CheckFailed: ExitCode.CHECK_FAILED,
    ConfigError: ExitCode.INPUT,
    InputError: ExitCode.INPUT,
    MissingExtra: ExitCode.MISSING,
    PluginError: ExitCode.PLUGIN,
    ResourceError: ExitCode.MISSING,
    SdpError: ExitCode.BUG,
    TemplateError: ExitCode.INPUT,
}
TEXTS = st.none() | st.text()


@pytest.mark.parametrize(("kind", "code"), CODES.items())
def test_every_error_has_its_code(kind, code):
    assert kind("it broke").exit_code is code


def test_the_docstring_draws_the_whole_tree():
    kinds = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, SdpError)]
    assert set(kinds) == set(CODES)
    lines = errors.__doc__.splitlines()
    for kind in set(kinds) - {SdpError}:
        line = next(line for line in lines if f"── {kind.__name__} " in line)
        assert int(line.split()[-1]) == kind.exit_code


def test_codes_are_the_shell_s():
    """0 done, 2 usage as every getopt, 70 EX_SOFTWARE, 128 + signal."""
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 70, 128 + 2, 128 + 15]


@given(st.sampled_from(list(CODES)), st.text(), TEXTS, TEXTS)
def test_an_error_crosses_processes_whole(kind, what, where, hint):
    there = pickle.loads(pickle.dumps(kind(what, where=where, hint=hint)))
    assert (type(there), there.what, there.where, there.hint) == (kind, what, where, hint)


def test_text_says_what_where_and_what_to_do():
    error = InputError("unknown task 'spelin'", where="sdp generate", hint="did you mean 'spelling'?")
    assert str(error) == "unknown task 'spelin'\n  at: sdp generate\n  try: did you mean 'spelling'?"
    assert str(InputError("no")) == "no"


def test_near_names():
    assert near("spelin", ["count", "spelling"]) == "did you mean 'spelling'? choices are: count, spelling"
    assert near("zzz", ["count", "spelling"]) == "choices are: count, spelling"
    assert near("zzz", []) == "there are none"


@given(st.text(min_size=1), st.lists(st.text(min_size=1), min_size=1))
def test_near_lists_every_choice(name, choices):
    assert ", ".join(sorted(choices)) in near(name, choices)
