"""A folder's files by name, size and SHA-256, for folders that say no such thing themselves: an adapter, a data set."""

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sdp.errors import InputError
from sdp.runs.checkpoints.folder import hashed
from sdp.runs.checkpoints.record import FileFacts

NAME = "files.json"
_FILES = TypeAdapter(list[FileFacts])


def list_files(folder: Path) -> list[FileFacts]:
    """Hashes the files of a folder, in the order of their names; hidden ones are passed over."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
            found.append(FileFacts(file=name, bytes=path.stat().st_size, sha256=hashed(path)))
    return found


def to_text(files: list[FileFacts]) -> str:
    """Gives the text of files.json."""
    return json.dumps([file.model_dump() for file in files], indent=2, ensure_ascii=False) + "\n"


def parse(raw: bytes, where: str) -> list[FileFacts]:
    """Reads the text of files.json.

    Raises:
        InputError: It is damaged.
    """
    try:
        return _FILES.validate_json(raw)
    except ValidationError as error:
        raise InputError(f"{NAME} is damaged: {error.errors()[0]['msg']}", where=where, hint="push it again") from error
