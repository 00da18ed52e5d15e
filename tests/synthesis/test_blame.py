"""Blame: a plugin's exception names the plugin; one of our own stays what it is."""

import pytest

from sdp.errors import InputError, PluginError
from sdp.generators.spelling import Spelling
from sdp.synthesis.blame import blame


class Foreign:
    """From a plugin, as far as its module tells."""


def test_a_plugin_is_named_with_file_and_line():
    text = r"^mirror: row 3: KeyError: 'x' \(.*test_blame\.py:\d+\)"
    with pytest.raises(PluginError, match=text) as caught, blame("mirror: row 3", Foreign()):
        raise KeyError("x")
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("things", [(Foreign(),), (Spelling(), Foreign()), (Foreign,)])
def test_one_foreign_thing_is_enough(things):
    with pytest.raises(PluginError), blame("x", *things):
        raise ValueError


def test_what_is_built_in_raises_its_own():
    with pytest.raises(ValueError, match="ours"), blame("x", Spelling(), Spelling):
        raise ValueError("ours")


@pytest.mark.parametrize("error", [InputError("said well"), KeyboardInterrupt(), SystemExit(143)])
def test_our_errors_and_the_end_of_the_process_pass(error):
    with pytest.raises(type(error)) as caught, blame("x", Foreign()):
        raise error
    assert caught.value is error
