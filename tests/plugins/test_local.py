"""A project's files as plugins: what is listed runs, in any of our processes; what merely lies there does not."""

import os
import pickle
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from sdp.errors import ConfigError, InputError, PluginError
from sdp.plugins import manager
from sdp.plugins.local import working_project

MIRROR = (Path(__file__).parents[1] / "plugin_package" / "sdp_mirror.py").read_text()
LOUD = "from pathlib import Path\nPath('ran').write_text('')\n"
"""Leaves a trace when it is run."""


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    manager.load.cache_clear()
    yield
    manager.load.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "sdp_project"]:
        del sys.modules[name]


def of_project():
    return {one.module: one for one in manager.survey().plugins if one.name == f"project:{one.module}"}


def test_a_listed_file_is_a_plugin(project):
    project(generators={"generators/mirror.py": MIRROR})
    found = of_project()["generators/mirror.py"]
    assert (found.status, found.distribution, found.module) == ("loaded", "study", "generators/mirror.py")
    assert found.provides == {"generators": ("mirror",)}
    assert manager.load().get_generator("mirror").__module__ == "sdp_project.generators.mirror"


def test_every_kind_is_found(project, tmp_path):
    project(
        generators={"generators/mirror.py": MIRROR},
        validators={"validators/v.py": VALIDATOR},
        templates={"templates": None},
        benchmarks={"benchmarks/m.py": METRIC, "benchmarks/s.yaml": "name: s\n"},
    )
    registry = manager.load()
    assert {"mirror"} < set(registry.generators)
    assert {"fussy"} < set(registry.validators)
    assert {"length"} < set(registry.metrics)
    assert registry.template_dirs == (tmp_path / "templates",)
    assert of_project()["benchmarks/s.yaml"].provides == {"suites": ("benchmarks/s.yaml",)}
    assert registry.local == tuple(
        f"project:{path}" for path in ("generators/mirror.py", "validators/v.py", "benchmarks/m.py")
    )


VALIDATOR = """
import pyarrow as pa
from sdp.api import Validator, hookimpl

class Fussy(Validator):
    name = "fussy"
    def reasons(self, table):
        return pa.nulls(table.num_rows, pa.string())

@hookimpl
def sdp_validators():
    return [Fussy]
"""
METRIC = """
from sdp.api import Metric, hookimpl

class Length(Metric):
    name, signature = "length", "length"
    def rows(self, predictions, references):
        return [float(len(text)) for text in predictions]

@hookimpl
def sdp_metrics():
    return [Length]
"""


def test_a_file_that_merely_lies_there_is_not_run_and_said_to_be_unlisted(project, tmp_path):
    project(generators={"generators/mirror.py": MIRROR})
    (tmp_path / "generators" / "loud.py").write_text(LOUD)
    with pytest.raises(InputError) as caught:
        manager.load().get_generator("loud")
    assert "project:generators/loud.py" in caught.value.hint
    unlisted = of_project()["generators/loud.py"]
    assert (unlisted.status, unlisted.reasons) == ("off", ("it lies there, but sdp.toml does not list it",))
    with pytest.raises(ModuleNotFoundError):
        __import__("sdp_project.generators.loud")
    assert not Path("ran").exists()


def test_a_folder_without_a_list_runs_nothing(tmp_path):
    (tmp_path / "generators").mkdir()
    (tmp_path / "generators" / "loud.py").write_text(LOUD)
    (tmp_path / "sdp.toml").write_text("[generate]\nn = 5\n")
    assert of_project() == {}
    assert not Path("ran").exists()


def test_the_folder_above_does_not_count(project, tmp_path, monkeypatch):
    project(generators={"generators/mirror.py": MIRROR})
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert working_project() is None
    assert of_project() == {}


def test_bytecode_that_lies_beside_a_file_is_not_run(project, tmp_path):
    """A .pyc is taken for its source where time and size agree: nobody would see what runs."""
    project(generators={"generators/mirror.py": MIRROR})
    source, other = tmp_path / "generators" / "mirror.py", tmp_path / "other.py"
    other.write_text(LOUD.ljust(len(source.read_bytes()) - 1, "#") + "\n")
    stat = source.stat()
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    cached = tmp_path / "generators" / "__pycache__" / f"mirror.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(str(other), cfile=str(cached), dfile=str(source))
    assert of_project()["generators/mirror.py"].status == "loaded"
    assert not Path("ran").exists()


def test_nothing_is_written_beside_the_files(project, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    project(generators={"generators/mirror.py": MIRROR})
    manager.load()
    assert [path.name for path in (tmp_path / "generators").iterdir()] == ["mirror.py"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0\n", "import: ZeroDivisionError: division by zero"),
        ("def broken(:\n", "import: SyntaxError"),
        ("raise SystemExit(3)\n", "import: SystemExit: 3"),
        ("class Mirror: pass\n", "sdp.toml lists it under generators, and it brings no generators"),
        (METRIC, "brings no generators: return them from a function sdp_generators that is marked with @hookimpl"),
        (MIRROR.replace("[Mirror]", "[Mirror()]"), "return the class itself, Mirror without ()"),
        (MIRROR.replace("def sdp_generators", "def sdp_generaters"), "did you mean 'sdp_generators'?"),
    ],
)
def test_a_broken_file_stops_nothing_else(project, source, reason):
    project(generators={"generators/bad.py": source, "generators/mirror.py": MIRROR})
    found = of_project()
    assert reason in found["generators/bad.py"].reasons[0]
    assert found["generators/mirror.py"].status == "loaded"


@pytest.mark.parametrize(("key", "path", "kind"), [("generators", "a.py", "file"), ("templates", "words", "folder")])
def test_a_file_that_is_not_there_is_listed(project, tmp_path, key, path, kind):
    project(**{key: {path: ""}})
    (tmp_path / path).unlink()
    found = of_project()[path]
    assert (found.status, found.reasons) == ("failed", (f"there is no {kind} '{path}'",))


def test_a_link_put_there_later_is_refused(project, tmp_path):
    project(generators={"generators/mirror.py": MIRROR})
    (tmp_path / "loud.py").write_text(LOUD)
    (tmp_path / "generators" / "mirror.py").unlink()
    (tmp_path / "generators" / "mirror.py").symlink_to(tmp_path / "loud.py")
    with pytest.raises(ConfigError, match="symbolic link"):
        manager.load()
    assert not Path("ran").exists()


def test_a_name_that_is_taken_is_a_clash_that_names_the_file(project):
    project(generators={"generators/thief.py": MIRROR.replace('"mirror", 1', '"spelling", 1')})
    with pytest.raises(PluginError, match=r"'spelling': one of sdp, one of project:generators/thief\.py"):
        manager.load()


@pytest.mark.parametrize("in_a_project", [True, False])
def test_an_installed_package_of_their_name_is_said_to_clash(project, install, site, monkeypatch, in_a_project):
    """The project's files would hide it: it would be loaded as a package without hooks, in some folders."""
    monkeypatch.syspath_prepend(site)
    install("sdp-project", LOUD, requires=("sdp>=0.1",))
    if in_a_project:
        project(generators={"generators/mirror.py": MIRROR})
    (found,) = [one for one in manager.survey().plugins if one.name == "project"]
    assert found.status == "failed"
    assert found.reasons == ("its package cannot be called sdp_project: sdp calls the files of a project so",)
    assert [one.status for one in of_project().values()] == ["loaded"] * in_a_project
    assert not Path("ran").exists()


def test_the_variable_leaves_out_a_projects_plugins_too(project, monkeypatch):
    project(generators={"generators/mirror.py": MIRROR, "generators/loud.py": LOUD})
    monkeypatch.setenv("SDP_PLUGINS", "project:generators/mirror.py")
    assert {path: one.status for path, one in of_project().items()} == {
        "generators/mirror.py": "loaded",
        "generators/loud.py": "off",
    }
    assert not Path("ran").exists()


def test_another_folder_brings_its_own_file(project, tmp_path, monkeypatch):
    project(generators={"generators/mirror.py": MIRROR})
    manager.load()
    other = tmp_path / "other"
    (other / "generators").mkdir(parents=True)
    (other / "generators" / "mirror.py").write_text(MIRROR.replace('"mirror", 1', '"glass", 1'))
    (other / "sdp.toml").write_text((tmp_path / "sdp.toml").read_text())
    monkeypatch.chdir(other)
    manager.load.cache_clear()
    assert "glass" in manager.load().generators


def test_an_object_travels_to_a_process_that_knows_only_the_folder(project, tmp_path):
    """The name of its class is enough, as for any installed package."""
    project(generators={"generators/mirror.py": MIRROR})
    packed = pickle.dumps(manager.load().get_generator("mirror")())
    code = "import sys, pickle, sdp.plugins.manager; print(pickle.loads(bytes.fromhex(sys.argv[1])).name)"
    command = [sys.executable, "-c", code, packed.hex()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "mirror\n"


def test_worker_processes_make_the_same_bytes(project, tmp_path):
    project(generators={"generators/mirror.py": MIRROR}, validators={"validators/v.py": VALIDATOR})
    found = []
    for workers in ("1", "2"):
        command = [sys.executable, "-m", "sdp", "generate", "mirror", "--n", "400", "--workers", workers, "--quiet"]
        subprocess.run([*command, "--out", f"data/{workers}"], cwd=tmp_path, check=True, capture_output=True)
        found.append((tmp_path / "data" / workers / "manifest.json").read_text())
    assert found[0] == found[1]


def test_a_cluster_is_refused_before_it_is_asked(project, monkeypatch):
    from sdp.workflows.generate import GenerateRequest, generate

    project(generators={"generators/mirror.py": MIRROR})
    with pytest.raises(ConfigError, match=r"cannot be used on a cluster: project:generators/mirror\.py") as caught:
        generate(GenerateRequest("spelling", 50, words="wordfreq:en:600", engine="ray", ray_address="auto"))
    assert "SDP_PLUGINS=" in caught.value.hint


@pytest.mark.slow
def test_ray_on_this_machine_takes_them_as_they_are(project, tmp_path):
    pytest.importorskip("ray")
    project(generators={"generators/mirror.py": MIRROR})
    for engine in ("local", "ray"):
        command = [sys.executable, "-m", "sdp", "generate", "mirror", "--n", "400", "--workers", "2", "--quiet"]
        subprocess.run([*command, "--engine", engine, "--out", engine], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "ray" / "manifest.json").read_text() == (tmp_path / "local" / "manifest.json").read_text()
