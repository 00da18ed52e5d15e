"""sdp generate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Language, N, Out, Overwrite, Quiet, Seed, Style, Words, Workers
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import InputError

if TYPE_CHECKING:
    from sdp.workflows.generate import GenerateResult


def run(
    task: Annotated[str, typer.Argument(help="spelling, position, count, or a plugin's task.")],
    n: N = 50_000,
    out: Out = None,
    seed: Seed = 0,
    style: Style = "direct",
    words: Words = "wordfreq:en",
    language: Language = "en",
    ratios: Annotated[str, typer.Option("--ratios", help="Shares of rows: train,validation,test.")] = "0.8,0.1,0.1",
    overwrite: Overwrite = False,
    workers: Workers = 1,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Makes the data set of one task: exactly N distinct, checked rows in ./data/TASK.

    The same command on a finished folder verifies it; on a broken-off one it goes on; on another data set it refuses.
    """
    from sdp.workflows.generate import GenerateRequest, generate

    request = GenerateRequest(
        task=task,
        n=n,
        out=Path(out) if out else None,
        seed=seed,
        style=style,
        words=words,
        language=language,
        ratios=_ratios(ratios),
        overwrite=overwrite,
        workers=workers,
    )
    emit(generate(request, open_progress(quiet or json)), as_json=json, render=_text)


def _ratios(text: str) -> tuple[float, float, float]:
    try:
        train, validation, test = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"'{text}' is not three numbers", where="--ratios", hint="such as 0.8,0.1,0.1") from error
    return train, validation, test


def _text(result: "GenerateResult") -> str:
    total = sum(result.rows.values())
    verb = "wrote" if result.made else "verified"
    shares = ", ".join(f"{n:,} {split}" for split, n in result.rows.items())
    floors = ", ".join(f"{floor:.1%} {split}" for split, floor in result.floors.items())
    lines = [
        f"{verb} {total:,} distinct rows of {result.task} in {result.folder} ({shares})",
        f"floor, always guessing the commonest answer: {floors}",
    ]
    if result.n_rejects:
        lines.append(f"rejected and replaced: {result.n_rejects:,} rows; rejects.parquet says why")
    prompt = result.example["prompt"].replace("\n", " ⏎ ")
    return "\n".join([*lines, f"example: {prompt} → {result.example['completion']!r}"])
