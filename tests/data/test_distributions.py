"""What a data set's rows are spread over, read out of its manifest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data import filled

from sdp.data.distributions import MOST_LENGTHS, MOST_STRATA, distributions, percent, recorded


def named(name, manifest):
    return next(one for one in distributions(manifest) if one.name == name)


def test_all_three_in_the_order_of_the_task():
    found = distributions(filled.manifest())
    assert [one.name for one in found] == ["strata", "lengths", "answers"]
    strata, lengths, answers = found
    assert [(bar.label, bar.rows, bar.share) for bar in strata.splits["train"]] == [
        ("zero", 400, 0.5),
        ("more", 400, 0.5),
    ]
    assert answers.labels == ["0", "1", "2", "3"]
    assert answers.largest == 0.5
    assert lengths.title == "Letters of the word"


def test_every_split_has_every_length_with_the_gaps_between():
    lengths = named("lengths", filled.manifest())
    assert lengths.labels == ["3", "4", "5", "6"]
    rows = {split: [bar.rows for bar in bars] for split, bars in lengths.splits.items()}
    assert rows == {"train": [200, 200, 0, 400], "test": [100, 0, 100, 0]}


def test_an_open_task_has_no_kinds_of_question():
    manifest = filled.manifest(words=None, splits={"test": filled.split_facts(strata={})})
    found = distributions(manifest)
    assert [one.name for one in found] == ["lengths", "answers"]
    assert found[0].title == "Letters of the key"


def test_a_manifest_without_them_has_none():
    assert distributions(filled.unrecorded()) == []
    assert not recorded(filled.unrecorded())
    assert recorded(filled.manifest())


@given(st.dictionaries(st.integers(0, 3000), st.integers(1, 50), min_size=1))
def test_no_row_is_lost_however_many_lengths_there_are(counts):
    lengths = {str(length): rows for length, rows in counts.items()}
    total = sum(counts.values())
    facts = filled.split_facts(rows=total, lengths=lengths)
    one = named("lengths", filled.manifest(splits={"train": facts}))
    bars = one.splits["train"]
    assert len(bars) <= MOST_LENGTHS
    assert sum(bar.rows for bar in bars) == total
    for bar in bars:
        first, _, last = bar.label.partition("–")
        assert bar.rows == sum(rows for length, rows in counts.items() if int(first) <= length <= int(last or first))


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_no_row_is_lost_however_many_kinds_there_are(counts):
    strata = {f"kind {number}": rows for number, rows in enumerate(counts)}
    facts = filled.split_facts(rows=sum(counts), strata=strata)
    bars = named("strata", filled.manifest(splits={"train": facts})).splits["train"]
    assert sum(bar.rows for bar in bars) == sum(counts)
    assert len(bars) == min(len(counts), MOST_STRATA)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0%"), (0.0001, "<0.1%"), (0.001, "0.1%"), (0.25, "25.0%"), (1.0, "100.0%")]
)
def test_percent(share, text):
    assert percent(share) == text
