"""A data set in the terminal: every number of the manifest that a person asks for."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from tests.data import filled

from sdp.reports.data_tables import data_tables


def printed(manifest, width=120) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(data_tables(manifest))
    return console.file.getvalue()


def lines(text: str, begin: str) -> list[list[str]]:
    """Words of the lines that begin so."""
    return [line.split() for line in text.splitlines() if line.split() and line.split()[0] == begin]


def test_sizes_and_floors():
    text = printed(filled.manifest())
    assert lines(text, "train")[0] == ["train", "800", "70", "60", "1,000,000", "4", "50.0%", "0", "25.0%"]
    assert lines(text, "test")[0] == ["test", "200", "70", "60", "1,000,000", "4", "50.0%", "0", "25.0%"]


def test_bars_are_as_long_as_shares():
    text = printed(filled.manifest())
    section = text.split("Letters of the word")[1].split("Commonest answers")[0]
    (_, three, bar_3, in_test, bar_test), (_, six, bar_6, *_) = lines(section, "3")[0], lines(section, "6")[0]
    assert (three, six, in_test) == ("25.0%", "50.0%", "50.0%")
    assert len(bar_6) == pytest.approx(2 * len(bar_3), abs=1)
    assert len(bar_test) == pytest.approx(len(bar_6), abs=1)
    assert lines(section, "5")[0][:3] == ["5", "0.0%", "50.0%"]


def test_answers_are_ranked_split_by_split():
    splits = {"train": filled.split_facts(), "test": filled.split_facts(200, top_answers={"7\n": 50})}
    section = printed(filled.manifest(splits=splits)).split("Commonest answers")[1]
    first = lines(section, "0")[0]
    assert (first[1], first[3:5]) == ("50.0%", ["7⏎", "25.0%"])
    assert lines(section, "1")[0][1] == "25.0%"


def test_phrasings_by_family():
    text = printed(filled.manifest())
    assert ["direct", "2", "1"] in lines(text, "direct")
    assert ["polite", "1", "0"] in lines(text, "polite")
    assert ["all", "3", "1"] in lines(text, "all")


def test_rejects_the_most_frequent_first():
    rejects = {"oracle: the oracle says 'b'": 2, "schema: [empty]": 30}
    text = printed(filled.manifest(rejects=rejects))
    assert text.index("30  schema: [empty]") < text.index(" 2  oracle: the oracle says 'b'")
    assert "Rejected: nothing" in printed(filled.manifest())


def test_provenance():
    text = printed(filled.manifest(words=filled.two_parts(), settings={"noise": ["case", "quotes"], "tokenizer": None}))
    for part in (
        "seed 0", "ratios 0.8 0.1 0.1", "noise case quotes", "sdp 0.1, numpy 2", "0123456789abcdef", "count version 1",
        "2 shards, 3.0 MB", "wordfreq:de:500: CC BY-SA 4.0", "file:mine.txt: as given by the user",
        "2 lines hold no usable word",
    ):  # fmt: skip
        assert part in text
    assert "tokenizer" not in text


def test_an_older_manifest_says_what_it_lacks():
    text = printed(filled.unrecorded())
    assert "its manifest holds no distributions" in text
    assert lines(text, "train")[0][5] == "–"


def test_an_open_task():
    facts = filled.split_facts(capacity=None, strata={})
    text = printed(filled.manifest(words=None, splits={"test": facts}))
    assert lines(text, "test")[0][4] == "open"
    assert "Kinds of question" not in text
    assert "Letters of the key" in text


@pytest.mark.parametrize("width", [70, 80, 120, 200])
def test_it_fits_the_terminal(width):
    splits = {name: filled.split_facts() for name in ("train", "validation", "test")}
    long = filled.split_facts(top_answers={"s-t-r-a-w-b-e-r-r-y" * 3: 1}, floor_answer="漢字" * 30)
    text = printed(filled.manifest(splits=splits | {"test": long}), width)
    assert max(map(cell_len, text.splitlines())) <= width
