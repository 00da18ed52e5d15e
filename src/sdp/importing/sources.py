"""From what a user names to the files and data sets that are read."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sdp.data.manifest import NAME as MANIFEST
from sdp.data.manifest import Manifest
from sdp.data.place import Place
from sdp.data.publish import check_whole
from sdp.data.stores import STORES
from sdp.errors import InputError, near
from sdp.importing import columnar, hugging_face
from sdp.importing.chunks import Chunk
from sdp.importing.delimited import read_delimited, sniffed
from sdp.importing.json_documents import choose, outline, read_json
from sdp.importing.json_lines import read_json_lines
from sdp.importing.opening import BLOCK, PACKED, blocks, file_size, is_url, reading, sha256_of_file, unpacked
from sdp.importing.split_names import split_in

FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow",
}  # fmt: skip
"""Ending → format."""
NAMES = tuple(dict.fromkeys(FORMATS.values()))
DATASET = "dataset"


@dataclass(frozen=True)
class Reading:
    """How files are read; what is not said is found out."""

    format: str | None = None
    delimiter: str | None = None
    records: str | None = None
    """Where in a JSON document the rows stand, such as ``data.examples``."""
    longest: int = 64 << 20
    """Bytes that a line, a cell or an object may have."""
    subset: str | None = None
    """Of a data set on the Hugging Face hub."""
    revision: str | None = None


@dataclass(frozen=True)
class Source:
    """One file, or one split of a data set."""

    name: str
    """As messages say it."""
    format: str
    packing: str = ""
    split: str | None = None
    """What its name says, in its own word."""
    how: Reading = field(default_factory=Reading)
    dataset: Any = field(default=None, compare=False)
    paths: tuple[str, ...] = ()
    """Where in a JSON document the rows stand."""

    @property
    def size(self) -> int:
        """Bytes as it lies there; rows of a data set that `datasets` holds."""
        return int(self.dataset.num_rows) if self.dataset is not None else file_size(self.name)

    @property
    def says_split(self) -> bool:
        """Whether its name, or the names of the lists in it, say a split that we know."""
        return len(self.paths) > 1 or split_in(self.split or "") is not None

    @property
    def said(self) -> str:
        """Its format, in words."""
        parts = [self.format]
        if self.how.delimiter not in (None, ",", "\t"):
            parts.append(f"cells between '{self.how.delimiter}'")
        parts += [f"rows in {path}[]" for path in self.paths if path]
        return ", ".join([*parts, *([self.packing] if self.packing else [])])

    def chunks(self) -> Iterator[Chunk]:
        """Reads it from its beginning."""
        if self.dataset is not None:
            return columnar.read_dataset(self.dataset)
        if self.format in ("parquet", "arrow"):
            return columnar.read_parquet(self.name) if self.format == "parquet" else columnar.read_arrow(self.name)
        return self._text_chunks()

    def _text_chunks(self) -> Iterator[Chunk]:
        with unpacked(self.name, self.packing) as handle:
            parts = blocks(handle, self.name)
            if self.format == "jsonl":
                yield from read_json_lines(parts, self.name, self.how.longest)
            elif self.format == "json":
                yield from read_json(parts, self.name, self.how.longest, list(self.paths))
            else:
                yield from read_delimited(parts, self.name, self.how.longest, self.how.delimiter or ",")

    def sha256(self, advance: Callable[[int], object]) -> str:
        """Hashes its content."""
        if self.dataset is not None:
            digest = sha256()
            for file in self.dataset.cache_files:
                digest.update(sha256_of_file(file["filename"], lambda _: None).encode())
            advance(self.size)
            return digest.hexdigest()
        return sha256_of_file(self.name, advance)


def find_sources(names: list[str], how: Reading) -> list[Source]:
    """Finds what is to be read, and looks into each file as far as its layout is in question.

    Args:
        names: Files, folders, URLs, or names of data sets on the Hugging Face hub.
        how: What is known of them.

    Raises:
        InputError: There is no such file, its format is not known, or it is empty.
        ResourceError: A data set cannot be loaded.
    """
    found = [source for name in names for source in _of_name(name, how)]
    if not found:
        raise InputError("there is nothing to import", hint="name a file, a folder, or a data set on the hub")
    return [_looked_into(source) for source in found]


def _of_name(name: str, how: Reading) -> list[Source]:
    if is_url(name):
        return _of_url(name, how)
    path = Path(name).expanduser()
    if path.is_file():
        return [_of_file(str(path), how)]
    if path.is_dir():
        return _of_folder(path, how)
    if _format(path.name) or path.is_absolute() or not hugging_face.may_be_name(name):
        there = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = near(path.name, there).partition("? ")[0] + "?" if near(path.name, there).startswith("did") else None
        raise InputError(f"there is no file '{name}'", where=str(path.parent), hint=hint)
    return _of_datasets(name, hugging_face.from_hub(name, how.subset, how.revision), how)


def _of_url(name: str, how: Reading) -> list[Source]:
    is_file, in_store = how.format or _format(_last(name)), name.partition(":")[0].lower() in STORES
    if in_store:
        check_whole(Place.of(name.rpartition("/")[0] if is_file else name))
    if is_file or not in_store:
        return [_of_file(name, how)]
    inside = Place.of(name).names()
    files = [file for file in inside if _format(file)]
    if MANIFEST in inside:
        return _of_our_own(Place.of(name), how)
    if not files:
        raise InputError(f"'{name}' holds no file that can be read", where=name, hint=f"formats are {', '.join(NAMES)}")
    return [_of_file(f"{name.rstrip('/')}/{file}", how) for file in files]


def _of_folder(path: Path, how: Reading) -> list[Source]:
    return _inside(path, how) or _of_datasets(str(path), hugging_face.from_folder(path), how)


def _inside(path: Path, how: Reading, split: str | None = None) -> list[Source]:
    """Finds what a folder and those in it hold, by name; a file that says no split is in that of its folder."""
    if (path / MANIFEST).is_file():
        return _of_our_own(Place.of(path), how)
    if hugging_face.is_saved(path):
        return _of_datasets(str(path), hugging_face.from_folder(path), how)
    found = []
    for entry in sorted(path.iterdir()):
        if entry.name.startswith((".", "__")) or entry.name in hugging_face.NO_DATA:
            continue
        if entry.is_dir():
            found += _inside(entry, how, split_in(entry.name) or split)
        elif _format(entry.name):
            source = _of_file(str(entry), how)
            found.append(replace(source, split=source.split or split))
    return found


def _of_our_own(place: Place, how: Reading) -> list[Source]:
    """Reads a data set of sdp shard by shard."""
    shards = Manifest.load(place).shards
    return [Source(f"{place}/{shard.file}", "parquet", split=shard.split, how=how) for shard in shards]


def _of_datasets(name: str, splits: dict[str, Any], how: Reading) -> list[Source]:
    return [
        Source(f"{name}[{split}]", DATASET, split=split, how=how, dataset=dataset) for split, dataset in splits.items()
    ]


def _format(name: str) -> str | None:
    return FORMATS.get(Path(_bare(name)).suffix.lower())


def _bare(name: str) -> str:
    """Takes off the ending that says how a file is packed."""
    ending = Path(name).suffix.lower()
    return name[: -len(ending)] if ending in PACKED else name


def _last(url: str) -> str:
    """Gives the file's name of a path or URL, without what is asked of a server behind it."""
    return url.rpartition("/")[2].partition("?")[0]


def _of_file(url: str, how: Reading) -> Source:
    name = _last(url)
    kind = how.format or _format(name)
    if kind is None:
        raise InputError(
            f"'{name}' does not say its format", where=url, hint=f"add --format; formats are {', '.join(NAMES)}"
        )
    packing = PACKED.get(Path(name).suffix.lower(), "")
    return Source(url, kind, packing, split_in(_bare(name)), how)


def _looked_into(source: Source) -> Source:
    """Finds out what the name alone does not say: JSON or JSON Lines, the delimiter, where the rows stand."""
    if source.dataset is not None or source.format in ("parquet", "arrow"):
        return source
    with unpacked(source.name, source.packing) as handle, reading(source.name):
        start = _start(handle)
    if not start.strip():
        raise InputError("the file is empty", where=source.name)
    if source.how.format is None and source.format in ("json", "jsonl"):
        source = replace(source, format="jsonl" if _is_json_lines(start, source.format) else "json")
    if source.format in ("csv", "tsv") and source.how.delimiter is None:
        head = start.decode(errors="replace").partition("\n")[0]
        source = replace(source, how=replace(source.how, delimiter="\t" if source.format == "tsv" else sniffed(head)))
    if source.format == "json":
        with unpacked(source.name, source.packing) as handle:
            found = outline(blocks(handle, source.name), source.name, source.how.longest)
        source = replace(source, paths=tuple(choose(found, source.name, source.how.records)))
    return source


def _start(handle: Any) -> bytes:
    """Reads the beginning of an open file, past leading white space."""
    start = b""
    while len(start.strip()) < BLOCK and (more := handle.read(BLOCK)):
        start = start.lstrip() + bytes(more)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def _is_json_lines(start: bytes, said: str) -> bool:
    """Tells one object per line from one document, whatever the file is called; its name decides where both may be."""
    if not start.startswith(b"{"):
        return said == "jsonl" and not start.startswith(b"[")
    first, _, rest = start.partition(b"\n")
    if not rest.strip():  # one line, or one that is longer than what was read
        return said == "jsonl"
    try:
        json.loads(first)
    except ValueError:
        return said == "jsonl"
    return True
