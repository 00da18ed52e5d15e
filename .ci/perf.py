"""Prints what this machine does per second, by the installed command line, in an empty folder.

Figures from one run are comparable with each other, not with another machine's or another hour's.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, MANY, STEPS, QUESTIONS = 50_000, 4_000_000, 100, 500
WORK = (
    (("--help",), 1, "starts"),
    (("generate", "spelling", "--n", str(ROWS)), ROWS, "rows"),
    (("generate", "position", "--n", str(MANY), "--out", "data/many"), MANY, "rows"),
    (("verify", "many", "--sample", "500000"), 524_288, "rows"),
    (("validate", "spelling"), ROWS, "rows"),
    (("export", "spelling", "--to", "jsonl"), ROWS, "rows"),
    (("finetune", "--steps", str(STEPS)), STEPS, "steps"),
    (("bench", "--limit", str(QUESTIONS)), 3 * QUESTIONS, "questions"),
)
"""Arguments, how much work that is, and its unit; each finds what the ones before it left."""


def main() -> None:
    """Runs each command once and prints a line for it."""
    sdp = str(Path(sys.executable).with_name("sdp"))
    with tempfile.TemporaryDirectory() as folder:
        for arguments, amount, unit in WORK:
            started = time.perf_counter()
            subprocess.run([sdp, *arguments], cwd=folder, env=os.environ, stdout=subprocess.DEVNULL, check=True)
            seconds = time.perf_counter() - started
            print(f"sdp {' '.join(arguments):50} {seconds:8.2f} s {amount / seconds:12,.1f} {unit}/s", flush=True)


if __name__ == "__main__":
    main()
