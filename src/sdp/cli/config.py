"""sdp config."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sdp.cli.commands import load_command, options_of, variable
from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.cli.settings import load_settings
from sdp.cli.table import VERBS
from sdp.plugins.project import FILE

if TYPE_CHECKING:
    from rich.console import RenderableType

Origin = Literal["flag", "environment", "sdp.toml", "default"]
ORIGINS: dict[str, Origin] = {"COMMANDLINE": "flag", "ENVIRONMENT": "environment", "DEFAULT_MAP": FILE}


@dataclass(frozen=True)
class Setting:
    """One option of one verb."""

    verb: str
    option: str
    value: Any
    origin: Origin
    variable: str


def run(
    context: typer.Context,
    action: Annotated[Literal["show"], typer.Argument(help="What to do.")] = "show",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Shows every option's value and where it comes from: flag > environment > sdp.toml > default."""
    del action, quiet
    settings = load_settings(Path.cwd())
    result = [setting for verb in VERBS for setting in _settings(verb, settings.default_map(verb), context)]
    emit({"settings": result}, as_json=json, render=lambda _: _table(result))


def _settings(verb: str, default_map: dict[str, Any], own: typer.Context) -> list[Setting]:
    command = load_command(verb)
    # Resilient: a verb's required arguments are not given here.
    parsed = command.make_context(verb, [], default_map=default_map, resilient_parsing=True)
    context = own if verb == own.info_name else parsed
    found = []
    for option, param in options_of(command).items():
        source = context.get_parameter_source(param.name)
        origin = ORIGINS.get(source.name if source else "", "default")
        value = context.params[param.name]
        found.append(Setting(verb, option, value if value != () else [], origin, variable(verb, option)))
    return found


def _table(settings: list[Setting]) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table("verb", "option", "value", "from", box=None)
    for setting in settings:
        origin = setting.variable if setting.origin == "environment" else setting.origin
        value = "" if setting.value in (None, []) else str(setting.value)
        style = "dim" if setting.origin == "default" else "bold"
        table.add_row(setting.verb, setting.option, Text(value), Text(origin), style=style)
    return table
