"""What `sdp plugins` shows to people."""

from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from sdp.testing.case import Outcome
    from sdp.workflows.plugin_check import CheckedThing, CheckResult
    from sdp.workflows.plugin_show import PluginDetail, ShownThing, ShowResult
    from sdp.workflows.plugins import PluginList

COLORS: Final = {"loaded": "green", "off": "dim", "ok": "green", "n/a": "dim", "warned": "yellow"}
FEW: Final = 3
"""So many things are shown case by case; of more, only what failed."""
FASTNESS: Final = "says_how_fast_it_is"


def plugin_table(result: "PluginList") -> RenderableType:
    """One row per plugin: what it brings, and what does not work."""
    table = Table(
        "plugin", "package", "version", "status", "import", "what it brings, and what does not work", box=None
    )
    for plugin in result.plugins:
        brings = [f"{kind}: {', '.join(names)}" for kind, names in plugin.provides.items()]
        lines = Text("\n".join([*brings, *plugin.reasons]))
        status = Text(plugin.status, style=COLORS.get(plugin.status, "red"))
        took = "" if plugin.import_s is None else f"{plugin.import_s:.2f} s"
        table.add_row(plugin.name, plugin.distribution, plugin.version, status, took, lines)
    return table


def plugin_details(result: "ShowResult") -> RenderableType:
    """A block per plugin, and one per thing."""
    return Group(*[part for detail in result.details for part in _detail(detail)])


def _detail(detail: "PluginDetail") -> list[RenderableType]:
    plugin = detail.plugin
    took = "" if plugin.import_s is None else f", loaded in {plugin.import_s:.2f} s"
    head = f"{plugin.name}: {plugin.distribution} {plugin.version}".rstrip()
    lines = [Text(f"{head}, {plugin.status}{took}", style="bold"), Text(f"  {plugin.module}")]
    lines += [Text(f"  {reason}", style="red") for reason in plugin.reasons]
    folders = plugin.provides.get("template_dirs", ())
    lines += [Text(f"  phrasings in {folder}") for folder in folders]
    return [*lines, *[part for thing in detail.things for part in _shown(thing)]]


def _shown(thing: "ShownThing") -> list[RenderableType]:
    version = f", version {thing.version}" if thing.version else ""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(min_width=2)
    table.add_column(style="dim")
    table.add_column()
    for name, text in {**thing.facts, "where": thing.where}.items():
        table.add_row("", name, Text(text))
    doc = "\n".join(f"  {line}".rstrip() for line in thing.doc.splitlines())
    return [Text(""), Text(f"{thing.kind} {thing.name}{version}", style="bold"), Text(doc), table]


def check_tables(result: "CheckResult") -> RenderableType:
    """Every case of a few things, or a line for each of many, and all that failed."""
    things = [thing for thing in result.things if thing.kind != "plugins"]
    itself = [thing for thing in result.things if thing.kind == "plugins"]
    parts: list[RenderableType] = []
    if len(things) <= FEW:
        for thing in [*itself, *things]:
            parts += [_head(thing), _cases(thing.outcomes), Text("")]
    else:
        parts += [_overview([*itself, *things]), Text("")]
        for thing in [*itself, *things]:
            told = tuple(outcome for outcome in thing.outcomes if outcome.what)
            parts += [_head(thing), _cases(told), Text("")] if told else []
    verdict = f"{result.n_failed} of {result.n_cases} checks failed" if result.n_failed else "no check failed"
    counts = Counter(outcome.verdict for thing in result.things for outcome in thing.outcomes)
    parts.append(Text(f"{result.target}: {verdict} ({counts['ok']} ok, {counts['n/a']} without anything to ask)"))
    return Group(*parts)


def _head(thing: "CheckedThing") -> Text:
    return Text(f"{thing.kind.removesuffix('s')} {thing.name}  ({thing.where})", style="bold")


def _cases(outcomes: "tuple[Outcome, ...]") -> Table:
    table = Table("verdict", "check", "what was found, and how to mend it", box=None, pad_edge=False)
    for outcome in outcomes:
        found = outcome.note
        if outcome.what:
            found = f"{outcome.what}\n  at: {outcome.where}\n  try: {outcome.hint}"
        verdict = Text(outcome.verdict, style=COLORS.get(outcome.verdict, "bold red"))
        table.add_row(verdict, Text(outcome.case.replace("_", " ")), Text(found))
    return table


def _overview(things: "list[CheckedThing]") -> Table:
    table = Table("kind", "name", "ok", "n/a", "failed", "rows/s", box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for thing in things:
        counts = Counter(outcome.verdict for outcome in thing.outcomes)
        fast = next((one.note for one in thing.outcomes if one.case == FASTNESS), "").partition(" ")[0]
        failed = Text(str(counts["failed"]), style="bold red" if counts["failed"] else "dim")
        kind = thing.kind.removesuffix("s")
        table.add_row(kind, thing.name, str(counts["ok"]), str(counts["n/a"]), failed, fast)
    return table
