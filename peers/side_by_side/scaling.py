"""One worker against two, and the memory of the largest process."""

from collections.abc import Iterator

from side_by_side.setting import Setting
from side_by_side.table import markdown, megabytes, per_second, seconds, times

N_ROWS = 1_000_000
LARGE = 20_000_000
REPEATS_MOST = 3
"""These are long runs."""
TASKS = ("spelling", "position", "count")
WORKERS = (1, 2)


def tables(setting: Setting) -> Iterator[str]:
    """Runs every task with one and with two workers, in turns."""
    yield _table(setting, setting.n_rows or N_ROWS)
    if setting.large:
        yield _table(setting, LARGE)


def _table(setting: Setting, n_rows: int) -> str:
    repeats = min(setting.repeats, REPEATS_MOST)
    rows = []
    for task in TASKS:
        walls: dict[int, list[float]] = {workers: [] for workers in WORKERS}
        peaks: dict[int, list[int]] = {workers: [] for workers in WORKERS}
        for _ in range(repeats):
            for workers in WORKERS:
                with setting.folder() as folder:
                    done = setting.sdp(folder, "generate", task, "--n", str(n_rows), "--workers", str(workers))
                walls[workers].append(done.wall_s)
                peaks[workers].append(done.peak_bytes)
        for workers in WORKERS:
            taken = walls[workers]
            ratio = "1" if workers == 1 else times(walls[1], taken)
            rows.append(
                [task, str(workers), seconds(taken), per_second(n_rows, taken), ratio, megabytes(peaks[workers])]
            )
    header = ["task", "workers", "s", "rows/s", "× one worker", "largest process"]
    return markdown(f"{n_rows:,} rows as a command, {repeats} rounds", header, rows)
