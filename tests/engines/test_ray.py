"""A real Ray: two nodes on loopback, a node that dies, a node with other versions, and a Ray of our own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from tests.engines import ray_jobs
from tests.engines.ray_cluster import ENVIRONMENT, two_nodes

from sdp.engines.ray import AHEAD, RETRIES, map_work
from sdp.engines.ray_nodes import check_process, versions
from sdp.engines.ray_session import session
from sdp.errors import ConfigError, MissingExtra, ResourceError

pytest.importorskip("ray", reason="needs ray: pip install 'sdp[ray]'")


@pytest.fixture(scope="module")
def cluster():
    with two_nodes() as running:
        yield running


def start(*arguments, **options):
    command = [sys.executable, ray_jobs.__file__, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    return subprocess.Popen(command, env=os.environ | ENVIRONMENT, **pipes | options)


def run(*arguments):
    """Runs a driver; its results, one JSON value a line and nothing else, and how it ended."""
    with start(*arguments) as process:
        out, errors = process.communicate(timeout=300)
    assert errors == ""
    return [json.loads(line) for line in out.splitlines()], process.returncode


def starts():
    """Item → how often it was begun."""
    return Counter(int(path.name.split("-")[0]) for path in Path("starts").iterdir())


def until_begun(item, process):
    while not list(Path("starts").glob(f"{item}-*")):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)


def gone(pids):
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=60)
    return not alive


@pytest.mark.slow
def test_two_nodes_give_results_in_order_and_nothing_else_on_stdout(cluster):
    n = 30
    lines, code = run("square", n, 2, cluster.address)
    assert code == 0
    assert [line["result"]["square"] for line in lines] == [item**2 for item in range(n)]
    assert len({line["result"]["node"] for line in lines}) == 2, "both nodes work"
    assert {line["result"]["unpacked"] for line in lines} == {1}, "what is shared comes once to a process"
    ahead = [line["taken"] - place for place, line in enumerate(lines)]
    assert max(ahead) <= AHEAD * 2, "items are taken as workers become free, results do not pile up"
    assert starts() == Counter(range(n))


@pytest.mark.slow
def test_an_error_comes_out_as_it_is(cluster):
    lines, _ = run("refuse", 5, 2, cluster.address)
    assert [line["result"] for line in lines[:-1]] == [0, 1]
    assert lines[-1] == {"kind": "InputError", "what": "two", "where": "here", "hint": "three"}


@pytest.mark.slow
def test_auto_finds_the_cluster(cluster, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)  # there may be other clusters on this machine
    lines, _ = run("refuse", 2, 2, "auto")
    assert [line["result"] for line in lines] == [0, 1]


@pytest.mark.slow
def test_an_item_that_kills_its_worker_is_given_up_after_some_tries(cluster):
    (failure,), _ = run("die", 1, 1, cluster.address)
    assert failure["kind"] == "ResourceError"
    assert "a Ray worker died" in failure["what"]
    assert "memory" in failure["hint"]
    assert starts() == {0: RETRIES + 1}


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_driver_that_is_stopped_stops_its_work_and_leaves_the_cluster(cluster, number, code):
    with start("sleep", 4, 2, cluster.address) as process:
        until_begun(0, process)
        until_begun(1, process)
        os.killpg(process.pid, number)
        assert process.wait(timeout=60) == code
        assert process.stdout.read() == ""
    assert gone([int(path.name.split("-")[1]) for path in Path("starts").iterdir()])
    shutil.rmtree("starts")
    assert run("refuse", 2, 2, cluster.address)[0][-1]["result"] == 1, "others can go on with it"


@pytest.mark.slow
def test_a_node_that_dies_at_work_costs_time_only():
    n = 8
    with two_nodes() as cluster, start("doze", n, 2, cluster.address) as process:
        first = [process.stdout.readline() for _ in range(2)]
        until_begun(2, process)
        until_begun(3, process)  # one of them on either node
        cluster.kill_second_node()
        out, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")
    assert [json.loads(line)["result"] for line in first + out.splitlines()] == list(range(n))
    assert max(starts().values()) > 1, "the node was killed in the middle of an item"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("numpy-0.0.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: numpy\nVersion: 0.0.1\n", "numpy 0.0.1"),
        ("sdp/__init__.py", "raise ImportError", "sdp missing"),
        ("sdp/__init__.py", "__version__ = '0.0.1'", "sdp 0.0.1"),
    ],
)
def test_a_node_with_other_versions_is_refused_by_name(tmp_path, file, text, said):
    path = tmp_path / "shadow" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with two_nodes(PYTHONPATH=str(tmp_path / "shadow")) as cluster:
        (failure,), _ = run("square", 3, 2, cluster.address)
    assert failure["kind"] == "ConfigError"
    assert re.match(rf"node 127\.0\.0\.1 \(\w+\) has {re.escape(said)}; here: {said.split()[0]} ", failure["what"])
    assert "same versions" in failure["hint"]
    assert starts() == {}


@pytest.fixture
def own_ray(monkeypatch):
    """Where a Ray of our own puts its files, and an address that it must not take."""
    with tempfile.TemporaryDirectory(prefix="sdp-ray-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("RAY_TMPDIR", folder)
        monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
        yield


@pytest.mark.slow
def test_without_an_address_ray_starts_here_and_ends(own_ray):
    with start("doze", 4, 2) as process:
        until_begun(0, process)
        family = psutil.Process(process.pid).children(recursive=True)
        sockets = [socket for one in family for socket in one.net_connections() if not socket.raddr]
        out, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")
    assert [json.loads(line)["result"] for line in out.splitlines()] == [0, 1, 2, 3]
    assert {socket.laddr.ip.removeprefix("::ffff:") for socket in sockets} == {"127.0.0.1"}, (
        "whoever reaches Ray can run code"
    )
    assert gone([one.pid for one in family])


@pytest.mark.slow
def test_ctrl_c_ends_a_ray_of_our_own(own_ray):
    with start("sleep", 4, 2) as process:
        until_begun(1, process)
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to everybody
        assert process.wait(timeout=60) == 130
    assert gone([one.pid for one in family])


def test_a_node_that_joins_later_is_checked_too():
    check_process(versions())
    with pytest.raises(ConfigError, match=r"has pyarrow .*; here: pyarrow 1\.0"):
        check_process(versions() | {"pyarrow": "1.0"})


@pytest.mark.parametrize("address", ["http://host:80", "host", "", "ray://", "host:port", "a b:1"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ConfigError, match="no address of a Ray cluster") as caught:
        next(map_work(ray_jobs.refuse, None, [1], 1, address))
    assert "ray://HOST:10001" in caught.value.hint


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ray://127.0.0.1:9"])
def test_a_cluster_that_is_not_there_is_said_at_once(address):
    """Ray itself tries for five minutes."""
    with pytest.raises(ResourceError, match="Connection refused") as caught, session(address):
        pass
    assert "ray status" in caught.value.hint


def test_ray_that_is_not_installed_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match="needs the package ray") as caught:
        next(map_work(ray_jobs.refuse, None, [1], 1))
    assert caught.value.hint == "pip install 'sdp[ray]'"


def test_no_workers_are_refused():
    with pytest.raises(ConfigError, match="0 workers"):
        next(map_work(ray_jobs.refuse, None, [1], 0))
