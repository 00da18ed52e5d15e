"""Checkpoints in the terminal: a list, one, and two side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sdp.reports.numerals import NOT_DEFINED, count
from sdp.reports.training_view import moment, size, small

MOST_TENSORS = 10
"""Of a comparison: those that differ most."""


def checkpoint_table(listed: Mapping[str, Any]) -> RenderableType:
    """Lists the checkpoints of a run.

    Args:
        listed: A `CheckpointList` as a dictionary.
    """
    found: Sequence[Mapping[str, Any]] = listed["checkpoints"]
    parts: list[RenderableType] = [Text(f"{listed['run']}: {listed['where']}", style="bold")]
    if found:
        table = Table("step", "epoch", str(listed["metric"]), "written", "on", "size", "", box=None, pad_edge=False)
        for column in (0, 1, 2, 5):
            table.columns[column].justify = "right"
        for one in found:
            marks = [
                name for name, step in (("best", listed["best"]), ("newest", found[-1]["step"])) if step == one["step"]
            ]
            table.add_row(
                count(one["step"]), f"{one['epoch']:.2f}", small(one["metrics"].get(listed["metric"])),
                moment(one["created"]), one["environment"]["device"], size(_bytes(one)), Text(", ".join(marks)),
            )  # fmt: skip
        parts.append(table)
    else:
        parts.append(Text("no checkpoint yet"))
    parts += [Text(f"{name} cannot be used: {why}", style="yellow") for name, why in listed["unusable"].items()]
    return Group(*parts)


def checkpoint_details(facts: Mapping[str, Any]) -> RenderableType:
    """Shows one checkpoint.

    Args:
        facts: A `CheckpointFacts` as a dictionary.
    """
    one, environment = facts["checkpoint"], facts["checkpoint"]["environment"]
    n = environment["world_size"]
    processes = (
        f"{n} process{'es' if n > 1 else ''} of {environment['n_threads']} threads, batch {environment['batch']}"
    )
    rows = {
        "step": f"{count(one['step'])} (epoch {one['epoch']:.2f})",
        "run": one["run"],
        "written": moment(one["created"]),
        "logged": ", ".join(f"{name} {small(value)}" for name, value in one["metrics"].items()) or NOT_DEFINED,
        "best by": f"{one['metric']}, {'more' if one['greater_is_better'] else 'less'} is better",
        "recipe": one["recipe"],
        "data": one["data"],
        "computed": f"{environment['device']} ({environment['hardware']}), {environment['dtype']}, {processes}",
        "versions": ", ".join(f"{name} {version}" for name, version in environment["versions"].items()),
    }
    grid = Table.grid(padding=(0, 2))
    for name, text in rows.items():
        grid.add_row(Text(name, style="bold"), Text(text))
    files = Table("file", "size", "sha-256", box=None, pad_edge=False)
    files.columns[1].justify = "right"
    for file in one["files"]:
        files.add_row(file["file"], size(file["bytes"]), file["sha256"][:16])
    verdict = Text(f"{len(one['files'])} files, {size(_bytes(one))}: every byte as it was written")
    if facts["faults"]:
        verdict = Text("\n".join(facts["faults"]), style="red")
    return Group(Text(str(facts["path"]), style="bold"), grid, Text(), files, verdict)


def checkpoint_comparison(compared: Mapping[str, Any]) -> RenderableType:
    """Puts two checkpoints side by side: the records, the metrics, the weights, the other files.

    Args:
        compared: A `Comparison` as a dictionary.
    """
    table = Table("", "a", "b", box=None, pad_edge=False)
    for name, (a, b) in compared["facts"].items():
        table.add_row(Text(name, style="bold"), _text(a), _text(b))
    for name, (a, b) in compared["metrics"].items():
        table.add_row(Text(name, style="bold"), small(a), small(b))
    heads = [Text.assemble((f"{letter}  ", "bold"), str(compared[letter])) for letter in ("a", "b")]
    parts: list[RenderableType] = [*heads, Text(), table, Text(), *_weights(compared["tensors"], compared["unlike"])]
    same = [name for name, is_same in compared["files"].items() if is_same]
    other = [name for name, is_same in compared["files"].items() if not is_same]
    for names, said in ((same, "the same bytes"), (other, "other bytes")):
        if names:
            parts.append(Text(f"{said}: {', '.join(names)}"))
    return Group(*parts)


def _weights(tensors: Sequence[Mapping[str, Any]], unlike: Sequence[str]) -> list[RenderableType]:
    differing = sorted((one for one in tensors if not one["equal"]), key=lambda one: -(one["relative"] or 0))
    said = f"{len(tensors) - len(differing)} of {len(tensors)} tensors are equal bit by bit"
    parts: list[RenderableType] = [Text(said, style="bold")]
    if differing:
        table = Table("tensor", "shape", "max |b - a|", "‖b - a‖ / ‖a‖", box=None, pad_edge=False)
        for column in (2, 3):
            table.columns[column].justify = "right"
        for one in differing[:MOST_TENSORS]:
            shape = " × ".join(map(str, one["shape"]))
            table.add_row(Text(one["name"], overflow="fold"), shape, small(one["largest"]), small(one["relative"]))
        parts.append(table)
        if len(differing) > MOST_TENSORS:
            parts.append(Text(f"and {len(differing) - MOST_TENSORS} more; --json gives all of them"))
    return [*parts, *(Text(text, style="yellow") for text in unlike)]


def _bytes(checkpoint: Mapping[str, Any]) -> int:
    return sum(file["bytes"] for file in checkpoint["files"])


def _text(value: object) -> str:
    return NOT_DEFINED if value is None else str(value)


def change_text(kind: str, done: Mapping[str, Any]) -> str:
    """Says what an action did.

    Args:
        kind: Name of its result: ``Pruned``, ``RolledBack``, ``Packed``, ``Pushed`` or ``Pulled``.
        done: The result as a dictionary.
    """
    return {"Pruned": _pruned, "RolledBack": _rolled_back, "Packed": _packed, "Pushed": _pushed, "Pulled": _pulled}[
        kind
    ](done)


def _pruned(done: Mapping[str, Any]) -> str:
    lines = [
        f"removed {_steps(done['removed'])}, {size(done['freed_bytes'])}" if done["removed"] else "nothing to remove",
        f"kept {_steps(done['kept'])}",
    ]
    if done["needed"]:
        lines.append("(a run that is not at its end keeps its newest, to go on from, and its best)")
    return "\n".join(lines)


def _rolled_back(done: Mapping[str, Any]) -> str:
    lines = [f"{done['run']} stands at step {done['step']}"]
    lines += [f"{name}/ holds its weights" for name in done["results"]]
    if done["aside"]:
        lines.append(f"set aside, in checkpoints/aside: {_steps(done['aside'])}")
    return "\n".join([*lines, "go on from there: sdp finetune --resume " + str(done["run"])])


def _packed(done: Mapping[str, Any]) -> str:
    sizes = f"{size(done['n_bytes'])} of {size(done['unpacked_bytes'])}"
    return f"wrote {done['file']}: {_steps(done['steps'])}, {sizes}\nunpack it: sdp checkpoint pull {done['file']}"


def _pushed(done: Mapping[str, Any]) -> str:
    there = f", {count(done['n_there'])} were there already" if done["n_there"] else ""
    sent = f"{count(done['n_files'])} files sent, {size(done['n_bytes'])}{there}; each read back and compared"
    return f"{done['url']} holds {_steps(done['steps'])}\n{sent}"


def _pulled(done: Mapping[str, Any]) -> str:
    lines = [f"{done['run']} holds {_steps(done['steps'])}, {done['status']}"]
    if done["status"] != "complete":
        lines.append(f"go on with it: sdp finetune --resume {done['run']}")
    return "\n".join(lines)


def _steps(steps: Sequence[int]) -> str:
    return f"step{'s' if len(steps) > 1 else ''} {', '.join(map(str, steps))}" if steps else "no checkpoint"
