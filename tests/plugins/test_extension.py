"""The extension package of tests/plugin_package, and broken ones beside it, through the command line."""

import json
import os
import subprocess
import sys

import pytest

CLASH = """
from sdp_mirror import Mirror
from sdp.api import hookimpl

@hookimpl
def sdp_generators():
    return [type("Other", (Mirror,), {})]
"""


@pytest.fixture
def sdp(site):
    def _run(*args, **variables):
        path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.run(
            [sys.executable, "-m", "sdp", *args],
            env=os.environ | {"PYTHONPATH": path} | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    return _run


def plugins(done):
    return {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}


def test_it_is_listed(sdp, install_mirror):
    done = sdp("plugins", "--json")
    assert done.returncode == 0, done.stderr
    mirror = plugins(done)["mirror"]
    assert mirror.pop("import_s") > 0
    assert mirror == {
        "name": "mirror",
        "module": "sdp_mirror",
        "distribution": "sdp-mirror",
        "version": "1.0",
        "status": "loaded",
        "reasons": [],
        "provides": {"generators": ["mirror"]},
    }


def test_broken_ones_are_listed_with_their_reasons_and_stop_nothing(sdp, install_mirror, install):
    hook = "from sdp.api import hookimpl\n@hookimpl\ndef {}():\n    {}\n"
    install("sdp-broken", "import nothing_of_that_name\n")
    install("sdp-misspelt", hook.format("sdp_generaters", "return []"))
    install("sdp-raising", hook.format("sdp_exporters", "raise OSError('no disk')"))
    done = sdp("plugins", "--json")
    assert done.returncode == 0, done.stderr
    listed = plugins(done)
    assert "No module named 'nothing_of_that_name'" in listed["broken"]["reasons"][0]
    assert "did you mean 'sdp_generators'?" in listed["misspelt"]["reasons"][0]
    assert "sdp_exporters: OSError: no disk" in listed["raising"]["reasons"][0]
    assert [listed[name]["status"] for name in ("broken", "misspelt", "raising")] == ["failed"] * 3
    assert [listed[name]["status"] for name in ("builtin", "mirror")] == ["loaded"] * 2


def test_people_read_the_same(sdp, install_mirror, install):
    install("sdp-broken", "import nothing_of_that_name\n")
    done = sdp("plugins")
    assert done.returncode == 0
    assert "nothing_of_that_name" in done.stdout
    assert "generators: mirror" in done.stdout


def test_a_clash_lists_everything_and_ends_with_the_plugin_code(sdp, install_mirror, install):
    install("sdp-other", CLASH)
    done = sdp("plugins", "--json")
    assert done.returncode == 4
    assert set(plugins(done)) == {"builtin", "mirror", "other"}
    error = json.loads(done.stderr)["error"]
    assert error["kind"] == "PluginError"
    assert "sdp-mirror" in error["what"]
    assert "sdp-other" in error["what"]


def test_the_variable_leaves_the_built_in_one(sdp, install_mirror):
    done = sdp("plugins", "--json", SDP_PLUGINS="")
    assert done.returncode == 0
    assert plugins(done)["mirror"]["status"] == "off"
    assert plugins(done)["builtin"]["status"] == "loaded"


@pytest.mark.slow
def test_it_generates(sdp, install_mirror, tmp_path):
    done = sdp("generate", "mirror", "--n", "60", "--out", str(tmp_path / "mirror"), "--json")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mirror" / "manifest.json").is_file()
