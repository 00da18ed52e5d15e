"""The floor: what pyarrow alone needs to write the finished table."""

from collections.abc import Iterator

from side_by_side.setting import Setting
from side_by_side.table import markdown, per_second, seconds, times

N_ROWS = 1_000_000
TASKS = ("spelling", "position", "count")


def tables(setting: Setting) -> Iterator[str]:
    """Makes each task's data set as a command and in a process that then writes the same table again, in turns."""
    n_rows = setting.n_rows or N_ROWS
    rows = []
    for task in TASKS:
        rounds = []
        for _ in range(setting.repeats):
            with setting.folder() as folder:
                command = setting.sdp(folder, "generate", task, "--n", str(n_rows), "--workers", str(setting.workers))
            with setting.folder() as folder:
                facts = setting.script(
                    folder,
                    "sdp_rows.py",
                    task,
                    str(n_rows),
                    str(folder),
                    "--write-table",
                    "--workers",
                    str(setting.workers),
                ).facts
            rounds.append({"command_s": command.wall_s, **facts})
        rows += _rows(task, n_rows, rounds)
    header = ["task", "what", "s", "rows/s", "× `write_table`", "× `write_table` with sdp's settings"]
    yield markdown(f"{n_rows:,} rows, {setting.processes}, {setting.repeats} rounds", header, rows)


def _rows(task: str, n_rows: int, rounds: list[dict[str, float]]) -> Iterator[list[str]]:
    default, same = ([one[name] for one in rounds] for name in ("write_default_s", "write_same_s"))
    for what, name in (
        ("`sdp generate`, the command", "command_s"),
        ("`generate`, in the process", "generate_s"),
        ("`write_table`, sdp's settings", "write_same_s"),
        ("`write_table`, its defaults", "write_default_s"),
    ):
        taken = [one[name] for one in rounds]
        yield [task, what, seconds(taken), per_second(n_rows, taken), times(taken, default), times(taken, same)]
