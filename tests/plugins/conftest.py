"""Packages that are installed for one test, without pip and without a network."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

MIRROR = Path(__file__).parents[1] / "plugin_package"

Install = Callable[..., Path]


def write_distribution(site: Path, name: str, entry_points: dict[str, str], version: str = "1.0") -> None:
    """Writes what pip would: the metadata by which entry points are found."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [f"{point} = {module}" for point, module in entry_points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[sdp]", *lines, ""]))


@pytest.fixture
def site(tmp_path) -> Path:
    """A folder like site-packages, to be put on the path."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def install(site) -> Install:
    """Installs a one-module plugin into `site`: install("sdp-name", source)."""

    def _install(distribution: str, source: str, point: str | None = None) -> Path:
        module = distribution.replace("-", "_")
        write_distribution(site, distribution, {point or distribution.removeprefix("sdp-"): module})
        path = site / f"{module}.py"
        path.write_text(source)
        return path

    return _install


@pytest.fixture
def install_mirror(site) -> None:
    """Installs the extension package of this repository, by its own pyproject."""
    project = tomllib.loads((MIRROR / "pyproject.toml").read_text())["project"]
    write_distribution(site, project["name"], project["entry-points"]["sdp"], project["version"])
    (site / "sdp_mirror.py").write_text((MIRROR / "sdp_mirror.py").read_text())
