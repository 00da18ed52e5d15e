"""`sdp export --push-to-hub`: a data set, or an export of it, with its card, in one commit."""

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdp.data.card import data_card
from sdp.data.dataset import TaskFolder
from sdp.data.figures import NAME as FIGURE
from sdp.data.hub import Hub, Pushed
from sdp.data.manifest import NAME
from sdp.errors import InputError
from sdp.progress import SILENT, Progress
from sdp.synthesis.write import example_of

CARD = "README.md"
_FRONT = re.compile(r"---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)(?P<body>.*)", re.DOTALL | re.MULTILINE)
_REPAIR = "repair it, or remove it"


@dataclass(frozen=True, slots=True)
class PushRequest:
    """Where to."""

    repo: str
    """``NAME``, or ``OWNER/NAME``."""
    private: bool = False
    url: str | None = None
    """Of another hub than ``HF_ENDPOINT`` or huggingface.co."""
    overwrite: bool = False
    """Replaces a data set that is there."""


def push(
    hub: Hub,
    request: PushRequest,
    source: TaskFolder,
    folder: Path,
    names: Sequence[Path] | None,
    progress: Progress = SILENT,
) -> Pushed:
    """Puts files onto the hub.

    Args:
        hub: Where to.
        request: How.
        source: The data set.
        folder: Holds the files; of a data set in a store an empty one, which they are fetched into.
        names: Of an export's files, relative to `folder`; None: the data set itself.
        progress: Shows megabytes.

    Returns:
        What is there now.

    Raises:
        InputError: Something else is there, or the data set's card cannot be read.
        ResourceError: The hub does not take it.
    """
    if names is None:
        files = _of_data_set(source, folder)
        return _send(hub, files, request, progress)
    files = {name.as_posix(): folder / name for name in names}
    if CARD in files:
        return _send(hub, files, request, progress)
    card = folder.with_name(f".{folder.name}.card")
    try:
        card.write_text(card_of_export(source, names), encoding="utf-8", newline="\n")
        return _send(hub, {**files, CARD: card}, request, progress)
    finally:
        card.unlink(missing_ok=True)


def card_of_export(source: TaskFolder, names: Iterable[Path]) -> str:
    """Writes the data set's card for files of another format: the front matter says which file is which split."""
    described, body = _card(source)
    splits = {name.stem: name.as_posix() for name in names}
    data_files = [{"split": split, "path": splits[split]} for split in source.manifest.splits if split in splits]
    described["configs"] = [{"config_name": "default", "data_files": data_files}]
    above = "The files here are an export (`sdp export`) of the data set that is described below.\n"
    front = yaml.safe_dump(described, sort_keys=False, allow_unicode=True)
    return f"---\n{front}---\n\n{above}{_without_figure(body)}"


def _card(source: TaskFolder) -> tuple[dict[str, Any], str]:
    """Gives front matter and text of the data set's card, which people edit; what is missing there is made."""
    made = data_card(source.manifest, example_of(source.place, source.manifest))
    text = made if source.place.size(CARD) is None else _text(source)
    where = f"{source.place}/{CARD}"
    found = _FRONT.match(text)
    front, body = (found["front"], found["body"]) if found else (made.split("---\n", 2)[1], text)
    try:
        described = yaml.safe_load(front) or {}
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none
        said = str(error).partition("\n")[0]
        raise InputError(f"the front matter of {CARD} is not YAML: {said}", where=where, hint=_REPAIR) from error
    if not isinstance(described, dict):
        raise InputError(f"the front matter of {CARD} is no list of 'name: value'", where=where, hint=_REPAIR)
    return described, body


def _text(source: TaskFolder) -> str:
    try:
        text = source.place.read(CARD).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{CARD} is not UTF-8", where=f"{source.place}/{CARD}", hint=_REPAIR) from error
    return text.replace("\r\n", "\n")


def _without_figure(body: str) -> str:
    """The picture stays with the data set; its numbers stand in the card anyway."""
    return "\n".join(line for line in body.split("\n") if f"]({FIGURE})" not in line)


def _of_data_set(source: TaskFolder, folder: Path) -> dict[str, Path]:
    """Lists manifest, card, picture and shards; refused rows stay here."""
    place = source.place
    beside = [name for name in (CARD, FIGURE) if place.size(name) is not None]
    if CARD in beside:
        _text(source)
    names = [NAME, *beside, *(shard.file for shard in source.manifest.shards)]
    for name in names if not place.is_local else []:
        with place.open(name) as there, (folder / name).open("wb") as here:
            shutil.copyfileobj(there, here, 1 << 20)
    return {name: folder / name for name in names}


def _send(hub: Hub, files: dict[str, Path], request: PushRequest, progress: Progress) -> Pushed:
    megabyte = 1_000_000
    total = sum(path.stat().st_size for path in files.values()) / megabyte
    with progress.bar(f"push {hub.repo}", total, "MB") as bar:
        return hub.push(
            files,
            private=request.private,
            overwrite=request.overwrite,
            advance=lambda n_bytes: bar.advance(n_bytes / megabyte),
        )
