"""The one place where errors become text and an exit code."""

import json
import sys
import traceback
from pathlib import Path
from typing import Final

import typer

import sdp
from sdp.errors import ExitCode, SdpError

PACKAGE: Final = Path(sdp.__file__).parent


def report(error: Exception, *, as_json: bool, debug: bool) -> ExitCode:
    """Prints an error to stderr.

    Args:
        error: What ended the command.
        as_json: Print one JSON object instead of text.
        debug: Print the traceback first.

    Returns:
        What the process is to return.
    """
    if debug:
        traceback.print_exception(error)
    failure, code = describe(error), exit_code(error)
    if as_json:
        fields = {"kind": type(error).__name__, "what": failure.what, "where": failure.where, "hint": failure.hint}
        text = json.dumps({"error": {**fields, "exit_code": int(code)}}, ensure_ascii=False)
    else:
        text = f"sdp: error: {failure}"
    sys.stderr.write(text + "\n")
    return code


def describe(error: Exception) -> SdpError:
    """Says what, where and what to do for any error."""
    if isinstance(error, SdpError):
        return error
    if isinstance(error, typer.TyperException):
        ctx = getattr(error, "ctx", None)
        command = ctx.command_path if ctx else "sdp"
        return SdpError(error.format_message().rstrip("."), hint=f"{command} --help")
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)] or frames
    where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else None
    what = f"this is a bug in sdp: {traceback.format_exception_only(error)[-1].strip()}"
    return SdpError(what, where=where, hint="the same command with --debug shows the whole traceback; please report it")


def exit_code(error: Exception) -> ExitCode:
    """Gives the exit code of any error."""
    if isinstance(error, SdpError):
        return error.exit_code
    return ExitCode.USAGE if isinstance(error, typer.TyperException) else ExitCode.BUG
