"""Lists the plugins."""

from dataclasses import dataclass

from sdp.plugins.manager import survey
from sdp.plugins.registry import PluginInfo


@dataclass(frozen=True)
class PluginList:
    """What ``sdp plugins`` shows."""

    plugins: tuple[PluginInfo, ...]
    """The built-in one first, then by name."""
    clashes: tuple[str, ...]
    """Each says which two distributions claim one name; no verb that needs plugins runs until it is settled."""


def list_plugins() -> PluginList:
    """Loads every plugin and says how that went.

    Returns:
        All of them, with the reason where one does not work.

    Raises:
        PluginError: ``SDP_PLUGINS`` names a plugin that is not installed.
    """
    registry = survey()
    return PluginList(registry.plugins, registry.clashes)
