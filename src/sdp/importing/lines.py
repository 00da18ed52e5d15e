"""Lines of text files: bounded, in UTF-8, each with its number."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sdp.errors import InputError

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SHOWN = 60
"""Letters of a faulty line that messages show."""


class Lines(NamedTuple):
    """Whole lines that follow each other."""

    first: int
    """Number of the first one, from 1."""
    texts: list[str]


class BadBytes(NamedTuple):
    """A line that is not UTF-8."""

    number: int
    reason: str
    text: str


def text_lines(blocks: Iterable[bytes], where: str, longest: int) -> Iterator[Lines | BadBytes]:
    """Cuts blocks of bytes into lines.

    Args:
        blocks: Of one file, in order.
        where: Its name.
        longest: Bytes that a line may have. A longer one is refused when that many have come, not when it has ended.

    Yields:
        Lines without their line feeds; what is not UTF-8 comes line by line.

    Raises:
        InputError: A line is too long, or the file is in UTF-16.
    """
    rest = bytearray()
    first, begun = 1, False
    for block in blocks:
        if not begun:
            begun = True
            if block.startswith(UTF16):
                raise InputError(
                    "the file is in UTF-16", where=where, hint=f"iconv -f UTF-16 -t UTF-8 '{where}' > utf8-file"
                )
            block = block.removeprefix(BOM)  # noqa: PLW2901  (it marks the file, and is no part of its first line)
        end = block.rfind(b"\n")
        if end < 0:
            rest += block
            _check_length(len(rest), first, where, longest)
            continue
        whole = bytes(rest) + block[:end]
        rest = bytearray(block[end + 1 :])
        yield from _decoded(whole, first)
        first += whole.count(b"\n") + 1
        _check_length(len(rest), first, where, longest)
    if rest:
        yield from _decoded(bytes(rest), first)


def _check_length(n_bytes: int, line: int, where: str, longest: int) -> None:
    if n_bytes > longest:
        raise InputError(
            f"the line is longer than {longest >> 20} MB",
            where=f"{where}:{line}",
            hint="is it one JSON document? then --format json; else raise --max-line-mb",
        )


def _decoded(data: bytes, first: int) -> Iterator[Lines | BadBytes]:
    try:
        yield Lines(first, data.decode().replace("\r\n", "\n").removesuffix("\r").split("\n"))
    except UnicodeDecodeError:
        yield from _line_by_line(data, first)


def _line_by_line(data: bytes, first: int) -> Iterator[Lines | BadBytes]:
    for number, line in enumerate(data.split(b"\n"), first):
        try:
            yield Lines(number, [line.decode()])
        except UnicodeDecodeError as error:
            shown = line[:SHOWN].decode(errors="replace")
            yield BadBytes(number, f"byte 0x{line[error.start]:02x} at {error.start + 1} is not UTF-8", shown)
