"""NeMo Data Designer: a drawn word and two expressions, to Parquet.

For orientation only: it is made for columns that language models fill.
"""

from collections.abc import Iterator
from pathlib import Path

from environments import python_of

from side_by_side.process import Measured, RunError, run
from side_by_side.setting import CONTESTANTS, Setting
from side_by_side.table import markdown

N_ROWS = 20_000
N_WORDS = 20_000
LIMIT_S = 120.0


def tables(setting: Setting) -> Iterator[str]:
    """Runs each tool once, one after the other."""
    n_rows = setting.n_rows or N_ROWS
    python = python_of("data-designer")
    rows = []
    with setting.folder() as folder:
        words = folder / "words.txt"
        words.write_text("\n".join(_words()))
        wall_s, work_s = LIMIT_S, "–"
        try:
            done = _run(python, words, n_rows, folder)
            wall_s, work_s = done.wall_s, f"{done.facts['work_s']:.1f}"
        except RunError as failure:
            if not failure.timed_out:
                raise
        counted = setting.count(folder, "prompt", _whole_files(folder))
        rows.append(["NeMo Data Designer 0.9.7", *_cells(n_rows, wall_s, work_s, *counted)])
    with setting.folder() as folder:
        source = f"wordfreq:en:{N_WORDS}"
        done = setting.sdp(folder, "generate", "spelling", "--n", str(n_rows), "--words", source)
        counted = setting.count(folder, "prompt", sorted((folder / "data").rglob("*-of-*.parquet")))
    with setting.folder() as folder:
        apart = setting.script(folder, "sdp_rows.py", "spelling", str(n_rows), str(folder), "--words", source).facts
    rows.append(["sdp `spelling`", *_cells(n_rows, done.wall_s, f"{apart['generate_s']:.2f}", *counted)])
    header = [
        "tool",
        "command, s",
        "without start-up, s",
        "rows/s of the command",
        "rows asked for",
        "got",
        "duplicates",
    ]
    yield markdown(f"NeMo Data Designer, {n_rows:,} rows from {N_WORDS:,} words, one run", header, rows)


def _run(python: str, words: Path, n_rows: int, folder: Path) -> Measured:
    # It keeps settings in the home directory, and would report what it does.
    apart = {"HOME": str(folder), "NEMO_TELEMETRY_ENABLED": "false"}
    script = CONTESTANTS / "data_designer_rows.py"
    return run([python, script, words, str(n_rows), folder], folder, apart, limit_s=LIMIT_S)


def _whole_files(folder: Path) -> list[Path]:
    """Lists the batches it finished."""
    return sorted((folder / "rows" / "parquet-files").glob("*.parquet"))


def _words() -> list[str]:
    """Gives the most frequent English words, as sdp would draw them."""
    from wordfreq import iter_wordlist

    words = (word for word in iter_wordlist("en", "best") if word.isascii() and word.isalpha() and 3 <= len(word) <= 20)  # noqa: PLR2004  (the lengths of sdp's words)
    return [word for word, _ in zip(words, range(N_WORDS), strict=False)]


def _cells(n_rows: int, wall_s: float, work_s: str, found: int, duplicates: int) -> list[str]:
    share = duplicates / max(1, found)
    return [
        f"{wall_s:.1f}",
        work_s,
        f"{found / wall_s:,.0f}",
        f"{n_rows:,}",
        f"{found:,}",
        f"{duplicates:,} ({share:.0%})",
    ]
