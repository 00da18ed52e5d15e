"""Language codes, against the tables of another package."""

import langcodes
import wordfreq

from sdp.data.families import _SNOWBALL
from sdp.data.lexicons.language_codes import _ISO_639_1, known_languages


def test_the_codes_are_real_and_complete():
    codes = set(_ISO_639_1.split())
    letters = "abcdefghijklmnopqrstuvwxyz"
    valid = {a + b for a in letters for b in letters if langcodes.tag_is_valid(a + b)}
    assert codes <= valid
    retired = valid - codes  # iw for he, in for id, ji for yi, jw for jv, mo for ro, bh for a group
    assert retired <= {"iw", "in", "ji", "jw", "mo", "bh", "tl"}


def test_all_that_has_words_or_a_stemmer_is_known():
    assert set(wordfreq.available_languages("best")) | set(_SNOWBALL) <= known_languages()
