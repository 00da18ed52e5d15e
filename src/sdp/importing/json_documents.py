"""JSON documents: a list of objects, at the top or inside wrappers, read element by element."""

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sdp.errors import InputError, near
from sdp.importing.chunks import Chunk, Fault, Record
from sdp.importing.json_lines import kind_of
from sdp.importing.lines import BOM, SHOWN
from sdp.importing.split_names import split_in

DEEPEST = 4
"""Wrappers inside wrappers that are looked into."""
USUAL = (
    "examples",
    "data",
    "rows",
    "instances",
    "items",
    "records",
    "questions",
    "samples",
    "conversations",
    "results",
)
"""Names under which the rows are looked for where a document holds several lists."""
TOP = ""
_raw = json.JSONDecoder().raw_decode
_SPACE = " \t\n\r"
_CUT = "it ends in the middle"
MOST_PLACES = 1000
"""Lists and wrappers in one document; more of them are rows that were taken for wrappers."""


@dataclass
class Found:
    """One place in a document that may hold the rows."""

    path: str
    n_objects: int = 0
    n_others: int = 0
    is_list: bool = True
    """Else an object whose values are the rows."""


class _Text:
    """The text of a document, as much of it as is needed now."""

    def __init__(self, blocks: Iterable[bytes], where: str, longest: int) -> None:
        self._blocks = iter(blocks)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._where, self._longest = where, longest
        self._text, self._at, self._line = "", 0, 1
        self._ended = self._begun = False

    @property
    def line(self) -> int:
        """Number of the line that is read."""
        return self._line

    def _more(self) -> bool:
        if self._ended:
            return False
        self._text, self._at = self._text[self._at :], 0
        # As much again as is there: a long value is then tried a few times, not once per block.
        wanted, parts = max(len(self._text), 1), []
        while wanted > 0 and (block := next(self._blocks, None)) is not None:
            if not self._begun:
                self._begun = True
                block = block.removeprefix(BOM)
            try:
                parts.append(self._decoder.decode(block))
            except UnicodeDecodeError as error:
                line = self._line + self._text.count("\n") + sum(part.count("\n") for part in parts)
                line += block.count(b"\n", 0, error.start)
                raise InputError("the file is not UTF-8", where=f"{self._where}:{line}") from error
            wanted -= len(parts[-1])
        self._ended = wanted > 0
        self._text += "".join(parts)
        return True

    def peek(self) -> str:
        """Gives the next character that is no space; nothing at the end."""
        while True:
            while self._at < len(self._text):
                if (character := self._text[self._at]) not in _SPACE:
                    return character
                self._line += character == "\n"
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Moves past one of some characters."""
        character = self.peek()
        if not character or character not in wanted:
            raise self.broken(f"expected {' or '.join(repr(one) for one in wanted)}")
        self._at += 1
        return character

    def value(self) -> Any:
        """Reads a whole value."""
        self.peek()
        while True:
            try:
                value, end = _raw(self._text, self._at)
                if end < len(self._text) or self._ended:  # a number may go on in the next block
                    self._line += self._text.count("\n", self._at, end)
                    self._at = end
                    return value
            except RecursionError:
                raise self.broken("it is nested too deeply") from None
            except json.JSONDecodeError as error:
                if self._ended:
                    cut = error.msg.startswith("Unterminated") or not self._text[error.pos :].strip()
                    self._line += self._text.count("\n", self._at, error.pos)
                    raise self.broken(_CUT if cut else error.msg) from error
            except ValueError:
                raise self.broken("a number has thousands of digits") from None
            if len(self._text) - self._at > self._longest:
                raise InputError(
                    f"one value is longer than {self._longest >> 20} MB, or is broken",
                    where=f"{self._where}:{self._line}",
                    hint="raise --max-line-mb if it is meant",
                )
            self._more()

    def broken(self, why: str) -> InputError:
        """Says where the document is no JSON."""
        if self._ended and not self._text[self._at :].strip():
            why = _CUT
        return InputError(f"the file is not JSON: {why}", where=f"{self._where}:{self._line}")


def outline(blocks: Iterable[bytes], where: str, longest: int) -> list[Found]:
    """Looks where in a document objects stand.

    Raises:
        InputError: It is no JSON.
    """
    text = _Text(blocks, where, longest)
    found: dict[str, Found] = {}
    for path, _, value, is_list in _walk(text, TOP, None, DEEPEST):
        place = found.setdefault(path, Found(path, is_list=is_list))
        if len(found) > MOST_PLACES:
            raise InputError("the rows are no list", where=where, hint="write them as a list, or one object per line")
        if isinstance(value, dict):
            place.n_objects += 1
        else:
            place.n_others += 1
    if text.peek():
        raise text.broken("something follows its end")
    return list(found.values())


def choose(found: list[Found], where: str, wanted: str | None) -> list[str]:
    """Chooses which places hold the rows.

    Args:
        found: From `outline`.
        where: The file.
        wanted: What the user said, such as ``data.examples``.

    Raises:
        InputError: None do, or it is not clear which.
    """
    lists = [place for place in found if place.n_objects and place.is_list]
    rows = lists or [place for place in found if place.n_objects]
    paths = [place.path for place in rows]
    if not lists and any(place.path.startswith(f"{path}." if path else "") and place.path != path
                         for place in found for path in paths):  # fmt: skip
        raise InputError("the rows are no list", where=where, hint="write them as a list, or one object per line")
    if wanted is not None:
        if wanted not in paths:
            raise InputError(f"no objects stand in '{wanted}'", where=where, hint=near(wanted, map(_name, paths)))
        return [wanted]
    if not paths:
        raise InputError("the file holds no list of objects", where=where, hint="each row is an object with fields")
    if len(paths) == 1 or all(split_in(path) for path in paths):
        return paths
    usual = [path for path in paths if path.rpartition(".")[2] in USUAL]
    if len(usual) == 1:
        return usual
    raise InputError(
        f"the file holds several lists of objects: {', '.join(map(_name, paths))}",
        where=where,
        hint=f"say which, such as --records {paths[0]}",
    )


def _name(path: str) -> str:
    return path or "the top"


def read_json(blocks: Iterable[bytes], where: str, longest: int, paths: list[str]) -> Iterator[Chunk]:
    """Reads the objects at some places of a document.

    Args:
        blocks: Of the file, unpacked.
        where: Its name.
        longest: Bytes that one object may have.
        paths: From `choose`.
    """
    chunk = Chunk()
    for path, line, value, _ in _walk(_Text(blocks, where, longest), TOP, set(paths), DEEPEST):
        if path not in paths:
            continue
        split = path if len(paths) > 1 else None
        if chunk.is_full or split != chunk.split:
            yield chunk
            chunk = Chunk(split=split)
        if isinstance(value, dict):
            chunk.records.append(Record(line, value))
        else:
            chunk.faults.append(Fault(line, f"it is {kind_of(value)}, not an object", json.dumps(value)[:SHOWN]))
        chunk.n_bytes += 64 * (len(value) if isinstance(value, dict) else 1)
    yield chunk


_Step = tuple[str, int, Any, bool]
"""Path, line, value, whether it is an element of a list."""


def _walk(text: _Text, path: str, only: set[str] | None, deepest: int) -> Iterator[_Step]:
    """Gives elements of lists one by one, and objects that hold nothing but plain values as they are."""
    opening = text.peek()
    if opening == "[":
        yield from _elements(text, path)
    elif opening == "{" and deepest:
        yield from _members(text, path, only, deepest)
    else:
        line = text.line
        yield path.rpartition(".")[0], line, text.value(), False


def _elements(text: _Text, path: str) -> Iterator[_Step]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        text.peek()
        line = text.line
        yield path, line, text.value(), True
        if text.take(",]") == "]":
            return


def _members(text: _Text, path: str, only: set[str] | None, deepest: int) -> Iterator[_Step]:
    """Goes through an object: lists and objects in it are looked into, plain values make it a row of its own."""
    line = text.line
    text.take("{")
    plain: dict[str, Any] = {}
    if text.peek() == "}":
        text.take("}")
        return
    while True:
        if text.peek() != '"':
            raise text.broken("expected a name in quotes")
        name = text.value()
        text.take(":")
        inner = f"{path}.{name}" if path else name
        if text.peek() in "[{":
            yield from _walk(text, inner, only, deepest - 1)
        else:
            plain[name] = text.value()
        if text.take(",}") == "}":
            break
    if plain:
        yield path.rpartition(".")[0], line, plain, False
