"""Rows of one reasoning-gym data set as JSON Lines. Runs in ``peers/.venvs/reasoning-gym``.

Run ``python reasoning_gym_rows.py spell_backward 200000 rows.jsonl``; it prints the seconds from the data set's
making to the closed file, imports not counted.
"""

import json
import sys
import time
from pathlib import Path

import reasoning_gym
from reasoning_gym.data import get_data_file_path

WORDS = "words3to10.txt"


def main() -> None:
    """Writes the rows, or (``words``) the list that `spell_backward` draws from."""
    name, out = sys.argv[1], Path(sys.argv[-1])
    if name == "words":
        out.write_text(get_data_file_path(WORDS).read_text())
        return
    started = time.perf_counter()
    rows = reasoning_gym.create_dataset(name, size=int(sys.argv[2]), seed=42)
    with out.open("w", encoding="utf-8") as handle:
        for row in rows:
            handle.write(json.dumps(row) + "\n")
    print(json.dumps({"work_s": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
