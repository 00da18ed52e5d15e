"""What holds for every test: no network, nothing written into the checkout, the same cases on every run."""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

# The first process makes the folder and takes it away; the workers inherit the name.
OWNS_SCRATCH = "PYTEST_SDP_SCRATCH" not in os.environ
SCRATCH = os.environ.setdefault("PYTEST_SDP_SCRATCH", tempfile.mkdtemp(prefix="sdp-tests-") if OWNS_SCRATCH else "")

# Set before any test imports a library that reads it.
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_DATASETS_OFFLINE="1",
    HF_HOME=f"{SCRATCH}/huggingface",
    HYPOTHESIS_STORAGE_DIRECTORY=f"{SCRATCH}/hypothesis",
    TOKENIZERS_PARALLELISM="false",
    OMP_NUM_THREADS="1",
)

# A job started in the background ignores Ctrl-C, and so would every process that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest  # noqa: E402  (after the environment is set)
from hypothesis import HealthCheck, settings  # noqa: E402  (the same)

settings.register_profile(
    "sdp", database=None, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sdp")

LOOPBACK = ("127.", "::1", "localhost")


def _refuse_network(event: str, args: tuple) -> None:
    """Lets a test talk to this machine only (an audit hook: it cannot be taken off again, and need not be)."""
    if event == "socket.connect" and isinstance(args[1], tuple) and not str(args[1][0]).startswith(LOOPBACK):
        raise RuntimeError(f"a test asked the network for {args[1]}")


sys.addaudithook(_refuse_network)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs each test in an empty folder, with none of the caller's settings."""
    for name in [name for name in os.environ if name.startswith("SDP_") and name != "SDP_REQUIRE_ALL"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves nothing behind."""
    if OWNS_SCRATCH and not hasattr(config, "workerinput"):
        shutil.rmtree(SCRATCH, ignore_errors=True)


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Where everything must run, a skip is a failure that gives the skip's reason."""
    if os.environ.get("SDP_REQUIRE_ALL") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but SDP_REQUIRE_ALL=1: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Turns skips of tests into failures where everything must run."""
    del item, call
    report = yield
    _skip_is_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """The same for modules that skip themselves."""
    del collector
    report = yield
    _skip_is_failure(report)
    return report
