"""The manifest: what a data folder holds and how it was made. A folder is complete when it is there."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sdp import __version__
from sdp.data.place import Place
from sdp.errors import InputError

NAME = "manifest.json"
FORMAT = 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shard(_Part):
    """One Parquet file."""

    file: str
    split: str
    rows: int
    bytes: int
    sha256: str


class SplitFacts(_Part):
    """What one split holds."""

    rows: int
    keys: int
    """Distinct words."""
    families: int
    capacity: int | None
    """Distinct rows that could have been made; None for an open task."""
    floor_answer: str
    """The commonest answer …"""
    floor: float
    """… and its share: what always guessing it scores."""
    n_answers: int = 0
    """Distinct answers; 0 in a manifest that was written before they were counted."""
    uniform_floor: float = 0.0
    """1 / `n_answers`: what guessing blindly among the answers scores."""
    strata: dict[str, int] = {}
    """Kind of question → rows, in the order of the task. Empty for an open task, which has no kinds."""
    lengths: dict[Annotated[str, Field(pattern=r"^\d+$")], int] = {}
    """Letters of the key → rows."""
    top_answers: dict[str, int] = {}
    """The ten commonest answers → rows, the commonest first."""


class PhrasingFacts(_Part):
    """One phrasing."""

    hash: str
    text: str
    where: str
    held_out: bool
    family: str = ""
    """direct, polite, persona …: the file it stands in."""


class WordsPart(_Part):
    """One of the sources that a lexicon is put together from."""

    source: str
    language: str
    n_words: int
    """That no part before it had."""
    licence: str
    attribution: str
    stemmer: str | None = None
    note: str = ""
    """What a reader should know of these words, one sentence without a full stop."""


class WordsFacts(_Part):
    """The lexicon."""

    source: str
    language: str
    n_words: int
    hash: str
    licence: str
    attribution: str
    stemmer: str | None
    n_skipped: int = 0
    """Lines of the sources that hold something, but no usable word."""
    parts: list[WordsPart] = []
    """Where the source names several, joined with ``+``: each with its own licence. Else empty."""

    @property
    def sources(self) -> list[WordsPart]:
        """The parts; a lexicon that is not put together is its own only part."""
        return self.parts or [WordsPart(**self.model_dump(include=set(WordsPart.model_fields)))]


class ImportedFile(_Part):
    """One of the files that rows were imported from."""

    name: str
    format: str
    shape: str
    mapping: dict[str, str]
    """Part of a row → the fields it came from."""
    sha256: str


class ImportStep(_Part):
    """One step that imported rows went through."""

    step: str
    n_in: int
    n_out: int
    n_changed: int = 0
    reasons: dict[str, int] = {}
    """Why rows were left out → how many."""
    added: dict[str, int] = {}
    """What rows were added by → how many."""


class ImportFacts(_Part):
    """Where imported rows came from, and what was done to them."""

    files: list[ImportedFile]
    meta: dict[str, str]
    """Meta field → its Arrow type."""
    oracle: bool
    """Whether the rows hold all that the oracle of the installed task needs."""
    missing: str = ""
    """What they lack for that."""
    splits: str
    """hash: by family, as generated data. own: as the files said. Else the one split that all rows are in."""
    steps: list[ImportStep]


class Manifest(_Part):
    """Everything needed to make the same bytes again, and to notice when they are not the same."""

    format: int = FORMAT
    task: str
    generator_version: int
    fingerprint: str
    """Of the settings and of all that they refer to: equal fingerprints give equal bytes."""
    settings: dict[str, Any]
    words: WordsFacts | None
    phrasings: list[PhrasingFacts]
    splits: dict[str, SplitFacts]
    shards: list[Shard]
    rejects: dict[str, int]
    """Reason and number of rows that were made, refused and replaced; of imported data, that were left out."""
    packages: dict[str, str]
    imported: ImportFacts | None = None
    """Of data that was not generated."""

    def save(self, folder: Path | Place) -> None:
        """Writes the manifest, last of all files."""
        _place(folder).write_text(NAME, self.model_dump_json(indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path | Place) -> "Manifest":
        """Reads the manifest of a folder.

        Raises:
            InputError: It is not there, or is none.
        """
        place = _place(folder)
        try:
            found = json.loads(_text_in(place))
            if isinstance(found, dict) and found.get("format", FORMAT) != FORMAT:
                raise _of_another_version(found, f"{place}/{NAME}")
            return cls.model_validate(found)
        except FileNotFoundError as error:
            raise InputError(
                f"'{folder}' holds no finished data set: it has no {NAME}",
                where=str(folder),
                hint="make one with `sdp generate`, or let the same command finish a broken-off one",
            ) from error
        except (OSError, ValidationError, ValueError) as error:
            reason = str(error)
            if isinstance(error, ValidationError):
                first = error.errors()[0]
                reason = f"{first['msg']}: '{'.'.join(map(str, first['loc']))}'"
            raise InputError(
                f"the manifest cannot be read: {reason}", where=f"{place}/{NAME}", hint=_ANOTHER_VERSION
            ) from error


_ANOTHER_VERSION = "if another version of sdp wrote it, use that one, or make the data set again with --overwrite"


def _of_another_version(found: dict[str, Any], where: str) -> InputError:
    packages = found.get("packages")
    version = packages.get("sdp", "?") if isinstance(packages, dict) else "?"
    what = f"the manifest is of format {found['format']}, written by sdp {version}"
    return InputError(f"{what}; this is sdp {__version__}, format {FORMAT}", where=where, hint=_ANOTHER_VERSION)


def _text_in(place: Place) -> bytes:
    if place.is_local and not place.path.is_dir():  # nowhere, or a file
        raise FileNotFoundError(NAME)
    return place.read(NAME)


def _place(folder: Path | Place) -> Place:
    return folder if isinstance(folder, Place) else Place.of(folder)
