"""reasoning-gym: rows of a letter task as JSON Lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from environments import python_of

from side_by_side.process import run
from side_by_side.setting import CONTESTANTS, Setting
from side_by_side.table import markdown, per_second, seconds, times

N_ROWS = 200_000
PAIRS = (("spell_backward", "backward", 1_200_000), ("letter_counting", "count", 10**9))
"""Its data set, our task, and how many distinct rows ours has: theirs repeats itself instead."""


@dataclass
class Side:
    """The runs of one contestant."""

    walls: list[float] = field(default_factory=list)
    """Seconds of whole commands."""
    works: list[float] = field(default_factory=list)
    """Seconds without start-up and imports."""
    duplicates: int = 0

    def add(self, wall_s: float, work_s: float) -> None:
        """Notes one run."""
        self.walls.append(wall_s)
        self.works.append(work_s)


def tables(setting: Setting) -> Iterator[str]:
    """Runs both tools in turns."""
    n_rows = setting.n_rows or N_ROWS
    python, script = python_of("reasoning-gym"), CONTESTANTS / "reasoning_gym_rows.py"
    words = setting.work / "words3to10.txt"
    run([python, script, "words", words], setting.work)
    rows: list[list[str]] = []
    for theirs, ours, most in PAIRS:
        if n_rows > most:
            continue
        source = f"file:{words}" if ours == "backward" else "wordfreq:en"
        peer, parquet, jsonl = Side(), Side(), Side()
        for _ in range(setting.repeats):
            with setting.folder() as folder:
                file = folder / "rows.jsonl"
                done = run([python, script, theirs, str(n_rows), file], folder)
                peer.add(done.wall_s, done.facts["work_s"])
                peer.duplicates = _duplicates(setting, folder, n_rows, "question", [file])
            _ours(setting, ours, n_rows, source, parquet, jsonl)
        rows += _rows(n_rows, peer, ((f"`{theirs}` → JSONL", peer),), "reasoning-gym")
        sides = ((f"`{ours}` → Parquet", parquet), (f"`{ours}` → Parquet → JSONL", jsonl))
        rows += _rows(n_rows, peer, sides, "sdp")
    header = ["tool", "work", "command, s", "rows/s", "× peer", "without start-up, s", "rows/s", "× peer", "duplicates"]
    yield markdown(
        f"reasoning-gym, {n_rows:,} rows, {setting.processes} of sdp, {setting.repeats} rounds", header, rows
    )


def _ours(setting: Setting, task: str, n_rows: int, source: str, parquet: Side, jsonl: Side) -> None:
    """Makes the rows twice: with two commands, and in one process without its start-up."""
    with setting.folder() as folder:
        options = ["--words", source, "--workers", str(setting.workers)]
        made = setting.sdp(folder, "generate", task, "--n", str(n_rows), *options)
        moved = setting.sdp(folder, "export", task, "--to", "jsonl")
        files = sorted((folder / "exports").rglob("*.jsonl"))
        jsonl.duplicates = parquet.duplicates = _duplicates(setting, folder, n_rows, "prompt", files)
    with setting.folder() as folder:
        apart = setting.script(folder, "sdp_rows.py", task, str(n_rows), str(folder), *options, "--jsonl")
    generate_s, export_s = apart.facts["generate_s"], apart.facts["export_s"]
    parquet.add(made.wall_s, generate_s)
    jsonl.add(made.wall_s + moved.wall_s, generate_s + export_s)


def _duplicates(setting: Setting, folder: Path, n_rows: int, column: str, files: list[Path]) -> int:
    found, duplicates = setting.count(folder, column, files)
    if found != n_rows:
        raise SystemExit(f"{n_rows:,} rows were asked for, {found:,} are there: no equal work")
    return duplicates


def _rows(n_rows: int, peer: Side, sides: tuple[tuple[str, Side], ...], tool: str) -> Iterator[list[str]]:
    for what, side in sides:
        yield [
            tool,
            what,
            seconds(side.walls),
            per_second(n_rows, side.walls),
            "1" if side is peer else times(peer.walls, side.walls),
            seconds(side.works),
            per_second(n_rows, side.works),
            "1" if side is peer else times(peer.works, side.works),
            f"{side.duplicates:,} ({side.duplicates / n_rows:.1%})",
        ]
