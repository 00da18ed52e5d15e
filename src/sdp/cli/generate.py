"""sdp generate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.options import JsonFlag, Language, N, Out, Overrides, Overwrite, Quiet, Seed, Style, Words
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import InputError

if TYPE_CHECKING:
    from sdp.workflows.generate import GenerateRequest

Rows = Annotated[int | None, typer.Option(min=0, help="Rows of this split; instead of --n and --ratios.")]


def run(
    ctx: typer.Context,
    task: Annotated[str | None, typer.Argument(help="spelling, position, count, or a plugin's task.")] = None,
    n: N = 50_000,
    out: Out = None,
    seed: Seed = 0,
    style: Style = "direct",
    words: Words = "wordfreq:en",
    language: Language = "en",
    ratios: Annotated[str, typer.Option("--ratios", help="Shares of rows: train,validation,test.")] = "0.8,0.1,0.1",
    train: Rows = None,
    validation: Rows = None,
    test: Rows = None,
    noise: Annotated[str, typer.Option("--noise", help="What may vary: case,quotes,punctuation.")] = "",
    templates: Annotated[list[str] | None, typer.Option("--templates", help="Folder of phrasings; repeatable.")] = None,
    strata: Annotated[str, typer.Option("--strata", help="Kinds of question, such as zero,one; all if empty.")] = "",
    balance: Annotated[
        str, typer.Option("--balance", help="What has equal shares: strata, length, tokens, none, position.")
    ] = "strata",
    difficulty: Annotated[
        Literal["all", "easy", "medium", "hard"],
        typer.Option("--difficulty", help="Letters of the words: easy up to 5, medium 6-8, hard 9 and more."),
    ] = "all",
    tokenizer: Annotated[
        str | None, typer.Option("--tokenizer", help="Count tokens of this model: tiny, a folder, a hub name.")
    ] = None,
    recipe: Annotated[Path | None, typer.Option("--recipe", help="YAML file with these settings.")] = None,
    override: Overrides = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and measure; write nothing.")] = False,
    overwrite: Overwrite = False,
    workers: Annotated[int, typer.Option("--workers", help="Processes; 0: as many as pay.", min=0)] = 0,
    engine: Annotated[Literal["local", "ray"], typer.Option("--engine", help="Where shards are made.")] = "local",
    ray_address: Annotated[
        str | None, typer.Option("--ray-address", help="Of a Ray cluster: auto, HOST:PORT, ray://HOST:PORT.")
    ] = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Makes the data set of one task: exactly N distinct, checked rows in ./data/TASK.

    The same command on a finished folder verifies it; on a broken-off one it goes on; on another data set it refuses.
    """
    from sdp.recipes.data_recipe import of_split_sizes, read_data_recipe, resolved, set_keys

    given: dict[str, Any] = {
        "task": task, "n": n, "seed": seed, "style": style, "words": words, "language": language, "ratios": ratios,
        "noise": noise, "templates": templates or [], "strata": strata, "balance": balance, "difficulty": difficulty,
        "tokenizer": tokenizer,
    }  # fmt: skip
    settings = read_data_recipe(recipe) if recipe else {}
    settings |= resolved(
        {name: given[name] for name in given if name not in settings or _said(ctx, name)}, where="options"
    )
    sizes = {"train": train, "validation": validation, "test": test}
    if any(size is not None for size in sizes.values()):
        if _said(ctx, "n") or _said(ctx, "ratios"):
            raise InputError("rows are given per split, or as --n with --ratios", where="--train", hint="choose one")
        settings |= of_split_sizes({split: size or 0 for split, size in sizes.items()})
    settings = set_keys(settings, override or ())
    how = {"out": out, "overwrite": overwrite, "workers": workers or None, "engine": engine, "ray_address": ray_address}
    _go(_request(settings, how), dry_run=dry_run, json=json, quiet=quiet)


def _said(ctx: typer.Context, name: str) -> bool:
    """Tells whether an option was given: on the command line, in sdp.toml or in the environment."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def _request(settings: dict[str, Any], how: dict[str, Any]) -> "GenerateRequest":
    from sdp.workflows.generate import GenerateRequest

    if not settings.get("task"):
        raise InputError("which task?", where="sdp generate", hint="such as: sdp generate spelling")
    lists = {name: tuple(value) for name, value in settings.items() if isinstance(value, list)}
    domain = {name: tuple(values) for name, values in (settings.pop("domain", None) or {}).items()}
    return GenerateRequest(**{**settings, **lists, "domain": domain, **how})


def _go(request: "GenerateRequest", *, dry_run: bool, json: bool, quiet: bool) -> None:
    from sdp.reports import made_data
    from sdp.workflows.dry_run import dry_run as plan
    from sdp.workflows.generate import generate

    if dry_run:
        emit(plan(request), as_json=json, render=made_data.plan_table)
    else:
        emit(generate(request, open_progress(quiet or json)), as_json=json, render=made_data.made_text)
