"""The data card: front matter that parses, and everything that a reader must know."""

import shlex
import subprocess
import sys

import pytest
import yaml
from tests.data import filled
from tests.synthesis.made import make, source

from sdp.data.card import command, data_card
from sdp.data.figures import NAME as FIGURE

EXAMPLE = {"prompt": "p", "completion": "c"}


def front_matter(text: str) -> dict:
    start, front, _ = text.split("---\n", 2)
    assert start == ""
    return yaml.safe_load(front)


def tables(card: str) -> list[list[list[str]]]:
    """Every table as rows of cells, read apart from how they are written (no cell of these holds a bar)."""
    blocks = [block.splitlines() for block in card.split("\n\n") if block.startswith("|")]
    return [[[cell.strip() for cell in line.strip("|").split("|")] for line in block] for block in blocks]


def test_the_front_matter_tells_where_the_splits_are(tmp_path):
    folder = make(tmp_path / "spelling")
    front = front_matter((folder.path / "README.md").read_text())
    assert front["language"] == ["en"]
    (config,) = front["configs"]
    for file in config["data_files"]:
        assert list(folder.path.glob(file["path"])) == folder.files(file["split"])
    assert [file["split"] for file in config["data_files"]] == ["train", "validation", "test"]


def test_words_licence_and_attribution_stand_in_card_and_manifest(tmp_path):
    folder = make(tmp_path / "count", "count")
    card = (folder.path / "README.md").read_text()
    assert folder.manifest.words.licence == "CC BY-SA 4.0"
    for text in ("CC BY-SA 4.0", folder.manifest.words.attribution, "Robyn Speer", "Snowball", "`wordfreq:en:600`"):
        assert text in card
    for split, facts in folder.manifest.splits.items():
        assert f"| {split} | {facts.rows:,} | {facts.keys:,} | {facts.families:,} | {facts.capacity:,} |" in card
        assert f"{facts.floor:.1%} (`{facts.floor_answer}`)" in card


def test_every_part_of_a_lexicon_has_its_licence():
    card = data_card(filled.manifest(words=filled.two_parts()), EXAMPLE)
    assert front_matter(card)["language"] == ["en", "de", "tr"]
    assert "- `wordfreq:de:500` (de): 500 words. Licence: CC BY-SA 4.0.\n  By R. S." in card
    assert "- `file:mine.txt` (tr): 100 words. Licence: as given by the user.\n  My file.\n" in card
    assert "(turkish, PyStemmer 3).\n  2 lines hold no word, the first is line 7." in card
    assert "every word is a family of its own" in card
    assert "2 lines of the sources hold no usable word and were left out." in card


def test_the_example_is_a_row(tmp_path):
    folder = make(tmp_path / "position", "position", style="trace")
    first = folder.table("train").slice(0, 1).to_pylist()[0]
    text = f"```text\n{first['prompt']}\n→\n{first['completion']}\n```"
    assert text in (folder.path / "README.md").read_text()


def test_an_example_with_a_fenced_block_stays_one_block():
    card = data_card(filled.manifest(), {"prompt": "```python\nx\n```", "completion": "c"})
    assert "````text\n```python\nx\n```\n→\nc\n````\n" in card


def test_an_answer_cannot_break_the_table():
    splits = {"test": filled.split_facts(floor_answer="a|\nb", top_answers={"`|\n": 400})}
    card = data_card(filled.manifest(splits=splits), EXAMPLE)
    assert "(`a\\|⏎b`) |" in card
    assert "| 1 | `` `\\|⏎ `` 400 |\n" in card


def test_the_numbers_of_the_picture_stand_below_it():
    manifest = filled.manifest()
    card = data_card(manifest, EXAMPLE)
    assert f"![kinds of question, letters of the word, commonest answers, by split]({FIGURE})" in card
    _, strata, lengths, answers = tables(card)
    assert strata == [["", "train", "test"], ["---"] * 3, ["`zero`", "400", "100"], ["`more`", "400", "100"]]
    assert lengths[2:] == [["`3`", "200", "100"], ["`4`", "200", "0"], ["`5`", "0", "100"], ["`6`", "400", "0"]]
    assert answers[2] == ["1", "`0` 400", "`0` 100"]
    assert "25.0% (4 answers)" in card


def test_splits_with_unequal_numbers_of_answers():
    splits = {"train": filled.split_facts(top_answers={"0": 1}), "test": filled.split_facts()}
    card = data_card(filled.manifest(splits=splits), EXAMPLE)
    assert tables(card)[3][3] == ["2", "", "`1` 200"]


def test_without_recorded_distributions_there_is_no_picture_to_miss():
    card = data_card(filled.unrecorded(), EXAMPLE)
    assert FIGURE not in card
    assert "Distributions" not in card
    assert "nan" not in card


def test_an_open_task_has_no_words():
    card = data_card(filled.manifest(words=None, splits={"test": filled.split_facts(capacity=None)}), EXAMPLE)
    assert "| test | 800 | 70 | 60 | open |" in card
    assert "## Words" not in card
    assert "--words" not in card


def test_settings_that_change_the_questions_are_said():
    chosen = {
        "noise": ["case", "quotes"], "templates": ["my templates", "more"], "tokenizer": "Qwen/Qwen2.5-0.5B",
        "balance": "none", "difficulty": "hard", "language": "de", "style": "trace",
    }  # fmt: skip
    manifest = filled.manifest(settings=chosen)
    words = shlex.split(command(manifest))
    for expected in (
        ["--noise", "case,quotes"],
        ["--templates", "my templates", "--templates", "more"],
        ["--tokenizer", "Qwen/Qwen2.5-0.5B"],
        ["--balance", "none"],
        ["--difficulty", "hard"],
        ["--style", "trace"],
    ):
        at = words.index(expected[0])
        assert words[at : at + len(expected)] == expected
    card = data_card(manifest, EXAMPLE)
    assert "- prompts in `de`, style `trace`\n- noise: `case`, `quotes`\n- templates: `my templates`, `more`\n" in card
    assert "- 3 phrasings, 1 of them held out of training: 2 direct, 1 polite\n" in card
    assert front_matter(card)["language"] == ["de", "en"]


def test_settings_at_their_defaults_are_not():
    usual = {"noise": [], "templates": [], "tokenizer": None, "balance": "strata", "difficulty": None}
    plain = "sdp generate count --n 1000 --seed 0 --style direct --words wordfreq:en --language en --ratios 0.8,0.1,0.1"
    assert command(filled.manifest(settings=usual)) == command(filled.manifest()) == plain


@pytest.mark.slow
def test_the_command_on_the_card_makes_the_same_bytes(tmp_path):
    (tmp_path / "my words.txt").write_text("\n".join(source().lexicon.words))
    made = make(tmp_path / "a", "count", 50, words="file:my words.txt", seed=3, style="trace", ratios=(0.5, 0.5, 0))
    text = (made.path / "README.md").read_text().split("with `")[1].split("`.")[0]
    assert text.startswith("sdp generate count --n 50 --seed 3 --style trace")
    subprocess.run([sys.executable, "-m", *shlex.split(text), "--out", "b"], check=True, capture_output=True)
    for file in made.path.iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name
