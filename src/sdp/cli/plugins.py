"""sdp plugins."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import JsonFlag, Language, N, Out, Quiet, Words
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed, InputError, PluginError

if TYPE_CHECKING:
    from sdp.workflows.plugin_new import NewPlugin

Action = Literal["list", "show", "check", "new"]
WANTS = {
    "show": "a plugin, or a task, check, score or format",
    "check": "a plugin, a task, check, score or format, a .py file, or a package's folder",
    "new": "the task's name, such as rhyme",
}


def run(
    action: Annotated[Action, typer.Argument(help="What to do.")] = "list",
    name: Annotated[
        str | None, typer.Argument(help="show, check: a name; check: or a path. new: the new task's name.")
    ] = None,
    n: N = 200,
    words: Words = "wordfreq:en:600",
    language: Language = "en",
    out: Out = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Lists the plugins, shows one, checks how one behaves, or begins a new one.

    list: what each brings, and why one did not load; a broken plugin stops nothing else. show: what a plugin, a task, a
    check, a score or a format says of itself. check: runs the cases of sdp.testing on it, installed or not; exit code 1
    if one fails, 4 if it cannot be loaded. --n, --words and --language say what the rows are made of. new: writes a
    package that passes its own tests into --out.

    SDP_PLUGINS=a,b loads these alone, SDP_PLUGINS= none but the built-in one.
    """
    if action == "list":
        if name is not None:
            raise InputError("list takes no name", where="NAME", hint=f"sdp plugins show {name}")
        _list(as_json=json)
        return
    if name is None:
        raise InputError(f"{action} needs a name", where="NAME", hint=f"sdp plugins {action} NAME: {WANTS[action]}")
    if action == "show":
        _show(name, as_json=json)
    elif action == "check":
        _check(name, n, words, language, as_json=json, quiet=quiet)
    else:
        _new(name, out, as_json=json)


def _list(*, as_json: bool) -> None:
    from sdp.cli.plugin_tables import plugin_table
    from sdp.workflows.plugins import list_plugins

    result = list_plugins()
    emit(result, as_json=as_json, render=plugin_table)
    if result.clashes:
        hint = "uninstall one of them, or name those to load in SDP_PLUGINS"
        raise PluginError("; ".join(result.clashes), hint=hint)


def _show(name: str, *, as_json: bool) -> None:
    from sdp.cli.plugin_tables import plugin_details
    from sdp.workflows.plugin_show import ShowRequest, show_plugin

    emit(show_plugin(ShowRequest(name)), as_json=as_json, render=plugin_details)


def _check(name: str, n: int, words: str, language: str, *, as_json: bool, quiet: bool) -> None:
    from sdp.cli.plugin_tables import check_tables
    from sdp.workflows.plugin_check import CheckRequest, check_plugin

    result = check_plugin(CheckRequest(name, n, words, language), open_progress(quiet or as_json))
    emit(result, as_json=as_json, render=check_tables)
    if result.n_failed:
        raise CheckFailed(
            f"{result.n_failed} of {result.n_cases} checks failed", where=result.where, hint="each says how to mend it"
        )


def _new(name: str, out: Path | None, *, as_json: bool) -> None:
    from sdp.workflows.plugin_new import NewPluginRequest, new_plugin

    emit(new_plugin(NewPluginRequest(name, out)), as_json=as_json, render=_made)


def _made(made: "NewPlugin") -> str:
    files = "\n".join(f"  {path}" for path in made.files)
    steps = "\n".join(f"  {step}" for step in made.steps)
    return f"made {made.folder}:\n{files}\nnext:\n{steps}"
