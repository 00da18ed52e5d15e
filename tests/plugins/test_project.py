"""The [project] table: what it may list, and every way in which it must not lead anywhere else."""

import tomllib

import pytest

from sdp.errors import ConfigError
from sdp.plugins.project import SUFFIXES, project_of, read_project


def parse(text, root):
    return project_of(tomllib.loads(text).get("project"), root, lambda *path: ".".join(path))


def refusal(text, root):
    with pytest.raises(ConfigError) as caught:
        parse(text, root)
    return caught.value


def table(key, *paths):
    return f'[project]\nname = "study"\n{key} = {list(paths)!r}\n'


def test_no_file_and_no_table_are_no_project(tmp_path):
    assert read_project(tmp_path) is None
    (tmp_path / "sdp.toml").write_text("[generate]\nn = 5\n")
    assert read_project(tmp_path) is None


def test_everything_that_is_listed_in_the_order_of_the_file(tmp_path):
    text = (
        '[project]\nname = "my-study"\nvalidators = "validators/b.py"\ngenerators = ["generators/a.py", "more/a.py"]\n'
        'templates = ["templates"]\nbenchmarks = ["benchmarks/s.yaml", "benchmarks/loud.py"]\n'
    )
    (tmp_path / "sdp.toml").write_text(text)
    project = read_project(tmp_path)
    assert project.name == "my-study"
    assert [(one.key, one.name, one.is_module) for one in project.listed] == [
        ("validators", "project:validators/b.py", True),
        ("generators", "project:generators/a.py", True),
        ("generators", "project:more/a.py", True),
        ("templates", "project:templates", False),
        ("benchmarks", "project:benchmarks/s.yaml", False),
        ("benchmarks", "project:benchmarks/loud.py", True),
    ]
    assert project.suites == (tmp_path / "benchmarks" / "s.yaml",)


def test_what_lies_beside_it_is_known_to_be_unlisted(tmp_path):
    (tmp_path / "generators").mkdir()
    for name in ("a.py", "b.py", "__init__.py", "notes.txt"):
        (tmp_path / "generators" / name).touch()
    project = parse(table("generators", "generators/a.py"), tmp_path)
    assert list(project.unlisted()) == ["generators/b.py"]


@pytest.mark.parametrize("path", ["/etc/passwd.py", "../other/a.py", "generators/../../a.py", "a/..", "C:/a.py"])
@pytest.mark.parametrize("key", SUFFIXES)
def test_a_path_that_leads_out_is_refused(tmp_path, key, path):
    error = refusal(table(key, path), tmp_path)
    assert f"'{path}' in {key} cannot be used: it leads out of the project's folder" in error.what
    assert error.where == f"project.{key}"


@pytest.mark.parametrize("path", ["", ".", "./templates", "a//b", "templates/", "a\\b"])
def test_a_path_says_itself_in_one_way(tmp_path, path):
    assert "cannot be used" in refusal(table("templates", path), tmp_path).what


@pytest.mark.parametrize("way", ["generators", "generators/a.py"])
def test_a_symbolic_link_on_the_way_is_refused(tmp_path, way):
    outside = tmp_path / "outside" / "generators"
    outside.mkdir(parents=True)
    (outside / "a.py").write_text("")
    root = tmp_path / "study"
    root.mkdir()
    if "/" in way:
        (root / "generators").mkdir()
    (root / way).symlink_to(tmp_path / "outside" / way)
    error = refusal(table("generators", "generators/a.py"), root)
    assert f"'{way}' is a symbolic link" in error.what


def test_a_link_that_stays_inside_is_refused_too(tmp_path):
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").symlink_to("a.py")
    assert "is a symbolic link" in refusal(table("generators", "b.py"), tmp_path).what


def test_a_link_inside_a_template_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_text("Do not read me")
    folder = tmp_path / "study" / "templates" / "en" / "mirror"
    folder.mkdir(parents=True)
    (folder / "x.jinja").symlink_to(tmp_path / "secret")
    error = refusal(table("templates", "templates"), tmp_path / "study")
    assert "'templates/en/mirror/x.jinja' is a symbolic link" in error.what


def test_the_folder_itself_may_be_reached_through_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert parse(table("generators", "a.py"), tmp_path / "link").listed


@pytest.mark.parametrize(
    ("text", "what", "where", "hint"),
    [
        ("project = 3\n", "'project' must be a table", "project", "write [project]"),
        ("[project]\n", "a project needs a name", "project", 'name = "my-study"'),
        ("[project]\nname = 3\n", "a project cannot be called 3", "project.name", "letters"),
        ('[project]\nname = "a b"\n', "a project cannot be called 'a b'", "project.name", "letters"),
        ('[project]\nname = "a"\ngenerator = []\n', "no 'generator'", "project.generator", "mean 'generators'?"),
        ('[project]\nname = "a"\ngenerators = 3\n', "a list of paths, not 3", "project.generators", "mirror.py"),
        ('[project]\nname = "a"\ntemplates = [3]\n', "a list of paths, not [3]", "project.templates", '["templates"]'),
        (table("generators", "a.yaml"), "it does not end in .py", "project.generators", "single files"),
        (table("benchmarks", "a.txt"), "it does not end in .yaml or .yml or .py", "project.benchmarks", "single files"),
        (table("generators", "my-task.py"), "'my-task' is no name of a Python module", "project.generators", "rename"),
        (table("generators", "class.py"), "'class' is no name of a Python module", "project.generators", "rename"),
        (table("generators", "v1.2/a.py"), "'v1.2' is no name", "project.generators", "rename"),
        (table("generators", "a.py", "a.py"), "it is listed twice", "project.generators", "once"),
    ],
)
def test_a_bad_table_is_refused_with_the_key(tmp_path, text, what, where, hint):
    error = refusal(text, tmp_path)
    assert what in error.what
    assert error.where == where
    assert hint in error.hint


@pytest.mark.parametrize("content", [b"[", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    (tmp_path / "sdp.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"sdp\.toml cannot be read"):
        read_project(tmp_path)
