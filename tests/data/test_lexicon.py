"""Sources of words, joined."""

from pathlib import Path

import pytest
from tests.data import made_tokenizers as made

from sdp.data.lexicon import Lexicon, load_lexicon
from sdp.data.words import words_table
from sdp.errors import InputError


@pytest.fixture
def words_of(tmp_path):
    """Writes a file of words and loads it."""

    def _words_of(content: bytes, language: str = "en"):
        (tmp_path / "words.txt").write_bytes(content)
        return load_lexicon("file:words.txt", language)

    return _words_of


def test_one_source():
    lexicon = load_lexicon("wordfreq:en:100", "de")
    assert (lexicon.source, lexicon.language, lexicon.languages) == ("wordfreq:en:100", "en", ("en",))
    assert lexicon.licence == "CC BY-SA 4.0"
    assert lexicon.notes == ()
    assert lexicon.n_skipped == 0
    assert lexicon.first_skipped is None


def test_sources_stand_in_their_order_and_the_first_keeps_a_word(words_of):
    words_of(b"garden\nthe\nStrawberry\n")
    lexicon = load_lexicon("wordfreq:en:3+file:de:words.txt", "en")
    assert lexicon.words == ("the", "and", "for", "garden", "Strawberry")
    assert [(part.source, part.words) for part in lexicon.parts] == [
        ("wordfreq:en:3", ("the", "and", "for")),
        ("file:de:words.txt", ("garden", "Strawberry")),
    ]
    assert lexicon.source == "wordfreq:en:3+file:de:words.txt"
    assert (lexicon.language, lexicon.languages) == ("en", ("en", "de"))
    assert lexicon.licence == "CC BY-SA 4.0; as given by the user"
    assert "Robyn Speer" in lexicon.attribution
    assert "File words.txt." in lexicon.attribution
    assert load_lexicon("file:words.txt+wordfreq:en:3", "en").words == ("garden", "the", "Strawberry", "and", "for")


def test_each_word_is_stemmed_in_its_own_language():
    lexicon = load_lexicon("wordfreq:en:2000+wordfreq:de:2000+wordfreq:ko:50", "fr")
    family = dict(zip(lexicon.words, words_table(lexicon)["family"].to_pylist(), strict=True))
    assert family["things"] == "thing"
    assert family["leben"] == family["lebens"] == "leb"
    assert list(lexicon.by_language()) == [(part.language, part.words) for part in lexicon.parts]


def test_pseudo_words_keep_out_of_the_way_of_all_others(words_of):
    first = load_lexicon("pseudo:ko:1", "en").words[0]
    words_of(first.encode())
    lexicon = load_lexicon("pseudo:ko:2+file:words.txt+pseudo:ko:1", "en")
    pseudo, file, more = (part.words for part in lexicon.parts)
    assert file == (first,)
    assert first not in pseudo
    assert len(pseudo) == 2
    assert len(more) == 1
    assert len(set(lexicon.words)) == 4


def test_all_kinds_at_once(words_of):
    words_of("Straße\n".encode())
    made.save(Path("tok"), made.byte_level())
    source = "wordfreq:en:5-8+faker:fr_FR+pseudo:tr:5+file:de:words.txt+tokenizer:tok"
    lexicon = load_lexicon(source, "en")
    assert lexicon.source == source
    assert lexicon.languages == ("en", "fr", "tr", "de")
    assert len(set(lexicon.words)) == len(lexicon.words) == sum(len(part.words) for part in lexicon.parts)
    assert words_table(lexicon, "tok").num_rows == len(lexicon.words)


def test_a_plus_in_a_path_stays_there():
    Path("c++.txt").write_text("pointer\n")
    made.save(Path("a+b"), made.byte_level())
    lexicon = load_lexicon("file:c++.txt+tokenizer:a+b+wordfreq:en:1", "en")
    assert [part.source for part in lexicon.parts] == ["file:c++.txt", "tokenizer:a+b", "wordfreq:en:1"]


def test_what_was_skipped_is_told(words_of):
    lexicon = words_of(b"garden\nice cream\nx1\nplan\n")
    assert lexicon.n_skipped == 2
    assert lexicon.first_skipped.line == 2
    assert lexicon.first_skipped.text == "ice cream"
    (note,) = lexicon.notes
    assert note == (
        "words.txt: 2 lines are no words and were skipped, the first is line 2, 'ice cream': "
        "U+0020 (space) is not a letter"
    )


def test_a_part_that_adds_nothing_is_told(words_of):
    words_of(b"the\nand\n")
    lexicon = load_lexicon("wordfreq:en:100+file:words.txt", "en")
    assert len(lexicon.words) == 100
    assert lexicon.notes == ("file:words.txt: all its words are in the parts before it",)


def test_one_word_loads(words_of):
    assert words_table(words_of(b"garden"))["word"].to_pylist() == ["garden"]


def test_a_source_without_a_usable_word_is_refused():
    """All of Faker's Chinese words are shorter than three letters."""
    with pytest.raises(InputError, match="'faker:zh_CN' holds no usable word"):
        load_lexicon("faker:zh_CN", "en")


def test_words_in_memory_are_one_language():
    lexicon = Lexicon("given", "de", ("Haus", "Maus"), "", "", "")
    assert lexicon.languages == ("de",)
    assert list(lexicon.by_language()) == [("de", ("Haus", "Maus"))]


@pytest.mark.parametrize(
    ("source", "what", "hint"),
    [
        ("words.txt", "unknown source of words 'words.txt'", "file:PATH"),
        ("worfreq:en", "unknown source of words 'worfreq:en'", "did you mean 'wordfreq'"),
        ("wordfreq", "unknown source of words 'wordfreq'", "wordfreq:en"),
        ("", "unknown source of words ''", "wordfreq:en"),
        ("wordfreq:en+", "unknown source of words ''", None),
        ("wordfreq:en+words.txt", "unknown source of words 'words.txt'", None),
        ("wordfreq:en:100+wordfreq:enn", "no list for 'enn'", "did you mean 'en'"),
        ("file:nowhere.txt+wordfreq:en", "cannot read words from 'nowhere.txt'", None),
        ("faker:xx_XX", "no locale 'xx_XX'", None),
        ("pseudo:xx", "no list for 'xx'", None),
        ("tokenizer:./nowhere", "no tokenizer folder './nowhere'", None),
    ],
)
def test_what_is_not_there_is_refused(source, what, hint):
    with pytest.raises(InputError) as caught:
        load_lexicon(source, "en")
    assert what in caught.value.what
    assert hint is None or hint in caught.value.hint


def test_a_path_without_its_kind_is_shown_the_kind():
    Path("words.txt").write_text("garden\n")
    with pytest.raises(InputError) as caught:
        load_lexicon("words.txt", "en")
    assert caught.value.hint == "file:words.txt"


def test_the_hash_is_of_the_words_in_their_order(words_of):
    one, same, turned = words_of(b"one\ntwo\n").hash, words_of(b"one\r\ntwo").hash, words_of(b"two\none\n").hash
    assert one == same != turned
    assert load_lexicon("wordfreq:en:100", "en").hash == "18a7c554ed5d3d1d"
