"""Finding tokenizers: the one that ships, folders, the hub's cache, and what is none."""

import os
from pathlib import Path

import pytest
from tests.data import made_tokenizers as made

from sdp.data.tokenizer_file import find_tokenizer, load_tokenizer, tokenizer_hash, tokenizer_name
from sdp.errors import InputError, ResourceError
from sdp.models.resolve import resolve_model


def test_the_one_that_ships_is_the_tiny_model_s():
    assert find_tokenizer("tiny") == resolve_model("tiny").folder / "tokenizer.json"
    assert load_tokenizer("tiny").encode("letter").tokens == ["letter"]


def test_a_folder(tmp_path):
    folder = made.save(tmp_path / "mine", made.byte_level())
    assert load_tokenizer(str(folder)).get_vocab() == made.byte_level().get_vocab()
    assert load_tokenizer("mine").get_vocab_size() == made.byte_level().get_vocab_size()  # relative to where we are
    assert tokenizer_name(str(folder)) == tokenizer_name("mine") == "mine"
    assert tokenizer_name("org/model") == "org/model"


def test_the_hash_is_of_the_file(tmp_path):
    folder = str(made.save(tmp_path / "mine", made.byte_level()))
    first = tokenizer_hash(folder)
    made.save(tmp_path / "mine", made.bytes_only())
    assert tokenizer_hash(folder) != first
    assert len(first) == 16


def test_nothing_is_cut_off_or_filled_up(tmp_path):
    """A tokenizer is often saved with the settings of its training."""
    tokenizer = made.byte_level()
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=12)
    folder = made.save(tmp_path / "mine", tokenizer)
    text = "strawberry and garden"
    assert load_tokenizer(str(folder)).encode(text).tokens == made.byte_level().encode(text).tokens


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "a/b/c", "", " "])
def test_a_folder_that_is_not_there(name):
    with pytest.raises(InputError, match="there is no tokenizer folder"):
        load_tokenizer(name)


def test_folders_and_files_that_are_none(tmp_path):
    Path("empty").mkdir()
    Path("file").write_text("x")
    Path("broken").mkdir()
    Path("broken/tokenizer.json").write_text('{"version": "1.0"')
    for name, what in [
        ("empty", "is not a tokenizer folder: no tokenizer.json"),
        ("file", "is a file, not a folder"),
        ("broken", "cannot read the tokenizer of 'broken'"),
    ]:
        with pytest.raises(InputError, match=what) as caught:
            load_tokenizer(name)
        assert "save_pretrained" in caught.value.hint


def test_a_name_that_no_hub_has():
    with pytest.raises(InputError, match="neither a folder nor a hub name"):
        load_tokenizer("no such name!")


def test_without_a_network():
    with pytest.raises(ResourceError, match="the Hugging Face hub cannot be reached"):
        load_tokenizer("nobody/nothing")


def test_the_hub_s_cache_is_enough(tmp_path):
    cache = Path(os.environ["HF_HOME"]) / "hub" / "models--sdp-tests--cached"
    made.save(cache / "snapshots" / "0123", made.byte_level())
    (cache / "refs").mkdir(parents=True, exist_ok=True)
    (cache / "refs" / "main").write_text("0123")
    assert load_tokenizer("sdp-tests/cached").get_vocab() == made.byte_level().get_vocab()
