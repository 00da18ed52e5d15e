"""Seven installed plugins, each wrong in its own way, beside a sound one: all are listed, and the sound one works."""

import os
import subprocess
import sys

import pytest

from sdp import __version__
from sdp.errors import PluginError
from sdp.plugins import manager

HOOK = "from sdp.api import hookimpl\n\n@hookimpl\ndef {}():\n    {}\n"
SLOW = "import time\ntime.sleep(0.3)\n" + HOOK.format("sdp_metrics", "return []")
INSTANCES = """
from sdp.api import hookimpl
from sdp_mirror import Mirror

@hookimpl
def sdp_generators():
    return [Mirror()]
"""
CLASH = INSTANCES.replace("Mirror()", 'type("Other", (Mirror,), {})')
RUN = "import os\nwith open(os.environ['SDP_TEST_RUN'], 'a') as f:\n    print(__name__, file=f)\n"
"""Leaves a line whenever it is run."""


@pytest.fixture(autouse=True)
def _on_the_path(site, monkeypatch):
    monkeypatch.syspath_prepend(site)
    manager.load.cache_clear()
    yield
    manager.load.cache_clear()


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Gives the names of the modules that ran."""
    monkeypatch.setenv("SDP_TEST_RUN", str(tmp_path / "ran"))
    return lambda: (tmp_path / "ran").read_text().split() if (tmp_path / "ran").exists() else []


def by_name():
    return {plugin.name: plugin for plugin in manager.survey().plugins}


def test_each_is_listed_with_its_reason_and_the_sound_one_works(install, install_mirror):
    install("sdp-broken", "import nothing_of_that_name\n")
    install("sdp-dozing", SLOW)
    install("sdp-misspelt", HOOK.format("sdp_generaters", "return []"))
    install("sdp-instances", INSTANCES)
    install("sdp-futuristic", "raise AssertionError('run')\n", requires=("sdp>=9",))
    listed = by_name()
    assert {name: listed[name].status for name in listed} == {
        "builtin": "loaded",
        "broken": "failed",
        "dozing": "loaded",
        "futuristic": "failed",
        "instances": "failed",
        "mirror": "loaded",
        "misspelt": "failed",
    }
    assert "No module named 'nothing_of_that_name'" in listed["broken"].reasons[0]
    [reason] = listed["misspelt"].reasons
    assert reason.startswith("sdp_generaters: there is no such hook; did you mean 'sdp_generators'? choices are: ")
    [reason] = listed["instances"].reasons
    assert reason.startswith("sdp_generators: an object of Mirror is not a subclass of ItemGenerator or RowGenerator")
    assert reason.endswith("return the class itself, Mirror without ()")
    assert listed["futuristic"].reasons == (f"it requires sdp>=9, this is sdp {__version__}",)
    assert manager.load().get_generator("mirror").name == "mirror"


def test_a_slow_import_is_measured(install):
    """At least the time that it sleeps; how much more is the machine's affair."""
    install("sdp-dozing", SLOW)
    assert by_name()["dozing"].import_s >= 0.3


def test_what_is_not_imported_has_no_time(install, monkeypatch):
    install("sdp-off", "")
    install("sdp-futuristic", "", requires=("sdp>=9",))
    monkeypatch.setenv("SDP_PLUGINS", "futuristic")
    listed = by_name()
    assert (listed["off"].import_s, listed["futuristic"].import_s) == (None, None)


def test_another_version_s_plugin_is_not_run(install, ran):
    install("sdp-futuristic", RUN, requires=("sdp>=9",))
    install("sdp-past", RUN, requires=("sdp<0.1",))
    install("sdp-present", RUN, requires=("sdp>=0.1,<99",))
    by_name()
    assert ran() == ["sdp_present"]


def test_another_version_s_plugin_takes_no_name(install):
    install("sdp-one", HOOK.format("sdp_metrics", "return []"), point="twin", requires=("sdp>=9",))
    install("sdp-two", HOOK.format("sdp_metrics", "return []"), point="twin")
    statuses = {plugin.distribution: plugin.status for plugin in manager.load().plugins}
    assert (statuses["sdp-one"], statuses["sdp-two"]) == ("failed", "loaded")


def test_a_clash_names_both_and_only_the_clash_stops(install, install_mirror):
    install("sdp-other", CLASH)
    assert by_name()["mirror"].status == "loaded"
    other = by_name()["other"]
    assert (other.status, other.reasons) == ("failed", ("generators: the name 'mirror' is taken by sdp-mirror",))
    with pytest.raises(PluginError, match="two generators are called 'mirror': one of sdp-mirror, one of sdp-other"):
        manager.load()


def test_what_a_plugin_prints_does_not_mix_with_results(install, capsys):
    install("sdp-chatty", "print('hello')\n" + HOOK.format("sdp_metrics", "print('hello again'); return []"))
    by_name()
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "hello\nhello again\n"


def test_an_object_that_answers_every_question_with_an_error_is_listed(install):
    body = "    def __getattr__(self, name):\n        raise RuntimeError(name)\n    __dir__ = None\n"
    path = install("sdp-odd", f"class Odd:\n{body}odd = Odd()\n")
    points = path.parent / "sdp_odd-1.0.dist-info" / "entry_points.txt"
    points.write_text("[sdp]\nodd = sdp_odd:odd\n")
    assert by_name()["odd"].status == "failed"


def test_an_object_that_cannot_be_shown_is_reported(install):
    body = "class Shy:\n    def __repr__(self):\n        raise RuntimeError('no')\n"
    install("sdp-shy", body + HOOK.format("sdp_metrics", "return [Shy()]"))
    assert "sdp_metrics: RuntimeError: no" in by_name()["shy"].reasons[0]


@pytest.mark.parametrize("points", ["[sdp]\nno equals sign\n", "[sdp]\n= module\n", "[sdp]\nbad = :::\n"])
def test_entry_points_that_cannot_be_read_are_one_plugin_s_trouble(install, install_mirror, site, points):
    install("sdp-garbled", "")
    (site / "sdp_garbled-1.0.dist-info" / "entry_points.txt").write_text(points)
    registry = manager.load()
    assert "mirror" in registry.generators
    bad = [plugin for plugin in registry.plugins if plugin.distribution == "sdp-garbled"]
    assert [plugin.status for plugin in bad] == ["failed"]


def test_metadata_that_is_not_there_is_no_reason_to_stop(install, install_mirror, site):
    install("sdp-bare", HOOK.format("sdp_metrics", "return []"))
    (site / "sdp_bare-1.0.dist-info" / "METADATA").unlink()
    assert by_name()["bare"].status == "loaded"
    assert by_name()["mirror"].status == "loaded"


MANY = 50
ALL_HELP = """
import sys
from sdp.cli.main import main
from sdp.cli.table import VERBS
for words in (["--help"], *([verb, "--help"] for verb in VERBS)):
    assert main(words) == 0
"""


def test_fifty_plugins_cost_the_help_nothing_and_a_verb_one_load_each(install, site, ran):
    """Counted in a fresh process: how often each module ran."""
    for number in range(MANY):
        install(f"sdp-many{number:02}", RUN + HOOK.format("sdp_metrics", "return []"))
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])

    def python(*words):
        environment = os.environ | {"PYTHONPATH": path}
        return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=True)

    python("-c", ALL_HELP)
    assert ran() == []
    python("-m", "sdp", "templates", "list", "spelling", "--json")
    assert sorted(ran()) == [f"sdp_many{number:02}" for number in range(MANY)]
