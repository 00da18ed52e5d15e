"""What a row is about, what its split is hashed on, and its id."""

from collections.abc import Callable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.seeds import derive_each

LONGEST_KEY = 200
"""Characters; a longer one is cut, and the hash of the whole put behind it, so that two never become one."""
HEAD = 160


def short(text: str) -> str:
    """Puts a text on one line; of a long one its beginning and its hash."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_KEY:
        return line
    return f"{line[:HEAD].rstrip()} … {blake2b(line.encode(), digest_size=8).hexdigest()}"


def keys_of(given: pa.StringArray, prompts: pa.StringArray) -> pa.StringArray:
    """Gives each row's key: what a field says, else the question itself.

    Args:
        given: From a field, or null.
        prompts: Of the rows.
    """
    texts = pc.coalesce(given, prompts)
    return _mended(texts, texts, short, _untidy(texts))


def families_of(given: pa.StringArray, keys: pa.StringArray, stem: Callable[[str], str] | None) -> pa.StringArray:
    """Gives each row's family: keys that differ only in case are one.

    Args:
        given: From ``--split-by``, or our own schema; null where nothing says it.
        keys: Of the rows.
        stem: Of the words of a language, where keys are words.
    """
    if stem is not None:
        found = pa.array([stem(key) for key in keys.to_pylist()], pa.string())
    else:
        found = _mended(keys, pc.ascii_lower(keys), str.casefold, np.asarray(pc.invert(pc.string_is_ascii(keys))))
    return pc.coalesce(given, found)


def _untidy(texts: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Marks what is not short, ASCII, on one line, with single spaces between words only."""
    long = pc.greater(pc.binary_length(texts), LONGEST_KEY)
    untidy: npt.NDArray[np.bool_] = np.asarray(pc.or_(long, pc.match_substring_regex(texts, r"[^ -~]|  |^ | $")))
    return untidy


def _mended(
    texts: pa.StringArray, usual: pa.StringArray, mend: Callable[[str], str], rows: npt.NDArray[np.bool_]
) -> pa.StringArray:
    """Takes the usual text of most rows, and of some what a function makes of their own one."""
    places = np.flatnonzero(rows)
    if not places.size:
        return usual
    mended = pa.array([mend(text) for text in texts.take(pa.array(places)).to_pylist()], pa.string())
    return pc.replace_with_mask(usual, pa.array(rows), mended)


def content_hashes(task: str, prompts: pa.StringArray, completions: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Hashes what a row asks and what it trains, (n,): the same row has the same id in any run and any file."""
    pairs = pc.binary_join_element_wise(prompts, completions, "\0")
    return np.array(derive_each(f"imported {task}", pairs.to_pylist()), dtype=np.uint64)
