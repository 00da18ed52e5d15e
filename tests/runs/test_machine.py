"""Memory, processors, disk; and a GPU by a made-up library, for there is none here."""

import os
import shutil
from types import SimpleNamespace

import psutil
import pytest

from sdp.runs.machine import Gpu, Machine, memory_left, open_gpu, usable_cores


def test_what_is_measured_is_what_the_system_says(tmp_path):
    found = Machine(tmp_path).measure()
    assert set(found) == {"memory_bytes", "memory_left", "cpu_share", "disk_left_bytes"}
    assert found["memory_bytes"] == pytest.approx(psutil.Process().memory_info().rss, rel=0.2)
    assert found["disk_left_bytes"] == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
    assert 0 <= found["memory_left"] <= 1


def test_a_busy_process_uses_its_core(tmp_path):
    machine = Machine(tmp_path)
    began = os.times().user
    while os.times().user - began < 0.2:
        sum(range(1000))
    share = machine.measure()["cpu_share"]
    assert 0 < share <= 1.2
    assert share * usable_cores() > 0.1


def test_a_folder_that_is_gone_has_no_disk(tmp_path):
    assert "disk_left_bytes" not in Machine(tmp_path / "gone").measure()


def cgroup(folder, limit, used, cache):
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cache}\nactive_file 7\n")
    return folder


def test_a_container_s_limit_counts_and_its_file_cache_does_not(tmp_path):
    limit = 1000
    assert memory_left(cgroup(tmp_path, limit, used=950, cache=0)) == pytest.approx(0.05)
    assert memory_left(cgroup(tmp_path, limit, used=990, cache=50)) == pytest.approx(0.06)
    assert memory_left(cgroup(tmp_path, limit, used=1200, cache=0)) == 0.0


def test_a_container_without_limit_is_the_machine(tmp_path):
    machine = psutil.virtual_memory()
    assert memory_left(cgroup(tmp_path, "max", 950, 0)) == pytest.approx(machine.available / machine.total, abs=0.1)
    assert memory_left(tmp_path / "none") == pytest.approx(machine.available / machine.total, abs=0.1)


class Library:
    """Three functions of pynvml."""

    class NVMLError(Exception):
        """What it raises."""

    NVML_GPU_UTILIZATION_SAMPLES = 1

    def __init__(self, samples):
        self.samples = samples
        self.asked = []

    def nvmlDeviceGetSamples(self, device, kind, last):  # noqa: N802  (its name)
        self.asked.append(last)
        if self.samples is None:
            raise self.NVMLError
        new = [(time, use) for time, use in self.samples if time > last]
        return 1, [SimpleNamespace(timeStamp=time, sampleValue=SimpleNamespace(uiVal=use)) for time, use in new]

    def nvmlDeviceGetUtilizationRates(self, device):  # noqa: N802  (its name)
        return SimpleNamespace(gpu=42)

    def nvmlDeviceGetMemoryInfo(self, device):  # noqa: N802  (its name)
        return SimpleNamespace(used=30, total=40)


def test_gpu_use_is_the_mean_since_the_last_time():
    library = Library([(10, 100), (20, 50)])
    gpu = Gpu(library, "device")
    assert gpu.measure() == {"gpu_share": 0.75, "gpu_memory_bytes": 30, "gpu_memory_left": 0.25}
    library.samples += [(30, 20)]
    assert gpu.measure()["gpu_share"] == 0.2
    assert library.asked == [0, 20]


@pytest.mark.parametrize("samples", [None, []])
def test_where_the_driver_keeps_no_samples_the_present_counts(samples):
    assert Gpu(Library(samples), "device").measure()["gpu_share"] == 0.42


def test_what_the_driver_does_not_tell_is_left_out():
    library = Library([(10, 100)])
    library.nvmlDeviceGetMemoryInfo = lambda device: (_ for _ in ()).throw(Library.NVMLError())
    assert Gpu(library, "device").measure() == {"gpu_share": 1.0}


def test_a_machine_without_such_a_gpu_has_none(tmp_path):
    assert open_gpu("GPU-00000000-0000-0000-0000-000000000000") is None
    assert "gpu_share" not in Machine(tmp_path, gpu="GPU-00000000-0000-0000-0000-000000000000").measure()
