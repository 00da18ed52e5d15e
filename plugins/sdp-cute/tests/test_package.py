"""What the package is: it needs the public door only, and has enough phrasings of several styles."""

import ast
from pathlib import Path

import pytest

import sdp_cute
from sdp.testing import GeneratorSubject

SOURCE = Path(sdp_cute.__file__).parent
HERE = Path(__file__).parent
TASKS = sdp_cute.sdp_generators()


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_only_the_public_door_is_used():
    of_sdp = {name for path in SOURCE.rglob("*.py") for name in imported(path) if name.split(".")[0] == "sdp"}
    assert of_sdp == {"sdp.api"}
    of_tests = {name for path in HERE.rglob("*.py") for name in imported(path) if name.split(".")[0] == "sdp"}
    assert of_tests == {"sdp.api", "sdp.testing"}


def test_names_are_prefixed_so_that_they_clash_with_nothing():
    assert len({task.name for task in TASKS}) == len(TASKS) == 19
    assert all(task.name.startswith("cute_") for task in TASKS)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_phrasings(task):
    folder = SOURCE / "templates" / "en" / task.name
    assert {path.stem for path in folder.glob("*.jinja")} >= {"chat", "code", "direct", "exam"}
    subject = GeneratorSubject(task, templates=tuple(sdp_cute.sdp_template_dirs()))
    assert len(subject.phrasings) >= 12


def test_every_folder_of_phrasings_has_its_task():
    folders = {path.name for path in (SOURCE / "templates" / "en").iterdir()}
    assert folders == {task.name for task in TASKS}
