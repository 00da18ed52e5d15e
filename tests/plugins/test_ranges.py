"""Which sdp a distribution was written for."""

from importlib.metadata import Distribution

import pytest

from sdp.plugins import ranges
from sdp.plugins.ranges import unmet


class Fake(Distribution):
    def __init__(self, *requires):
        self.lines = requires

    def read_text(self, filename):
        text = "".join(f"Requires-Dist: {line}\n" for line in self.lines)
        return f"Metadata-Version: 2.1\nName: fake\nVersion: 1\n{text}" if filename == "METADATA" else None

    def locate_file(self, path):
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _version(monkeypatch):
    monkeypatch.setattr(ranges, "__version__", "0.4.2")


@pytest.mark.parametrize(
    "requires",
    [
        (),
        ("numpy>=9",),
        ("sdp",),
        ("sdp>=0.1,<1",),
        ("SDP >= 0.4",),
        ("sdp-cute>=9",),
        ("sdp[ray]>=0.4",),
        ('sdp>=9; extra == "next"',),
        ('sdp>=9; python_version < "3"',),
        ("what is this?", "sdp<1"),
    ],
)
def test_it_goes(requires):
    assert unmet(Fake(*requires)) is None


@pytest.mark.parametrize("wanted", [">=9", "<0.4", "==0.4.1", "~=0.3.0", "!=0.4.2"])
def test_it_does_not_and_both_versions_are_named(wanted):
    assert unmet(Fake("numpy", f"sdp{wanted}")) == f"it requires sdp{wanted}, this is sdp 0.4.2"


def test_every_requirement_counts():
    assert "sdp>=5" in unmet(Fake("sdp", "sdp>=5"))


def test_a_development_version_is_judged_by_its_number(monkeypatch):
    monkeypatch.setattr(ranges, "__version__", "0.5.0.dev3")
    assert unmet(Fake("sdp>=0.4,<1")) is None
    assert unmet(Fake("sdp>=0.5")) == "it requires sdp>=0.5, this is sdp 0.5.0.dev3"


def test_a_range_that_cannot_be_read_is_said():
    assert unmet(Fake("sdp >> 3")).startswith("its metadata requires 'sdp >> 3', which says nothing")
