"""The words table that generators draw from."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdp.contract.rows import SPLITS
from sdp.data.families import families
from sdp.data.graphemes import grapheme_lists
from sdp.data.lexicon import Lexicon
from sdp.data.splits import split_codes


def words_table(lexicon: Lexicon, tokenizer: str | None = None) -> pa.Table:
    """Puts family, split and letters beside every word.

    Args:
        lexicon: Where the words come from.
        tokenizer: A model whose tokenizer cuts the words: ``tiny``, a folder or a hub name.

    Returns:
        word, family, split (strings), graphemes (list<string>), rank (int32, 0 is the most frequent); with a tokenizer
        also n_tokens (int32) and token_lengths (list<int32>: for each letter the number of letters in its token).

    Raises:
        InputError: The tokenizer folder is not one.
        ResourceError: The hub cannot be reached for the tokenizer.
    """
    words = list(lexicon.words)
    stems = pa.array(
        [stem for language, part in lexicon.by_language() for stem in families(part, language)], pa.string()
    )
    letters = grapheme_lists(words)
    columns = {
        "word": pa.array(words, pa.string()),
        "family": stems,
        "split": _splits(stems),
        "graphemes": letters,
        "rank": pa.array(np.arange(len(words)), pa.int32()),
    }
    if tokenizer is not None:
        from sdp.data.tokenizer_file import load_tokenizer
        from sdp.data.tokens import token_columns

        columns |= token_columns(words, letters, load_tokenizer(tokenizer))
    return pa.table(columns)


def words_of_split(words: pa.Table, split: str) -> pa.Table:
    """Keeps one split's words; a generator never sees the others."""
    return words.filter(pc.equal(words["split"], split)).combine_chunks()


def _splits(stems: pa.StringArray) -> pa.StringArray:
    """Hashes every family once."""
    encoded = stems.dictionary_encode()
    codes = split_codes(encoded.dictionary.to_pylist())
    return pa.array(SPLITS, pa.string()).take(pa.array(codes)).take(encoded.indices)
