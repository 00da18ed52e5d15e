"""Connecting to Ray: quietly, to the cluster that was asked for, and leaving it as it was found."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sdp.engines.ray_signals import own_termination
from sdp.errors import ConfigError, MissingExtra, ResourceError

ADDRESS = re.compile(r"auto|(ray://)?[^\s/:]+:\d+|(ray://)?\[[0-9a-fA-F:]+\]:\d+")


@contextmanager
def session(address: str | None = None, workers: int | None = None) -> Iterator[Any]:
    """Connects to Ray, and disconnects at the end; inside another session it uses that one.

    Starting Ray takes seconds: whoever maps work several times opens a session around all of it.

    Args:
        address: Of a cluster; None starts Ray on this machine.
        workers: CPUs of the Ray that is started; None takes all.

    Yields:
        The module `ray`.

    Raises:
        MissingExtra: Ray is not installed, or what it needs for ``ray://``.
        ConfigError: The address is none.
        ResourceError: There is no cluster.
    """
    if address is not None and not ADDRESS.fullmatch(address):
        raise ConfigError(
            f"'{address}' is no address of a Ray cluster",
            where="--ray-address",
            hint="auto, HOST:6379 or ray://HOST:10001; without it, Ray starts on this machine",
        )
    with _environment(address):
        ray = _import()
        mine = not ray.is_initialized()
        if mine:
            _connect(ray, address, workers)
    try:
        yield ray
    finally:
        if mine:
            ray.shutdown()


@contextmanager
def _environment(address: str | None) -> Iterator[None]:
    """Sets what Ray reads from the environment only: when it is imported, and when it starts processes."""
    wanted = {"RAY_USAGE_STATS_ENABLED": "0"}  # it would ask the network, and print that it does
    if address is None:
        # Ray does what anybody says who reaches its ports: ours listen on loopback. (The name is of its first use.)
        wanted["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _import() -> Any:
    try:
        import ray
        from ray._private import worker
    except ImportError as error:
        raise MissingExtra("--engine ray needs the package ray", hint="pip install 'sdp[ray]'") from error
    # Ray prints the deaths of workers to stdout, also with log_to_driver=False; stdout is for results.
    worker._worker_logs_enabled = False  # noqa: SLF001  (there is no public switch)
    return ray


def _connect(ray: Any, address: str | None, workers: int | None) -> None:
    options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
    if address is None:
        # "local", because without any address Ray takes that of RAY_ADDRESS. What dies for want of memory would be
        # tried for ever.
        limits = {"task_oom_retries": 3}
        options |= {"address": "local", "num_cpus": workers, "include_dashboard": False, "_system_config": limits}
    else:
        options["address"] = address
        _knock(address)
    try:
        with own_termination():
            ray.init(**options)
    except Exception as error:  # ConnectionError, RuntimeError, ValueError, TimeoutError, each with its own text
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        if "ray[client]" in reason:
            raise MissingExtra(f"'{address}' needs Ray's client", hint="pip install 'ray[client]'") from error
        if "version mismatch" in str(error).lower():
            raise ConfigError(f"the cluster has another Ray or Python: {reason}", where=address) from error
        raise _nobody(address, reason) from error


def _knock(address: str) -> None:
    """Looks whether anybody listens: Ray itself tries for minutes."""
    if address == "auto":
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except OSError as error:
        raise _nobody(address, error.strerror or str(error)) from error


def _nobody(address: str | None, reason: str) -> ResourceError:
    if address is None:
        return ResourceError(f"Ray does not start on this machine: {reason}", hint="--engine local needs no Ray")
    return ResourceError(
        f"no Ray at '{address}': {reason}",
        where=address,
        hint="`ray status` on a node says whether it runs; auto and HOST:PORT work on a node of the cluster only, "
        "ray://HOST:10001 from outside",
    )
