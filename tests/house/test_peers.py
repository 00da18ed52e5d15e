"""The side-by-side runs: what they measure is what they say they measure."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "peers"
MIB = 1024 * 1024

CHILD_THAT_NOBODY_WAITS_FOR = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; held = bytearray(300 * 1024 * 1024); time.sleep(1.5)"])
time.sleep(1)
print('{"work_s": 1}')
"""


@pytest.fixture(autouse=True)
def as_script(monkeypatch):
    """`python peers/generation.py` has its own folder on the path."""
    monkeypatch.syspath_prepend(str(PEERS))


def measured(command: list[str], folder: Path) -> dict:
    """Measures from a small process, as the script does: a child begins with the peak of whoever forked it."""
    code = (
        "import json, sys; from pathlib import Path; from side_by_side.process import run\n"
        "done = run(json.loads(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(json.dumps([done.peak_bytes, done.facts]))"
    )
    arguments = [sys.executable, "-c", code, json.dumps(command), str(folder)]
    done = subprocess.run(arguments, cwd=PEERS, capture_output=True, check=True, text=True)
    return dict(zip(("peak_bytes", "facts"), json.loads(done.stdout), strict=True))


def test_the_largest_process_may_be_a_grandchild(tmp_path):
    done = measured([sys.executable, "-c", CHILD_THAT_NOBODY_WAITS_FOR], tmp_path)
    assert 300 * MIB < done["peak_bytes"] < 400 * MIB
    assert done["facts"] == {"work_s": 1}


def test_memory_that_was_given_back_counts(tmp_path):
    done = measured([sys.executable, "-c", "held = bytearray(300 * 1024 * 1024); del held"], tmp_path)
    assert 300 * MIB < done["peak_bytes"] < 400 * MIB


def test_a_run_that_takes_too_long_is_killed(tmp_path):
    from side_by_side.process import RunError, run

    code = "import time; print('started', flush=True); time.sleep(600)"
    with pytest.raises(RunError) as caught:
        run([sys.executable, "-c", code], tmp_path, limit_s=1.0)
    assert caught.value.timed_out
    assert (tmp_path / "stdout").read_text() == "started\n"


def test_a_run_that_fails_says_why(tmp_path):
    from side_by_side.process import RunError, run

    with pytest.raises(RunError, match="no such thing") as caught:
        run([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)
    assert not caught.value.timed_out


def test_ratios_are_taken_round_by_round():
    from side_by_side.table import times

    assert times([10.0, 30.0, 20.0], [1.0, 10.0, 10.0]) == "3.00× (2.00–10.00)"


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_repeated_questions_are_counted(tmp_path, suffix):
    import pyarrow as pa
    import pyarrow.parquet as pq

    prompts = ["a", "b", "a", "a", "é"]
    file = tmp_path / f"rows.{suffix}"
    if suffix == "jsonl":
        file.write_text("".join(json.dumps({"prompt": prompt}) + "\n" for prompt in prompts))
    else:
        pq.write_table(pa.table({"prompt": prompts}), file)
    command = [sys.executable, PEERS / "contestants" / "count_rows.py", "prompt", file]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == {"rows": 5, "duplicates": 2}


def test_the_plugin_asks_what_the_other_tool_asks(tmp_path):
    """`validate` re-derives every answer; here they are read backward once more."""
    import pyarrow.parquet as pq
    from side_by_side.setting import Setting

    setting = Setting(1, tmp_path)
    setting.sdp(tmp_path, "generate", "backward", "--n", "500", "--words", "wordfreq:en:2000")
    setting.sdp(tmp_path, "validate", "backward")
    (shard,) = (tmp_path / "data" / "backward").glob("train-*.parquet")
    for row in pq.read_table(shard, columns=["key", "answer", "prompt"]).to_pylist():
        assert row["answer"] == "".join(reversed(row["key"]))
        assert row["key"] in row["prompt"]


@pytest.mark.slow
def test_the_tables_come_out(tmp_path):
    command = [sys.executable, PEERS / "generation.py", "--only", "floor", "--n", "2000", "--repeats", "1"]
    done = subprocess.run([*command, "--work", tmp_path], capture_output=True, check=True, text=True)
    assert done.stdout.count("| count |") == 4
    assert not list(tmp_path.iterdir())
