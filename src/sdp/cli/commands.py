"""Turns a verb's ``run`` function into a Typer command, and names its options."""

import inspect
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperOption
from typer.main import get_command

from sdp.cli.table import VERBS

HELP_FLAGS = ("--help", "-h")


@cache
def load_command(verb: str) -> TyperCommand:
    """Imports the verb's module and builds its command.

    Every option gets its environment variable here, named after the flag: Typer's automatic names follow the Python
    parameter, so ``--json`` of a parameter ``as_json`` would be read from ``SDP_SHOW_AS_JSON``.

    Args:
        verb: A name in `VERBS`.

    Returns:
        The command, not yet parsed.
    """
    run = import_module(VERBS[verb].module).run
    # Google sections are for readers of the code.
    text = inspect.cleandoc(run.__doc__ or VERBS[verb].help).partition("\nArgs:")[0].strip()
    epilog = f"Options may also come from sdp.toml, [{verb}], and from the environment, SDP_{verb.upper()}_<OPTION>."
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(verb, help=text, epilog=epilog, context_settings={"help_option_names": list(HELP_FLAGS)})(run)
    command = get_command(app)
    if not isinstance(command, TyperCommand):
        raise TypeError(f"{VERBS[verb].module}.run does not make a Typer command")
    for name, option in options_of(command).items():
        option.envvar = variable(verb, name)
        option.show_envvar = False  # the epilog says it once
    return command


def options_of(command: TyperCommand) -> dict[str, TyperOption]:
    """Names the options as sdp.toml does: the long flag without dashes in front, ``_`` for ``-``.

    Args:
        command: A verb's command.

    Returns:
        Option by name, in the order of the help page; ``--help`` is not among them.
    """
    named = {}
    for param in command.params:
        if isinstance(param, TyperOption) and param.expose_value:
            long = next((flag for flag in param.opts if flag.startswith("--")), param.name)
            named[long.lstrip("-").replace("-", "_")] = param
    return named


def variable(verb: str, option: str) -> str:
    """Names the environment variable of one option."""
    return f"SDP_{verb}_{option}".upper()
