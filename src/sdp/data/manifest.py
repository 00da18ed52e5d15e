"""The manifest: what a data folder holds and how it was made. A folder is complete when it is there."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sdp.data.atomic import write_text
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


class PhrasingFacts(_Part):
    """One phrasing."""

    hash: str
    text: str
    where: str
    held_out: bool


class WordsFacts(_Part):
    """The lexicon."""

    source: str
    language: str
    n_words: int
    hash: str
    licence: str
    attribution: str
    stemmer: str | None


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
    """Reason and number of rows that were made, refused and replaced."""
    packages: dict[str, str]

    def save(self, folder: Path) -> None:
        """Writes the manifest, last of all files."""
        write_text(folder / NAME, self.model_dump_json(indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Reads the manifest of a folder.

        Raises:
            InputError: It is not there, or is none.
        """
        path = folder / NAME
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise InputError(
                f"'{folder}' holds no finished data set: it has no {NAME}",
                where=str(folder),
                hint="make one with `sdp generate`, or let the same command finish a broken-off one",
            ) from error
        except (OSError, ValidationError, ValueError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise InputError(f"the manifest cannot be read: {reason}", where=str(path)) from error
