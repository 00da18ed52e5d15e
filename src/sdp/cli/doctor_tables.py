"""What `sdp doctor` shows to people."""

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sdp.finetuning.machine.dtypes import DtypeFacts
    from sdp.workflows.doctor import DoctorResult, Examination, Machine

COLORS: Final = {"ok": "green", "FAILED": "bold red", "not judged": "dim"}
GIB: Final = 2**30
SLOWER: Final = 1.1
"""A number format that is not this much faster than float32 is not worth its rounding."""


def doctor_tables(result: "DoctorResult") -> RenderableType:
    """The machine, then the probes of a model."""
    parts = _machine(result.machine)
    return Group(*parts, *_examination(result.examination)) if result.examination else Group(*parts)


def _machine(machine: "Machine") -> list[RenderableType]:
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    table = _table("device", "what", "memory free", "number formats, measured")
    for one in machine.devices:
        memory = f"{one.free_bytes / GIB:,.0f} of {one.memory_bytes / GIB:,.0f} GiB"
        cores = "" if one.cores is None else f", {one.cores} cores"
        formats = "\n".join(map(_dtype, machine.dtypes.get(one.kind, [])))
        table.add_row(one.kind, one.name + cores, memory, formats)
    extras = _table("extra", "installed", "otherwise")
    for extra in machine.extras:
        names = ", ".join(f"{name} {number}" if number else f"no {name}" for name, number in extra.packages.items())
        extras.add_row(
            extra.extra,
            Text(names, style="green" if extra.there else "dim"),
            Text("" if extra.there else extra.install),
        )
    disk = f"{machine.disk_free_bytes / GIB:,.0f} GiB free on disk"
    chosen = f"training runs on {machine.device}, frozen weights in {machine.dtype}; {disk}"
    return [Text(versions, style="dim"), table, Text(chosen), extras]


def _dtype(facts: "DtypeFacts") -> str:
    if facts.flops_per_s is None:
        return f"{facts.dtype}: no"
    giga = facts.flops_per_s / 1e9
    rate = f"{giga:,.0f} GFLOP/s" if giga >= 10 else f"{giga:.1g} GFLOP/s"  # noqa: PLR2004  (digits that matter)
    if facts.speed is None or facts.dtype == "float32":
        return f"{facts.dtype}: {rate}"
    worth = "faster" if facts.speed >= SLOWER else "not faster"
    return f"{facts.dtype}: {rate}, {facts.speed:.2g} × float32, {worth}"


def _examination(found: "Examination") -> list[RenderableType]:
    title = f"{found.model}: {found.parameters:,} parameters, prompt format {found.prompt_format}"
    table = _table("probe", "", "what was seen")
    for finding in found.findings:
        text = Text(finding.text)
        if finding.hint and finding.verdict == "FAILED":
            text.append(f"\ntry: {finding.hint}", style="dim")
        table.add_row(finding.probe, Text(finding.verdict, style=COLORS[finding.verdict]), text)
    path = "without padding" if found.stock_path is None else f"in padded batches: {found.stock_path}"
    return [Text(), Text(title, style="bold"), Text(f"trained {path}"), table]


def _table(*columns: str) -> Table:
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
