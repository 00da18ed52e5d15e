"""The words table that generators draw from."""

import pyarrow as pa
import pyarrow.compute as pc

from sdp.data.families import families
from sdp.data.graphemes import grapheme_lists
from sdp.data.lexicon import Lexicon
from sdp.data.splits import split_of


def words_table(lexicon: Lexicon) -> pa.Table:
    """Puts family, split and letters beside every word.

    Args:
        lexicon: Where the words come from.

    Returns:
        word, family, split (strings), graphemes (list<string>), rank (int32, 0 is the most frequent).
    """
    words = list(lexicon.words)
    stems = families(words, lexicon.language)
    split_by_family = {stem: split_of(stem) for stem in dict.fromkeys(stems)}
    return pa.table(
        {
            "word": pa.array(words, pa.string()),
            "family": pa.array(stems, pa.string()),
            "split": pa.array([split_by_family[stem] for stem in stems], pa.string()),
            "graphemes": grapheme_lists(words),
            "rank": pa.array(range(len(words)), pa.int32()),
        }
    )


def words_of_split(words: pa.Table, split: str) -> pa.Table:
    """Keeps one split's words; a generator never sees the others."""
    return words.filter(pc.equal(words["split"], split)).combine_chunks()
