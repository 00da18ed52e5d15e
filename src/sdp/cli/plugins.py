"""sdp plugins."""

from typing import TYPE_CHECKING

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.errors import PluginError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.plugins import PluginList


def run(json: JsonFlag = False, quiet: Quiet = False) -> None:
    """Lists the plugins, what each brings, and why one did not load.

    A broken plugin stops nothing else. SDP_PLUGINS=a,b loads these alone, SDP_PLUGINS= none but the built-in one.
    """
    from sdp.workflows.plugins import list_plugins

    del quiet  # there is nothing to be quiet about
    result = list_plugins()
    emit(result, as_json=json, render=_table)
    if result.clashes:
        hint = "uninstall one of them, or name those to load in SDP_PLUGINS"
        raise PluginError("; ".join(result.clashes), hint=hint)


def _table(result: "PluginList") -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table("plugin", "package", "version", "status", "what it brings, and what does not work", box=None)
    for plugin in result.plugins:
        brings = [f"{kind}: {', '.join(names)}" for kind, names in plugin.provides.items()]
        color = {"loaded": "green", "off": "dim"}.get(plugin.status, "red")
        lines = Text("\n".join([*brings, *plugin.reasons]))
        table.add_row(plugin.name, plugin.distribution, plugin.version, Text(plugin.status, style=color), lines)
    return table
