"""sdp new."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sdp.cli.options import JsonFlag, Quiet
from sdp.cli.output import emit

if TYPE_CHECKING:
    from sdp.workflows.new_project import NewProject


def run(
    project: Annotated[Path, typer.Argument(help="A folder that is not there yet; its name is the study's name.")],
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Makes the folder of a study: generators, templates, validators, benchmarks, tests, and an sdp.toml.

    What is in it runs as it is, to be changed into what the study is about. Only what sdp.toml lists is ever loaded.
    """
    from sdp.workflows.new_project import NewProjectRequest, new_project

    del quiet  # there is nothing to be quiet about
    emit(new_project(NewProjectRequest(project)), as_json=json, render=_text)


def _text(made: "NewProject") -> str:
    files = "\n".join(f"  {path}" for path in made.files)
    steps = "\n".join(f"  {step}" for step in made.steps)
    return f"made {made.folder}:\n{files}\nnext:\n{steps}"
