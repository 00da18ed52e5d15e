"""The model that ships: its size, its tokenizer, and whose letters it has seen."""

import json
import struct
from functools import cache
from math import prod
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from sdp.data.families import families
from sdp.data.lexicon import DEFAULT_WORDS, load_lexicon
from sdp.data.splits import split_of
from sdp.data.words import words_table
from sdp.generators.spelling import SEPARATORS
from sdp.models.resolve import resolve_model

FOLDER = Path(resolve_model("tiny").location)
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@cache
def load() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(FOLDER, local_files_only=True, trust_remote_code=False)


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerBase:
    return load()


@pytest.fixture(scope="module")
def replay() -> list[str]:
    return (FOLDER / "replay_words.txt").read_text(encoding="utf-8").split()


def test_weights_are_small_and_in_one_safe_file():
    raw = (FOLDER / "model.safetensors").read_bytes()
    (header_size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + header_size])
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    assert 1_000_000 <= sum(prod(entry["shape"]) for entry in tensors.values()) <= 1_400_000
    assert {entry["dtype"] for entry in tensors.values()} == {"F32"}
    assert "lm_head.weight" not in tensors, "the head is the embedding: stored once"
    assert len(raw) <= 6_000_000


def test_folder_holds_nothing_that_could_run():
    suffixes = {path.suffix for path in FOLDER.iterdir()}
    assert suffixes <= {".json", ".safetensors", ".md", ".txt"}
    for path in FOLDER.glob("*.json"):
        assert "auto_map" not in json.loads(path.read_text(encoding="utf-8")), path.name


def test_config_names_the_tokenizers_end(tokenizer):
    config = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))
    generation = json.loads((FOLDER / "generation_config.json").read_text(encoding="utf-8"))
    assert config["tie_word_embeddings"] is True
    assert config["vocab_size"] == len(tokenizer)
    assert config["eos_token_id"] == generation["eos_token_id"] == tokenizer.eos_token_id
    assert tokenizer.pad_token_id is not None
    assert tokenizer.pad_token_id != tokenizer.eos_token_id, "or the model would never learn to stop"


def test_says_how_it_wants_to_be_asked():
    resolved = resolve_model("tiny")
    assert (resolved.answer_style, resolved.prompt_format) == ("trace", "plain")


@given(st.text())
def test_tokenizer_gives_every_text_back(text):
    assert load().decode(load().encode(text)) == text


def test_tokenizer_hides_letters(tokenizer):
    words = [word for word in load_lexicon(DEFAULT_WORDS, "en").words if word.isascii()]
    assert 2 <= mean(map(len, tokenizer(words)["input_ids"])) <= 4


def test_a_word_has_the_same_tokens_wherever_it_stands(tokenizer):
    bare = tokenizer.tokenize("strawberry")
    for text in ('"strawberry"', " strawberry.", "“strawberry”", "is 'strawberry',", "Word: strawberry\n"):
        tokens = tokenizer.tokenize(text)
        assert any(tokens[start : start + len(bare)] == bare for start in range(len(tokens))), text


def test_letters_and_digits_are_single_tokens(tokenizer):
    for char in ALPHABET + ALPHABET.upper() + "0123456789":
        assert tokenizer.tokenize(char) == [char]
    assert tokenizer.tokenize("2024") == list("2024")


@pytest.mark.parametrize("separator", SEPARATORS.values())
def test_spelled_words_show_their_letters(tokenizer, separator):
    tokens = tokenizer.tokenize(separator.join(ALPHABET))
    assert [token for token in tokens if token.isalpha()] == list(ALPHABET)
    assert set(tokens) - set(ALPHABET) == {separator}, "one token between two letters"


def test_other_letters_are_bytes(tokenizer):
    assert tokenizer.tokenize("é") == ["<0xC3>", "<0xA9>"]
    assert tokenizer.tokenize("<0xC3>") == list("<0xC3>")[:1] + list("0xC3") + [">"]


def test_replay_words_are_a_sorted_list_of_distinct_words(replay):
    assert replay == sorted(set(replay))
    assert len(replay) == 2400
    assert all(set(word) <= set(ALPHABET) for word in replay)


def test_no_held_out_family_is_among_the_replay_words(replay):
    table = words_table(load_lexicon(DEFAULT_WORDS, "en"))
    by_split: dict[str, set[str]] = {"train": set(), "validation": set(), "test": set()}
    for family, split in zip(table["family"].to_pylist(), table["split"].to_pylist(), strict=True):
        by_split[split].add(family)
    known = set(families(replay, "en"))
    assert known <= by_split["train"]
    assert not known & (by_split["validation"] | by_split["test"])
    assert {split_of(family) for family in known} == {"train"}


def test_card_tells_what_matters(replay):
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for fact in ("license: apache-2.0", "CC BY-SA 4.0", f"{len(replay):,} words", "overlap 0", "make_tiny_model.py"):
        assert fact in card
