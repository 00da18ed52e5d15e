"""What training does to the machine: memory, processors, disk and GPU, as numbers for a `train` event."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

CGROUP = Path("/sys/fs/cgroup")


class Machine:
    """Measures, each time over the while since the last time.

    Args:
        folder: The disk that counts is the one it lies on.
        gpu: UUID of the CUDA device that is used; None: none is.
    """

    def __init__(self, folder: Path, gpu: str | None = None) -> None:
        self._folder = folder
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first answer is 0 by definition; from here on it is over the while since
        self._gpu = open_gpu(gpu) if gpu else None

    def measure(self) -> dict[str, float | int]:
        """Gives what is known.

        Returns:
            ``memory_bytes`` (of this process), ``memory_left`` (share of the machine's, or the container's),
            ``cpu_share`` (of the cores that this process may use), ``disk_left_bytes``, and with a GPU ``gpu_share``
            (of the time), ``gpu_memory_bytes`` and ``gpu_memory_left`` (share; of all its processes).
        """
        found: dict[str, float | int] = {
            "memory_bytes": int(self._process.memory_info().rss),
            "memory_left": round(memory_left(), 4),
            "cpu_share": round(self._process.cpu_percent() / 100 / usable_cores(), 4),
        }
        with suppress(OSError):
            found["disk_left_bytes"] = shutil.disk_usage(self._folder).free
        return found | (self._gpu.measure() if self._gpu else {})


def usable_cores() -> int:
    """Counts the cores that this process may run on; a container may have fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def memory_left(cgroup: Path = CGROUP) -> float:
    """Gives the share of memory that is left, of the machine or of the container if that has less.

    Args:
        cgroup: Where the kernel describes the container (version 2).
    """
    machine = psutil.virtual_memory()
    left = float(machine.available / machine.total)
    with suppress(OSError, ValueError):
        limit = int((cgroup / "memory.max").read_text())  # "max": no limit
        used = int((cgroup / "memory.current").read_text())
        facts = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
        # the kernel gives the cache of files back before it kills anybody
        left = min(left, 1 - (used - int(facts["inactive_file"])) / limit)
    return max(left, 0.0)


class Gpu:
    """One NVIDIA device.

    Args:
        library: pynvml, initialised.
        device: Its handle.
    """

    def __init__(self, library: Any, device: Any) -> None:
        self._library = library
        self._device = device
        self._last = 0
        """Time of the last sample that was read, µs."""

    def measure(self) -> dict[str, float | int]:
        """Gives use and memory; what a driver does not tell is left out."""
        found: dict[str, float | int] = {}
        with suppress(self._library.NVMLError):
            found["gpu_share"] = round(self._share(), 4)
        with suppress(self._library.NVMLError):
            memory = self._library.nvmlDeviceGetMemoryInfo(self._device)
            found["gpu_memory_bytes"] = int(memory.used)
            found["gpu_memory_left"] = round(1 - memory.used / memory.total, 4)
        return found

    def _share(self) -> float:
        """The mean over the while since the last time: the driver keeps samples of some seconds, one alone is noise."""
        library = self._library
        try:
            _, samples = library.nvmlDeviceGetSamples(self._device, library.NVML_GPU_UTILIZATION_SAMPLES, self._last)
        except library.NVMLError:  # not every driver keeps them, and there may be none since the last time
            samples = []
        if not samples:
            return float(library.nvmlDeviceGetUtilizationRates(self._device).gpu) / 100
        self._last = max(int(sample.timeStamp) for sample in samples)
        return sum(float(sample.sampleValue.uiVal) for sample in samples) / len(samples) / 100


def open_gpu(uuid: str) -> Gpu | None:
    """Opens NVIDIA's management library for one device.

    Args:
        uuid: Such as ``GPU-0a1b…``: numbers of devices change with CUDA_VISIBLE_DEVICES, this does not.

    Returns:
        None where the library or the device cannot be asked.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        return Gpu(pynvml, pynvml.nvmlDeviceGetHandleByUUID(uuid))
    except pynvml.NVMLError:
        return None
