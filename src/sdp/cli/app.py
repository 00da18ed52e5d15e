"""The ``sdp`` command: a group of verbs, each imported only when it runs or its help is asked for."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sdp import __version__
from sdp.cli.commands import HELP_FLAGS, load_command
from sdp.cli.settings import load_settings
from sdp.cli.table import VERBS

EPILOG = "sdp VERB --help says more. Exit codes: 0 done, 1 a check failed, 2 usage, 3 input, 4 plugin, 5 missing."


class LazyVerb(TyperCommand):
    """Stands for a verb in the group's table, so that listing and "Did you mean" import nothing."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Hands over to the verb's own command, with the defaults that sdp.toml sets for it."""
        verb = str(self.name)
        # A broken sdp.toml must not keep anybody from reading the help.
        if not extra.get("resilient_parsing") and not set(HELP_FLAGS) & set(args):
            extra["default_map"] = load_settings(Path.cwd()).default_map(verb)
        return load_command(verb).make_context(info_name, args, parent=parent, **extra)


def build_group() -> TyperGroup:
    """Makes the ``sdp`` command.

    Returns:
        A group whose commands are stand-ins.
    """
    app = typer.Typer(
        rich_markup_mode=None,
        epilog=EPILOG,
        context_settings={"help_option_names": list(HELP_FLAGS)},
        subcommand_metavar="VERB [ARGS]...",
    )
    app.callback()(_root)
    group = get_command(app)
    if not isinstance(group, TyperGroup):
        raise TypeError("a Typer app with a callback makes a group")
    for name, verb in VERBS.items():
        group.add_command(LazyVerb(name, help=verb.help, short_help=verb.help, rich_markup_mode=None))
    return group


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sdp {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error; also SDP_DEBUG=1.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show a run's log on stderr; also SDP_LOG=LEVEL.")] = False,
) -> None:
    """Does training a model on one skill make another skill better? Make the data, train, measure, compare."""
    del version, debug, verbose  # --version acts in its callback; main() reads the others wherever they stand
