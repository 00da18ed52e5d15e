"""The contract of formats: options are given, or their defaults are there; older classes work as they did."""

import pytest

from sdp.api import Exporter, ExportOptions


class Old(Exporter):
    """As plugins wrote them before there were options."""

    name = "old"

    def __init__(self):
        self.mine = 1

    def write(self, splits, schema, folder):
        (folder / "all").write_text(str(sum(batch.num_rows for batches in splits.values() for batch in batches)))
        return [folder / "all"]


class Brief(Exporter):
    """Heeds one option, and leaves rows out."""

    name = "brief"
    uses = frozenset({"system"})

    def write(self, splits, schema, folder):
        self.left_out["not wanted"] = 7
        (folder / "said").write_text(str(self.options.system))
        return [folder / "said"]


def test_options_have_defaults():
    assert Brief().options == ExportOptions() == ExportOptions(None, None, None, None)
    assert Brief().left_out == {}


def test_two_exporters_do_not_share_what_they_left_out():
    one, other = Brief(), Brief()
    one.left_out["a"] = 1
    assert other.left_out == {}


def test_an_older_class_needs_no_options():
    assert Old().mine == 1
    assert Old.uses == frozenset()
    with pytest.raises(AttributeError):
        Old().left_out  # noqa: B018  (whoever reads it must expect that)
