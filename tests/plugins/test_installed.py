"""Entry points, read without importing anything."""

import sys

import pytest

from sdp.plugins.installed import distribution_name, distribution_version, installed_points


@pytest.fixture(autouse=True)
def _on_the_path(site, monkeypatch):
    monkeypatch.syspath_prepend(site)


def test_they_come_by_name_with_their_distribution(install):
    install("sdp-zebra", "raise AssertionError('imported')\n")
    install("sdp-ant", "raise AssertionError('imported')\n")
    points, unreadable = installed_points()
    found = [(one.name, distribution_name(one), distribution_version(one)) for one in points]
    assert [one for one in found if one[0] in {"ant", "zebra"}] == [
        ("ant", "sdp-ant", "1.0"),
        ("zebra", "sdp-zebra", "1.0"),
    ]
    assert unreadable == {}
    assert not {"sdp_ant", "sdp_zebra"} & set(sys.modules)


def test_a_file_that_cannot_be_read_is_its_own_distribution_s_trouble(install, site):
    install("sdp-ant", "")
    install("sdp-garbled", "")
    (site / "sdp_garbled-1.0.dist-info" / "entry_points.txt").write_text("[sdp]\nno equals sign\n")
    points, unreadable = installed_points()
    assert "ant" in {one.name for one in points}
    assert list(unreadable) == ["sdp-garbled"]
    assert unreadable["sdp-garbled"].startswith("its entry_points.txt cannot be read: ")


def test_a_garbled_file_of_a_stranger_is_none_of_our_business(install, site):
    install("sdp-ant", "")
    install("stranger", "")
    (site / "stranger-1.0.dist-info" / "entry_points.txt").write_text("[console_scripts]\nno equals sign\n")
    points, unreadable = installed_points()
    assert "ant" in {one.name for one in points}
    assert unreadable == {}


def test_the_first_of_a_name_on_the_path_is_the_one(install, site, tmp_path, monkeypatch):
    """As for imports; also where one file cannot be read and all are read one by one."""
    install("sdp-ant", "")
    install("sdp-garbled", "")
    (site / "sdp_garbled-1.0.dist-info" / "entry_points.txt").write_text("[sdp]\nno equals sign\n")
    later = tmp_path / "later" / "sdp_ant-2.0.dist-info"
    later.mkdir(parents=True)
    (later / "METADATA").write_text("Metadata-Version: 2.1\nName: sdp-ant\nVersion: 2.0\n")
    (later / "entry_points.txt").write_text("[sdp]\nant = sdp_ant\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(later.parent)])
    points, _ = installed_points()
    assert [distribution_version(one) for one in points if one.name == "ant"] == ["1.0"]
