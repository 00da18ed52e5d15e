"""plugins/sdp-cute as a stranger gets it: built, installed into an environment of its own, and used."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import sdp

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "plugins" / "sdp-cute"
TASKS = sorted(path.name for path in (PLUGIN / "src" / "sdp_cute" / "templates" / "en").iterdir())

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The interpreter of an environment that has the plugin's wheel, and sees sdp and what sdp needs."""
    folder = tmp_path_factory.mktemp("cute")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", PLUGIN]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    made = folder / "venv" / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    seen = [sysconfig.get_path("purelib"), str(Path(sdp.__file__).parents[1])]
    (site / "sdp_and_its_needs.pth").write_text("\n".join(dict.fromkeys(seen)) + "\n")
    pip = [sys.executable, "-m", "pip", "--python", made, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    assert list(site.glob("sdp_cute-*.dist-info"))
    return str(made)


def run(python, *arguments, **variables):
    return subprocess.run(
        [python, "-m", *arguments], env=os.environ | variables, capture_output=True, text=True, check=False
    )


def test_it_is_listed_with_all_its_tasks(python):
    done = run(python, "sdp", "plugins", "--json")
    assert done.returncode == 0, done.stderr
    (cute,) = [plugin for plugin in json.loads(done.stdout)["plugins"] if plugin["name"] == "cute"]
    assert (cute["distribution"], cute["status"]) == ("sdp-cute", "loaded")
    assert sorted(cute["provides"]["generators"]) == TASKS


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_generated_and_valid(python, task):
    done = run(python, "sdp", "generate", task, "--n", "500", "--quiet")
    assert done.returncode == 0, done.stderr
    done = run(python, "sdp", "validate", task)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = json.loads(Path("data", task, "manifest.json").read_text())
    assert sum(split["rows"] for split in manifest["splits"].values()) == 500
    assert not manifest.get("rejects")


@pytest.mark.parametrize("task", ["cute_contains_letter", "cute_unscramble", "cute_swap_word"])
def test_the_order_of_sets_has_no_say(python, task):
    """CUTE's own generator draws from ``list(set(word))``: other data under another PYTHONHASHSEED."""
    for seed in ("1", "2"):
        done = run(python, "sdp", "generate", task, "--n", "300", "--quiet", "--out", seed, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    one, other = ({path.name: path.read_bytes() for path in Path(seed).rglob("*.parquet")} for seed in ("1", "2"))
    assert one == other
    assert one


def test_its_own_tests_pass_there(python):
    done = run(python, "pytest", "-q", "-p", "no:cacheprovider", str(PLUGIN / "tests"))
    assert done.returncode == 0, done.stdout[-5000:]
