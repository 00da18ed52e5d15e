"""Whether the nodes of a cluster have the versions that this process has: others may give other bytes."""

from collections.abc import Callable
from importlib.metadata import version
from platform import node, python_version
from typing import Any

import sdp
from sdp.engines.ray_signals import own_termination
from sdp.errors import ConfigError

PACKAGES = ("numpy", "pyarrow")


def versions() -> dict[str, str]:
    """Lists what must be alike everywhere."""
    packages = {name: version(name) for name in PACKAGES}
    return {"sdp": sdp.__version__, "python": python_version(), **packages}


def check_nodes(ray: Any, wanted: dict[str, str]) -> None:
    """Asks every node that can be given work.

    Raises:
        ConfigError: One has other versions, or lacks something; the message names it.
    """
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    probe = ray.remote(num_cpus=0, max_retries=0)(_probe())
    asked = {}
    for one in ray.nodes():
        if one["Alive"] and one["Resources"].get("CPU", 0) > 0:
            place = NodeAffinitySchedulingStrategy(node_id=one["NodeID"], soft=False)
            asked[one["NodeID"]] = one["NodeManagerAddress"], probe.options(scheduling_strategy=place).remote(wanted)
    for node_id, (address, answer) in asked.items():
        try:
            with own_termination():
                found = ray.get(answer)
        except ray.exceptions.RayError:  # died since; it gets no work either
            continue
        _compare(wanted, found, f"node {address} ({node_id[:8]})")


def check_process(wanted: dict[str, str]) -> None:
    """The same in a worker process, for nodes that join later.

    Raises:
        ConfigError: Versions differ.
    """
    _compare(wanted, versions(), f"node {node()}")


def _compare(wanted: dict[str, str], found: dict[str, str], where: str) -> None:
    differing = {name for name in wanted if found.get(name) != wanted[name]}
    if differing:
        there = ", ".join(f"{name} {found.get(name) or 'missing'}" for name in wanted if name in differing)
        here = ", ".join(f"{name} {wanted[name]}" for name in wanted if name in differing)
        raise ConfigError(f"{where} has {there}; here: {here}", where=where, hint="install the same versions there")


def _probe() -> Callable[[dict[str, str]], dict[str, str]]:
    """Makes the function that runs on a node. An inner one travels with its code: sdp may be missing there."""

    def _versions_there(wanted: dict[str, str]) -> dict[str, str]:
        import importlib
        import importlib.metadata
        import platform

        found = {"python": platform.python_version()}
        for name in wanted.keys() - found.keys():
            try:
                found[name] = (
                    importlib.import_module(name).__version__ if name == "sdp" else importlib.metadata.version(name)
                )
            except ImportError:  # PackageNotFoundError is one
                found[name] = ""
        return found

    return _versions_there
