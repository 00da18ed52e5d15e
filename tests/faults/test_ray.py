"""A Ray cluster of two nodes: the same bytes as one process on one machine, also when the one that leads is killed."""

import signal
import time
from pathlib import Path

import pytest
from tests.engines.ray_cluster import ENVIRONMENT, two_nodes
from tests.faults.conftest import MADE
from tests.faults.processes import contents, ended, run, start

pytest.importorskip("ray", reason="needs ray: pip install 'sdp[ray]'")
pytestmark = pytest.mark.slow
PARTS = Path("data/.spelling.unfinished/parts")


def test_two_nodes_make_the_same_bytes_also_after_a_kill(plain):
    with two_nodes() as cluster:
        there = ("--engine", "ray", "--ray-address", cluster.address, "--workers", "2")
        done = run(*MADE, *there, **ENVIRONMENT)
        assert done.returncode == 0, done.stderr
        assert contents(Path("data")) == plain.files
        assert run(*MADE, *there, **ENVIRONMENT).stdout.startswith("verified")
        Path("data").rename("before")
        process = start(*MADE, *there, **ENVIRONMENT)
        while not list(PARTS.glob("*.json")):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        process.kill()
        assert ended(process).returncode == -signal.SIGKILL
        assert not Path("data/spelling").exists()
        done = run(*MADE)
    assert done.returncode == 0, done.stderr
    assert contents(Path("data")) == plain.files
