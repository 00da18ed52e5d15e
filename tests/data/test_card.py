"""The data card: front matter that parses, and everything that a reader must know."""

import shlex
import subprocess
import sys

import pytest
import yaml
from tests.synthesis.made import make, source

from sdp.data.card import data_card


def front_matter(text: str) -> dict:
    start, front, _ = text.split("---\n", 2)
    assert start == ""
    return yaml.safe_load(front)


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
        assert f"| {split} | {facts.rows:,} | {facts.keys:,} | {facts.floor:.1%} (`{facts.floor_answer}`) |" in card


def test_the_example_is_a_row(tmp_path):
    folder = make(tmp_path / "position", "position", style="trace")
    first = folder.table("train").slice(0, 1).to_pylist()[0]
    text = f"```text\n{first['prompt']}\n→\n{first['completion']}\n```"
    assert text in (folder.path / "README.md").read_text()


def test_an_answer_cannot_break_the_table(tmp_path):
    manifest = make(tmp_path / "spelling").manifest
    facts = {name: facts.model_copy(update={"floor_answer": "a|\nb"}) for name, facts in manifest.splits.items()}
    card = data_card(manifest.model_copy(update={"splits": facts}), {"prompt": "p", "completion": "c"})
    assert "(`a\\| b`) |\n" in card


@pytest.mark.slow
def test_the_command_on_the_card_makes_the_same_bytes(tmp_path):
    (tmp_path / "my words.txt").write_text("\n".join(source().lexicon.words))
    made = make(tmp_path / "a", "count", 50, words="file:my words.txt", seed=3, style="trace", ratios=(0.5, 0.5, 0))
    command = (made.path / "README.md").read_text().split("with `")[1].split("`.")[0]
    assert command.startswith("sdp generate count --n 50 --seed 3 --style trace")
    subprocess.run([sys.executable, "-m", *shlex.split(command), "--out", "b"], check=True, capture_output=True)
    for file in made.path.iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name
