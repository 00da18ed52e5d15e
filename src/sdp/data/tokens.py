"""How a tokenizer cuts words: the number of tokens, and for each letter how many letters its token holds."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BEFORE = "a "
"""What a word stands behind when it is tokenised, so that it is cut as in running text."""
_BATCH = 16_384

Numbers = npt.NDArray[np.int64]


class Cut(NamedTuple):
    """A word as it is cut behind a space."""

    ids: list[int]
    """Tokens that hold bytes of the word. One that is the space alone is not among them; space and letters is."""
    spans: list[tuple[int, int]]
    """For each the code points of the word that it holds bytes of, from and to."""
    n_others: int
    """Tokens in front of the word."""


def cut(words: Sequence[str], tokenizer: "Tokenizer") -> Iterator[Cut]:
    """Cuts words, in NFC, as they are cut in running text."""
    skip = len(BEFORE)
    for start in range(0, len(words), _BATCH):
        texts = [BEFORE + word for word in words[start : start + _BATCH]]
        for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
            pairs = zip(encoding.ids, encoding.offsets, strict=True)
            own = [(id_, (max(first - skip, 0), end - skip)) for id_, (first, end) in pairs if end > max(first, skip)]
            yield Cut([id_ for id_, _ in own], [span for _, span in own], len(encoding.ids) - len(own))


def token_columns(words: Sequence[str], graphemes: pa.ListArray, tokenizer: "Tokenizer") -> dict[str, pa.Array]:
    """Makes the columns of the words table that depend on a tokenizer.

    Args:
        words: In NFC.
        graphemes: Their letters.
        tokenizer: As `tokenizer_file.load_tokenizer` gives it.

    Returns:
        n_tokens (int32) and token_lengths (list<int32>: for each letter the number of letters in its token). A letter
        that several tokens share belongs to the one with its first byte; one that the tokenizer drops has length 0.
    """
    spans: list[tuple[int, int]] = []
    n_tokens = np.zeros(len(words), np.int64)
    for i, word in enumerate(cut(words, tokenizer)):
        spans.extend(word.spans)
        n_tokens[i] = len(word.ids)
    token = _token_of_letter(graphemes, np.array(spans, np.int64).reshape(-1, 2), n_tokens)
    n_letters = np.bincount(token[token >= 0], minlength=len(spans))  # (n_tokens of all words,)
    lengths = np.zeros(len(token), np.int64)
    lengths[token >= 0] = n_letters[token[token >= 0]]
    return {
        "n_tokens": pa.array(n_tokens, pa.int32()),
        "token_lengths": pa.ListArray.from_arrays(graphemes.offsets, pa.array(lengths, pa.int32())),
    }


def _token_of_letter(graphemes: pa.ListArray, spans: Numbers, n_tokens: Numbers) -> Numbers:
    """Finds for each letter of all words the first token that covers its first code point; -1 where none does.

    All words are laid one behind the other: places of letters and spans of tokens count code points from the first
    word's first one.
    """
    sizes = np.asarray(pc.utf8_length(graphemes.values), np.int64)  # (n_letters,)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    places = ends[:-1]
    first_of_word = ends[np.asarray(graphemes.offsets, np.int64)][:-1]  # (n_words,)
    shift = np.repeat(first_of_word, n_tokens)  # (n_tokens of all words,)
    starts, stops = spans[:, 0] + shift, np.maximum.accumulate(spans[:, 1] + shift)
    token = np.searchsorted(stops, places, side="right")
    found = token < len(spans)
    found[found] = starts[token[found]] <= places[found]
    return np.where(found, token, -1)
