"""How long the first command of the README takes, start-up and oracle included."""

from collections.abc import Iterator

from side_by_side.setting import Setting
from side_by_side.table import markdown, megabytes, per_second, seconds

N_ROWS = 50_000
LEAST_REPEATS = 7


def tables(setting: Setting) -> Iterator[str]:
    """Runs it again and again in an empty folder."""
    runs = []
    for number in range(max(LEAST_REPEATS, setting.repeats) + 1):
        with setting.folder() as folder:
            done = setting.sdp(folder, "generate", "spelling", "--n", str(N_ROWS))
        if number:  # the first one reads the disk
            runs.append(done)
    walls = [done.wall_s for done in runs]
    peak = megabytes([done.peak_bytes for done in runs])
    row = [f"`sdp generate spelling --n {N_ROWS}`", seconds(walls), per_second(N_ROWS, walls), peak]
    title = f"Start-up included, median of {len(runs)}"
    yield markdown(title, ["command", "s", "rows/s", "largest process"], [row])
