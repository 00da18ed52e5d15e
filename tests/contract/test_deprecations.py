"""What will go away says so to the plugin's author, with the place, and goes on working."""

import re
from pathlib import Path

import pytest

from sdp import __version__
from sdp.api import Exporter
from sdp.contract import deprecations
from sdp.contract.deprecations import ALL, Deprecation, PluginDeprecationWarning, note_exporter

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


class Old(Exporter):
    """Written before exporters had options."""

    name = "old"

    def __init__(self):
        self.n = 0

    def write(self, splits, schema, folder):
        return []


class New(Old):
    """Written since."""

    def __init__(self):
        Exporter.__init__(self)


def number(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def test_every_one_is_listed():
    assert [thing for thing in vars(deprecations).values() if isinstance(thing, Deprecation)] == list(ALL)


@pytest.mark.parametrize("one", ALL, ids=str)
def test_one_works_for_a_minor_version_at_least(one):
    assert number(one.since) < number(one.until)
    assert number(__version__) < number(one.until), f"it is time to refuse: {one.what}"


@pytest.mark.parametrize("one", ALL, ids=str)
def test_one_is_in_the_docs(one):
    assert f"| {one.what} | {one.since} | {one.until} |" in PAGE.read_text().replace("`", "")


def test_the_author_is_warned_at_the_class():
    with pytest.warns(PluginDeprecationWarning, match=r"does not call super\(\).__init__\(\) is deprecated") as caught:
        note_exporter(Old())
    (warning,) = caught
    assert warning.filename == __file__
    line = Path(__file__).read_text().splitlines()[warning.lineno - 1]
    assert line == "class Old(Exporter):"


@pytest.mark.parametrize("module", ["nowhere", "sys", __name__])
def test_a_class_without_source_is_warned_of_all_the_same(module):
    """One made by exec, or of a module that is built in or has no such class in its file."""
    made = type("Bare", (Old,), {"__module__": module})
    with pytest.warns(PluginDeprecationWarning) as caught:
        note_exporter(made())
    assert [(one.filename, one.lineno) for one in caught] == [(module, 0)]


def test_the_new_way_is_quiet(recwarn):
    note_exporter(New())
    assert not recwarn
