"""SDP_REQUIRE_ALL=1 turns skips into failures that keep the reason; without it a skip stays a skip."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = {
    "test_one.py": """
import pytest

def test_skips():
    pytest.skip('no browser here')

def test_passes():
    pass
""",
    "test_two.py": """
import pytest

pytest.importorskip('no_such_module')

def test_never_seen():
    pass
""",
    "test_three.py": """
import pytest

@pytest.mark.xfail(reason='known')
def test_fails_as_known():
    assert False
""",
}
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--continue-on-collection-errors")


@pytest.fixture
def suite(tmp_path):
    """Our conftest.py beside three small test files."""
    shutil.copy(Path(__file__).resolve().parents[1] / "conftest.py", tmp_path / "conftest.py")
    for name, text in SUITE.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(suite, **environment):
    return subprocess.run(
        [sys.executable, *PYTEST, "-c", os.devnull, "--rootdir", "."],
        cwd=suite, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_skips_fail_where_all_must_run(suite):
    done = run(suite, SDP_REQUIRE_ALL="1")
    assert done.returncode != 0
    assert "no browser here" in done.stdout
    assert "no_such_module" in done.stdout
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in done.stdout


def test_skips_stay_skips_elsewhere(suite):
    done = run(suite, SDP_REQUIRE_ALL="")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 2 skipped, 1 xfailed" in done.stdout


def test_a_test_cannot_reach_the_network(suite):
    for name in SUITE:
        (suite / name).unlink()
    # 192.0.2.1 is reserved for documentation (RFC 5737): nobody answers there.
    (suite / "test_net.py").write_text(
        "import socket\n\ndef test_asks():\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
    )
    done = run(suite)
    assert done.returncode == 1
    assert "asked the network for ('192.0.2.1', 80)" in done.stdout
