"""sdp templates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import JsonFlag, Language, Quiet, Style
from sdp.cli.output import emit
from sdp.errors import InputError, TemplateError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.template_lint import LintResult
    from sdp.workflows.templates import PhrasingList


def run(
    action: Annotated[Literal["list", "lint"], typer.Argument(help="What to do.")] = "list",
    what: Annotated[
        list[str] | None,
        typer.Argument(help="list: tasks. lint: files and folders. All that there are if none."),
    ] = None,
    task: Annotated[str | None, typer.Option("--task", help="lint: what files outside <language>/<task> ask.")] = None,
    language: Language = "en",
    style: Style = "direct",
    templates: Annotated[
        list[str] | None, typer.Option("--templates", help="list: a folder of your own phrasings; may be repeated.")
    ] = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Lists the phrasings of tasks, or checks them.

    list shows family, hash, whether it is held out of training, and text. lint finds every fault, with file and line;
    exit code 3 if there is one.
    """
    from sdp.workflows.template_lint import LintRequest, lint_templates
    from sdp.workflows.templates import ListRequest, list_phrasings

    del quiet  # there is nothing to be quiet about
    paths = tuple(Path(folder) for folder in templates or ())
    if action == "list":
        if task is not None:
            raise InputError("list takes its tasks as words", where="--task", hint=f"sdp templates list {task}")
        emit(list_phrasings(ListRequest(tuple(what or ()), language, style, paths)), as_json=json, render=_table)
        return
    if paths:
        hint = f"sdp templates lint {' '.join(map(str, paths))}"
        raise InputError("lint takes its folders as words", where="--templates", hint=hint)
    found = lint_templates(LintRequest(tuple(Path(path) for path in what or ()), task, language))
    emit(found, as_json=json, render=_faults)
    if found.faults:
        n = len(found.faults)
        raise TemplateError(f"{n} fault{'s' if n > 1 else ''} in {found.n_phrasings} phrasings", hint="put them right")


def _table(result: "PhrasingList") -> "RenderableType":
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    for task, families in result.families.items():
        of_task = [phrasing for phrasing in result.phrasings if phrasing.task == task]
        n_held_out = sum(phrasing.held_out for phrasing in of_task)
        counts = ", ".join(f"{n} {family}" for family, n in families.items())
        table = Table("family", "hash", "held out", "text", box=None, pad_edge=False)
        for phrasing in of_task:
            text = Text(phrasing.text.replace("\n", " ⏎ "))
            table.add_row(phrasing.family, phrasing.hash, "held out" if phrasing.held_out else "", text)
        head = f"{task}, {result.language}: {len(of_task)} phrasings ({counts}), {n_held_out} held out of training"
        parts += [Text(head, style="bold"), table, Text("")]
    return Group(*parts[:-1])


def _faults(result: "LintResult") -> str:
    lines = []
    for fault in result.faults:
        lines.append(f"{fault.where or 'in all'}: {fault.what}")
        lines += [f"    try: {fault.hint}"] if fault.hint else []
    return "\n".join(lines or [f"{result.n_phrasings} phrasings, no fault"])
