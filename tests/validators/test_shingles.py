"""Shingles: what MinHash brings together is what comparing every pair would."""

import random

from sdp.validators.shingles import AlikeIndex, shingles

SENTENCE = "How many times does the letter {} appear in the word {}?"


def test_case_form_and_spaces_do_not_count():
    assert shingles("Ｓpell  the\nＷord") == shingles("spell the word")
    assert shingles("abc") == {"abc"}
    assert shingles("") == {""}


def test_every_pair_that_is_alike_is_found():
    chance = random.Random(0)
    texts = [SENTENCE.format(chance.choice("aeiou"), "".join(chance.choices("abcdef", k=9))) for _ in range(150)]
    texts += [text.replace("How", "Now") for text in texts[:20]]
    cut = [shingles(text) for text in texts]
    expected = {(i, j) for j in range(len(cut)) for i in range(j) if len(cut[i] & cut[j]) / len(cut[i] | cut[j]) >= 0.9}
    index, found = AlikeIndex(0.9), set()
    for number, text in enumerate(cut):
        found |= {(other, number) for other, share in index.like(text) if share >= 0.9}
        index.add(text)
    assert found <= expected
    assert len(found) >= 0.9 * len(expected) > 10


def test_groups_are_kept_apart():
    index = AlikeIndex(0.8)
    index.add(shingles("the same text"), "one")
    assert [number for number, _ in index.like(shingles("the same text"), "one")] == [0]
    assert list(index.like(shingles("the same text"), "other")) == []
