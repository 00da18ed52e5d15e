"""A Ray cluster of two nodes on loopback, in a process of its own.

`python ray_cluster.py FOLDER [NAME=VALUE…]` starts it, the second node with these variables in its environment, prints
its address, and ends it when standard input ends. A line `kill` on standard input kills the second node.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# One node's store would take a third of the memory.
NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "node_ip_address": "127.0.0.1", "include_dashboard": False}


def main(folder: str, *variables: str) -> None:
    """Serves until standard input ends."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "temp_dir": folder})
    os.environ.update(variable.split("=", maxsplit=1) for variable in variables)
    second = cluster.add_node(**NODE)
    print(cluster.address, flush=True)  # noqa: T201  (its parent reads it)
    for line in sys.stdin:
        if line == "kill\n":
            cluster.remove_node(second, allow_graceful=False)
            print("killed", flush=True)  # noqa: T201  (the same)
    cluster.shutdown()


@dataclass(frozen=True)
class Running:
    """The running cluster."""

    address: str
    process: subprocess.Popen

    def kill_second_node(self) -> None:
        """As if somebody pulled its plug."""
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "killed\n"


@contextmanager
def two_nodes(**variables: str) -> Iterator[Running]:
    """Starts a cluster, and ends it."""
    folder = tempfile.mkdtemp(prefix="sdp-ray-")  # pytest's own are too long for the sockets in it
    command = [sys.executable, __file__, folder, *(f"{name}={value}" for name, value in variables.items())]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env=os.environ | ENVIRONMENT, start_new_session=True, **pipes)
    try:
        address = process.stdout.readline().strip()
        assert address, "the cluster did not start"
        yield Running(address, process)
    finally:
        process.stdin.close()
        process.stdout.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: nobody else's processes
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # ports on loopback only
    "PYTHONPATH": str(Path(__file__).parent),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
