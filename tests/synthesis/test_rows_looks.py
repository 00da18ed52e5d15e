"""Rows as they look: noise, languages, and the columns that a tokenizer fills."""

from collections import Counter

import pytest
import regex
from tests.synthesis.made import source

from sdp.data.ordinals import FIRST, LAST
from sdp.data.tokenizer_file import load_tokenizer
from sdp.generators.spelling import NAMES
from sdp.synthesis.rows import rows_table
from sdp.templates.phrasing import load_phrasings

TASKS = ["spelling", "position", "count"]


def rows(task="spelling", n=400, split="train", **settings):
    plan = source(task, n, **settings).plan
    return rows_table(plan, plan.splits[split], 0, plan.splits[split].n_rows)


def test_token_columns_are_what_the_tokenizer_says():
    tokenizer = load_tokenizer("tiny")
    table = rows("position", 600, tokenizer="tiny")
    several = 0
    for row in table.to_pylist():
        letters = regex.findall(r"\X", row["key"])
        meta = row["meta"]
        place = len(letters) - meta["position"] if meta["from_end"] else meta["position"] - 1
        pieces = pieces_of(tokenizer, row["key"])
        assert meta["n_tokens"] == len(pieces)
        assert meta["single_token"] == (len(pieces) == 1)
        assert meta["token_length"] == length_at(pieces, place)
        several += len(pieces) > 1
    assert several > 50


def test_the_token_of_a_counted_letter_is_that_of_its_first_occurrence_and_of_a_missing_one_there_is_none():
    tokenizer = load_tokenizer("tiny")
    for row in rows("count", 400, tokenizer="tiny").to_pylist():
        meta, place = row["meta"], row["key"].find(row["meta"]["letter"])
        wanted = None if place < 0 else length_at(pieces_of(tokenizer, row["key"]), place)
        assert meta["token_length"] == wanted
    spelled = rows("spelling", 100, tokenizer="tiny")["meta"].to_pylist()
    assert {meta["token_length"] for meta in spelled} == {None}
    assert all(meta["n_tokens"] > 0 for meta in spelled)


def pieces_of(tokenizer, word):
    """Texts of a word's tokens in running text (the words here are ASCII, so a byte is a letter)."""
    ids = tokenizer.encode(f"a {word}", add_special_tokens=False).ids
    texts = [tokenizer.decode([one]) for one in ids]
    assert "".join(texts) == f"a {word}"
    rest = "".join(texts)[: -len(word)]
    pieces, left = [], len(rest)
    for text in texts:
        kept = text[min(left, len(text)) :]
        left = max(0, left - len(text))
        if kept:
            pieces.append(kept)
    assert "".join(pieces) == word
    return pieces


def length_at(pieces, place):
    for piece in pieces:
        if place < len(piece):
            return len(piece)
        place -= len(piece)
    raise AssertionError(place)


def test_bands_of_tokens_hold_words_of_so_many_tokens_in_equal_shares():
    meta = rows("spelling", 900, tokenizer="tiny", balance="tokens", words="wordfreq:en:5000")["meta"].to_pylist()
    counts = Counter(min(one["n_tokens"], 4) for one in meta)
    assert len(counts) > 1
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("task", TASKS)
def test_noise_is_named_and_changes_no_letter_of_a_field(task):
    seen = Counter()
    for row in rows(task, 3_000, noise=("case", "quotes", "punctuation")).to_pylist():
        seen[row["meta"]["noise"]] += 1
        assert row["key"] in row["prompt"]
        for name in ("letter", "separator", "ordinal", "ordinal_from_end", "number", "number_from_end", "base"):
            assert (row["meta"].get(name) or "") in row["prompt"]
    assert seen["as written"] < 1_000
    assert len(seen) > 20
    assert {row["noise"] for row in rows(task)["meta"].to_pylist()} == {"as written"}


@pytest.mark.parametrize("task", TASKS)
def test_prompts_are_distinct_with_all_noise(task):
    """Two phrasings may become one when a mark or a capital is taken away: ids would differ, prompts would not."""
    table = rows(task, 20_000, noise=("case", "quotes", "punctuation"), words="wordfreq:en:60", ratios=(1, 0, 0))
    assert len(set(table["prompt"].to_pylist())) == len(set(table["id"].to_pylist())) == 20_000


FIELDS = ("separator", "letter", "ordinal", "ordinal_from_end", "number", "number_from_end", "base")


@pytest.mark.parametrize("language", ["de", "fr", "es"])
@pytest.mark.parametrize("task", TASKS)
def test_prompts_of_other_languages_show_what_the_answer_depends_on(task, language):
    table = rows(task, 800, language=language, words=f"wordfreq:{language}:800", style="trace")
    english = {phrasing.text for phrasing in load_phrasings(task, "en")}
    assert not english & {phrasing.text for phrasing in load_phrasings(task, language)}
    shown = Counter()
    for row in table.to_pylist():
        assert row["key"] in row["prompt"]
        for name in FIELDS:
            if row["meta"].get(name) is not None:
                assert row["meta"][name] in row["prompt"]
                shown[row["meta"][name]] += 1
    words = {"spelling": set(NAMES[language]), "position": {FIRST[language][0], LAST[language][0]}, "count": set("aei")}
    assert words[task] <= set(shown)
