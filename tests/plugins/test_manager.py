"""Installed packages: what loads, what does not, and what that does to the others."""

import pytest

from sdp.errors import InputError, PluginError
from sdp.plugins import manager

METRIC = """
import numpy as np
from sdp.api import Metric, hookimpl

class Length(Metric):
    name = "{name}"
    signature = "length"
    def rows(self, predictions, references):
        return np.array([float(len(text)) for text in predictions])

@hookimpl
def sdp_metrics():
    return [Length]
"""


@pytest.fixture(autouse=True)
def _on_the_path(site, monkeypatch):
    monkeypatch.syspath_prepend(site)
    manager.load.cache_clear()
    yield
    manager.load.cache_clear()


def by_name(registry):
    return {plugin.name: plugin for plugin in registry.plugins}


def test_what_is_built_in_comes_first_and_whole():
    first = manager.load().plugins[0]
    assert (first.name, first.distribution, first.status, first.reasons) == ("builtin", "sdp", "loaded", ())
    assert {"spelling", "position", "count"} <= set(manager.load().generators)


def test_loaded_once():
    assert manager.load() is manager.load()


def test_an_installed_plugin_is_found(install_mirror):
    registry = manager.load()
    mirror = by_name(registry)["mirror"]
    assert (mirror.distribution, mirror.version, mirror.status) == ("sdp-mirror", "1.0", "loaded")
    assert mirror.provides == {"generators": ("mirror",)}
    assert registry.get_generator("mirror").__name__ == "Mirror"


def test_a_broken_import_is_listed_and_stops_nothing(install, install_mirror):
    path = install("sdp-broken", "import nothing_of_that_name\n")
    registry = manager.load()
    broken = by_name(registry)["broken"]
    assert broken.status == "failed"
    assert broken.reasons == (f"import: ModuleNotFoundError: No module named 'nothing_of_that_name' ({path}:1)",)
    assert {"spelling", "mirror"} <= set(registry.generators)


@pytest.mark.parametrize("source", ["def broken(:\n", "raise SystemExit(0)\n", "1 / 0\n"])
def test_whatever_an_import_raises_is_listed(install, source):
    install("sdp-odd", source)
    assert by_name(manager.load())["odd"].status == "failed"


def test_a_module_that_is_not_there_is_listed(install):
    install("sdp-gone", "").unlink()
    assert "No module named 'sdp_gone'" in by_name(manager.load())["gone"].reasons[0]


def test_a_plugin_that_works_in_part_keeps_that_part(install):
    hook = "\n@hookimpl\ndef sdp_generaters():\n    return []\n"
    install("sdp-half", METRIC.format(name="half") + hook)
    registry = manager.load()
    half = by_name(registry)["half"]
    assert half.status == "partial"
    assert half.provides == {"metrics": ("half",)}
    assert "did you mean 'sdp_generators'?" in half.reasons[0]
    assert "half" in registry.metrics


def test_two_things_with_one_name_are_an_error_that_names_both(install):
    install("sdp-one", METRIC.format(name="length"))
    install("sdp-two", METRIC.format(name="length"))
    with pytest.raises(PluginError, match="two metrics are called 'length': one of sdp-one, one of sdp-two"):
        manager.load()


def test_a_built_in_name_cannot_be_taken(install, install_mirror, site):
    source = (site / "sdp_mirror.py").read_text().replace('"mirror", 1', '"spelling", 1')
    install("sdp-thief", source)
    with pytest.raises(PluginError, match="two generators are called 'spelling': one of sdp, one of sdp-thief"):
        manager.load()


@pytest.mark.parametrize("taken", ["first", "builtin"])
def test_two_plugins_with_one_name_clash(install, taken):
    install("sdp-first", METRIC.format(name="first"))
    install("sdp-second", METRIC.format(name="second"), point=taken)
    with pytest.raises(PluginError, match=rf"two plugins are called '{taken}'.* of sdp-second"):
        manager.load()


def test_a_survey_lists_a_clash_without_raising(install):
    install("sdp-one", METRIC.format(name="length"))
    install("sdp-two", METRIC.format(name="length"))
    assert len(manager.survey().clashes) == 1


def test_the_variable_limits_what_loads(install, install_mirror, monkeypatch):
    install("sdp-length", METRIC.format(name="length"))
    monkeypatch.setenv("SDP_PLUGINS", " mirror ,")
    registry = manager.load()
    assert by_name(registry)["length"].status == "off"
    assert "length" not in registry.metrics
    assert {"mirror", "spelling"} <= set(registry.generators)


def test_a_plugin_that_is_off_is_not_even_imported(install, monkeypatch):
    install("sdp-loud", "raise RuntimeError('imported')\n")
    monkeypatch.setenv("SDP_PLUGINS", "")
    assert by_name(manager.load())["loud"].reasons == ("not in SDP_PLUGINS",)


def test_the_variable_settles_a_clash(install, monkeypatch):
    install("sdp-one", METRIC.format(name="length"))
    install("sdp-two", METRIC.format(name="length"))
    monkeypatch.setenv("SDP_PLUGINS", "two")
    assert manager.load().get_metric("length").__module__ == "sdp_two"


def test_an_unknown_name_in_the_variable_is_an_error(install_mirror, monkeypatch):
    monkeypatch.setenv("SDP_PLUGINS", "miror")
    with pytest.raises(PluginError, match="plugin 'miror' is not installed") as caught:
        manager.load()
    assert caught.value.hint == "did you mean 'mirror'? plugins are: mirror"


def test_a_fault_in_what_is_built_in_is_a_bug(site, monkeypatch):
    (site / "sdp_bad_builtin.py").write_text("from sdp.api import hookimpl\n@hookimpl\ndef sdp_metrics():\n    1 / 0\n")
    monkeypatch.setattr(manager, "BUILTIN", "sdp_bad_builtin")
    with pytest.raises(RuntimeError, match="division by zero"):
        manager.survey()


def test_a_wrong_name_gives_the_near_one_and_all():
    with pytest.raises(InputError, match="unknown task 'speling'") as caught:
        manager.load().get_generator("speling")
    assert caught.value.hint == "did you mean 'spelling'? tasks are: count, position, spelling"


def test_a_wrong_name_points_to_what_did_not_load(install):
    install("sdp-broken", "1 / 0\n")
    with pytest.raises(InputError) as caught:
        manager.load().get_generator("broken")
    assert caught.value.hint.endswith("'sdp plugins' says why something is missing from broken")


@pytest.mark.parametrize(
    ("getter", "noun"), [("get_validator", "validator"), ("get_metric", "metric"), ("get_exporter", "format")]
)
def test_every_kind_has_its_own_words(getter, noun):
    with pytest.raises(InputError, match=f"unknown {noun} 'zzz'"):
        getattr(manager.load(), getter)("zzz")
