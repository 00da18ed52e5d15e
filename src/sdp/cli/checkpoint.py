"""sdp checkpoint."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit, plain
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from sdp.progress import Progress

Action = Literal["list", "show", "compare", "rollback", "prune", "pack", "push", "pull"]
WORDS = {
    "list": (0, 1, "[RUN|URL]"),
    "show": (0, 1, "[RUN[:STEP]]"),
    "compare": (2, 2, "RUN:STEP RUN:STEP"),
    "rollback": (1, 1, "RUN:STEP"),
    "prune": (0, 1, "[RUN] --keep best:3,last:2"),
    "pack": (0, 1, "[RUN[:STEP]] [--file FILE]"),
    "push": (1, 2, "[RUN[:STEP]] URL"),
    "pull": (1, 1, "URL|FILE"),
}
"""How many names an action takes, at least and at most, and which."""


def run(
    action: Annotated[Action, typer.Argument(help="What to do.")] = "list",
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="What to do it with.")] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="POLICY", help="prune: best:N, last:N, or best:3,last:2 for both.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="pack: the file; RUN.tar.zst here if not given.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where runs lie; ./runs if not given.")] = None,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Lists, shows and compares checkpoints, goes back to one, removes, packs, sends and fetches them.

    A checkpoint is named RUN:STEP, where STEP is a number, best or last; RUN alone is its newest one, no name the
    newest run. list: those of a run, here or at a URL. show: one, every byte compared with its record; exit code 1 if
    one is wrong. compare: two, weight by weight. rollback: an earlier one is the newest again, later ones are set
    aside. prune: removes all but those to --keep. pack: a run with all its checkpoints, or one, as one zstd file. push,
    pull: the same to and from a folder or a store (s3://, gs://, az://), compared by SHA-256; pull also takes a packed
    file.
    """
    given = names or []
    least, most, wanted = WORDS[action]
    if not least <= len(given) <= most or (action == "prune") != (keep is not None) or (file and action != "pack"):
        raise InputError(f"{action} takes other words", where=action, hint=f"sdp checkpoint {action} {wanted}")
    root, progress = out or Path("runs"), open_progress(quiet or json)
    first = given[0] if given else None
    if action in {"list", "show"}:
        _look(action, first, root, as_json=json)
    elif action == "compare":
        _compare(given, root, as_json=json)
    else:
        emit(_changed(action, given, root, progress, keep, file), as_json=json, render=_said)


def _look(action: str, name: str | None, root: Path, *, as_json: bool) -> None:
    from sdp.reports.checkpoint_terminal import checkpoint_details, checkpoint_table
    from sdp.workflows.checkpoint_list import ListRequest, list_checkpoints, show_checkpoint

    if action == "list":
        emit(list_checkpoints(ListRequest(name, root)), as_json=as_json, render=_drawn(checkpoint_table))
        return
    facts = show_checkpoint(name, root)
    emit(facts, as_json=as_json, render=_drawn(checkpoint_details))
    if facts.faults:
        raise CheckFailed(f"{facts.path.name} is damaged", where=str(facts.path), hint="take another checkpoint")


def _compare(names: list[str], root: Path, *, as_json: bool) -> None:
    from sdp.reports.checkpoint_terminal import checkpoint_comparison
    from sdp.runs.checkpoints.address import find_checkpoint
    from sdp.runs.checkpoints.compare import compare

    a, b = (find_checkpoint(name, root) for name in names)
    emit(compare(a, b), as_json=as_json, render=_drawn(checkpoint_comparison))


def _changed(
    action: str, names: list[str], root: Path, progress: "Progress", keep: str | None, file: Path | None
) -> object:
    from sdp.workflows.checkpoint_change import prune_checkpoints, roll_back
    from sdp.workflows.checkpoint_move import pack_checkpoints, pull_checkpoints, push_checkpoints

    first = names[0] if names else None
    if action == "prune":
        return prune_checkpoints(first, keep or "", root)
    if action == "pack":
        return pack_checkpoints(first, file, root)
    if action == "push":
        return push_checkpoints(first if names[1:] else None, names[-1], root, progress)
    return roll_back(names[0], root) if action == "rollback" else pull_checkpoints(names[0], root, progress)


def _drawn(render: "Callable[[dict[str, Any]], RenderableType]") -> "Callable[[object], RenderableType]":
    return lambda result: render(plain(result))


def _said(result: object) -> str:
    from sdp.reports.checkpoint_terminal import change_text

    return change_text(type(result).__name__, plain(result))
