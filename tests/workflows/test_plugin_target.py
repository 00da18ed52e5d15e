"""What `sdp plugins check` can be pointed at."""

import sys
from pathlib import Path

import pytest

from sdp.errors import InputError, PluginError
from sdp.workflows.plugin_target import find_target

HERE = Path(__file__).parents[1]
SOUND = HERE / "testing" / "sound" / "insert.py"
PYPROJECT = '[project]\nname = "sdp-some"\n[project.entry-points.sdp]\nsome = "{}"\n'


@pytest.fixture(autouse=True)
def _own_path(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if not name.startswith("sdp.") and getattr(sys.modules[name], "__file__", None) not in {None, str(SOUND)}:
            del sys.modules[name]


def names(target):
    return sorted((kind, made.name) for kind, made in target.things)


def test_a_plugin_is_all_that_it_brings():
    found = names(find_target("builtin"))
    assert {("generators", "count"), ("validators", "oracle"), ("metrics", "rouge_l"), ("exporters", "csv")} <= set(
        found
    )
    assert names(find_target("sdp")) == found


@pytest.mark.parametrize(
    ("word", "kind"), [("count", "generators"), ("oracle", "validators"), ("rouge_l", "metrics"), ("csv", "exporters")]
)
def test_a_thing_is_itself_alone(word, kind):
    target = find_target(word)
    assert names(target) == [(kind, word)]
    assert not target.whole


def test_a_file_is_loaded_without_being_installed():
    target = find_target(str(SOUND))
    assert names(target) == [("generators", "insert")]
    assert target.where == str(SOUND)


def test_a_file_that_is_called_like_a_known_module_keeps_out_of_its_way(tmp_path):
    (tmp_path / "json.py").write_text(SOUND.read_text())
    assert names(find_target(str(tmp_path / "json.py"))) == [("generators", "insert")]
    assert sys.modules["json"].__file__ != str(tmp_path / "json.py")


@pytest.mark.parametrize("source", ["src", "."])
def test_a_package_s_folder_is_loaded_without_being_installed(tmp_path, source):
    module = f"sdp_some_{len(source)}"
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(module))
    (tmp_path / source / module).mkdir(parents=True)
    (tmp_path / source / module / "__init__.py").write_text(SOUND.read_text())
    assert names(find_target(str(tmp_path))) == [("generators", "insert")]


def test_a_file_of_the_working_folder_s_project_is_its_plugin():
    Path("generators").mkdir()
    Path("generators/insert.py").write_text(SOUND.read_text())
    Path("sdp.toml").write_text('[project]\nname = "mine"\ngenerators = ["generators/insert.py"]\n')
    for text in ("generators/insert.py", "project:generators/insert.py", "./generators/insert.py"):
        target = find_target(text)
        assert [made.__module__ for _, made in target.things] == ["sdp_project.generators.insert"]
    Path("pyproject.toml").write_text('[project]\nname = "mine"\n')
    assert names(find_target(".")) == [("generators", "insert")]


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("speling", "there is no plugin, task, check, score or format 'speling'", "did you mean 'spelling'?"),
        ("nowhere/x.py", "there is no file or folder 'nowhere/x.py'", "check the spelling"),
        ("notes/plan.txt", "'notes/plan.txt' is no Python file", "a .py file"),
        ("notes/", "'notes/' is no plugin", "[project.entry-points.sdp]"),
    ],
)
def test_what_is_nothing_is_told(text, what, hint):
    Path("notes").mkdir()
    Path("notes/plan.txt").write_text("x")
    with pytest.raises(InputError) as caught:
        find_target(text)
    assert caught.value.what.startswith(what)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("1 / 0\n", "cannot be loaded: import: ZeroDivisionError: division by zero"),
        ("x = 1\n", "brings nothing: it has no function marked with @hookimpl"),
    ],
)
def test_a_file_that_is_no_plugin_is_told(source, what):
    Path("broken_one.py").write_text(source)
    with pytest.raises(PluginError) as caught:
        find_target("broken_one.py")
    assert what in caught.value.what
    assert "broken_one.py" in caught.value.where


def test_a_package_whose_module_is_not_there_is_told(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format("sdp_nowhere"))
    with pytest.raises(PluginError, match="names the module sdp_nowhere, and it cannot be found"):
        find_target(str(tmp_path))


def test_a_pyproject_that_is_no_toml_is_told(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    with pytest.raises(InputError, match=r"pyproject\.toml of .* cannot be read"):
        find_target(str(tmp_path))


def test_objects_in_place_of_classes_are_a_fault():
    Path("made_already.py").write_text(SOUND.read_text().replace("[Insert]", "[Insert()]"))
    (fault,) = find_target("made_already.py").faults
    assert "an object of Insert is not a subclass" in fault
    assert "return the class itself" in fault
