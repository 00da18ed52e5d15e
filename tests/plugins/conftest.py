"""Packages that are installed for one test, without pip and without a network."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MIRROR = Path(__file__).parents[1] / "plugin_package"

Install = Callable[..., Path]


def write_distribution(
    site: Path, name: str, entry_points: dict[str, str], version: str = "1.0", requires: tuple[str, ...] = ()
) -> None:
    """Writes what pip would: the metadata by which entry points are found."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    wanted = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{wanted}")
    lines = [f"{point} = {module}" for point, module in entry_points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[sdp]", *lines, ""]))


@pytest.fixture
def site(tmp_path) -> Iterator[Path]:
    """A folder like site-packages, to be put on the path; what was imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    yield folder
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


@pytest.fixture
def install(site) -> Install:
    """Installs a one-module plugin into `site`: install("sdp-name", source)."""

    def _install(distribution: str, source: str, point: str | None = None, requires: tuple[str, ...] = ()) -> Path:
        module = distribution.replace("-", "_")
        write_distribution(site, distribution, {point or distribution.removeprefix("sdp-"): module}, requires=requires)
        path = site / f"{module}.py"
        path.write_text(source)
        return path

    return _install


@pytest.fixture
def project(tmp_path) -> Callable[..., Path]:
    """Makes the working folder a project: project(generators={"generators/mirror.py": source}). None: a folder."""

    def _project(**listed: dict[str, str | None]) -> Path:
        lines = ["[project]", 'name = "study"']
        for key, files in listed.items():
            lines.append(f"{key} = {json.dumps(list(files))}")
            for path, text in files.items():
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                if text is None:
                    (tmp_path / path).mkdir()
                else:
                    (tmp_path / path).write_text(text)
        (tmp_path / "sdp.toml").write_text("\n".join([*lines, ""]))
        return tmp_path

    return _project


@pytest.fixture
def install_mirror(site) -> None:
    """Installs the extension package of this repository, by its own pyproject."""
    project = tomllib.loads((MIRROR / "pyproject.toml").read_text())["project"]
    write_distribution(site, project["name"], project["entry-points"]["sdp"], project["version"])
    (site / "sdp_mirror.py").write_text((MIRROR / "sdp_mirror.py").read_text())
