"""Rows that are not worth training on, each with its reason; none of it needs to know the language, but refusals."""

import re
import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdp.validators.code_points import text_bytes

Mask = npt.NDArray[np.bool_]
FILTERS: dict[str, str] = {
    "short": "a question shorter than --min-chars",
    "long": "a question, or what is trained, longer than --max-chars",
    "repeated": "one character 50 times in a row, lines drawn with - = _ * # . ~ apart",
    "repetitive": "a text of 1,000 bytes and more that packs to less than a twelfth",
    "symbols": "a question without a single letter or digit",
    "damaged": "characters that were lost before, U+FFFD",
    "echo": "an answer that is the question",
    "refusal": "an answer that refuses, in English, German, French or Spanish",
    "pattern": "an answer that does not look like one of the task named with --as",
    "oracle": "an answer that this task's own oracle does not confirm, where the rows say enough to ask it",
}
"""Filter → what it rejects."""
RUN = 50
DRAWN = b"-=_*#.~ \n\t"
"""What lines and gaps are drawn with."""
LAST_ASCII = 0x7F
PACKED_FROM = 1_000
PACKED_TO = 1 / 12
"""Prose packs to about a third; a sentence that is said again and again to a fiftieth."""
_drawn = np.isin(np.arange(256), np.frombuffer(DRAWN, dtype=np.uint8))
_REFUSAL = re.compile(
    r"(?:as an? (?:ai|artificial intelligence|large language model|language model)\b"
    r"|(?:i['’]?m|i am) (?:very |really )?sorry,? (?:but )?(?:as an|i (?:can['’]?t|cannot|am (?:not able|unable)))"
    r"|i (?:can['’]?t|cannot) (?:assist|help|fulfil|comply)"
    r"|als (?:ki|sprachmodell|künstliche intelligenz)\b"
    r"|es tut mir leid,? (?:aber )?(?:ich kann|als (?:ki|sprachmodell))"
    r"|(?:je suis )?désolée?,? (?:mais )?(?:je ne peux pas|en tant qu)"
    r"|en tant que (?:modèle de langage|modèle linguistique|ia)\b"
    r"|lo siento,? (?:pero )?(?:no puedo|como (?:modelo|ia))"
    r"|como (?:modelo de lenguaje|ia)\b)",
    re.IGNORECASE,
)
REFUSAL_WITHIN = 200
"""Characters at the beginning of an answer in which it refuses, if it does."""


def reasons(
    table: pa.Table, filters: tuple[str, ...], min_chars: int, max_chars: int, pattern: Callable[[str], object] | None
) -> pa.Array:
    """Judges rows.

    Args:
        table: `prompt`, `answer`, `completion`, plain strings.
        filters: Which of `FILTERS`; the oracle is asked elsewhere, when rows are finished.
        min_chars: Of a prompt.
        max_chars: Of prompts and completions.
        pattern: Matches a well-formed answer; None where no task says what that is.

    Returns:
        Per row the first reason to reject it, or null.
    """
    prompts, answers, completions = (table[name].combine_chunks() for name in ("prompt", "answer", "completion"))
    same = completions.equals(answers)
    texts = (prompts, completions)
    found: dict[str, Callable[[], list[tuple[Mask, str]]]] = {
        "short": lambda: [(_lengths(prompts) < min_chars, f"the question is shorter than {min_chars} characters")],
        "long": lambda: [
            (_lengths(prompts) > max_chars, f"the question is longer than {max_chars:,} characters"),
            (_lengths(completions) > max_chars, f"the answer is longer than {max_chars:,} characters"),
        ],
        "repeated": lambda: [(_any(_runs, texts), f"one character {RUN} times in a row")],
        "repetitive": lambda: [(_any(_repetitive, texts), "the same is said again and again")],
        "symbols": lambda: [(~_match(prompts, r"[\pL\pN]"), "the question has no letter and no digit")],
        "damaged": lambda: [
            (_match(prompts, "\ufffd") | _match(completions, "\ufffd"), "characters were lost, U+FFFD")
        ],
        "echo": lambda: [(np.asarray(pc.equal(prompts, answers)), "the answer is the question")],
        "refusal": lambda: [(_refusals(answers) if same else _refusals(answers) | _refusals(completions), "a refusal")],
        "pattern": lambda: [(_misfits(answers, pattern), "the answer does not look like one of this task")],
    }
    masks = [pair for name in filters if name in found for pair in found[name]()]
    masks = [(mask, reason) for mask, reason in masks if mask.any()]
    if not masks:
        return pa.nulls(table.num_rows, pa.string())
    return pc.case_when(pc.make_struct(*(pa.array(mask) for mask, _ in masks)), *(pa.scalar(why) for _, why in masks))


def _lengths(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    return np.asarray(pc.utf8_length(texts))


def _match(texts: pa.StringArray, pattern: str) -> Mask:
    return np.asarray(pc.match_substring_regex(texts, pattern))


def _any(judge: Callable[[pa.StringArray], Mask], texts: tuple[pa.StringArray, pa.StringArray]) -> Mask:
    masks = [judge(one) for one in texts]
    return masks[0] | masks[1]


def _runs(texts: pa.StringArray) -> Mask:
    """Marks texts in which a character of one to four bytes comes `RUN` times in a row."""
    data = text_bytes(texts)
    bad = np.zeros(len(texts), dtype=bool)
    starts = _starts(texts)
    for width in range(1, 5):
        if data.size < RUN * width or (width > 1 and data.max() <= LAST_ASCII):
            break
        same = data[width:] == data[:-width]
        same &= ~_drawn[data[:-width]] if width == 1 else data[:-width] > LAST_ASCII
        for step in range(1, width + 1):  # a run ends where its text does
            seams = starts[1:-1] - step
            same[seams[(seams >= 0) & (seams < len(same))]] = False
        edges = np.concatenate(([-1], np.flatnonzero(~same), [len(same)]))
        long = np.flatnonzero(np.diff(edges) - 1 >= (RUN - 1) * width)
        bad[np.searchsorted(starts, edges[long] + 1, side="right") - 1] = True
    return bad


def _starts(texts: pa.StringArray) -> npt.NDArray[np.int64]:
    """Gives where each text begins in the bytes of all, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(np.asarray(pc.binary_length(texts), dtype=np.int64))))


def _repetitive(texts: pa.StringArray) -> Mask:
    lengths = np.asarray(pc.binary_length(texts))
    bad = np.zeros(len(texts), dtype=bool)
    for row in np.flatnonzero(lengths >= PACKED_FROM):
        raw = texts[int(row)].as_py().encode()
        bad[row] = len(zlib.compress(raw, 1)) < len(raw) * PACKED_TO
    return bad


def _refusals(texts: pa.StringArray) -> Mask:
    """Looks at the beginning of each answer that holds a word which refusals hold."""
    starts = pc.utf8_slice_codeunits(texts, 0, REFUSAL_WITHIN)
    maybe = pc.match_substring_regex(
        starts, r"(?i)sorry|\bas an?\b|can[’']?t|cannot|\bals\b|leid|désol|en tant|siento|\bcomo\b"
    )
    bad = np.zeros(len(texts), dtype=bool)
    for row in np.flatnonzero(np.asarray(maybe)):
        bad[row] = _REFUSAL.match(starts[int(row)].as_py().lstrip()) is not None
    return bad


def _misfits(answers: pa.StringArray, pattern: Callable[[str], object] | None) -> Mask:
    if pattern is None:
        return np.zeros(len(answers), dtype=bool)
    unique = answers.dictionary_encode()
    fits = np.array([pattern(text) is not None for text in unique.dictionary.to_pylist()], dtype=bool)
    misfits: Mask = ~fits[np.asarray(unique.indices)]
    return misfits
