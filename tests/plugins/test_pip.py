"""The same with packages that pip built and installed, in an environment of their own."""

import json

import pytest
from tests.plugins.fresh_environment import Environment

from sdp import __version__

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1.0"
dependencies = {dependencies}

[project.entry-points.sdp]
{point} = "{module}"

[tool.hatch.build.targets.wheel]
only-include = ["{module}.py"]
"""
HOOK = "from sdp.api import hookimpl\n\n@hookimpl\ndef {}():\n    {}\n"
TASK = """
from sdp.api import Item, RowGenerator, hookimpl

class {name}(RowGenerator):
    name, version = "{task}", 1
    templates = ("Say {{{{ word }}}}.", "Repeat {{{{ word }}}}.", "Echo {{{{ word }}}}.", "Again: {{{{ word }}}}.")

    def row(self, index, rng):
        word = "".join(rng.choice("abcdefgh") for _ in range(6))
        return Item(key=word, answer=word, fields={{"word": word}})

    def solve(self, item):
        return item.fields["word"]

@hookimpl
def sdp_generators():
    return [{returned}]
"""
RAN = "import os\nopen(os.environ['SDP_TEST_RAN'], 'a').write(__name__ + '\\n')\n"
PLUGINS = {
    "sound": (TASK.format(name="Sound", task="echo", returned="Sound"), ["sdp>=0.1"]),
    "broken": ("import nothing_of_that_name\n", []),
    "dozing": ("import time\ntime.sleep(1)\n" + HOOK.format("sdp_metrics", "return []"), []),
    "misspelt": (HOOK.format("sdp_generaters", "return []"), []),
    "instances": (TASK.format(name="Thing", task="thing", returned="Thing()"), []),
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Environment:
    """One with all of them; what stops the others is added, and taken away, by the tests that are about it."""
    made = Environment(tmp_path_factory.mktemp("environment") / "venv")
    sources = tmp_path_factory.mktemp("sources")
    made.install(*(package(sources, name, *PLUGINS[name]) for name in PLUGINS))
    return made


def package(folder, name, source, dependencies=(), point=None):
    """Writes the sources of a package."""
    place = folder / f"sdp-{name}"
    place.mkdir()
    (place / f"sdp_{name}.py").write_text(RAN + source)
    facts = {"name": f"sdp-{name}", "module": f"sdp_{name}", "point": point or name}
    (place / "pyproject.toml").write_text(PYPROJECT.format(**facts, dependencies=json.dumps(list(dependencies))))
    return place


@pytest.fixture
def ran(tmp_path):
    return lambda: sorted((tmp_path / "ran").read_text().split()) if (tmp_path / "ran").exists() else []


@pytest.fixture
def sdp(environment, tmp_path):
    return lambda *words, **how: environment.run("sdp", *words, SDP_TEST_RAN=str(tmp_path / "ran"), **how)


def listed(sdp, **how):
    return {plugin["name"]: plugin for plugin in json.loads(sdp("plugins", "--json", **how))["plugins"]}


@pytest.mark.slow
def test_help_runs_none_of_them(sdp, ran):
    assert "generate" in sdp("--help")
    assert "--n" in sdp("generate", "--help")
    assert ran() == []


@pytest.mark.slow
def test_each_is_listed_and_the_sound_one_makes_data(sdp, ran, tmp_path):
    found = listed(sdp)
    assert ran() == sorted(f"sdp_{name}" for name in PLUGINS)
    statuses = {name: plugin["status"] for name, plugin in found.items()}
    failed = dict.fromkeys(("broken", "misspelt", "instances"), "failed")
    assert statuses == {"builtin": "loaded", "sound": "loaded", "dozing": "loaded", **failed}
    assert "No module named 'nothing_of_that_name'" in found["broken"]["reasons"][0]
    assert "did you mean 'sdp_generators'?" in found["misspelt"]["reasons"][0]
    assert "return the class itself, Thing without ()" in found["instances"]["reasons"][0]
    assert found["dozing"]["import_s"] >= 1
    sdp("generate", "echo", "--n", "200", "--workers", "2", cwd=tmp_path)
    sdp("validate", "echo", cwd=tmp_path)


@pytest.mark.slow
def test_one_for_another_sdp_is_listed_with_both_versions_and_not_run(environment, sdp, ran, tmp_path):
    """pip would not install it; told not to look, it does."""
    source = package(tmp_path, "futuristic", "", ["sdp>=9"])
    environment.install("--no-deps", source)
    found = listed(sdp)["futuristic"]
    environment.remove("sdp-futuristic")
    assert (found["status"], found["reasons"]) == ("failed", [f"it requires sdp>=9, this is sdp {__version__}"])
    assert "sdp_futuristic" not in ran()


@pytest.mark.slow
def test_a_clash_names_both_packages(environment, sdp, tmp_path):
    environment.install(package(tmp_path, "thief", TASK.format(name="Thief", task="echo", returned="Thief")))
    said = sdp("generate", "echo", "--n", "50", cwd=tmp_path, check=False)
    assert said.startswith("sdp: error: two generators are called 'echo': one of sdp-sound, one of sdp-thief")
    sdp("generate", "echo", "--n", "50", cwd=tmp_path, SDP_PLUGINS="sound")
    environment.remove("sdp-thief")
