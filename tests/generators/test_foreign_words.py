"""Words beyond ASCII, from files, through every built-in task: rows are made, checked, and right."""

import pytest
import regex
from tests.generators.drawn import FOREIGN, all_items, solved, table_of
from tests.synthesis.made import make, rows

from sdp.generators.count import Count
from sdp.generators.position import Position
from sdp.generators.spelling import Spelling


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize("kind", [Spelling, Position, Count])
def test_the_oracle_confirms_every_question(kind, language):
    table = table_of([word for word in FOREIGN[language] if "-" not in word], language)
    items = [item for _, _, item in all_items(kind(), table)]
    assert solved(kind(), items) == [item["answer"] for item in items]
    assert all(regex.fullmatch(kind.answer_pattern, item["answer"]) for item in items)


@pytest.mark.parametrize("task", ["spelling", "position", "count"])
def test_a_data_set_of_all_scripts(tmp_path, task):
    words = [word for words in FOREIGN.values() for word in words]
    (tmp_path / "words.txt").write_text("\n".join(words), encoding="utf-8")
    folder = make(tmp_path / task, task, 90, words="file:words.txt", ratios=(1, 0, 0), style="trace")
    made = rows(folder)
    assert len(made) == len({row["prompt"] for row in made}) == 90
    assert folder.manifest.rejects == {}
    kept = {row["key"] for row in made}
    assert "Öl-frei" not in kept
    assert any(not key.isascii() for key in kept)
    for row in made:
        assert row["key"] in row["prompt"]
        letters = regex.findall(r"\X", row["key"])
        assert row["meta"]["length"] == len(letters)
        if task != "spelling":
            assert row["completion"] == "-".join(letters) + "\n" + row["answer"]


def test_a_word_typed_in_two_ways_is_one_word(tmp_path):
    (tmp_path / "words.txt").write_text("cafés\ncafe\u0301s\nélève\nele\u0300ve\n", encoding="utf-8")
    folder = make(tmp_path / "spelling", "spelling", 20, words="file:words.txt", ratios=(1, 0, 0))
    assert folder.manifest.words.n_words == 3  # élève and elève are two
