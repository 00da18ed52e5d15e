"""JSON Lines: one object per line."""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from sdp.importing.chunks import Chunk, Fault, Record
from sdp.importing.lines import SHOWN, BadBytes, text_lines

TOGETHER = 256
"""Lines that are read in one go, in half the time."""
_decode = json.JSONDecoder().decode


def read_json_lines(blocks: Iterable[bytes], where: str, longest: int) -> Iterator[Chunk]:
    """Reads objects line by line; empty lines are passed over.

    Args:
        blocks: Of the file, unpacked.
        where: Its name.
        longest: Bytes that a line may have.
    """
    chunk = Chunk()
    for lines in text_lines(blocks, where, longest):
        if isinstance(lines, BadBytes):
            chunk.faults.append(Fault(*lines))
            continue
        for first in range(0, len(lines.texts), TOGETHER):
            texts = lines.texts[first : first + TOGETHER]
            _add(chunk, texts, lines.first + first)
            chunk.n_bytes += sum(map(len, texts))
            if chunk.is_full:
                yield chunk
                chunk = Chunk()
    yield chunk


def _add(chunk: Chunk, texts: list[str], first: int) -> None:
    """Reads some lines in one go; where that fails, one by one."""
    whole = "\n".join(texts)
    if whole.startswith("{") and whole.endswith("}") and whole.count("}\n{") == len(texts) - 1:
        try:
            values = _decode(f"[{','.join(texts)}]")
        except (ValueError, RecursionError):
            values = []
        if len(values) == len(texts):
            chunk.records += [Record(number, value) for number, value in enumerate(values, first)]
            return
    for number, text in enumerate(texts, first):
        if not text or text.isspace():
            continue
        parsed = parse(text)
        if isinstance(parsed, dict):
            chunk.records.append(Record(number, parsed))
        else:
            reason = parsed if isinstance(parsed, str) else f"the line is {kind_of(parsed)}, not an object"
            chunk.faults.append(Fault(number, reason, text[:SHOWN]))


def parse(text: str) -> Any:
    """Reads one JSON value; gives a text that says why not where there is none, or one that is no record."""
    try:
        value = _decode(text)
    except RecursionError:
        return "the line is not JSON: nested too deeply"
    except json.JSONDecodeError as error:
        return f"the line is not JSON: {error.msg.removesuffix(' at')} at column {error.colno:,}"
    except ValueError as error:  # a number of thousands of digits
        return f"the line is not JSON: {error}"
    return "the line is a text, not an object" if isinstance(value, str) else value


def kind_of(value: Any) -> str:
    """Names the type of a JSON value as people say it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "infinity" if value in (math.inf, -math.inf) else "a number"
    names: dict[type, str] = {str: "text", dict: "an object", list: "a list"}
    return names.get(type(value), f"of type {type(value).__name__}")
