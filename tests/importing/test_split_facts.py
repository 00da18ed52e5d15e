"""Counts of finished shards, checked by counting in another way."""

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis.made import make

from sdp.importing.split_facts import split_facts, text_hashes


def test_the_facts_of_a_generated_data_set_are_those_of_its_manifest(tmp_path):
    folder = make(tmp_path / "count", "count", 400)
    facts, shared = split_facts(folder.path, folder.manifest.shards)
    assert set(shared.values()) == {0}
    for split, told in folder.manifest.splits.items():
        mine = facts[split].model_dump(exclude={"strata", "capacity", "top_answers", "floor_answer"})
        assert mine == told.model_dump(exclude={"strata", "capacity", "top_answers", "floor_answer"})
        answers = Counter(folder.table(split)["answer"].to_pylist())
        assert sorted(facts[split].top_answers.values()) == sorted(n for _, n in answers.most_common(10))
        assert all(answers[text] == n for text, n in facts[split].top_answers.items())


def test_families_in_two_splits_are_counted(tmp_path):
    folder = make(tmp_path / "count", "count", 200)
    shards = [
        one.model_copy(update={"split": "validation"}) if one.split == "train" else one
        for one in folder.manifest.shards
    ]
    shards = [folder.manifest.shards[0], *shards]
    _, shared = split_facts(folder.path, shards)
    assert shared["validation"] == folder.manifest.splits["train"].families


@given(st.lists(st.text(max_size=6)))
def test_equal_texts_have_equal_hashes_and_others_others(texts):
    hashes = text_hashes(pa.array(texts, pa.string())).tolist()
    assert len(dict(zip(texts, hashes, strict=True))) == len(set(hashes))
    assert hashes == [text_hashes(pa.array([text])).tolist()[0] for text in texts]


def test_hashes_do_not_depend_on_the_longest_text():
    alone = text_hashes(pa.array(["abc"]))
    assert np.array_equal(text_hashes(pa.array(["abc", "x" * 5000]))[:1], alone)
