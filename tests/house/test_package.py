"""What is built is whole: the wheel has the phrasings, the tiny model and the page, and runs outside the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WANTED = (
    "sdp/benchmarks/suites/letters.yaml",
    "sdp/cli/main.py",
    "sdp/models/tiny/model.safetensors",
    "sdp/models/tiny/replay_words.txt",
    "sdp/models/tiny/tokenizer.json",
    "sdp/py.typed",
    "sdp/reports/page/page.css",
    "sdp/reports/page/page.html.jinja",
    "sdp/reports/page/page.js",
    "sdp/scaffold/plugin/dot-github/workflows/ci.yml.in",
    "sdp/scaffold/project/templates/en/backwards/plain.jinja.in",
    "sdp/templates/en/count/",
    "sdp/templates/en/position/",
    "sdp/templates/en/spelling/",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_has_everything_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [wanted for wanted in WANTED if not any(name.startswith(wanted) for name in names)]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"sdp"}
    assert not [name for name in names if name.endswith((".pyc", ".ipynb"))]
    assert not [name for name in names if "/tests/" in name and not name.endswith(".in")]  # scaffolds have some
    assert sum(entry.file_size for entry in zipfile.ZipFile(wheel).infolist()) < 12_000_000


@pytest.mark.slow
def test_the_wheel_runs_outside_the_checkout(wheel, tmp_path):
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", "installed"]
    subprocess.run([*pip, str(wheel)], cwd=tmp_path, check=True)

    def run(*arguments):
        environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    assert run("-c", "import sdp; print(sdp.__file__)").startswith(str(tmp_path / "installed"))
    assert run("-m", "sdp", "--version").startswith("sdp ")
    run("-m", "sdp", "generate", "spelling", "--n", "200")
    assert (tmp_path / "data" / "spelling" / "manifest.json").is_file()


@pytest.mark.slow
def test_the_site_builds(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    index = (tmp_path / "site" / "index.html").read_text()
    assert "fonts.googleapis.com" not in index


def test_the_workflow_runs_what_contributors_run():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    # YAML 1.1 reads the key `on` as true.
    triggers = workflow[True]
    assert triggers["push"]["branches"] == ["main", "dev"]
    assert "pull_request" in triggers
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in steps
    assert any("dist/*.whl" in step for step in steps)


def test_ci_requires_all_and_runs_both_suites():
    script = (ROOT / ".ci" / "run").read_text()
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert script.index("SDP_REQUIRE_ALL=1") < script.index("make test") < script.index("make slow")


def test_pre_commit_hooks_are_valid():
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    environment = os.environ | {"PRE_COMMIT_HOME": str(Path.cwd())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("target", ["demo", "smoke", "test", "slow", "docs", "perf", "gpu", "lock"])
def test_make_knows(target):
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
