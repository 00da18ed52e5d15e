"""Where a model can run, and how much memory there is."""

import platform
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from sdp.models.load import Device


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device."""

    kind: Device
    name: str
    cores: int | None
    """Of a CPU: those this process may use."""
    memory_bytes: int
    free_bytes: int


def devices() -> list[DeviceFacts]:
    """Lists the devices of this machine, the fastest kind first."""
    return [*_cuda(), *_mps(), _cpu()]


def _cuda() -> list[DeviceFacts]:
    found = []
    for index in range(torch.cuda.device_count()):
        about = torch.cuda.get_device_properties(index)
        free, total = torch.cuda.mem_get_info(index)
        name = f"{about.name}, compute capability {about.major}.{about.minor}"
        found.append(DeviceFacts("cuda", name, None, total, free))
    return found


def _mps() -> list[DeviceFacts]:
    if not torch.backends.mps.is_available():
        return []
    total = int(torch.mps.recommended_max_memory())
    return [DeviceFacts("mps", "Apple GPU", None, total, total - int(torch.mps.driver_allocated_memory()))]


def _cpu() -> DeviceFacts:
    memory = psutil.virtual_memory()
    return DeviceFacts("cpu", _processor(), torch.get_num_threads(), memory.total, memory.available)


def _processor() -> str:
    """Names the processor and the widest instructions that torch uses on it."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.processor() or platform.machine()}, {torch.backends.cpu.get_cpu_capability()}"
