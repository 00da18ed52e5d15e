"""What `sdp import` says: what was read as what, and how many rows each step let through."""

from collections.abc import Iterator
from typing import Any

MOST_REASONS = 12
"""Per step; the manifest has all of them."""


def imported_text(result: Any) -> str:
    """Tells what was read, and what became of it.

    Args:
        result: An `ImportResult`.
    """
    lines = [line for file in result.files for line in file_lines(file)]
    lines += [line for step in result.steps for line in _step(step)]
    total = sum(result.rows.values())
    verb = "wrote" if result.made else "verified"
    shares = ", ".join(f"{n:,} {split}" for split, n in result.rows.items())
    floors = ", ".join(f"{floor:.1%} {split}" for split, floor in result.floors.items())
    lines += [
        *(f"note: {note}" for note in result.notes),
        f"{verb} {total:,} rows of {result.task} in {result.folder} ({shares})",
        f"floor, always guessing the commonest answer: {floors}",
    ]
    if result.n_rejects:
        lines.append(f"left out: {result.n_rejects:,}; rejects.parquet says which and why, with file and line")
    lines.append(f"example: {_on_one_line(result.example['prompt'])} → {result.example['completion']!r:.200}")
    if result.verdict is not None:
        lines.append(f"validated: {'ok' if result.verdict.ok else 'FAILED'}, see `sdp validate {result.folder}`")
    if result.tokens is not None:
        lines.append(f"tokens: {result.tokens}")
    return "\n".join(lines)


def preview_text(preview: Any) -> str:
    """Shows how files would be read, and the first rows.

    Args:
        preview: An `ImportPreview`.
    """
    lines = [line for file in preview.files for line in file_lines(file)]
    lines += [f"splits: {preview.splits}", *(f"note: {note}" for note in preview.notes)]
    for row in preview.rows:
        lines += ["", f"prompt: {_on_one_line(row['prompt'])}", f"answer: {_on_one_line(row['answer'])}"]
        lines += [f"trained: {_on_one_line(row['completion'])}"] if row["completion"] != row["answer"] else []
        lines += [f"key: {_on_one_line(row['key'])}"] if row["key"] != row["prompt"] else []
    return "\n".join([*lines, "", "nothing was written"])


def file_lines(file: Any) -> Iterator[str]:
    """Says how one file is read.

    Args:
        file: An `ImportedFile`.
    """
    yield f"{file.name}: {file.format}, shape {file.shape}"
    if file.shape != "rows":
        yield from (f"  {part} ← {source}" for part, source in file.mapping.items())


def _step(step: Any) -> Iterator[str]:
    changed = f", {step.n_changed:,} changed" if step.n_changed else ""
    read, made = (" records", " rows") if step.step == "convert" else ("", "")
    yield f"{step.step}: {step.n_in:,}{read} in, {step.n_out:,}{made} out{changed}"
    yield from (f"  + {n:,} by {name}" for name, n in step.added.items())
    reasons = sorted(step.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    yield from (f"  {n:,} × {why}" for why, n in reasons[:MOST_REASONS] if n)
    if rest := reasons[MOST_REASONS:]:
        yield f"  {sum(n for _, n in rest):,} × {len(rest)} other reasons"


def _on_one_line(text: str) -> str:
    line = text.replace("\n", " ⏎ ")
    return line if len(line) <= 200 else f"{line[:200]}…"  # noqa: PLR2004  (about two lines of a terminal)
