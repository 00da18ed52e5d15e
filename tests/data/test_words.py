"""The words table."""

from hashlib import blake2b

import pyarrow as pa

from sdp.data.lexicon import Lexicon, load_lexicon
from sdp.data.words import words_of_split, words_table

LEXICON = Lexicon("given", "en", ("plans", "caf\u00e9", "run"), "", "", "")


def test_columns():
    table = words_table(LEXICON)
    assert table.schema == pa.schema(
        {
            "word": pa.string(),
            "family": pa.string(),
            "split": pa.string(),
            "graphemes": pa.list_(pa.string()),
            "rank": pa.int32(),
        }
    )
    assert table.to_pylist() == [
        {"word": "plans", "family": "plan", "split": "train", "graphemes": list("plans"), "rank": 0},
        {"word": "caf\u00e9", "family": "caf\u00e9", "split": "train", "graphemes": list("caf\u00e9"), "rank": 1},
        {"word": "run", "family": "run", "split": "test", "graphemes": list("run"), "rank": 2},
    ]


def test_a_generator_sees_its_own_split_only():
    assert words_of_split(words_table(LEXICON), "test")["word"].to_pylist() == ["run"]
    assert words_of_split(words_table(LEXICON), "validation").num_rows == 0


def test_no_words():
    table = words_table(Lexicon("given", "en", (), "", "", ""), "tiny")
    table.validate(full=True)
    assert table.num_rows == 0
    assert table.schema.names == ["word", "family", "split", "graphemes", "rank", "n_tokens", "token_lengths"]


def test_the_default_words_and_their_splits_have_not_changed():
    """Models have been trained and measured on these. Another PyStemmer may move words: then this says so."""
    table = words_table(load_lexicon("wordfreq:en", "en"))
    columns = [table[name].to_pylist() for name in ("word", "family", "split", "graphemes", "rank")]
    rows = "\n".join(repr(row) for row in zip(*columns, strict=True))
    assert blake2b(rows.encode(), digest_size=8).hexdigest() == "dad97d6c5f7f2209"
