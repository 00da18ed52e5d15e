"""The words table."""

import pyarrow as pa

from sdp.data.lexicon import Lexicon
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
