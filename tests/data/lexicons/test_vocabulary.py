"""Whole words of vocabularies: those that are one token behind a space."""

import pytest
from tests.data import made_tokenizers as made

from sdp.data.lexicons.vocabulary import load
from sdp.errors import InputError


@pytest.mark.parametrize("kind", ["byte_level", "byte_level_trimmed", "metaspace", "word_piece"])
def test_words_are_one_token_in_running_text(tmp_path, kind):
    tokenizer = made.KINDS[kind]()
    part = load(str(made.save(tmp_path / "mine", tokenizer)), "en")
    assert {"the", "garden"} <= set(part.words)
    apart = len(tokenizer.encode("the", add_special_tokens=False).ids)
    for word in part.words:
        assert len(tokenizer.encode(f"the {word}", add_special_tokens=False).ids) == apart + 1
    assert part.source == "tokenizer:mine"
    assert part.origin_version.startswith("mine ")


def test_pieces_of_words_and_special_tokens_are_not_words(tmp_path):
    tokenizer = made.byte_level()
    words = load(str(made.save(tmp_path / "mine", tokenizer)), "en").words
    whole = {token[1:] for token in tokenizer.get_vocab() if token.startswith("Ġ") and token[1:].isalpha()}
    assert set(words) == {word for word in whole if len(word) >= 3 and word.isascii()}
    assert "END" not in words


def test_every_whole_word_of_a_byte_level_vocabulary_is_found(tmp_path):
    tokenizer = made.byte_level(600)  # enough for all words of its text
    words = load(str(made.save(tmp_path / "mine", tokenizer)), "en").words
    assert {"strawberry", "naïve", "café", "Größe", "λόγος"} <= set(words)


def test_the_order_is_that_of_the_tokens(tmp_path):
    tokenizer = made.byte_level()
    words = load(str(made.save(tmp_path / "mine", tokenizer)), "en").words
    ids = [tokenizer.token_to_id(f"Ġ{word}") for word in words]
    assert ids == sorted(ids)


def test_the_tiny_model_s():
    part = load("tiny", "en")
    assert (part.source, part.language) == ("tokenizer:tiny", "en")
    assert "letter" in part.words


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(InputError, match="is not a tokenizer folder"):
        load(str(tmp_path), "en")
