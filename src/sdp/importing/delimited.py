"""CSV and TSV: a head, then a record per row; quoted cells may hold line breaks."""

import csv
from collections.abc import Iterable, Iterator

from sdp.errors import InputError
from sdp.importing.chunks import Chunk, Fault, Record
from sdp.importing.lines import SHOWN, BadBytes, text_lines

DELIMITERS = (",", "\t", ";", "|")


def read_delimited(blocks: Iterable[bytes], where: str, longest: int, delimiter: str) -> Iterator[Chunk]:
    """Reads rows; a row with more or fewer cells than the head is a fault.

    Args:
        blocks: Of the file, unpacked.
        where: Its name.
        longest: Bytes that a line or a quoted cell may have.
        delimiter: Between cells.

    Raises:
        InputError: No head, a name twice in it, a cell that is never closed, or bytes that are not UTF-8: what belongs
            to which cell is then anybody's guess.
    """
    csv.field_size_limit(longest)
    reader = csv.reader(_physical_lines(blocks, where, longest), delimiter=delimiter, strict=True)
    try:
        head: list[str] = next((cells for cells in reader if len(cells) > 1 or "".join(cells).strip()), [])
        names = _head(head, f"{where}:{reader.line_num}")
        chunk, line = Chunk(), reader.line_num + 1
        for cells in reader:
            if len(cells) == len(names):
                chunk.records.append(Record(line, dict(zip(names, cells, strict=True))))
            elif cells:
                reason = f"the row has {len(cells)} cells, the head has {len(names)}"
                chunk.faults.append(Fault(line, reason, delimiter.join(cells)[:SHOWN]))
            chunk.n_bytes += sum(map(len, cells))
            line = reader.line_num + 1
            if chunk.is_full:
                yield chunk
                chunk = Chunk()
    except csv.Error as error:
        said = f"a quoted cell is longer than {longest >> 20} MB, or never closed" if "limit" in str(error) else error
        raise InputError(
            f"the file is not {'TSV' if delimiter == chr(9) else 'CSV'}: {said}", where=f"{where}:{reader.line_num}"
        ) from error
    yield chunk


def _head(cells: list[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two columns are called '{twice}'", where=where, hint="rename one of them")
    return names


def _physical_lines(blocks: Iterable[bytes], where: str, longest: int) -> Iterator[str]:
    for lines in text_lines(blocks, where, longest):
        if isinstance(lines, BadBytes):
            raise InputError(lines.reason, where=f"{where}:{lines.number}", hint="convert the file to UTF-8")
        for text in lines.texts:
            yield f"{text}\n"


def sniffed(head: str) -> str:
    """Finds the delimiter of a file from its first line: the commonest of the usual ones."""
    return max(DELIMITERS, key=head.count) if any(map(head.count, DELIMITERS)) else ","
