"""Columns that depend on a tokenizer, checked by decoding and by counting bytes instead of by offsets."""

import pytest
from tests.data import made_tokenizers as made

from sdp.data.graphemes import grapheme_lists, graphemes
from sdp.data.lexicon import Lexicon
from sdp.data.tokens import cut, token_columns
from sdp.data.words import words_table
from sdp.errors import InputError

ENGLISH = ["strawberry", "the", "garden", "letters", "playing", "plan", "rats"]
MIXED = [*ENGLISH, "lapel", "zyx", "Straße", "naïve", "λόγος", "हिन्दी", "한국", "🙂"]


def columns(words, tokenizer):
    table = token_columns(words, grapheme_lists(words), tokenizer)
    table["token_lengths"].validate(full=True)
    return table["n_tokens"].to_pylist(), table["token_lengths"].to_pylist()


@pytest.mark.parametrize("kind", ["byte_level", "byte_level_trimmed", "metaspace", "word_piece"])
def test_plain_letters_by_what_the_tokens_spell(kind):
    tokenizer = made.KINDS[kind]()
    n_tokens, lengths = columns(ENGLISH, tokenizer)
    for word, n, found in zip(ENGLISH, n_tokens, lengths, strict=True):
        before = len(tokenizer.encode("the", add_special_tokens=False).tokens)
        shown = tokenizer.encode(f"the {word}", add_special_tokens=False).tokens[before:]
        spelt = [token.lstrip("Ġ▁").removeprefix("##") for token in shown]
        pieces = [piece for piece in spelt if piece]  # a space alone holds no letter
        assert "".join(pieces) == word
        assert n == len(pieces)
        assert found == [len(piece) for piece in pieces for _ in piece]


def test_a_letter_of_several_tokens_belongs_to_the_first():
    tokenizer = made.bytes_only()
    n_tokens, lengths = columns(MIXED, tokenizer)
    for word, n, found in zip(MIXED, n_tokens, lengths, strict=True):
        assert n == len(word.encode())
        assert found == [1] * len(graphemes(word))


@pytest.mark.parametrize("kind", made.KINDS)
def test_every_letter_is_in_one_token(kind):
    n_tokens, lengths = columns(MIXED, made.KINDS[kind]())
    for word, n, found in zip(MIXED, n_tokens, lengths, strict=True):
        assert len(found) == len(graphemes(word))
        assert 1 <= n <= len(word.encode())
        assert all(found)
        # A token of k letters is counted k times, so the reciprocals add up to the tokens that begin a letter.
        assert sum(1 / length for length in found) <= n + 1e-9


def test_the_words_stand_behind_a_space():
    """ "the" at the beginning of a text is another token than " the"."""
    tokenizer = made.byte_level()
    (the,) = cut(["the"], tokenizer)
    assert [tokenizer.id_to_token(id_) for id_ in the.ids] == ["Ġthe"]
    assert the.spans == [(0, 3)]
    assert the.n_others == 1


def test_a_tokenizer_that_keeps_the_space_apart():
    table = words_table(Lexicon("given", "en", ("letter", "strawberry"), "", "", ""), "tiny")
    assert table["n_tokens"].to_pylist() == [1, 4]  # str aw ber ry
    assert table["token_lengths"].to_pylist() == [[6] * 6, [3, 3, 3, 2, 2, 3, 3, 3, 2, 2]]


def test_no_words_and_many_words():
    tokenizer = made.byte_level()
    assert columns([], tokenizer) == ([], [])
    many = ["the", "garden"] * 20_000  # more than one batch
    n_tokens, lengths = columns(many, tokenizer)
    assert n_tokens == [n_tokens[0], n_tokens[1]] * 20_000
    assert lengths == [lengths[0], lengths[1]] * 20_000


def test_columns_come_only_with_a_tokenizer(tmp_path):
    lexicon = Lexicon("given", "en", ("garden",), "", "", "")
    folder = made.save(tmp_path / "tok", made.byte_level())
    plain, cut = words_table(lexicon), words_table(lexicon, str(folder))
    assert cut.schema.names == [*plain.schema.names, "n_tokens", "token_lengths"]
    assert [str(cut.schema.field(name).type) for name in ("n_tokens", "token_lengths")] == [
        "int32",
        "list<item: int32>",
    ]
    assert cut.select(plain.schema.names) == plain


def test_a_folder_that_is_no_tokenizer(tmp_path):
    with pytest.raises(InputError, match=r"is not a tokenizer folder: no tokenizer\.json"):
        words_table(Lexicon("given", "en", ("garden",), "", "", ""), str(tmp_path))
