"""Where words come from, and what is said of them."""

import unicodedata

import pytest
import wordfreq

from sdp.data.lexicon import LENGTHS, load_lexicon, restore_final_sigma
from sdp.errors import InputError


@pytest.fixture
def words_of(tmp_path):
    """Writes a file of words and loads it."""

    def _words_of(content: bytes, language: str = "en"):
        (tmp_path / "words.txt").write_bytes(content)
        return load_lexicon("file:words.txt", language)

    return _words_of


def test_frequent_words_come_first():
    lexicon = load_lexicon("wordfreq:en:100", "de")
    assert lexicon.words[:6] == ("the", "and", "for", "that", "you", "with")
    assert len(lexicon.words) == len(set(lexicon.words)) == 100
    assert (lexicon.source, lexicon.language) == ("wordfreq:en:100", "en")
    frequencies = [wordfreq.word_frequency(word, "en") for word in lexicon.words]
    assert frequencies == sorted(frequencies, reverse=True)


def test_a_shorter_list_is_the_beginning_of_a_longer_one():
    assert load_lexicon("wordfreq:en:300", "en").words[:100] == load_lexicon("wordfreq:en:100", "en").words


def test_words_are_whole_letters_of_the_lengths_promised():
    shortest, longest = LENGTHS
    words = load_lexicon("wordfreq:en:20000", "en").words
    assert all(shortest <= len(word) <= longest for word in words if word.isascii())
    assert all(unicodedata.category(char)[0] in "LM" for word in words for char in word)
    assert {unicodedata.normalize("NFC", word) for word in words} == set(words)


def test_licence_and_attribution_are_given():
    lexicon = load_lexicon("wordfreq:en:10", "en")
    assert lexicon.licence == "CC BY-SA 4.0"
    assert "Robyn Speer" in lexicon.attribution
    assert lexicon.origin_version


def test_the_default_is_a_number_that_is_named():
    assert load_lexicon("wordfreq:en", "en").source == "wordfreq:en:30000"


def test_final_sigma_is_restored():
    assert restore_final_sigma("\u03bb\u03cc\u03b3\u03bf\u03c3") == "\u03bb\u03cc\u03b3\u03bf\u03c2"
    assert restore_final_sigma("\u03c3\u03b1\u03bd") == "\u03c3\u03b1\u03bd"
    words = load_lexicon("wordfreq:el:2000", "en").words
    assert "\u03c4\u03b7\u03c2" in words
    assert not any(word.endswith("\u03c3") for word in words)


def test_sharp_s_comes_from_a_file_only(words_of):
    assert not any("\u00df" in word for word in load_lexicon("wordfreq:de", "en").words)
    assert words_of("Stra\u00dfe\nGr\u00f6\u00dfe\n".encode(), "de").words == ("Stra\u00dfe", "Gr\u00f6\u00dfe")


def test_a_file_is_read_whatever_editor_wrote_it(words_of):
    spellings = "\ufeffcaf\u00e9\r\ncafe\u0301\r\n  garden \r\n\r\ngarden\r\nlast"
    assert words_of(spellings.encode()).words == ("caf\u00e9", "garden", "last")


def test_what_is_no_word_is_left_out(words_of):
    content = "it's\nab\nabc\nx1y2z3\n# comment\nco-op\n\U0001f600\U0001f600\U0001f600\n" + "a" * 20 + "\n" + "a" * 21
    assert words_of(content.encode()).words == ("abc", "a" * 20)


def test_letters_are_counted_as_people_do(words_of):
    """Two clusters of two characters each are two letters, not four."""
    assert words_of("\u0928\u093f\u0928\u093f\nabc".encode()).words == ("abc",)


def test_a_file_without_a_word_is_refused(words_of):
    for content in (b"", b"\n\n", b"1\n22\n", b"\xef\xbb\xbf"):
        with pytest.raises(InputError, match="holds no usable word") as caught:
            words_of(content)
        assert "3 to 20" in caught.value.hint


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_another_encoding_is_refused_with_the_place(words_of, bom):
    with pytest.raises(InputError, match="is not UTF-8 text") as caught:
        words_of(bom + "garden\ncaf\u00e9\n".encode("latin-1"))
    assert caught.value.where == f"words.txt, byte {len(bom) + 10}"


@pytest.mark.parametrize(
    ("source", "what", "hint"),
    [
        ("file:nowhere.txt", "cannot read words from 'nowhere.txt': No such file", None),
        ("file:.", "cannot read words from '.': Is a directory", None),
        ("words.txt", "unknown source of words 'words.txt'", "file:PATH"),
        ("wordfreq:enn", "no list for 'enn'", "did you mean 'en'"),
        ("wordfreq:", "no list for ''", "choices are: ar"),
        ("wordfreq:en:many", "'many' is not a number of words", "wordfreq:en:50000"),
        ("wordfreq:en:0", "'0' is not a number of words", None),
        ("wordfreq:en:-5", "'-5' is not a number of words", None),
        ("wordfreq:en:\u00b2", "is not a number of words", None),
        ("wordfreq:en:" + "9" * 5000, "is not a number of words", None),
    ],
)
def test_what_is_not_there_is_refused(source, what, hint):
    with pytest.raises(InputError) as caught:
        load_lexicon(source, "en")
    assert what in caught.value.what
    assert hint is None or hint in caught.value.hint


def test_the_hash_is_of_the_words_in_their_order(words_of):
    one, same, turned = words_of(b"one\ntwo\n").hash, words_of(b"one\r\ntwo").hash, words_of(b"two\none\n").hash
    assert one == same != turned
    assert load_lexicon("wordfreq:en:100", "en").hash == "18a7c554ed5d3d1d"
